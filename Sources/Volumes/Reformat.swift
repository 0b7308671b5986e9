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
    guard length(across) > 0, length(down) > 0, length(across).isFinite, length(down).isFinite, edge > 0, edge.isFinite,
      dot(across, down).magnitude < 1e-3 * length(across) * length(down)
    else {
      throw VolumeError(
        "plane-axes", "The axes of a plane are not at right angles, or its pixels have no size.",
        remedy: "Give two directions at right angles and a pixel above 0 mm.")
    }
    let (u, v) = (across / length(across), down / length(down))
    var (low, high) = (SIMD2<Double>(repeating: .infinity), SIMD2<Double>(repeating: -.infinity))
    for i in [-0.5, Double(columns) - 0.5] {
      for j in [-0.5, Double(rows) - 0.5] {
        for k in [-0.5, Double(slices) - 0.5] {
          let corner = origin + i * columnStep + j * rowStep + k * sliceStep - point
          let place = SIMD2(dot(corner, u), dot(corner, v))
          (low, high) = (pointwiseMin(low, place), pointwiseMax(high, place))
        }
      }
    }
    let counts = ((high - low) / edge - 1e-9).rounded(.up)
    guard counts.max() <= 8192, counts.min() >= 1 else {
      throw VolumeError(
        "plane-too-large", "A plane would have \(counts.max()) pixels along an edge.", remedy: "Choose larger pixels.")
    }
    let corner = point + (low.x + edge / 2) * u + (low.y + edge / 2) * v
    return Grid(
      columns: Int(counts.x), rows: Int(counts.y), slices: 1, origin: corner, columnStep: edge * u, rowStep: edge * v,
      sliceStep: edge * cross(u, v))
  }

  /// A plane of the body through a point that shows all of this grid.
  public func plane(
    _ plane: AnatomicalPlane, through point: SIMD3<Double>, pixel: Length
  ) throws(VolumeError) -> Grid {
    let (across, down) = plane.directions
    return try self.plane(through: point, across: across, down: down, pixel: pixel)
  }
}
