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
  /// Refuses other kinds than reconstructions in counts, several windows, slices that are not numbered from 1 on each once,
  /// counts below zero and a missing geometry. The first slice lies at Image Position (Patient) of the first detector; the others
  /// follow along the normal of rows and columns by Spacing Between Slices, against it where that is negative (PS3.3
  /// C.8.4.15).
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
    let dataSet = try DICOMFile(path: path).dataSet
    guard Set(file.frames.map(\.energyWindow)).count == 1,
      file.frames.map({ $0.slice ?? 0 }).sorted() == Array(1...file.frames.count), file.frames.count > 1
    else {
      throw StudyError(
        "count-slices", "The frames of the reconstruction are not its slices, each once and of one window.",
        remedy: "Export one reconstruction of one energy window.")
    }
    guard let detector = try dataSet.items(.detectorInformation).first,
      let spacing = try dataSet.decimal(.spacingBetweenSlices) ?? dataSet.decimal(.sliceThickness), spacing != 0,
      spacing.magnitude < 1000, let frameOfReferenceUID = try dataSet.uid(.frameOfReferenceUID)
    else {
      throw StudyError(
        "missing-geometry", "The reconstruction does not tell where its slices lie.",
        remedy: "Export it again with its geometry and its frame of reference.")
    }
    let plane = try PlaneAxes(
      position: detector.decimals(.imagePosition), orientation: detector.decimals(.imageOrientation),
      spacing: dataSet.decimals(.pixelSpacing))
    let slope = try dataSet.decimal(.rescaleSlope) ?? 1
    let intercept = try dataSet.decimal(.rescaleIntercept) ?? 0
    let size = file.rows * file.columns
    var counts = [Float](repeating: 0, count: file.counts.count)
    for (index, frame) in file.frames.enumerated() {
      guard let slice = frame.slice else { continue }
      for n in 0..<size {
        counts[(slice - 1) * size + n] = Float(Double(file.counts[index * size + n]) * slope + intercept)
      }
    }
    guard counts.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw StudyError(
        "counts-negative", "The reconstruction holds counts below zero.", remedy: "Export it as it was reconstructed.")
    }
    grid = Grid(
      columns: file.columns, rows: file.rows, slices: file.frames.count, origin: plane.origin,
      columnStep: plane.columnStep, rowStep: plane.rowStep, sliceStep: plane.normal * spacing)
    self.counts = counts
    seriesUID = try dataSet.uid(.seriesInstanceUID) ?? ""
    self.frameOfReferenceUID = frameOfReferenceUID
    corrections = try dataSet.strings(.correctedImage)
    self.file = file
  }
}
