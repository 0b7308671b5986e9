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
    try Self.check(sopClassUID, modality: dataSet.string(.modality))
    let format = try file.pixelFormat()
    let mapping = try dataSet.activityConcentrationMapping()
    guard format.frames == 1 || reconstruction != nil else {
      throw StudyError(
        "multi-frame", "The series has several slices in one file, which this release does not read.",
        remedy: "Export one file a slice, as the PET or NM series of single frames.")
    }
    digest = file.digest
    plane =
      try reconstruction.map { SlicePlane(first: $0.grid) }
      ?? SlicePlane(dataSet, rows: format.rows, columns: format.columns)
    header = Header(
      studyUID: try dataSet.requiredUID(.studyInstanceUID), sopClassUID: sopClassUID,
      units: try dataSet.string(.units) ?? (mapping == nil ? nil : "BQML"),
      decayCorrection: try dataSet.string(.decayCorrection),
      corrections: try dataSet.strings(.correctedImage), administration: try Administration(dataSet),
      weight: try dataSet.decimal(.patientWeight), utcOffset: try dataSet.utcOffset(.timezoneOffsetFromUTC),
      seriesStart: try Self.moment(dataSet, .seriesDate, .seriesTime),
      declaredSlices: try dataSet.unsigned16(.numberOfSlices))
    patient = try dataSet.string(.patientID)
    guard let frameOfReferenceUID = try dataSet.uid(.frameOfReferenceUID) else {
      throw StudyError(
        "missing-frame-of-reference", "The series does not name its frame of reference.",
        remedy: "Export the series again with its geometry.")
    }
    self.frameOfReferenceUID = frameOfReferenceUID
    guard let slope = try dataSet.decimal(.rescaleSlope) ?? mapping?.slope, slope > 0 else {
      throw StudyError(
        "rescale-slope", "A slice has no positive Rescale Slope, so its pixels have no unit.",
        remedy: "Export the quantitative series again.")
    }
    self.slope = slope
    intercept = try dataSet.decimal(.rescaleIntercept) ?? mapping?.intercept ?? 0
    acquisition = try dataSet.acquisitionMoment()
    // In a reconstruction that of one projection.
    frameDuration = reconstruction == nil ? try dataSet.decimal(.actualFrameDuration) : nil
  }

  private static func moment(_ dataSet: DataSet, _ date: Tag, _ time: Tag) throws -> LocalTime? {
    guard let date = try dataSet.date(date), let time = try dataSet.time(time) else { return nil }
    return try LocalTime(date, time)
  }

  private static func check(_ sopClassUID: String, modality: String?) throws(StudyError) {
    let enhanced = [
      "1.2.840.10008.5.1.4.1.1.130": "Enhanced PET",
      "1.2.840.10008.5.1.4.1.1.128.1": "Legacy Converted Enhanced PET",
    ]
    if let name = enhanced[sopClassUID] {
      throw StudyError(
        "unsupported-class", "The series is stored as \(name), which this release does not read.",
        remedy: "Export it as PET Image Storage, one file a slice.")
    }
    guard modality == "PT" || modality == "NM" else {
      throw StudyError(
        "not-quantitative", "The series has the modality \(modality ?? "none"), not PT or NM.",
        remedy: "Name the quantitative SPECT series.")
    }
  }
}
