/// A rotation and a shift that bring points of one frame of reference into another.
public struct RigidTransform: Hashable, Sendable {
  /// The images of the three axes.
  public let axes: (x: SIMD3<Double>, y: SIMD3<Double>, z: SIMD3<Double>)
  /// The image of the origin, in mm.
  public let shift: SIMD3<Double>

  /// The transform that changes nothing.
  public static let identity = RigidTransform(
    unchecked: ([1, 0, 0], [0, 1, 0], [0, 0, 1]), shift: .zero)

  /// A transform from a matrix of 4 × 4 numbers, row after row.
  ///
  /// - Throws: ``VolumeError`` when it is no rotation followed by a shift, to 10⁻³.
  public init(matrix m: [Double]) throws(VolumeError) {
    guard m.count == 16, m.allSatisfy(\.isFinite) else { throw Self.notRigid }
    axes = (SIMD3(m[0], m[4], m[8]), SIMD3(m[1], m[5], m[9]), SIMD3(m[2], m[6], m[10]))
    shift = SIMD3(m[3], m[7], m[11])
    let determinant = dot(cross(axes.x, axes.y), axes.z)
    let lengths = [axes.x, axes.y, axes.z].map { (dot($0, $0) - 1).magnitude }
    let angles = [dot(axes.x, axes.y), dot(axes.y, axes.z), dot(axes.z, axes.x)].map(\.magnitude)
    let tolerance = 1e-3
    guard Array(m[12...]) == [0, 0, 0, 1], (lengths + angles).allSatisfy({ $0 < tolerance }),
      (determinant - 1).magnitude < tolerance, [shift.x, shift.y, shift.z].allSatisfy({ $0.magnitude < 1e6 })
    else { throw Self.notRigid }
  }

  private init(unchecked axes: (x: SIMD3<Double>, y: SIMD3<Double>, z: SIMD3<Double>), shift: SIMD3<Double>) {
    (self.axes, self.shift) = (axes, shift)
  }

  /// Where a point comes to lie.
  public func callAsFunction(_ point: SIMD3<Double>) -> SIMD3<Double> { turned(point) + shift }

  /// A direction after the rotation.
  public func turned(_ direction: SIMD3<Double>) -> SIMD3<Double> {
    axes.x * direction.x + axes.y * direction.y + axes.z * direction.z
  }

  /// The transform back.
  public var inverse: RigidTransform {
    let rows = (
      x: SIMD3(axes.x.x, axes.y.x, axes.z.x), y: SIMD3(axes.x.y, axes.y.y, axes.z.y),
      z: SIMD3(axes.x.z, axes.y.z, axes.z.z)
    )
    let back = RigidTransform(unchecked: rows, shift: .zero)
    return RigidTransform(unchecked: rows, shift: -back.turned(shift))
  }

  /// This transform after another.
  public func after(_ first: RigidTransform) -> RigidTransform {
    RigidTransform(
      unchecked: (turned(first.axes.x), turned(first.axes.y), turned(first.axes.z)), shift: self(first.shift))
  }

  public static func == (a: Self, b: Self) -> Bool { a.axes == b.axes && a.shift == b.shift }

  public func hash(into hasher: inout Hasher) {
    for vector in [axes.x, axes.y, axes.z, shift] { hasher.combine(vector) }
  }

  private static var notRigid: VolumeError {
    VolumeError(
      "not-rigid", "The registration is no rotation followed by a shift.",
      remedy: "Register the images rigidly, or resample one onto the other and export that.")
  }
}

extension Grid {
  /// The same lattice in the frame of reference that a transform leads to.
  public func moved(by transform: RigidTransform) -> Grid {
    Grid(
      columns: columns, rows: rows, slices: slices, origin: transform(origin),
      columnStep: transform.turned(columnStep), rowStep: transform.turned(rowStep),
      sliceStep: transform.turned(sliceStep))
  }
}

private func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }

private func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}
