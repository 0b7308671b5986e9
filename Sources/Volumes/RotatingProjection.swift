import Dispatch
import Glibc
public import Quantities

/// Maximum intensity projections from all sides, about the patient's long axis.
///
/// Frame n is seen from 360°·n/N to the patient's left of the front. Pixels are squares; rows run from head to feet,
/// columns of the first frame from the patient's right to the left.
public struct RotatingProjection<Q: Quantity>: Sendable {
  /// Pixels in a row.
  public let columns: Int
  /// Rows of a frame.
  public let rows: Int
  /// The edge of a pixel.
  public let pixel: Length
  /// The frames in the quantity's base unit, row after row; zero where no ray met the image.
  public let frames: [[Float]]
}

extension Image {
  /// Projects the image from an even number of sides.
  ///
  /// The largest value of a slice along every ray is that of samples a pixel apart, interpolated between four voxels;
  /// rows between slices repeat the nearer one. Without a depth cue the far side is the mirror image of the near one.
  /// - Parameter depthCue: how much weaker the far end of a ray counts than its near end, 0 to below 1, so that what lies
  ///   behind is darker; the values are then no longer those of the image.
  /// - Throws: ``VolumeError`` for a number of frames that is odd or outside 2 to 360, slices that are not axial or a
  ///   voxel that holds no finite number.
  public func rotatingProjection(
    frames count: Int = 36, depthCue: Double = 0
  ) throws(VolumeError) -> RotatingProjection<Q> {
    guard count.isMultiple(of: 2), (2...360).contains(count) else {
      throw VolumeError(
        "frames", "A projection from \(count) sides cannot be made.", remedy: "Choose an even number from 2 to 360.")
    }
    guard depthCue >= 0, depthCue < 1 else {
      throw VolumeError(
        "depth-cue", "A depth cue of \(depthCue) cannot be.", remedy: "Give a number from 0 to below 1.")
    }
    try grid.requireRectangular()
    let spacing = grid.spacing
    guard (grid.sliceStep.z / spacing.z).magnitude > 0.999 else {
      throw VolumeError(
        "not-axial", "The slices are not axial, so that there is no long axis to turn about.",
        remedy: "Reconstruct axial slices.")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw VolumeError(
        "voxel-not-finite", "The image holds a voxel that is no finite number.",
        remedy: "Reconstruct or export the image again.")
    }
    let pixel = min(spacing.x, spacing.y)
    let extent = max(spacing.x * Double(grid.columns), spacing.y * Double(grid.rows))
    let columns = Int((extent / pixel).rounded())
    let height = Int((spacing.z * Double(grid.slices) / pixel).rounded(.up))
    let slices = (0..<height).map { row in
      let below = min(grid.slices - 1, Int((Double(row) + 0.5) * pixel / spacing.z))
      return grid.sliceStep.z > 0 ? grid.slices - 1 - below : below
    }
    var near: [[Float]] = []
    for n in 0..<(depthCue == 0 ? count / 2 : count) {
      let rays = Rays(
        grid, angle: 2 * .pi * Double(n) / Double(count), columns: columns, pixel: pixel, depthCue: depthCue)
      let lines = rays.project(values, grid)
      near.append(slices.flatMap { lines[$0 * columns..<($0 + 1) * columns] })
    }
    guard depthCue == 0 else {
      return RotatingProjection(columns: columns, rows: height, pixel: .millimetres(pixel), frames: near)
    }
    let far = near.map { frame in
      (0..<height).flatMap { frame[$0 * columns..<($0 + 1) * columns].reversed() }
    }
    return RotatingProjection(columns: columns, rows: height, pixel: .millimetres(pixel), frames: near + far)
  }
}

/// Where the rays of one side meet the voxels of a slice, alike for all slices.
private struct Rays {
  struct Sample {
    let place: Int32
    let x: Float
    let y: Float
    /// What the depth leaves of the value.
    let weight: Float
  }

  let samples: [Sample]
  /// Where the samples of each column begin, and where the last end.
  let starts: [Int]

  init(_ grid: Grid, angle: Double, columns: Int, pixel: Double, depthCue: Double) {
    let spacing = grid.spacing
    let (across, along) = (SIMD3(cos(angle), sin(angle), 0), SIMD3(-sin(angle), cos(angle), 0))
    let (row, column) = (grid.columnStep / spacing.x, grid.rowStep / spacing.y)
    let middle = SIMD2(Double(grid.columns - 1) / 2, Double(grid.rows - 1) / 2)
    func index(_ u: Double, _ v: Double) -> SIMD2<Double> {
      let point = across * u + along * v
      return middle + SIMD2((point * row).sum() / spacing.x, (point * column).sum() / spacing.y)
    }
    let depth = Int((Double(columns) * 2.0.squareRoot()).rounded(.up)) | 1
    var samples: [Sample] = []
    samples.reserveCapacity(columns * columns)
    var starts = [0]
    let parity = Double(columns % 2 == 0 ? 1 : 0) / 2
    for c in 0..<columns {
      let u = (Double(c) - Double(columns - 1) / 2) * pixel
      for d in -depth / 2...depth / 2 {
        let at = index(u, (Double(d) + parity) * pixel)
        let snapped = SIMD2((at.x * 1e6).rounded(), (at.y * 1e6).rounded()) / 1e6
        guard snapped.x >= 0, snapped.y >= 0, snapped.x <= Double(grid.columns - 1),
          snapped.y <= Double(grid.rows - 1)
        else { continue }
        let (i, j) = (min(Int(snapped.x), max(0, grid.columns - 2)), min(Int(snapped.y), max(0, grid.rows - 2)))
        samples.append(
          Sample(
            place: Int32(j * grid.columns + i), x: Float(snapped.x - Double(i)), y: Float(snapped.y - Double(j)),
            weight: Float(1 - depthCue * (Double(d + depth / 2) / Double(depth)))))
      }
      starts.append(samples.count)
    }
    self.samples = samples
    self.starts = starts
  }

  /// The largest sample of every ray, slice after slice.
  func project(_ values: [Float], _ grid: Grid) -> [Float] {
    let columns = starts.count - 1
    let (right, below) = (grid.columns > 1 ? 1 : 0, grid.rows > 1 ? grid.columns : 0)
    let pixels = grid.columns * grid.rows
    return [Float](unsafeUninitializedCapacity: columns * grid.slices) { buffer, count in
      nonisolated(unsafe) let lines = buffer
      values.withUnsafeBufferPointer { values in
        samples.withUnsafeBufferPointer { samples in
          nonisolated(unsafe) let (values, samples) = (values, samples)
          DispatchQueue.concurrentPerform(iterations: grid.slices) { k in
            let slice = UnsafeBufferPointer(rebasing: values[k * pixels..<(k + 1) * pixels])
            for c in 0..<columns {
              var largest: Float = starts[c] < starts[c + 1] ? -.infinity : 0
              for n in starts[c]..<starts[c + 1] {
                let sample = samples[n]
                let place = Int(sample.place)
                let top = slice[place] + sample.x * (slice[place + right] - slice[place])
                let next = place + below
                let bottom = slice[next] + sample.x * (slice[next + right] - slice[next])
                largest = max(largest, (top + sample.y * (bottom - top)) * sample.weight)
              }
              (lines.baseAddress! + k * columns + c).initialize(to: largest)
            }
          }
        }
      }
      count = columns * grid.slices
    }
  }
}
