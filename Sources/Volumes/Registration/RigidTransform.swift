import Glibc
public import Quantities

/// A rotation and a shift of the patient's coordinates.
public struct RigidTransform: Hashable, Sendable {
  /// The rows of the rotation matrix.
  let rows: [SIMD3<Double>]
  /// What is added after the rotation, in mm.
  let shift: SIMD3<Double>

  init(rows: [SIMD3<Double>], shift: SIMD3<Double>) {
    self.rows = rows
    self.shift = shift
  }

  /// Leaves everything where it is.
  public static let identity = RigidTransform(
    rows: [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)], shift: .zero)

  /// A turn about an axis through a point by the right-hand rule, and a shift in mm.
  ///
  /// An axis of length zero turns nothing.
  public init(turn: Angle, axis: SIMD3<Double>, about centre: SIMD3<Double>, shift: SIMD3<Double>) {
    let size = length(axis)
    let radians = size > 0 ? turn.degrees * .pi / 180 : 0
    let n = size > 0 ? axis / size : SIMD3(0, 0, 1)
    let (c, s) = (cos(radians), sin(radians))
    let t = 1 - c
    rows = [
      SIMD3(c + n.x * n.x * t, n.x * n.y * t - n.z * s, n.x * n.z * t + n.y * s),
      SIMD3(n.y * n.x * t + n.z * s, c + n.y * n.y * t, n.y * n.z * t - n.x * s),
      SIMD3(n.z * n.x * t - n.y * s, n.z * n.y * t + n.x * s, c + n.z * n.z * t),
    ]
    let turned = SIMD3(dot(rows[0], centre), dot(rows[1], centre), dot(rows[2], centre))
    self.shift = centre - turned + shift
  }

  /// A transform from a matrix of 4 × 4 numbers, row after row, such as a DICOM registration holds.
  ///
  /// - Throws: ``VolumeError`` when it is no rotation followed by a shift, to 10⁻³.
  public init(matrix m: [Double]) throws(VolumeError) {
    let error = VolumeError(
      "not-rigid", "The registration is no rotation followed by a shift.",
      remedy: "Register the images rigidly, or resample one onto the other and export that.")
    guard m.count == 16, m.allSatisfy(\.isFinite), Array(m[12...]) == [0, 0, 0, 1] else { throw error }
    let rows = [SIMD3(m[0], m[1], m[2]), SIMD3(m[4], m[5], m[6]), SIMD3(m[8], m[9], m[10])]
    let shift = SIMD3(m[3], m[7], m[11])
    let determinant = dot(cross(rows[0], rows[1]), rows[2])
    let products = (0..<3).flatMap { i in (0..<3).map { j in dot(rows[i], rows[j]) - (i == j ? 1 : 0) } }
    guard products.allSatisfy({ $0.magnitude < 1e-3 }), (determinant - 1).magnitude < 1e-3,
      [shift.x, shift.y, shift.z].allSatisfy({ $0.magnitude < 1e6 })
    else { throw error }
    self.init(rows: rows, shift: shift)
  }

  /// Where a point goes.
  public func callAsFunction(_ point: SIMD3<Double>) -> SIMD3<Double> { rotated(point) + shift }

  /// Where a direction goes.
  public func rotated(_ direction: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(dot(rows[0], direction), dot(rows[1], direction), dot(rows[2], direction))
  }

  /// The transform that undoes this one.
  public var inverse: RigidTransform {
    let columns = [
      SIMD3(rows[0].x, rows[1].x, rows[2].x), SIMD3(rows[0].y, rows[1].y, rows[2].y),
      SIMD3(rows[0].z, rows[1].z, rows[2].z),
    ]
    let back = RigidTransform(rows: columns, shift: .zero)
    return RigidTransform(rows: columns, shift: -back.rotated(shift))
  }

  /// This transform followed by another.
  public func followed(by next: RigidTransform) -> RigidTransform {
    let columns = [
      next.rotated(SIMD3(rows[0].x, rows[1].x, rows[2].x)), next.rotated(SIMD3(rows[0].y, rows[1].y, rows[2].y)),
      next.rotated(SIMD3(rows[0].z, rows[1].z, rows[2].z)),
    ]
    return RigidTransform(
      rows: (0..<3).map { SIMD3(columns[0][$0], columns[1][$0], columns[2][$0]) }, shift: next(shift))
  }

  /// How far it moves a point.
  public func displacement(of point: SIMD3<Double>) -> Length { .millimetres(distance(self(point), point)) }

  /// By how much it turns, 0° to 180°.
  public var turn: Angle {
    .degrees(acos(max(-1, min(1, (rows[0].x + rows[1].y + rows[2].z - 1) / 2))) * 180 / .pi)
  }
}
