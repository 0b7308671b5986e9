import DICOM
public import Volumes

/// A CT or MR series: pictures of the anatomy, for display under uptake.
public struct AnatomicalSeries: Sendable {
  /// What the values are.
  public enum Kind: String, Sendable {
    /// Hounsfield units.
    case tomography = "CT"
    /// Signal in no unit.
    case magneticResonance = "MR"
  }

  public let kind: Kind
  /// Where the voxels lie.
  public let grid: Grid
  /// Slope times stored value plus intercept, in the grid's order.
  public let values: [Float]
  /// The Series Instance UID.
  public let seriesUID: String
  /// The Frame of Reference UID.
  public let frameOfReferenceUID: String

  /// Reads a series.
  ///
  /// Refuses other modalities, a CT without Rescale Slope or in other units than HU, slices of several patients or frames
  /// of reference, and slices that do not make a volume with equal spacing.
  public init(_ series: IndexedSeries) throws {
    guard let kind = series.modality.flatMap(Kind.init(rawValue:)) else {
      throw StudyError(
        "not-anatomical", "The series is neither CT nor MR.", remedy: "Name a series of modality CT or MR.")
    }
    let volume = try SliceVolume(series, read: { try AnatomicalSlice($0, kind) }, check: Self.checkAgreement)
    values = volume.values
    self.kind = kind
    grid = volume.stack.grid
    seriesUID = series.uid
    frameOfReferenceUID = volume.slices[0].frameOfReferenceUID
  }

  private static func checkAgreement(_ slices: [AnatomicalSlice]) throws(StudyError) {
    guard slices.allSatisfy({ $0.patient == slices[0].patient }) else { throw SeriesHeader.mixedPatients() }
    guard slices.allSatisfy({ $0.frameOfReferenceUID == slices[0].frameOfReferenceUID }) else {
      throw StudyError(
        "mixed-frames-of-reference", "The series holds slices of different frames of reference.",
        remedy: "Export each reconstruction as its own series.")
    }
  }

  /// What is shown from black to white: −160 to 240 HU of a CT, the middle 98 % of the signal of an MR.
  public var window: ClosedRange<Float> {
    guard kind == .magneticResonance else { return -160...240 }
    let step = max(1, values.count / 100_000)
    let sorted = stride(from: 0, to: values.count, by: step).map { values[$0] }.sorted()
    let (low, high) = (sorted[sorted.count / 100], sorted[sorted.count - 1 - sorted.count / 100])
    return low...max(high, low + 1e-6)
  }
}

/// One slice of CT or MR, without its pixels.
private struct AnatomicalSlice: ImageSlice {
  let plane: SlicePlane
  let patient: String?
  let frameOfReferenceUID: String
  let slope: Double
  let intercept: Double

  init(_ file: DICOMFile, _ kind: AnatomicalSeries.Kind) throws {
    let dataSet = file.dataSet
    let format = try file.pixelFormat()
    guard format.frames == 1 else {
      throw StudyError(
        "multi-frame", "The series has several slices in one file and does not tell where they lie.",
        remedy: "Export one file a slice, or as Enhanced \(kind.rawValue).")
    }
    guard let frameOfReferenceUID = try dataSet.uid(.frameOfReferenceUID) else {
      throw StudyError(
        "missing-frame-of-reference", "The series does not name its frame of reference.",
        remedy: "Export the series again with its geometry.")
    }
    let type = try dataSet.string(.rescaleType)
    guard kind == .magneticResonance || type == nil || type == "HU" || type == "US" else {
      throw StudyError("not-hounsfield", "The CT is not in Hounsfield units.", remedy: "Export the series in HU.")
    }
    guard let slope = try dataSet.decimal(.rescaleSlope) ?? (kind == .magneticResonance ? 1 : nil), slope != 0 else {
      throw StudyError(
        "rescale-slope", "A slice of the CT has no Rescale Slope.", remedy: "Export the series again.")
    }
    patient = try dataSet.string(.patientID)
    self.frameOfReferenceUID = frameOfReferenceUID
    self.slope = slope
    intercept = try dataSet.decimal(.rescaleIntercept) ?? 0
    plane = try SlicePlane(dataSet, rows: format.rows, columns: format.columns)
  }
}
