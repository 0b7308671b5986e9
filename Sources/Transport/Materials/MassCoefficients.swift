public import Quantities

/// An interaction cross section per mass, Σ/ρ.
public struct MassAttenuation: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "cm²/g" }

  /// From a value in cm²/g.
  public static func squareCentimetresPerGram(_ value: Double) -> Self { Self(base: value) }
  /// The value in cm²/g.
  public var squareCentimetresPerGram: Double { base }
}

/// The energy a charged particle loses per length and density, S/ρ.
public struct MassStoppingPower: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "MeV cm²/g" }

  /// From a value in MeV cm²/g.
  public static func megaelectronvoltSquareCentimetresPerGram(_ value: Double) -> Self { Self(base: value) }
  /// The value in MeV cm²/g.
  public var megaelectronvoltSquareCentimetresPerGram: Double { base }
}
