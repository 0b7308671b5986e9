public import Quantities

extension Mask {
  /// The voxels whose centres lie in a sphere about a point of the patient's coordinates.
  ///
  /// - Throws: ``VolumeError`` when the sphere lies wholly or partly outside the image, or holds no voxel's centre.
  public init(sphereAt centre: SIMD3<Double>, radius: Length, on grid: Grid) throws(VolumeError) {
    let r = radius.millimetres
    try self.init(on: grid, around: centre, reach: SIMD3(repeating: r), name: "sphere") { offset in
      (offset * offset).sum() <= r * r
    }
  }

  /// The voxels whose centres lie in an upright box about a point; its edges run along the patient's axes.
  ///
  /// - Throws: as ``init(sphereAt:radius:on:)``.
  public init(boxAt centre: SIMD3<Double>, size: SIMD3<Double>, on grid: Grid) throws(VolumeError) {
    let half = size / 2
    try self.init(on: grid, around: centre, reach: half, name: "box") { offset in
      all(offset .<= half) && all(offset .>= -half)
    }
  }

  private init(
    on grid: Grid, around centre: SIMD3<Double>, reach: SIMD3<Double>, name: String,
    _ holds: (SIMD3<Double>) -> Bool
  ) throws(VolumeError) {
    try grid.requireRectangular()
    guard reach.min() > 0, reach.max() < 5000, abs(centre.x) + abs(centre.y) + abs(centre.z) < 1e6 else {
      throw VolumeError(
        "impossible-shape", "The \(name) has no size, or lies more than a kilometre away.",
        remedy: "Give its centre and size in mm.")
    }
    let spacing = grid.spacing
    let axes = [grid.columnStep / spacing.x, grid.rowStep / spacing.y, grid.sliceStep / spacing.z]
    let counts = [grid.columns, grid.rows, grid.slices]
    var ranges: [Range<Int>] = []
    for (n, axis) in axes.enumerated() {
      let middle = ((centre - grid.origin) * axis).sum() / spacing[n]
      let extent = (SIMD3(abs(axis.x), abs(axis.y), abs(axis.z)) * reach).sum() / spacing[n]
      let (low, high) = (middle - extent, middle + extent)
      guard low >= -0.5, high <= Double(counts[n]) - 0.5 else {
        throw VolumeError(
          "shape-outside-image", "The \(name) lies wholly or partly outside the image.",
          remedy: "Give its centre in mm of the image's frame of reference.")
      }
      ranges.append(max(0, Int(low.rounded(.up)))..<max(0, min(counts[n] - 1, Int(high.rounded(.down))) + 1))
    }
    guard ranges.allSatisfy({ !$0.isEmpty }) else { throw Self.holdsNothing(name) }
    let box = VoxelBox(columns: ranges[0], rows: ranges[1], slices: ranges[2])
    var members: [Bool] = []
    members.reserveCapacity(box.count)
    box.forEachRow { j, k in
      for i in box.columns { members.append(holds(grid.position(i, j, k) - centre)) }
    }
    guard let mask = Mask(grid: grid, box: box, members: members) else { throw Self.holdsNothing(name) }
    self = mask
  }

  private static func holdsNothing(_ name: String) -> VolumeError {
    VolumeError(
      "shape-without-voxels", "The \(name) holds the centre of no voxel.", remedy: "Give it a larger size.")
  }
}
