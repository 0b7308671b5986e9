public import Quantities

/// The planes in which the body is looked at.
public enum AnatomicalPlane: String, CaseIterable, Sendable {
  /// From the feet: columns to the patient's left, rows to the back.
  case axial
  /// From the front: columns to the patient's left, rows to the feet.
  case coronal
  /// From the left: columns to the back, rows to the feet.
  case sagittal

  var directions: (across: SIMD3<Double>, down: SIMD3<Double>) {
    switch self {
    case .axial: (SIMD3(1, 0, 0), SIMD3(0, 1, 0))
    case .coronal: (SIMD3(1, 0, 0), SIMD3(0, 0, -1))
    case .sagittal: (SIMD3(0, 1, 0), SIMD3(0, 0, -1))
    }
  }
}

extension Grid {
  /// One plane through a point that shows all of this grid: ``Image/resampled(onto:by:)`` fills it.
  ///
  /// - Parameters:
  ///   - across: the direction of rows; any length.
  ///   - down: the direction of columns, at right angles to `across` within 0.001 of their lengths' product.
  ///   - pixel: the edge of its square pixels.
  /// - Throws: ``VolumeError`` for directions that are not at right angles, or a plane of more than 8192 pixels an edge.
  public func plane(
    through point: SIMD3<Double>, across: SIMD3<Double>, down: SIMD3<Double>, pixel: Length
  ) throws(VolumeError) -> Grid {
    let edge = pixel.millimetres
    let axes = try Self.axes(across, down, edge)
    let (low, high) = extent(along: axes, from: point)
    let counts = try Self.counts(low, high, edge)
    let corner = point + (low.x + edge / 2) * axes[0] + (low.y + edge / 2) * axes[1]
    return Grid(
      columns: Int(counts.x), rows: Int(counts.y), slices: 1, origin: corner, columnStep: edge * axes[0],
      rowStep: edge * axes[1], sliceStep: edge * axes[2])
  }

  /// Parallel planes that together hold all of this grid, in cubic voxels: ``Image/resampled(onto:by:)`` fills them.
  ///
  /// - Parameters:
  ///   - across: the direction of rows; any length.
  ///   - down: the direction of columns, at right angles to `across` within 0.001 of their lengths' product. Planes follow
  ///     one another along across × down.
  ///   - voxel: the edge of its voxels.
  /// - Throws: ``VolumeError`` for directions that are not at right angles, an edge of more than 8192 voxels, or more than
  ///   2²⁹ voxels.
  public func planes(
    across: SIMD3<Double>, down: SIMD3<Double>, voxel: Length
  ) throws(VolumeError) -> Grid {
    let edge = voxel.millimetres
    let axes = try Self.axes(across, down, edge)
    let (low, high) = extent(along: axes, from: origin)
    let counts = try Self.counts(low, high, edge)
    guard counts.x * counts.y * counts.z <= Double(1 << 29) else {
      throw VolumeError(
        "volume-too-large", "The planes would have \(Int(counts.x * counts.y * counts.z)) voxels.",
        remedy: "Choose larger voxels.")
    }
    let corner = low + edge / 2
    return Grid(
      columns: Int(counts.x), rows: Int(counts.y), slices: Int(counts.z),
      origin: origin + corner.x * axes[0] + corner.y * axes[1] + corner.z * axes[2], columnStep: edge * axes[0],
      rowStep: edge * axes[1], sliceStep: edge * axes[2])
  }

  /// Parallel planes of the body that together hold all of this grid.
  public func planes(_ plane: AnatomicalPlane, voxel: Length) throws(VolumeError) -> Grid {
    let (across, down) = plane.directions
    return try planes(across: across, down: down, voxel: voxel)
  }

  /// Unit vectors along rows, columns and their normal.
  private static func axes(
    _ across: SIMD3<Double>, _ down: SIMD3<Double>, _ edge: Double
  ) throws(VolumeError) -> [SIMD3<Double>] {
    guard length(across) > 0, length(down) > 0, length(across).isFinite, length(down).isFinite, edge > 0, edge.isFinite,
      dot(across, down).magnitude < 1e-3 * length(across) * length(down)
    else {
      throw VolumeError(
        "plane-axes", "The axes of a plane are not at right angles, or its pixels have no size.",
        remedy: "Give two directions at right angles and a pixel above 0 mm.")
    }
    let (u, v) = (across / length(across), down / length(down))
    return [u, v, cross(u, v)]
  }

  /// Where the voxels of this grid begin and end along axes.
  private func extent(
    along axes: [SIMD3<Double>], from point: SIMD3<Double>
  ) -> (low: SIMD3<Double>, high: SIMD3<Double>) {
    var (low, high) = (SIMD3<Double>(repeating: .infinity), SIMD3<Double>(repeating: -.infinity))
    for i in [-0.5, Double(columns) - 0.5] {
      for j in [-0.5, Double(rows) - 0.5] {
        for k in [-0.5, Double(slices) - 0.5] {
          let corner = origin + i * columnStep + j * rowStep + k * sliceStep - point
          let place = SIMD3(dot(corner, axes[0]), dot(corner, axes[1]), dot(corner, axes[2]))
          (low, high) = (pointwiseMin(low, place), pointwiseMax(high, place))
        }
      }
    }
    return (low, high)
  }

  private static func counts(
    _ low: SIMD3<Double>, _ high: SIMD3<Double>, _ edge: Double
  ) throws(VolumeError) -> SIMD3<Double> {
    let counts = ((high - low) / edge - 1e-9).rounded(.up)
    let most = counts.max()
    guard most <= 8192, counts.min() >= 1 else {
      throw VolumeError(
        "plane-too-large", "A plane would have \(most) pixels along an edge.", remedy: "Choose larger pixels.")
    }
    return counts
  }

  /// A plane of the body through a point that shows all of this grid.
  public func plane(
    _ plane: AnatomicalPlane, through point: SIMD3<Double>, pixel: Length
  ) throws(VolumeError) -> Grid {
    let (across, down) = plane.directions
    return try self.plane(through: point, across: across, down: down, pixel: pixel)
  }
}
