/// A body of second-order surfaces and its unions and cuts; lengths in cm.
///
/// The equations are those of the stylised phantoms of Oak Ridge (ORNL/TM-8381, Appendix A).
indirect enum Shape: Sendable {
  case all([Shape])
  case any([Shape])
  /// The first without the others.
  case without(Shape, [Shape])
  /// The shape and its image under x → −x.
  case mirrored(Shape)
  /// The shape in axes whose rows are given, about an origin.
  case framed(Shape, origin: SIMD3<Double>, rows: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>))
  /// Σ ((rᵢ − cᵢ)/sᵢ)² ≤ 1.
  case ellipsoid(centre: SIMD3<Double>, axes: SIMD3<Double>)
  /// An elliptic cylinder along an axis; transverse coordinates in the order x, y, z.
  case cylinder(axis: Int, centre: SIMD2<Double>, axes: SIMD2<Double>, range: Range<Double>)
  /// An elliptic cone along z that may lean: centre and axes change with z − z₀.
  case cone(
    range: Range<Double>, z0: Double, centre: SIMD2<Double>, lean: SIMD2<Double>, axes: SIMD2<Double>,
    widening: SIMD2<Double>)
  /// n · r ≤ d.
  case halfSpace(normal: SIMD3<Double>, distance: Double)
  case slab(axis: Int, range: Range<Double>)
  /// ((ρ − R)/s₀)² + (w/s₁)² ≤ 1 about an axis through a centre.
  case torus(axis: Int, centre: SIMD3<Double>, radius: Double, axes: SIMD2<Double>)
  /// Every second slice of a height from z₁ on.
  case slats(from: Double, height: Double)
  /// The notch of the thyroid lobes.
  case thyroidNotch(y0: Double, z0: Double, height: Double)

  func contains(_ p: SIMD3<Double>) -> Bool {
    switch self {
    case .all(let shapes): return shapes.allSatisfy { $0.contains(p) }
    case .any(let shapes): return shapes.contains { $0.contains(p) }
    case .without(let shape, let others): return shape.contains(p) && !others.contains { $0.contains(p) }
    case .mirrored(let shape): return shape.contains(p) || shape.contains(SIMD3(-p.x, p.y, p.z))
    case .framed(let shape, let origin, let rows):
      let q = p - origin
      return shape.contains(SIMD3((rows.0 * q).sum(), (rows.1 * q).sum(), (rows.2 * q).sum()))
    case .ellipsoid(let centre, let axes):
      let q = (p - centre) / axes
      return (q * q).sum() <= 1
    case .cylinder(let axis, let centre, let axes, let range):
      guard range.contains(p[axis]) else { return false }
      let q = (Self.transverse(p, axis) - centre) / axes
      return (q * q).sum() <= 1
    case .cone(let range, let z0, let centre, let lean, let axes, let widening):
      guard range.contains(p.z) else { return false }
      let q = (SIMD2(p.x, p.y) - centre - lean * (p.z - z0)) / (axes + widening * (p.z - z0))
      return (q * q).sum() <= 1
    case .halfSpace(let normal, let distance): return (normal * p).sum() <= distance
    case .slab(let axis, let range): return range.contains(p[axis])
    case .torus(let axis, let centre, let radius, let axes):
      let q = p - centre
      let across = Self.transverse(q, axis)
      let u = ((across * across).sum().squareRoot() - radius) / axes.x
      let w = q[axis] / axes.y
      return u * u + w * w <= 1
    case .slats(let from, let height):
      return Int(((p.z - from) / height).rounded(.down)) % 2 == 0
    case .thyroidNotch(let y0, let z0, let height):
      let u = (p.z - z0) / height
      let root = 2.0.squareRoot()
      let tau = u <= 0.25 ? (root - 2) / 2 * 4 * u + 1 : (2 - root) / 2 * (u - 0.25) / 0.75 + root / 2
      let y = p.y - y0
      let edge = y - abs(p.x)
      return edge * edge >= 2 * (p.x * p.x + y * y) * tau * tau
    }
  }

  private static func transverse(_ p: SIMD3<Double>, _ axis: Int) -> SIMD2<Double> {
    axis == 0 ? SIMD2(p.y, p.z) : axis == 1 ? SIMD2(p.x, p.z) : SIMD2(p.x, p.y)
  }
}

/// A block of space along the axes, in cm.
struct Box: Sendable {
  var low: SIMD3<Double>
  var high: SIMD3<Double>

  static let everything = Box(low: SIMD3(repeating: -1e4), high: SIMD3(repeating: 1e4))

  func contains(_ p: SIMD3<Double>) -> Bool { all(p .>= low) && all(p .<= high) }

  func united(_ other: Box) -> Box {
    Box(low: pointwiseMin(low, other.low), high: pointwiseMax(high, other.high))
  }

  func cut(_ other: Box) -> Box {
    Box(low: pointwiseMax(low, other.low), high: pointwiseMin(high, other.high))
  }
}

extension Shape {
  /// A block that holds the shape.
  var box: Box {
    switch self {
    case .all(let shapes): return shapes.reduce(.everything) { $0.cut($1.box) }
    case .any(let shapes): return shapes.dropFirst().reduce(shapes[0].box) { $0.united($1.box) }
    case .without(let shape, _): return shape.box
    case .mirrored(let shape):
      let box = shape.box
      let image = Box(
        low: SIMD3(-box.high.x, box.low.y, box.low.z), high: SIMD3(-box.low.x, box.high.y, box.high.z))
      return box.united(image)
    case .framed(let shape, let origin, let rows):
      let box = shape.box
      let half = pointwiseMin((box.high - box.low) / 2, SIMD3(repeating: 1e4))
      let middle = (box.high + box.low) / 2
      let centre = origin + rows.0 * middle.x + rows.1 * middle.y + rows.2 * middle.z
      func size(_ v: SIMD3<Double>) -> SIMD3<Double> { v.replacing(with: -v, where: v .< 0) }
      let reach = size(rows.0) * half.x + size(rows.1) * half.y + size(rows.2) * half.z
      return Box(low: centre - reach, high: centre + reach)
    case .ellipsoid(let centre, let axes): return Box(low: centre - axes, high: centre + axes)
    case .cylinder(let axis, let centre, let axes, let range):
      return Self.along(axis, range, centre - axes, centre + axes)
    case .cone(let range, let z0, let centre, let lean, let axes, let widening):
      let ends = [range.lowerBound, range.upperBound].map { z in
        let (c, s) = (centre + lean * (z - z0), axes + widening * (z - z0))
        return Self.along(2, range, c - s, c + s)
      }
      return ends[0].united(ends[1])
    case .torus(let axis, let centre, let radius, let axes):
      var reach = SIMD3(repeating: radius + axes.x)
      reach[axis] = axes.y
      return Box(low: centre - reach, high: centre + reach)
    case .slab(let axis, let range):
      var box = Box.everything
      box.low[axis] = range.lowerBound
      box.high[axis] = range.upperBound
      return box
    case .halfSpace, .slats, .thyroidNotch: return .everything
    }
  }

  private static func along(
    _ axis: Int, _ range: Range<Double>, _ low: SIMD2<Double>, _ high: SIMD2<Double>
  ) -> Box {
    func point(_ a: Double, _ t: SIMD2<Double>) -> SIMD3<Double> {
      axis == 0 ? SIMD3(a, t.x, t.y) : axis == 1 ? SIMD3(t.x, a, t.y) : SIMD3(t.x, t.y, a)
    }
    return Box(low: point(range.lowerBound, low), high: point(range.upperBound, high))
  }
}
