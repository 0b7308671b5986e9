import Dispatch
import Glibc
public import Quantities

/// A Gaussian point-spread function, the same in all directions.
public struct GaussianBlur: Hashable, Sendable {
  /// The full width at half maximum.
  public let fullWidthAtHalfMaximum: Length

  /// The standard deviation, FWHM / √(8 ln 2).
  public var standardDeviation: Length { fullWidthAtHalfMaximum / (8 * log(2.0)).squareRoot() }

  /// How far the blur reaches: it is cut at four standard deviations.
  public var reach: Length { standardDeviation * 4 }

  /// - Throws: ``VolumeError`` when the width is not above 0 and at most 100 mm.
  public init(fullWidthAtHalfMaximum: Length) throws(VolumeError) {
    guard fullWidthAtHalfMaximum > .zero, fullWidthAtHalfMaximum <= .millimetres(100) else {
      throw VolumeError(
        "width-out-of-range", "A point-spread function cannot be \(fullWidthAtHalfMaximum) wide.",
        remedy: "Give a full width at half maximum above 0 and up to 100 mm.")
    }
    self.fullWidthAtHalfMaximum = fullWidthAtHalfMaximum
  }

  /// The occupancy convolved with the point-spread function, in a block grown by its ``reach``.
  ///
  /// Separable; the sampled weights sum to 1, so that the sum is conserved except for what leaves the grid. Valid for
  /// widths of at least 1.2 voxel edges: below, sampling the Gaussian at the voxels' centres makes it too narrow.
  /// - Throws: ``VolumeError`` when the grid is not rectangular.
  public func callAsFunction(_ occupancy: Occupancy) throws(VolumeError) -> Occupancy {
    let grid = occupancy.grid
    try grid.requireRectangular()
    let (inner, outer) = (occupancy.box, occupancy.box.grown(by: reach, on: grid))
    var values = [Float](repeating: 0, count: outer.count)
    inner.forEachRow { j, k in
      let (from, to) = (inner.index(inner.columns.lowerBound, j, k), outer.index(inner.columns.lowerBound, j, k))
      for i in 0..<inner.columns.count { values[to + i] = occupancy.fractions[from + i] }
    }
    let shape = [outer.columns.count, outer.rows.count, outer.slices.count]
    for axis in 0..<3 { values = convolve(values, shape: shape, axis: axis, weights(spacing: grid.spacing[axis])) }
    return Occupancy(grid: grid, box: outer, fractions: values)
  }

  /// The image convolved with the point-spread function; outside the image there is nothing.
  public func callAsFunction<Q>(_ image: Image<Q>) throws(VolumeError) -> Image<Q> {
    let blurred = try self(Occupancy(grid: image.grid, box: VoxelBox(all: image.grid), fractions: image.values))
    return Image(grid: image.grid, values: blurred.fractions)
  }

  /// The weights at whole distances −n … n in voxels.
  private func weights(spacing: Double) -> [Float] {
    let sigma = standardDeviation.millimetres / spacing
    let n = Int((reach.millimetres / spacing).rounded(.down))
    let weights = (-n...n).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = weights.reduce(0, +)
    return weights.map { Float($0 / sum) }
  }
}

/// Convolves along one axis of an array of columns × rows × slices, zero outside.
func convolve(_ values: [Float], shape: [Int], axis: Int, _ weights: [Float]) -> [Float] {
  let (columns, lines) = (shape[0], shape[1] * shape[2])
  let reach = weights.count / 2
  let step = [1, columns, columns * shape[1]][axis]
  return [Float](unsafeUninitializedCapacity: values.count) { output, count in
    count = values.count
    output.initialize(repeating: 0)
    nonisolated(unsafe) let output = output
    values.withUnsafeBufferPointer { input in
      nonisolated(unsafe) let input = input
      let parts = lines < 64 ? 1 : 2
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        for line in lines * part / parts..<lines * (part + 1) / parts {
          let place = [0, line % shape[1], line / shape[1]][axis]
          for (n, weight) in weights.enumerated() {
            let shift = n - reach
            var run = 0..<columns
            if axis == 0 {
              run = max(0, -shift)..<max(max(0, -shift), min(columns, columns - shift))
            } else if !(0..<shape[axis]).contains(place + shift) {
              continue
            }
            let (to, from) = (output.baseAddress! + line * columns, input.baseAddress! + line * columns + shift * step)
            for i in run { to[i] += weight * from[i] }
          }
        }
      }
    }
  }
}
