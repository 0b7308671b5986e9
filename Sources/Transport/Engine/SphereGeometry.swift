import Glibc
public import Quantities

/// Concentric shells in an unbounded medium of one material.
public struct SphereGeometry: Sendable {
  public let material: Material
  /// The shells' outer radii, rising; what lies beyond the last is one region more.
  public let radii: [Length]

  /// - Throws: ``TransportError`` for radii that do not rise or lie outside 1 µm to 10 m.
  public init(material: Material, radii: [Length]) throws(TransportError) {
    guard (1...4096).contains(radii.count), zip(radii, radii.dropFirst()).allSatisfy({ $0 < $1 }),
      radii.allSatisfy({ $0.millimetres >= 1e-3 && $0.millimetres <= 1e4 })
    else {
      throw TransportError(
        "shell-radii", "The radii of the shells do not rise or lie outside 0.001 to 10000 mm.",
        remedy: "Give 1 to 4096 rising radii.")
    }
    self.material = material
    self.radii = radii
  }

  /// The radius of a sphere of a mass, (3 m/(4π ρ))^⅓.
  public static func radius(of mass: Mass, density: Density) -> Length {
    .centimetres(cbrt(3 * mass.grams / density.gramsPerMillilitre / (4 * Double.pi)))
  }
}
