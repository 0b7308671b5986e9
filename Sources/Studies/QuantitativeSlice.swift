import DICOM
import Provenance
import Quantities

/// One slice of a quantitative series, without its pixels.
struct QuantitativeSlice: ImageSlice {
  /// What all slices of a series have in common.
  struct Header: Hashable, Sendable {
    let studyUID: String
    let sopClassUID: String
    let units: String?
    let decayCorrection: String?
    let corrections: [String]
    let administration: Administration?
    let weight: Double?
    let utcOffset: Int?
    let seriesStart: LocalTime?
    let declaredSlices: Int?
  }

  /// The digest of the file.
  let digest: Digest
  let plane: SlicePlane
  let header: Header
  let patient: String?
  let frameOfReferenceUID: String
  let slope: Double
  let intercept: Double
  let acquisition: LocalTime?
  let frameDuration: Double?

  /// - Parameter reconstruction: where the frames lie when the file holds all slices.
  init(_ file: DICOMFile, _ reconstruction: ReconstructedFrames? = nil) throws {
    let dataSet = file.dataSet
    let sopClassUID = try dataSet.requiredUID(.sopClassUID)
    try Self.check(modality: dataSet.string(.modality))
    let format = try file.pixelFormat()
    let mapping = try dataSet.activityConcentrationMapping()
    let enhanced = try EnhancedPET(dataSet)
    guard format.frames == 1 || reconstruction != nil else {
      throw StudyError(
        "multi-frame", "The series has several slices in one file and does not tell where they lie.",
        remedy: "Export one file a slice, or as Enhanced PET.")
    }
    digest = file.digest
    plane =
      try reconstruction.map { SlicePlane(first: $0.grid) }
      ?? SlicePlane(dataSet, rows: format.rows, columns: format.columns)
    header = Header(
      studyUID: try dataSet.requiredUID(.studyInstanceUID), sopClassUID: sopClassUID,
      units: try dataSet.string(.units) ?? (mapping == nil ? nil : "BQML"),
      decayCorrection: try enhanced?.decayCorrection ?? dataSet.string(.decayCorrection),
      corrections: try enhanced?.corrections ?? dataSet.strings(.correctedImage),
      administration: try Administration(dataSet),
      weight: try dataSet.decimal(.patientWeight), utcOffset: try dataSet.utcOffset(.timezoneOffsetFromUTC),
      // An enhanced image tells itself to what moment it is corrected.
      seriesStart: try enhanced == nil ? Self.moment(dataSet, .seriesDate, .seriesTime) : nil,
      declaredSlices: try dataSet.unsigned16(.numberOfSlices))
    patient = try dataSet.string(.patientID)
    guard let frameOfReferenceUID = try dataSet.uid(.frameOfReferenceUID) else {
      throw StudyError(
        "missing-frame-of-reference", "The series does not name its frame of reference.",
        remedy: "Export the series again with its geometry.")
    }
    self.frameOfReferenceUID = frameOfReferenceUID
    // An enhanced image rescales to numbers without a unit; its mapping gives them one.
    let own = enhanced == nil ? nil : mapping
    guard let slope = try own?.slope ?? dataSet.decimal(.rescaleSlope) ?? mapping?.slope, slope > 0 else {
      throw StudyError(
        "rescale-slope", "A slice has no positive Rescale Slope, so its pixels have no unit.",
        remedy: "Export the quantitative series again.")
    }
    self.slope = slope
    intercept = try own?.intercept ?? dataSet.decimal(.rescaleIntercept) ?? mapping?.intercept ?? 0
    acquisition = try enhanced?.acquisition ?? dataSet.acquisitionMoment()
    // In a reconstruction that of one projection.
    frameDuration =
      reconstruction == nil ? try enhanced?.frameDuration ?? dataSet.decimal(.actualFrameDuration) : nil
  }

  static func moment(_ dataSet: DataSet, _ date: Tag, _ time: Tag) throws -> LocalTime? {
    guard let date = try dataSet.date(date), let time = try dataSet.time(time) else { return nil }
    return try LocalTime(date, time)
  }

  private static func check(modality: String?) throws(StudyError) {
    guard modality == "PT" || modality == "NM" else {
      throw StudyError(
        "not-quantitative", "The series has the modality \(modality ?? "none"), not PT or NM.",
        remedy: "Name the quantitative SPECT series.")
    }
  }
}
