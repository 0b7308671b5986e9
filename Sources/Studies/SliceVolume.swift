import DICOM
import Glibc
import Numerics
import Volumes

/// A slice of a volume as its header describes it.
protocol ImageSlice: Sendable {
  var plane: SlicePlane { get }
  /// A value is slope times sample plus intercept.
  var slope: Double { get }
  var intercept: Double { get }
}

/// The slices of a series, one a file or all the frames of one, as one volume.
struct SliceVolume<Slice: ImageSlice>: Sendable {
  /// In the order of the series' files.
  let slices: [Slice]
  let stack: SliceStack
  /// Slope times sample plus intercept, in the grid's order.
  let values: [Float]

  /// Reads every file once, in parallel, and keeps of it what `read` makes of it and its pixels.
  ///
  /// The index tells where the slices lie. Where that makes no volume, all headers are read first, so that what is wrong
  /// with them is told before their geometry.
  /// - Parameters:
  ///   - check: refuses slices that do not belong together.
  ///   - stack: the volume of slices that the index could not stack.
  init(
    _ series: IndexedSeries, read: @Sendable (DICOMFile) throws -> Slice, check: ([Slice]) throws -> Void,
    stack makeStack: ([Slice]) throws -> SliceStack = { try SliceStack($0.map(\.plane)) }
  ) throws {
    guard !series.isEnhanced else {
      (slices, stack, values) = try Self.enhanced(series, read: read, check: check)
      return
    }
    let files = series.files
    let planes = files.compactMap(\.plane)
    var known: [Slice]?
    if planes.count == files.count, let stack = try? SliceStack(planes) {
      self.stack = stack
    } else {
      let slices = try inParallel(files.count) { try read(files[$0].read()) }
      try check(slices)
      stack = try makeStack(slices)
      known = slices
    }
    let (stack, grid) = (stack, stack.grid)
    let pixels = grid.columns * grid.rows
    var inOrder: [Slice] = []
    values = try [Float](unsafeUninitializedCapacity: grid.count) { buffer, count in
      buffer.adviseLargePages()
      nonisolated(unsafe) let voxels = buffer
      inOrder = try inParallel(grid.slices) { k in
        let file = try files[stack.order[k]].read()
        let slice = try read(file)
        let samples = try file.samples()
        guard samples.count == pixels else {
          throw StudyError(
            "mixed-geometry", "A slice has \(samples.count) pixels and the volume \(pixels) in each.",
            remedy: "Export each reconstruction as its own series.")
        }
        let target = UnsafeMutableBufferPointer(rebasing: voxels[k * pixels..<(k + 1) * pixels])
        samples.write(slope: slice.slope, intercept: slice.intercept, to: target)
        try Self.requireFinite(target, at: slice.plane)
        return slice
      }
      count = grid.count
    }
    if known == nil {
      var places = [Int](repeating: 0, count: files.count)
      for (k, n) in stack.order.enumerated() { places[n] = k }
      slices = places.map { inOrder[$0] }
      try check(slices)
    } else {
      slices = known ?? []
    }
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// Asks the system for large pages, which a volume is filled with faster.
  fileprivate func adviseLargePages() {
    let page = UInt(1 << 21)
    let start = (UInt(bitPattern: baseAddress) + page - 1) & ~(page - 1)
    let end = UInt(bitPattern: baseAddress) + UInt(count * MemoryLayout<Float>.size)
    guard baseAddress != nil, end > start + page else { return }
    madvise(UnsafeMutableRawPointer(bitPattern: start), Int((end - start) & ~(page - 1)), MADV_HUGEPAGE)
  }
}
