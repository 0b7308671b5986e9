import Dispatch

/// How a value between voxels follows from theirs.
public enum Interpolation: String, CaseIterable, Sendable {
  /// Linear along each axis of the grid.
  case linear
  /// That of the voxel in which the place lies.
  case nearest
}

extension Image {
  /// The image on another grid, for what has a value at every place: concentrations, doses, uptake.
  ///
  /// Values are those at the centres of the voxels; a place outside the image's voxels gets 0. The other grid may be
  /// oblique or a single plane, so that this makes reformats too. A coarser grid does not average: blur first.
  /// - Throws: ``VolumeError`` for a grid whose voxels have no volume.
  public func resampled(onto other: Grid, by interpolation: Interpolation = .linear) throws(VolumeError) -> Image {
    let places = try GridPlaces(grid)
    let between = BetweenVoxels(grid, interpolation)
    let (start, along) = (places.place(other.origin), places.direction(other.columnStep))
    let (down, across) = (places.direction(other.rowStep), places.direction(other.sliceStep))
    let result = [Float](unsafeUninitializedCapacity: other.count) { buffer, count in
      nonisolated(unsafe) let result = buffer
      values.withUnsafeBufferPointer { values in
        nonisolated(unsafe) let values = values
        DispatchQueue.concurrentPerform(iterations: other.slices * other.rows) { line in
          let (k, j) = line.quotientAndRemainder(dividingBy: other.rows)
          let first = start + Double(j) * down + Double(k) * across
          for i in 0..<other.columns {
            let value = between.value(values, at: first + Double(i) * along) ?? 0
            (result.baseAddress! + line * other.columns + i).initialize(to: value)
          }
        }
      }
      count = other.count
    }
    return Image(grid: other, values: result)
  }

  /// The image on another grid, for what adds up over voxels: activities, decays, counts.
  ///
  /// Every voxel gives its amount to those that it overlaps, in proportion. Where the axes of both grids are parallel the
  /// shares are exact; otherwise a voxel is cut into n³ parts at most a quarter of the other's edges long (n up to 8),
  /// each of which belongs to the voxel that holds its centre.
  /// - Returns: the image, and what lies outside the other grid: both together are the sum of this image.
  /// - Throws: ``VolumeError`` for a grid whose voxels have no volume.
  public func redistributed(onto other: Grid) throws(VolumeError) -> (image: Image, outside: Double) {
    let places = try GridPlaces(other)
    let steps = [grid.columnStep, grid.rowStep, grid.sliceStep].map(places.direction)
    let start = places.place(grid.origin)
    let sums =
      Self.axes(of: steps).map { axes in
        overlaps(start, steps, axes, other)
      } ?? parts(start, steps, other)
    let total = values.reduce(0.0) { $0 + Double($1) }
    let inside = sums.reduce(0, +)
    return (Image(grid: other, values: sums.map { Float($0) }), total - inside)
  }

  /// Along which axis of the other grid each own axis runs; `nil` when they are not parallel.
  private static func axes(of steps: [SIMD3<Double>]) -> [Int]? {
    let axes = steps.compactMap { step in
      let largest = (0..<3).max { step[$0].magnitude < step[$1].magnitude }!
      return (0..<3).allSatisfy { $0 == largest || step[$0].magnitude < 1e-9 * step[largest].magnitude } ? largest : nil
    }
    return Set(axes).count == 3 ? axes : nil
  }

  /// The shares of parallel axes, each a product of three overlaps.
  private func overlaps(_ start: SIMD3<Double>, _ steps: [SIMD3<Double>], _ axes: [Int], _ other: Grid) -> [Double] {
    let (own, theirs) = ([grid.columns, grid.rows, grid.slices], [other.columns, other.rows, other.slices])
    /// For each own index the other ones that it overlaps, with the share of its length.
    let shares = (0..<3).map { axis -> [[(index: Int, share: Double)]] in
      let (to, step) = (axes[axis], steps[axis][axes[axis]])
      return (0..<own[axis]).map { n in
        let centre = start[to] + Double(n) * step + 0.5
        let (low, high) = (centre - step.magnitude / 2, centre + step.magnitude / 2)
        let first = Int(max(0, min(Double(theirs[to]), low.rounded(.down))))
        let end = Int(max(0, min(Double(theirs[to]), high.rounded(.up))))
        return (first..<max(first, end)).map { index in
          (index, max(0, min(high, Double(index) + 1) - max(low, Double(index))) / step.magnitude)
        }
      }
    }
    let strides = [1, other.columns, other.columns * other.rows]
    let (s, t, u) = (strides[axes[0]], strides[axes[1]], strides[axes[2]])
    var sums = [Double](repeating: 0, count: other.count)
    for k in 0..<own[2] {
      for j in 0..<own[1] {
        for (c, third) in shares[2][k] {
          for (b, second) in shares[1][j] {
            let (line, weight) = (c * u + b * t, second * third)
            for i in 0..<own[0] {
              let amount = Double(values[grid.index(i, j, k)]) * weight
              for (a, first) in shares[0][i] { sums[line + a * s] += amount * first }
            }
          }
        }
      }
    }
    return sums
  }

  private func parts(_ start: SIMD3<Double>, _ steps: [SIMD3<Double>], _ other: Grid) -> [Double] {
    let cuts = steps.map { step in
      min(8, max(1, Int((4 * max(step.x.magnitude, step.y.magnitude, step.z.magnitude)).rounded(.up))))
    }
    let share = 1 / Double(cuts[0] * cuts[1] * cuts[2])
    var offsets: [SIMD3<Double>] = []
    for n in 0..<cuts[0] * cuts[1] * cuts[2] {
      var (rest, offset) = (n, SIMD3<Double>(repeating: 0.5))
      for axis in 0..<3 {
        let part = rest % cuts[axis]
        rest /= cuts[axis]
        offset += ((Double(part) + 0.5) / Double(cuts[axis]) - 0.5) * steps[axis]
      }
      offsets.append(offset)
    }
    let parts = offsets
    let size = SIMD3(Double(other.columns), Double(other.rows), Double(other.slices))
    // Two halves, each with sums of its own, so that the result does not depend on the number of threads.
    let halves = [0..<grid.slices / 2, grid.slices / 2..<grid.slices]
    let sums = [[Double]](unsafeUninitializedCapacity: 2) { buffer, count in
      nonisolated(unsafe) let slots = buffer
      DispatchQueue.concurrentPerform(iterations: 2) { half in
        var sums = [Double](repeating: 0, count: other.count)
        for k in halves[half] {
          for j in 0..<grid.rows {
            for i in 0..<grid.columns {
              let amount = Double(values[grid.index(i, j, k)]) * share
              guard amount != 0 else { continue }
              let corner = start + Double(i) * steps[0] + Double(j) * steps[1] + Double(k) * steps[2]
              for offset in parts {
                let place = corner + offset
                guard all(place .>= 0), all(place .< size) else { continue }
                sums[other.index(Int(place.x), Int(place.y), Int(place.z))] += amount
              }
            }
          }
        }
        (slots.baseAddress! + half).initialize(to: sums)
      }
      count = 2
    }
    return zip(sums[0], sums[1]).map { $0 + $1 }
  }
}
