import DICOM
public import Quantities
public import Volumes

/// A reconstruction of a gamma camera in counts (NM, RECON TOMO): not yet an activity.
public struct CountSeries: Sendable {
  /// Where the voxels lie.
  public let grid: Grid
  /// Counts in the grid's order.
  public let counts: [Float]
  /// The Series Instance UID.
  public let seriesUID: String
  /// The Frame of Reference UID.
  public let frameOfReferenceUID: String
  /// What the corrections that were made are called: `ATTN`, `SCAT`, `DECY`.
  public let corrections: [String]
  /// The file: nuclide, camera, collimators, windows and times.
  public let file: NuclearMedicineFile

  /// The energy window; `nil` where the header does not state its limits.
  public var window: ClosedRange<Energy>? { file.energyWindows.first?.ranges.first }

  /// Reads the one file of a series.
  ///
  /// Refuses other kinds than reconstructions in counts, several windows, counts below zero and a geometry that
  /// ``ReconstructedFrames`` refuses.
  public init(_ series: IndexedSeries) throws {
    guard series.files.count == 1, let indexed = series.files.first else {
      throw StudyError(
        "several-reconstructions", "The series of counts holds \(series.files.count) files.",
        remedy: "Export each reconstruction as a series of its own.")
    }
    try self.init(path: indexed.path)
  }

  /// Reads a file, see ``init(_:)``.
  public init(path: String) throws {
    let file = try NuclearMedicineFile(path: path)
    guard file.kind == .reconstruction else {
      throw StudyError(
        "not-a-reconstruction", "The file is a \(file.kind.rawValue), not a reconstruction in counts.",
        remedy: "Name the reconstructed tomogram (Image Type RECON TOMO).")
    }
    let stored = try DICOMFile(path: path)
    let dataSet = stored.dataSet
    guard Set(file.frames.map(\.energyWindow)).count == 1 else {
      throw StudyError(
        "count-windows", "The reconstruction holds frames of several energy windows.",
        remedy: "Export one reconstruction of one energy window.")
    }
    guard let frameOfReferenceUID = try dataSet.uid(.frameOfReferenceUID) else {
      throw StudyError(
        "missing-frame-of-reference", "The reconstruction does not name its frame of reference.",
        remedy: "Export it again with its geometry.")
    }
    let frames = try ReconstructedFrames(
      dataSet, rows: file.rows, columns: file.columns, frames: file.frames.count)
    counts = try frames.values(
      of: stored, slope: try dataSet.decimal(.rescaleSlope) ?? 1, try dataSet.decimal(.rescaleIntercept) ?? 0)
    guard counts.allSatisfy({ $0 >= 0 }) else {
      throw StudyError(
        "counts-negative", "The reconstruction holds counts below zero.", remedy: "Export it as it was reconstructed.")
    }
    grid = frames.grid
    seriesUID = try dataSet.uid(.seriesInstanceUID) ?? ""
    self.frameOfReferenceUID = frameOfReferenceUID
    corrections = try dataSet.strings(.correctedImage)
    self.file = file
  }
}
