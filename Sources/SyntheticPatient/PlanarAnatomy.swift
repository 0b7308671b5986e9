import Glibc
import Quantities

/// The body as planar whole-body images see it: ellipsoids with their attenuation.
///
/// Trunk and organs are those of the SPECT images; head and legs hold what the whole body retains besides them. The lungs,
/// which lie above all organs, attenuate like the trunk.
enum PlanarAnatomy {
  /// One ellipsoid and by how much its coefficient at 208 keV exceeds that of what surrounds it, in 1/mm.
  struct Part {
    let ellipsoid: Ellipsoid
    let excess: Double
  }

  /// μ of soft tissue of 20 HU at 208 keV, in 1/mm, and its rise per HU.
  static let trunkCoefficient = coefficient(20)

  static func coefficient(_ hounsfieldUnits: Double) -> Double { (0.13506 + 7.77e-5 * hounsfieldUnits) / 10 }

  /// What the whole body retains: half with 10 h, half with 96 h of biological half-life (Buck et al. 2022).
  static let wholeBody = TrueKinetics(
    phases: [(0.5, .hours(10)), (0.5, .hours(96))], physical: Anatomy.physicalDecay)

  static let limbs: [(ellipsoid: Ellipsoid, share: Double)] = [
    (Ellipsoid(centre: SIMD3(0, 0, 372), semiaxes: SIMD3(75, 95, 82)), 0.16),
    (Ellipsoid(centre: SIMD3(92, 0, -660), semiaxes: SIMD3(78, 82, 370)), 0.42),
    (Ellipsoid(centre: SIMD3(-92, 0, -660), semiaxes: SIMD3(78, 82, 370)), 0.42),
  ]
}

extension Ellipsoid {
  /// The part of a line along y at (x, z) that lies inside, from front to back.
  func chord(x: Double, z: Double) -> ClosedRange<Double>? {
    let (u, w) = ((x - centre.x) / semiaxes.x, (z - centre.z) / semiaxes.z)
    let rest = 1 - u * u - w * w
    guard rest > 0 else { return nil }
    let half = semiaxes.y * rest.squareRoot()
    return centre.y - half...centre.y + half
  }
}
