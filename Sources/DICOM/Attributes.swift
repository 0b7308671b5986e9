// The attributes that Endora reads or writes, by the names of PS3.6.

// File meta information.
extension Tag {
  /// Media Storage SOP Class UID.
  public static let mediaStorageSOPClassUID = Tag(0x0002, 0x0002)
  /// Media Storage SOP Instance UID.
  public static let mediaStorageSOPInstanceUID = Tag(0x0002, 0x0003)
  /// Transfer Syntax UID.
  public static let transferSyntaxUID = Tag(0x0002, 0x0010)
}

// General.
extension Tag {
  /// Specific Character Set.
  public static let specificCharacterSet = Tag(0x0008, 0x0005)
  /// Image Type.
  public static let imageType = Tag(0x0008, 0x0008)
  /// SOP Class UID.
  public static let sopClassUID = Tag(0x0008, 0x0016)
  /// SOP Instance UID.
  public static let sopInstanceUID = Tag(0x0008, 0x0018)
  /// Study Date.
  public static let studyDate = Tag(0x0008, 0x0020)
  /// Series Date.
  public static let seriesDate = Tag(0x0008, 0x0021)
  /// Acquisition Date.
  public static let acquisitionDate = Tag(0x0008, 0x0022)
  /// Content Date.
  public static let contentDate = Tag(0x0008, 0x0023)
  /// Acquisition DateTime.
  public static let acquisitionDateTime = Tag(0x0008, 0x002A)
  /// Study Time.
  public static let studyTime = Tag(0x0008, 0x0030)
  /// Series Time.
  public static let seriesTime = Tag(0x0008, 0x0031)
  /// Acquisition Time.
  public static let acquisitionTime = Tag(0x0008, 0x0032)
  /// Content Time.
  public static let contentTime = Tag(0x0008, 0x0033)
  /// Accession Number.
  public static let accessionNumber = Tag(0x0008, 0x0050)
  /// Modality.
  public static let modality = Tag(0x0008, 0x0060)
  /// Manufacturer.
  public static let manufacturer = Tag(0x0008, 0x0070)
  /// Referring Physician's Name.
  public static let referringPhysicianName = Tag(0x0008, 0x0090)
  /// Code Value.
  public static let codeValue = Tag(0x0008, 0x0100)
  /// Coding Scheme Designator.
  public static let codingSchemeDesignator = Tag(0x0008, 0x0102)
  /// Code Meaning.
  public static let codeMeaning = Tag(0x0008, 0x0104)
  /// Timezone Offset From UTC.
  public static let timezoneOffsetFromUTC = Tag(0x0008, 0x0201)
  /// Study Description.
  public static let studyDescription = Tag(0x0008, 0x1030)
  /// Series Description.
  public static let seriesDescription = Tag(0x0008, 0x103E)
  /// Manufacturer's Model Name.
  public static let manufacturerModelName = Tag(0x0008, 0x1090)
  /// Referenced SOP Class UID.
  public static let referencedSOPClassUID = Tag(0x0008, 0x1150)
  /// Referenced SOP Instance UID.
  public static let referencedSOPInstanceUID = Tag(0x0008, 0x1155)
}

// Patient.
extension Tag {
  /// Patient's Name.
  public static let patientName = Tag(0x0010, 0x0010)
  /// Patient ID.
  public static let patientID = Tag(0x0010, 0x0020)
  /// Patient's Birth Date.
  public static let patientBirthDate = Tag(0x0010, 0x0030)
  /// Patient's Sex.
  public static let patientSex = Tag(0x0010, 0x0040)
  /// Patient's Weight.
  public static let patientWeight = Tag(0x0010, 0x1030)
}

// Acquisition.
extension Tag {
  /// Slice Thickness.
  public static let sliceThickness = Tag(0x0018, 0x0050)
  /// KVP.
  public static let kvp = Tag(0x0018, 0x0060)
  /// Software Versions.
  public static let softwareVersions = Tag(0x0018, 0x1020)
  /// Radiopharmaceutical.
  public static let radiopharmaceutical = Tag(0x0018, 0x0031)
  /// Radiopharmaceutical Start Time.
  public static let radiopharmaceuticalStartTime = Tag(0x0018, 0x1072)
  /// Radionuclide Total Dose.
  public static let radionuclideTotalDose = Tag(0x0018, 0x1074)
  /// Radionuclide Half Life.
  public static let radionuclideHalfLife = Tag(0x0018, 0x1075)
  /// Radiopharmaceutical Start DateTime.
  public static let radiopharmaceuticalStartDateTime = Tag(0x0018, 0x1078)
  /// Collimator Type.
  public static let collimatorType = Tag(0x0018, 0x1181)
  /// Actual Frame Duration.
  public static let actualFrameDuration = Tag(0x0018, 0x1242)
  /// Patient Position.
  public static let patientPosition = Tag(0x0018, 0x5100)
  /// Decay Correction DateTime.
  public static let decayCorrectionDateTime = Tag(0x0018, 0x9701)
  /// Frame Acquisition DateTime.
  public static let frameAcquisitionDateTime = Tag(0x0018, 0x9074)
  /// Frame Acquisition Duration.
  public static let frameAcquisitionDuration = Tag(0x0018, 0x9220)
  /// Decay Corrected.
  public static let decayCorrected = Tag(0x0018, 0x9758)
  /// Attenuation Corrected.
  public static let attenuationCorrected = Tag(0x0018, 0x9759)
  /// Scatter Corrected.
  public static let scatterCorrected = Tag(0x0018, 0x9760)
}

// Relationship.
extension Tag {
  /// Study Instance UID.
  public static let studyInstanceUID = Tag(0x0020, 0x000D)
  /// Series Instance UID.
  public static let seriesInstanceUID = Tag(0x0020, 0x000E)
  /// Study ID.
  public static let studyID = Tag(0x0020, 0x0010)
  /// Series Number.
  public static let seriesNumber = Tag(0x0020, 0x0011)
  /// Acquisition Number.
  public static let acquisitionNumber = Tag(0x0020, 0x0012)
  /// Instance Number.
  public static let instanceNumber = Tag(0x0020, 0x0013)
  /// Image Position (Patient).
  public static let imagePosition = Tag(0x0020, 0x0032)
  /// Image Orientation (Patient).
  public static let imageOrientation = Tag(0x0020, 0x0037)
  /// Frame of Reference UID.
  public static let frameOfReferenceUID = Tag(0x0020, 0x0052)
  /// Stack ID.
  public static let stackID = Tag(0x0020, 0x9056)
  /// Temporal Position Index.
  public static let temporalPositionIndex = Tag(0x0020, 0x9128)
  /// Position Reference Indicator.
  public static let positionReferenceIndicator = Tag(0x0020, 0x1040)
}

// Image.
extension Tag {
  /// Samples per Pixel.
  public static let samplesPerPixel = Tag(0x0028, 0x0002)
  /// Photometric Interpretation.
  public static let photometricInterpretation = Tag(0x0028, 0x0004)
  /// Number of Frames.
  public static let numberOfFrames = Tag(0x0028, 0x0008)
  /// Rows.
  public static let rows = Tag(0x0028, 0x0010)
  /// Columns.
  public static let columns = Tag(0x0028, 0x0011)
  /// Pixel Spacing.
  public static let pixelSpacing = Tag(0x0028, 0x0030)
  /// Corrected Image.
  public static let correctedImage = Tag(0x0028, 0x0051)
  /// Bits Allocated.
  public static let bitsAllocated = Tag(0x0028, 0x0100)
  /// Bits Stored.
  public static let bitsStored = Tag(0x0028, 0x0101)
  /// High Bit.
  public static let highBit = Tag(0x0028, 0x0102)
  /// Pixel Representation.
  public static let pixelRepresentation = Tag(0x0028, 0x0103)
  /// Rescale Intercept.
  public static let rescaleIntercept = Tag(0x0028, 0x1052)
  /// Rescale Slope.
  public static let rescaleSlope = Tag(0x0028, 0x1053)
  /// Rescale Type.
  public static let rescaleType = Tag(0x0028, 0x1054)
  /// Float Pixel Data.
  public static let floatPixelData = Tag(0x7FE0, 0x0008)
  /// Double Float Pixel Data.
  public static let doubleFloatPixelData = Tag(0x7FE0, 0x0009)
  /// Pixel Data.
  public static let pixelData = Tag(0x7FE0, 0x0010)
}

// Nuclear medicine.
extension Tag {
  /// Rotation Direction.
  public static let rotationDirection = Tag(0x0018, 0x1140)
  /// Radial Position.
  public static let radialPosition = Tag(0x0018, 0x1142)
  /// Angular Step.
  public static let angularStep = Tag(0x0018, 0x1144)
  /// Collimator/grid Name.
  public static let collimatorName = Tag(0x0018, 0x1180)
  /// Scan Velocity, mm/s.
  public static let scanVelocity = Tag(0x0018, 0x1300)
  /// Whole Body Technique.
  public static let wholeBodyTechnique = Tag(0x0018, 0x1301)
  /// Scan Length, mm.
  public static let scanLength = Tag(0x0018, 0x1302)
  /// Energy Window Vector.
  public static let energyWindowVector = Tag(0x0054, 0x0010)
  /// Energy Window Information Sequence.
  public static let energyWindowInformation = Tag(0x0054, 0x0012)
  /// Energy Window Range Sequence.
  public static let energyWindowRange = Tag(0x0054, 0x0013)
  /// Energy Window Lower Limit.
  public static let energyWindowLower = Tag(0x0054, 0x0014)
  /// Energy Window Upper Limit.
  public static let energyWindowUpper = Tag(0x0054, 0x0015)
  /// Energy Window Name.
  public static let energyWindowName = Tag(0x0054, 0x0018)
  /// Detector Vector.
  public static let detectorVector = Tag(0x0054, 0x0020)
  /// Detector Information Sequence.
  public static let detectorInformation = Tag(0x0054, 0x0022)
  /// Phase Vector.
  public static let phaseVector = Tag(0x0054, 0x0030)
  /// Phase Information Sequence.
  public static let phaseInformation = Tag(0x0054, 0x0032)
  /// Rotation Vector.
  public static let rotationVector = Tag(0x0054, 0x0050)
  /// Rotation Information Sequence.
  public static let rotationInformation = Tag(0x0054, 0x0052)
  /// Slice Vector.
  public static let sliceVector = Tag(0x0054, 0x0080)
  /// Angular View Vector.
  public static let angularViewVector = Tag(0x0054, 0x0090)
  /// Start Angle.
  public static let startAngle = Tag(0x0054, 0x0200)
  /// View Code Sequence.
  public static let viewCode = Tag(0x0054, 0x0220)
  /// Radiopharmaceutical Information Sequence.
  public static let radiopharmaceuticalInformation = Tag(0x0054, 0x0016)
  /// Number of Slices.
  public static let numberOfSlices = Tag(0x0054, 0x0081)
  /// Radionuclide Code Sequence.
  public static let radionuclideCode = Tag(0x0054, 0x0300)
  /// Patient Orientation Code Sequence.
  public static let patientOrientationCode = Tag(0x0054, 0x0410)
  /// Patient Gantry Relationship Code Sequence.
  public static let patientGantryRelationshipCode = Tag(0x0054, 0x0414)
  /// Series Type.
  public static let seriesType = Tag(0x0054, 0x1000)
  /// Units.
  public static let units = Tag(0x0054, 0x1001)
  /// Counts Source.
  public static let countsSource = Tag(0x0054, 0x1002)
  /// Decay Correction.
  public static let decayCorrection = Tag(0x0054, 0x1102)
  /// Frame Reference Time.
  public static let frameReferenceTime = Tag(0x0054, 0x1300)
  /// Decay Factor.
  public static let decayFactor = Tag(0x0054, 0x1321)
  /// Image Index.
  public static let imageIndex = Tag(0x0054, 0x1330)
}

// Structure set.
extension Tag {
  /// Structure Set Label.
  public static let structureSetLabel = Tag(0x3006, 0x0002)
  /// Structure Set Name.
  public static let structureSetName = Tag(0x3006, 0x0004)
  /// Structure Set Date.
  public static let structureSetDate = Tag(0x3006, 0x0008)
  /// Structure Set Time.
  public static let structureSetTime = Tag(0x3006, 0x0009)
  /// Referenced Frame of Reference Sequence.
  public static let referencedFrameOfReference = Tag(0x3006, 0x0010)
  /// RT Referenced Study Sequence.
  public static let referencedStudy = Tag(0x3006, 0x0012)
  /// RT Referenced Series Sequence.
  public static let referencedSeries = Tag(0x3006, 0x0014)
  /// Contour Image Sequence.
  public static let contourImage = Tag(0x3006, 0x0016)
  /// Structure Set ROI Sequence.
  public static let structureSetROI = Tag(0x3006, 0x0020)
  /// ROI Number.
  public static let roiNumber = Tag(0x3006, 0x0022)
  /// Referenced Frame of Reference UID.
  public static let referencedFrameOfReferenceUID = Tag(0x3006, 0x0024)
  /// ROI Name.
  public static let roiName = Tag(0x3006, 0x0026)
  /// ROI Generation Algorithm.
  public static let roiGenerationAlgorithm = Tag(0x3006, 0x0036)
  /// ROI Contour Sequence.
  public static let roiContour = Tag(0x3006, 0x0039)
  /// Contour Sequence.
  public static let contour = Tag(0x3006, 0x0040)
  /// Contour Geometric Type.
  public static let contourGeometricType = Tag(0x3006, 0x0042)
  /// Number of Contour Points.
  public static let numberOfContourPoints = Tag(0x3006, 0x0046)
  /// Contour Data.
  public static let contourData = Tag(0x3006, 0x0050)
  /// RT ROI Observations Sequence.
  public static let roiObservations = Tag(0x3006, 0x0080)
  /// Observation Number.
  public static let observationNumber = Tag(0x3006, 0x0082)
  /// Referenced ROI Number.
  public static let referencedROINumber = Tag(0x3006, 0x0084)
  /// RT ROI Interpreted Type.
  public static let roiInterpretedType = Tag(0x3006, 0x00A4)
  /// ROI Interpreter.
  public static let roiInterpreter = Tag(0x3006, 0x00A6)
}
