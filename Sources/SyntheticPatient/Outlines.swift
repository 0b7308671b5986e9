import Numerics
import Quantities
public import Volumes

extension SyntheticPatient {
  /// The names of the spheres in which the marrow of L2, L3 and L4 is sampled.
  public static let marrowSpheres = Anatomy.vertebrae.map { "\($0.name) sphere" }

  /// The name of the structure of the three vertebral bodies.
  public static let vertebralBodies = Anatomy.vertebralBodies

  /// The outlines as drawn on the slices of the CT: one structure an organ, with its outline's error, and the three
  /// spheres of the marrow.
  public func structures() -> [Structure] {
    let grid = Self.tomographyGrid
    var draws = RandomStream(seed: seed, stream: "outlines")
    let drawn = organs.map { organ in
      let factor = 1 + draws.normal() * (errors.outlineDiameter / organ.equivalentDiameter)
      return Structure(
        name: organ.name, contours: organ.parts.flatMap { $0.scaled(by: max(0.5, factor)).contours(on: grid) })
    }
    let spheres = zip(Self.marrowSpheres, Anatomy.vertebrae).map { name, vertebra in
      let sphere = Ellipsoid(centre: vertebra.centre, semiaxes: SIMD3(repeating: Anatomy.samplingRadius))
      return Structure(name: name, contours: sphere.contours(on: grid))
    }
    return drawn + spheres
  }
}
