import DICOM
import Volumes

/// Where the frames of a reconstructed tomography in one NM file lie (PS3.3 C.8.4.11, C.8.4.15).
///
/// Position and orientation of the first slice stand with the first detector. Slices follow along the normal (row ×
/// column) for a positive Spacing Between Slices and against it for a negative one; the Slice Vector tells which frame is
/// which slice. The grid runs along the normal, whatever the order of the file.
struct ReconstructedFrames: Sendable {
  let grid: Grid
  /// The slice of the grid for each frame.
  let slices: [Int]

  /// - Throws: ``StudyError`` for frames without a place, at one place or of several reconstructions.
  init(_ dataSet: DataSet, rows: Int, columns: Int, frames: Int) throws {
    let detector = try dataSet.item(.detectorInformation)
    let axes = try PlaneAxes(
      position: detector?.decimals(.imagePosition) ?? [], orientation: detector?.decimals(.imageOrientation) ?? [],
      spacing: dataSet.decimals(.pixelSpacing))
    let numbers = try FrameOrganization(dataSet, frames: frames).slice ?? Array(1...frames)
    guard Set(numbers) == Set(1...frames) else {
      throw StudyError(
        "frame-vectors", "The \(frames) frames are not one slice each of one reconstruction.",
        remedy: "Export every reconstruction as a file of its own.")
    }
    let told = try dataSet.decimal(.spacingBetweenSlices)
    guard let spacing = try told ?? dataSet.decimal(.sliceThickness), (0.01...1000).contains(spacing.magnitude) else {
      throw StudyError(
        "missing-geometry", "The reconstruction does not tell how far its slices are apart.",
        remedy: "Export it with Spacing Between Slices (0018,0088).")
    }
    let first = spacing > 0 ? 0.0 : Double(frames - 1)
    grid = Grid(
      columns: columns, rows: rows, slices: frames, origin: axes.origin + first * spacing * axes.normal,
      columnStep: axes.columnStep, rowStep: axes.rowStep, sliceStep: spacing.magnitude * axes.normal)
    slices = numbers.map { spacing > 0 ? $0 - 1 : frames - $0 }
  }

  /// Slope times sample plus intercept in the order of the grid; refuses values that are not finite.
  func values(of file: DICOMFile, slope: Double, _ intercept: Double) throws -> [Float] {
    let stored = try file.samples().scaled(slope: slope, intercept: intercept)
    guard stored.count == grid.count, stored.allSatisfy(\.isFinite) else {
      throw StudyError(
        "non-finite-value", "The reconstruction holds a value that is not finite.", remedy: "Export it again.")
    }
    let pixels = grid.columns * grid.rows
    var values = [Float](repeating: 0, count: grid.count)
    for (frame, slice) in slices.enumerated() {
      values.replaceSubrange(slice * pixels..<(slice + 1) * pixels, with: stored[frame * pixels..<(frame + 1) * pixels])
    }
    return values
  }
}

extension DataSet {
  /// How stored values become Bq/mL by the real-world value mapping that says so (PS3.3 C.7.6.16.2.11); `nil` without
  /// one.
  func activityConcentrationMapping() throws -> (slope: Double, intercept: Double)? {
    for item in try items(.realWorldValueMapping) {
      guard try item.item(.measurementUnits)?.string(.codeValue) == "Bq/ml",
        let slope = try item.decimal(.realWorldSlope)
      else { continue }
      return (slope, try item.decimal(.realWorldIntercept) ?? 0)
    }
    return nil
  }
}
