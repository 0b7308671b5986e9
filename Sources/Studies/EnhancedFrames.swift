import DICOM
import Volumes

/// Where the frames of an enhanced multi-frame image lie (PS3.3 C.7.6.16): CT, MR or PET with one slice a frame.
struct EnhancedFrames: Sendable {
  let grid: Grid
  /// The millimetres between pixels down a column and along a row.
  let pixelSpacing: [Double]

  /// Enhanced and Legacy Converted Enhanced CT, MR and PET (PS3.4 B.5).
  static let storageClassUIDs = Set(
    ["2.1", "2.2", "4.1", "4.4", "130", "128.1"].map { "1.2.840.10008.5.1.4.1.1." + $0 })

  /// - Throws: ``StudyError`` for frames without a place, or that are no one volume; see ``check(_:)``.
  init(_ dataSet: DataSet, rows: Int, columns: Int) throws {
    let frames = try dataSet.frames()
    guard !frames.isEmpty else {
      throw StudyError(
        "missing-geometry", "The file does not describe its frames.", remedy: "Export the series again.")
    }
    let declared = try dataSet.integer(.numberOfFrames) ?? 1
    guard frames.count == declared else {
      throw StudyError(
        "frame-groups", "The file describes \(frames.count) of its \(declared) frames.",
        remedy: "Export the series again.")
    }
    try Self.check(frames)
    grid = try SliceStack(try frames.map { try SlicePlane($0, rows: rows, columns: columns) }).grid
    pixelSpacing = [grid.spacing.y, grid.spacing.x]
  }

  /// Refuses frames of several stacks or temporal positions.
  static func check(_ frames: [DataSet]) throws {
    let stacks = Set(try frames.map { try $0.string(.stackID) })
    guard stacks.count <= 1 else {
      throw StudyError(
        "several-stacks", "The series has \(stacks.count) stacks of slices in one file.",
        remedy: "Export each stack as its own series.")
    }
    let times = Set(try frames.map { try $0.integers(.temporalPositionIndex).first })
    guard times.count <= 1 else {
      throw StudyError(
        "several-temporal-positions", "The series has images of \(times.count) times in one file.",
        remedy: "Export each time as its own series.")
    }
  }
}

extension SliceVolume {
  /// Reads a series whose slices are the frames of one file.
  static func enhanced(
    _ series: IndexedSeries, read: @Sendable (DICOMFile) throws -> Slice, check: ([Slice]) throws -> Void
  ) throws -> (slices: [Slice], stack: SliceStack, values: [Float]) {
    guard series.files.count == 1 else {
      throw StudyError(
        "several-multi-frame-files", "The series has \(series.files.count) files with several slices each.",
        remedy: "Export each file as its own series.")
    }
    let file = try series.files[0].read()
    let frames = try file.frames()
    try EnhancedFrames.check(frames.map(\.dataSet))
    let slices = try frames.map(read)
    try check(slices)
    let stack = try SliceStack(slices.map(\.plane))
    let pixels = stack.grid.columns * stack.grid.rows
    let samples = try file.samples()
    guard samples.count == stack.grid.count else {
      throw StudyError(
        "mixed-geometry", "The file has \(samples.count) pixels and the volume \(stack.grid.count).",
        remedy: "Export the series again.")
    }
    let values = try [Float](unsafeUninitializedCapacity: stack.grid.count) { buffer, count in
      for (k, n) in stack.order.enumerated() {
        let target = UnsafeMutableBufferPointer(rebasing: buffer[k * pixels..<(k + 1) * pixels])
        samples.write(
          n * pixels..<(n + 1) * pixels, slope: slices[n].slope, intercept: slices[n].intercept, to: target)
        try requireFinite(target, at: slices[n].plane)
      }
      count = stack.grid.count
    }
    return (slices, stack, values)
  }

  /// Refuses a slice with a value that is infinite or no number.
  static func requireFinite(_ values: UnsafeMutableBufferPointer<Float>, at plane: SlicePlane) throws(StudyError) {
    guard values.isFinite else {
      throw StudyError(
        "non-finite-value", "The slice at \(millimetres(plane.position)) holds a value that is not finite.",
        remedy: "Export the series again.")
    }
  }
}
