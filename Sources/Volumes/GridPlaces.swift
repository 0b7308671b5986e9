/// From points of the patient's coordinates to places on a grid, which need not be rectangular.
public struct GridPlaces: Sendable {
  private let origin: SIMD3<Double>
  private let rows: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)

  /// The inverse of the grid's steps.
  ///
  /// - Throws: ``VolumeError`` for a grid whose steps lie in one plane.
  public init(_ grid: Grid) throws(VolumeError) {
    let (a, b, c) = (grid.columnStep, grid.rowStep, grid.sliceStep)
    let determinant = dot(cross(a, b), c)
    guard determinant.isFinite, determinant.magnitude > 1e-12 else {
      throw VolumeError("flat-grid", "The voxels of a grid have no volume.", remedy: "Export the image again.")
    }
    origin = grid.origin
    rows = (cross(b, c) / determinant, cross(c, a) / determinant, cross(a, b) / determinant)
  }

  /// Column, row and slice of a point, 0 at the centre of the first voxel.
  public func place(_ point: SIMD3<Double>) -> SIMD3<Double> {
    let offset = point - origin
    return SIMD3(dot(rows.0, offset), dot(rows.1, offset), dot(rows.2, offset))
  }

  /// By how many columns, rows and slices a step in mm leads on.
  func direction(_ step: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(dot(rows.0, step), dot(rows.1, step), dot(rows.2, step))
  }
}

extension Mask {
  /// The voxels of another grid whose centres lie in a voxel of this set; `nil` when there are none.
  ///
  /// - Throws: ``VolumeError`` for a grid whose voxels have no volume.
  public func resampled(on other: Grid) throws(VolumeError) -> Mask? {
    if other == grid { return self }
    let (own, theirs) = (try GridPlaces(grid), try GridPlaces(other))
    var (low, high) = (SIMD3<Double>(repeating: .infinity), SIMD3<Double>(repeating: -.infinity))
    for i in [Double(box.columns.lowerBound) - 0.5, Double(box.columns.upperBound) - 0.5] {
      for j in [Double(box.rows.lowerBound) - 0.5, Double(box.rows.upperBound) - 0.5] {
        for k in [Double(box.slices.lowerBound) - 0.5, Double(box.slices.upperBound) - 0.5] {
          let corner = theirs.place(grid.origin + i * grid.columnStep + j * grid.rowStep + k * grid.sliceStep)
          low = pointwiseMin(low, corner)
          high = pointwiseMax(high, corner)
        }
      }
    }
    func range(_ axis: Int, _ count: Int) -> Range<Int> {
      let first = Int(max(0, min(Double(count), low[axis].rounded(.up))))
      return first..<max(first, Int(max(0, min(Double(count), high[axis].rounded(.down) + 1))))
    }
    let block = VoxelBox(columns: range(0, other.columns), rows: range(1, other.rows), slices: range(2, other.slices))
    var flags: [Bool] = []
    flags.reserveCapacity(block.count)
    block.forEachRow { j, k in
      for i in block.columns {
        let place = (own.place(other.position(i, j, k)) + 0.5).rounded(.down)
        flags.append(contains(Int(place.x), Int(place.y), Int(place.z)))
      }
    }
    return Mask(grid: other, box: block, members: flags)
  }

  /// How much of the set another grid covers: the share of its voxels whose centres lie in a voxel of that grid.
  public func share(inside other: Grid) throws(VolumeError) -> Double {
    let places = try GridPlaces(other)
    let last = SIMD3(Double(other.columns), Double(other.rows), Double(other.slices)) - 0.5
    var inside = 0
    box.forEachRow { j, k in
      for i in box.columns where members[box.index(i, j, k)] {
        let place = places.place(grid.position(i, j, k))
        if all(place .>= -0.5), all(place .<= last) { inside += 1 }
      }
    }
    return Double(inside) / Double(count)
  }

  /// The mean of the centres of its voxels in mm of the patient's coordinates.
  public var centroid: SIMD3<Double> {
    var sum = SIMD3<Double>.zero
    box.forEachRow { j, k in
      for i in box.columns where members[box.index(i, j, k)] { sum += SIMD3(Double(i), Double(j), Double(k)) }
    }
    let place = sum / Double(count)
    return grid.origin + place.x * grid.columnStep + place.y * grid.rowStep + place.z * grid.sliceStep
  }
}

extension Image {
  /// Values between voxels, linear along each axis of the grid; `nil` outside the voxels' extent.
  public struct Sampler: Sendable {
    private let image: Image
    private let places: GridPlaces
    private let between: BetweenVoxels

    /// - Throws: ``VolumeError`` for a grid whose voxels have no volume.
    public init(_ image: Image) throws(VolumeError) {
      self.image = image
      places = try GridPlaces(image.grid)
      between = BetweenVoxels(image.grid, .linear)
    }

    /// The value at a point of the patient's coordinates in the quantity's base unit.
    public func value(at point: SIMD3<Double>) -> Float? {
      image.values.withUnsafeBufferPointer { between.value($0, at: places.place(point)) }
    }
  }
}

/// Values between the voxels of a grid by their places on it.
struct BetweenVoxels: Sendable {
  private let grid: Grid
  private let last: SIMD3<Double>
  /// To the next voxel along each axis; 0 where there is one alone.
  private let steps: (Int, Int, Int)
  private let interpolation: Interpolation

  init(_ grid: Grid, _ interpolation: Interpolation) {
    self.grid = grid
    self.interpolation = interpolation
    last = SIMD3(Double(grid.columns), Double(grid.rows), Double(grid.slices)) - 1
    steps = (
      grid.columns > 1 ? 1 : 0, grid.rows > 1 ? grid.columns : 0, grid.slices > 1 ? grid.columns * grid.rows : 0
    )
  }

  /// The value at a place, 0 at the centre of the first voxel; `nil` outside the voxels' extent.
  func value(_ values: UnsafeBufferPointer<Float>, at place: SIMD3<Double>) -> Float? {
    guard all(place .>= -0.5), all(place .<= last + 0.5) else { return nil }
    let inside = pointwiseMin(pointwiseMax(place, SIMD3.zero), last)
    guard interpolation == .linear else {
      let nearest = inside.rounded(.toNearestOrAwayFromZero)
      return values[grid.index(Int(nearest.x), Int(nearest.y), Int(nearest.z))]
    }
    let base = pointwiseMin(inside.rounded(.down), pointwiseMax(last - 1, SIMD3.zero))
    let t = SIMD3<Float>(inside - base)
    func row(_ place: Int) -> Float { values[place] + t.x * (values[place + steps.0] - values[place]) }
    func plane(_ place: Int) -> Float {
      let low = row(place)
      return low + t.y * (row(place + steps.1) - low)
    }
    let start = grid.index(Int(base.x), Int(base.y), Int(base.z))
    let low = plane(start)
    return low + t.z * (plane(start + steps.2) - low)
  }
}
