import DICOM
import Quantities

/// One slice of a quantitative series: its header, and its pixels not yet decoded.
struct QuantitativeSlice: Sendable {
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

  let file: DICOMFile
  let plane: SlicePlane
  let header: Header
  let patient: String?
  let frameOfReferenceUID: String
  let slope: Double
  let intercept: Double
  let acquisition: LocalTime?
  let frameDuration: Double?

  init(_ file: DICOMFile) throws {
    let dataSet = file.dataSet
    let sopClassUID = try dataSet.requiredUID(.sopClassUID)
    try Self.check(sopClassUID, modality: dataSet.string(.modality))
    let format = try file.pixelFormat()
    guard format.frames == 1 else {
      throw StudyError(
        "multi-frame", "The series has several slices in one file, which this release does not read.",
        remedy: "Export one file a slice, as the PET or NM series of single frames.")
    }
    self.file = file
    plane = try SlicePlane(dataSet, rows: format.rows, columns: format.columns)
    header = Header(
      studyUID: try dataSet.requiredUID(.studyInstanceUID), sopClassUID: sopClassUID,
      units: try dataSet.string(.units), decayCorrection: try dataSet.string(.decayCorrection),
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
    guard let slope = try dataSet.decimal(.rescaleSlope), slope > 0 else {
      throw StudyError(
        "rescale-slope", "A slice has no positive Rescale Slope, so its pixels have no unit.",
        remedy: "Export the quantitative series again.")
    }
    self.slope = slope
    intercept = try dataSet.decimal(.rescaleIntercept) ?? 0
    acquisition = try dataSet.acquisitionMoment()
    frameDuration = try dataSet.decimal(.actualFrameDuration)
  }

  /// The voxels in Bq/mL; refuses values that are not finite.
  func values() throws -> [Float] {
    switch try file.samples() {
    case .unsigned8(let samples): try scaled(samples)
    case .signed8(let samples): try scaled(samples)
    case .unsigned16(let samples): try scaled(samples)
    case .signed16(let samples): try scaled(samples)
    case .unsigned32(let samples): try scaled(samples)
    case .signed32(let samples): try scaled(samples)
    case .float(let samples): try finite(samples.map { Float(Double($0) * slope + intercept) })
    case .double(let samples): try finite(samples.map { Float($0 * slope + intercept) })
    }
  }

  private func scaled<N: FixedWidthInteger>(_ samples: [N]) throws -> [Float] {
    try finite(samples.map { Float(Double($0) * slope + intercept) })
  }

  private func finite(_ values: [Float]) throws -> [Float] {
    guard values.allSatisfy(\.isFinite) else {
      throw StudyError(
        "non-finite-value", "The slice at \(millimetres(plane.position)) holds a value that is not finite.",
        remedy: "Export the quantitative series again.")
    }
    return values
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
