public import Quantities

/// A standardized uptake value by body weight: concentration times weight over decayed activity, in g/mL.
public struct UptakeValue: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "g/mL" }
}

/// Uptake summed over a volume, SUV times mL, which is the mass in g that would hold it at mean uptake.
public struct TotalUptake: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "g" }
}

/// A surface of the body.
public struct BodySurface: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "cm²" }

  /// From a value in m².
  public static func squareMetres(_ value: Double) -> Self { Self(base: value * 1e4) }
  /// The value in m².
  public var squareMetres: Double { base / 1e4 }
}

extension UptakeValue {
  /// The total uptake of a volume with this mean.
  public static func * (mean: UptakeValue, volume: Volume) -> TotalUptake {
    TotalUptake(base: mean.base * volume.millilitres)
  }
}
