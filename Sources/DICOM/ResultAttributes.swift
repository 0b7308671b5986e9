// The attributes of results and exchange, by the names of PS3.6.

// Media directory.
extension Tag {
  /// Directory Record Sequence.
  public static let directoryRecords = Tag(0x0004, 0x1220)
  /// Referenced File ID.
  public static let referencedFileID = Tag(0x0004, 0x1500)
}

// General.
extension Tag {
  /// Query/Retrieve Level.
  public static let queryLevel = Tag(0x0008, 0x0052)
  /// Modalities in Study.
  public static let modalitiesInStudy = Tag(0x0008, 0x0061)
  /// Conversion Type.
  public static let conversionType = Tag(0x0008, 0x0064)
  /// Mapping Resource.
  public static let mappingResource = Tag(0x0008, 0x0105)
  /// Referenced Performed Procedure Step Sequence.
  public static let referencedPerformedProcedureStep = Tag(0x0008, 0x1111)
  /// Referenced Series Sequence.
  public static let referencedSeriesSequence = Tag(0x0008, 0x1115)
  /// Referenced Instance Sequence.
  public static let referencedInstances = Tag(0x0008, 0x114A)
  /// Referenced SOP Sequence.
  public static let referencedSOPs = Tag(0x0008, 0x1199)
  /// Source Image Sequence.
  public static let sourceImage = Tag(0x0008, 0x2112)
  /// Frame Type.
  public static let frameType = Tag(0x0008, 0x9007)
  /// Derivation Image Sequence.
  public static let derivationImage = Tag(0x0008, 0x9124)
  /// Derivation Code Sequence.
  public static let derivationCode = Tag(0x0008, 0x9215)
}

// Patient.
extension Tag {
  /// Patient's Age.
  public static let patientAge = Tag(0x0010, 0x1010)
  /// Patient's Size.
  public static let patientSize = Tag(0x0010, 0x1020)
}

// Acquisition.
extension Tag {
  /// Spacing Between Slices.
  public static let spacingBetweenSlices = Tag(0x0018, 0x0088)
  /// Device Serial Number.
  public static let deviceSerialNumber = Tag(0x0018, 0x1000)
  /// Frame Time.
  public static let frameTime = Tag(0x0018, 0x1063)
  /// Content Qualification.
  public static let contentQualification = Tag(0x0018, 0x9004)
}

// Relationship.
extension Tag {
  /// Patient Orientation.
  public static let patientOrientation = Tag(0x0020, 0x0020)
  /// Laterality.
  public static let laterality = Tag(0x0020, 0x0060)
  /// Number of Study Related Instances.
  public static let studyInstances = Tag(0x0020, 0x1208)
  /// Number of Series Related Instances.
  public static let seriesInstances = Tag(0x0020, 0x1209)
  /// Frame Content Sequence.
  public static let frameContent = Tag(0x0020, 0x9111)
  /// Plane Position Sequence.
  public static let planePosition = Tag(0x0020, 0x9113)
  /// Plane Orientation Sequence.
  public static let planeOrientation = Tag(0x0020, 0x9116)
  /// Dimension Index Values.
  public static let dimensionIndexValues = Tag(0x0020, 0x9157)
  /// Dimension Organization UID.
  public static let dimensionOrganizationUID = Tag(0x0020, 0x9164)
  /// Dimension Index Pointer.
  public static let dimensionIndexPointer = Tag(0x0020, 0x9165)
  /// Functional Group Pointer.
  public static let functionalGroupPointer = Tag(0x0020, 0x9167)
  /// Dimension Organization Sequence.
  public static let dimensionOrganization = Tag(0x0020, 0x9221)
  /// Dimension Index Sequence.
  public static let dimensionIndex = Tag(0x0020, 0x9222)
}

// Image.
extension Tag {
  /// Frame Increment Pointer.
  public static let frameIncrementPointer = Tag(0x0028, 0x0009)
  /// Burned In Annotation.
  public static let burnedInAnnotation = Tag(0x0028, 0x0301)
  /// Recognizable Visual Features.
  public static let recognizableVisualFeatures = Tag(0x0028, 0x0302)
  /// Longitudinal Temporal Information Modified.
  public static let longitudinalTemporalInformation = Tag(0x0028, 0x0303)
  /// Window Center.
  public static let windowCenter = Tag(0x0028, 0x1050)
  /// Window Width.
  public static let windowWidth = Tag(0x0028, 0x1051)
  /// VOI LUT Function.
  public static let windowFunction = Tag(0x0028, 0x1056)
  /// Lossy Image Compression.
  public static let lossyImageCompression = Tag(0x0028, 0x2110)
  /// LUT Explanation.
  public static let lutExplanation = Tag(0x0028, 0x3003)
  /// Pixel Measures Sequence.
  public static let pixelMeasures = Tag(0x0028, 0x9110)
  /// Frame VOI LUT Sequence.
  public static let frameVOILUT = Tag(0x0028, 0x9132)
  /// Pixel Value Transformation Sequence.
  public static let pixelValueTransformation = Tag(0x0028, 0x9145)
}

// Reports, measurements and codes.
extension Tag {
  /// Acquisition Context Sequence.
  public static let acquisitionContext = Tag(0x0040, 0x0555)
  /// Measurement Units Code Sequence.
  public static let measurementUnits = Tag(0x0040, 0x08EA)
  /// Parametric Map Frame Type Sequence.
  public static let parametricMapFrameType = Tag(0x0040, 0x9092)
  /// Real World Value Mapping Sequence.
  public static let realWorldValueMapping = Tag(0x0040, 0x9096)
  /// LUT Label.
  public static let lutLabel = Tag(0x0040, 0x9210)
  /// Double Float Real World Value Last Value Mapped.
  public static let doubleLastValueMapped = Tag(0x0040, 0x9213)
  /// Double Float Real World Value First Value Mapped.
  public static let doubleFirstValueMapped = Tag(0x0040, 0x9214)
  /// Quantity Definition Sequence.
  public static let quantityDefinition = Tag(0x0040, 0x9220)
  /// Real World Value Intercept.
  public static let realWorldIntercept = Tag(0x0040, 0x9224)
  /// Real World Value Slope.
  public static let realWorldSlope = Tag(0x0040, 0x9225)
  /// Relationship Type.
  public static let relationshipType = Tag(0x0040, 0xA010)
  /// Value Type.
  public static let valueType = Tag(0x0040, 0xA040)
  /// Concept Name Code Sequence.
  public static let conceptName = Tag(0x0040, 0xA043)
  /// Continuity Of Content.
  public static let continuityOfContent = Tag(0x0040, 0xA050)
  /// UID.
  public static let uidValue = Tag(0x0040, 0xA124)
  /// Text Value.
  public static let textValue = Tag(0x0040, 0xA160)
  /// Floating Point Value.
  public static let floatingPointValue = Tag(0x0040, 0xA161)
  /// Concept Code Sequence.
  public static let conceptCode = Tag(0x0040, 0xA168)
  /// Purpose of Reference Code Sequence.
  public static let purposeOfReference = Tag(0x0040, 0xA170)
  /// Measured Value Sequence.
  public static let measuredValue = Tag(0x0040, 0xA300)
  /// Numeric Value.
  public static let numericValue = Tag(0x0040, 0xA30A)
  /// Performed Procedure Code Sequence.
  public static let performedProcedureCode = Tag(0x0040, 0xA372)
  /// Current Requested Procedure Evidence Sequence.
  public static let evidence = Tag(0x0040, 0xA375)
  /// Completion Flag.
  public static let completionFlag = Tag(0x0040, 0xA491)
  /// Verification Flag.
  public static let verificationFlag = Tag(0x0040, 0xA493)
  /// Content Template Sequence.
  public static let contentTemplate = Tag(0x0040, 0xA504)
  /// Content Sequence.
  public static let content = Tag(0x0040, 0xA730)
  /// Template Identifier.
  public static let templateIdentifier = Tag(0x0040, 0xDB00)
}

// Nuclear medicine.
extension Tag {
  /// SUV Type.
  public static let suvType = Tag(0x0054, 0x1006)
}

// Segmentation.
extension Tag {
  /// Segmentation Type.
  public static let segmentationType = Tag(0x0062, 0x0001)
  /// Segment Sequence.
  public static let segments = Tag(0x0062, 0x0002)
  /// Segmented Property Category Code Sequence.
  public static let segmentedPropertyCategory = Tag(0x0062, 0x0003)
  /// Segment Number.
  public static let segmentNumber = Tag(0x0062, 0x0004)
  /// Segment Label.
  public static let segmentLabel = Tag(0x0062, 0x0005)
  /// Segment Algorithm Type.
  public static let segmentAlgorithmType = Tag(0x0062, 0x0008)
  /// Segment Algorithm Name.
  public static let segmentAlgorithmName = Tag(0x0062, 0x0009)
  /// Segment Identification Sequence.
  public static let segmentIdentification = Tag(0x0062, 0x000A)
  /// Referenced Segment Number.
  public static let referencedSegmentNumber = Tag(0x0062, 0x000B)
  /// Maximum Fractional Value.
  public static let maximumFractionalValue = Tag(0x0062, 0x000E)
  /// Segmented Property Type Code Sequence.
  public static let segmentedPropertyType = Tag(0x0062, 0x000F)
}

// Registration and presentation.
extension Tag {
  /// Content Label.
  public static let contentLabel = Tag(0x0070, 0x0080)
  /// Content Description.
  public static let contentDescription = Tag(0x0070, 0x0081)
  /// Content Creator's Name.
  public static let contentCreatorName = Tag(0x0070, 0x0084)
  /// Registration Sequence.
  public static let registrations = Tag(0x0070, 0x0308)
  /// Matrix Registration Sequence.
  public static let matrixRegistration = Tag(0x0070, 0x0309)
  /// Matrix Sequence.
  public static let matrices = Tag(0x0070, 0x030A)
  /// Frame of Reference Transformation Matrix Type.
  public static let transformationType = Tag(0x0070, 0x030C)
  /// Presentation LUT Shape.
  public static let presentationLUTShape = Tag(0x2050, 0x0020)
}

// Radiotherapy.
extension Tag {
  /// Dose Units.
  public static let doseUnits = Tag(0x3004, 0x0002)
  /// Dose Type.
  public static let doseType = Tag(0x3004, 0x0004)
  /// Dose Summation Type.
  public static let doseSummationType = Tag(0x3004, 0x000A)
  /// Grid Frame Offset Vector.
  public static let gridFrameOffsets = Tag(0x3004, 0x000C)
  /// Dose Grid Scaling.
  public static let doseGridScaling = Tag(0x3004, 0x000E)
  /// Frame of Reference Transformation Matrix.
  public static let transformationMatrix = Tag(0x3006, 0x00C6)
  /// Referenced RT Plan Sequence.
  public static let referencedPlan = Tag(0x300C, 0x0002)
}

// Functional groups.
extension Tag {
  /// Shared Functional Groups Sequence.
  public static let sharedFunctionalGroups = Tag(0x5200, 0x9229)
  /// Per-Frame Functional Groups Sequence.
  public static let perFrameFunctionalGroups = Tag(0x5200, 0x9230)
}

// Others.
extension Tag {
  /// Patient Identity Removed.
  public static let patientIdentityRemoved = Tag(0x0012, 0x0062)
  /// De-identification Method.
  public static let deidentificationMethod = Tag(0x0012, 0x0063)
  /// De-identification Method Code Sequence.
  public static let deidentificationMethodCodes = Tag(0x0012, 0x0064)
  /// Document Title.
  public static let documentTitle = Tag(0x0042, 0x0010)
  /// Encapsulated Document.
  public static let encapsulatedDocument = Tag(0x0042, 0x0011)
  /// MIME Type of Encapsulated Document.
  public static let mimeType = Tag(0x0042, 0x0012)
  /// Encapsulated Document Length.
  public static let encapsulatedDocumentLength = Tag(0x0042, 0x0015)
}
