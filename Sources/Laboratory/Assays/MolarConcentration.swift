public import Quantities

/// An amount of substance per volume.
public struct MolarConcentration: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "nmol/L" }

  /// From a value in nmol/L.
  public static func nanomolar(_ value: Double) -> Self { Self(base: value) }
  /// The value in nmol/L.
  public var nanomolar: Double { base }
}
