// The kinds of quantity. Each names its units once; every conversion in the house goes through them.

/// A duration or a time after administration.
public struct Time: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "s" }

  /// From a value in s.
  public static func seconds(_ value: Double) -> Self { Self(base: value) }
  /// The value in s.
  public var seconds: Double { base }

  /// From a value in min.
  public static func minutes(_ value: Double) -> Self { Self(base: value * 60) }
  /// The value in min.
  public var minutes: Double { base / 60 }

  /// From a value in h.
  public static func hours(_ value: Double) -> Self { Self(base: value * 3600) }
  /// The value in h.
  public var hours: Double { base / 3600 }

  /// From a value in d.
  public static func days(_ value: Double) -> Self { Self(base: value * 86400) }
  /// The value in d.
  public var days: Double { base / 86400 }
}

/// A first-order rate constant.
public struct RateConstant: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "1/s" }

  /// From a value in 1/s.
  public static func perSecond(_ value: Double) -> Self { Self(base: value) }
  /// The value in 1/s.
  public var perSecond: Double { base }

  /// From a value in 1/h.
  public static func perHour(_ value: Double) -> Self { Self(base: value * (1.0 / 3600)) }
  /// The value in 1/h.
  public var perHour: Double { base / (1.0 / 3600) }
}

/// A length.
public struct Length: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "mm" }

  /// From a value in mm.
  public static func millimetres(_ value: Double) -> Self { Self(base: value) }
  /// The value in mm.
  public var millimetres: Double { base }

  /// From a value in cm.
  public static func centimetres(_ value: Double) -> Self { Self(base: value * 10) }
  /// The value in cm.
  public var centimetres: Double { base / 10 }
}

/// An angle.
public struct Angle: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "deg" }

  /// From a value in degrees.
  public static func degrees(_ value: Double) -> Self { Self(base: value) }
  /// The value in degrees.
  public var degrees: Double { base }
}

/// A volume of space.
public struct Volume: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "mL" }

  /// From a value in mL.
  public static func millilitres(_ value: Double) -> Self { Self(base: value) }
  /// The value in mL.
  public var millilitres: Double { base }
}

/// A mass.
public struct Mass: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "g" }

  /// From a value in g.
  public static func grams(_ value: Double) -> Self { Self(base: value) }
  /// The value in g.
  public var grams: Double { base }

  /// From a value in kg.
  public static func kilograms(_ value: Double) -> Self { Self(base: value * 1000) }
  /// The value in kg.
  public var kilograms: Double { base / 1000 }
}

/// A mass per volume.
public struct Density: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "g/mL" }

  /// From a value in g/mL.
  public static func gramsPerMillilitre(_ value: Double) -> Self { Self(base: value) }
  /// The value in g/mL.
  public var gramsPerMillilitre: Double { base }
}

/// An energy per decay or per particle.
public struct Energy: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "MeV" }

  /// From a value in MeV.
  public static func megaelectronvolts(_ value: Double) -> Self { Self(base: value) }
  /// The value in MeV.
  public var megaelectronvolts: Double { base }

  /// From a value in keV.
  public static func kiloelectronvolts(_ value: Double) -> Self { Self(base: value * 1e-3) }
  /// The value in keV.
  public var kiloelectronvolts: Double { base / 1e-3 }
}

/// Decays per time.
public struct Activity: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "Bq" }

  /// From a value in Bq.
  public static func becquerels(_ value: Double) -> Self { Self(base: value) }
  /// The value in Bq.
  public var becquerels: Double { base }

  /// From a value in MBq.
  public static func megabecquerels(_ value: Double) -> Self { Self(base: value * 1e6) }
  /// The value in MBq.
  public var megabecquerels: Double { base / 1e6 }

  /// From a value in GBq.
  public static func gigabecquerels(_ value: Double) -> Self { Self(base: value * 1e9) }
  /// The value in GBq.
  public var gigabecquerels: Double { base / 1e9 }
}

/// Activity per volume.
public struct ActivityConcentration: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "Bq/mL" }

  /// From a value in Bq/mL.
  public static func becquerelsPerMillilitre(_ value: Double) -> Self { Self(base: value) }
  /// The value in Bq/mL.
  public var becquerelsPerMillilitre: Double { base }

  /// From a value in MBq/mL.
  public static func megabecquerelsPerMillilitre(_ value: Double) -> Self { Self(base: value * 1e6) }
  /// The value in MBq/mL.
  public var megabecquerelsPerMillilitre: Double { base / 1e6 }
}

/// The number of decays in a region (MIRD: Ã).
public struct TimeIntegratedActivity: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "Bq s" }

  /// From a value in Bq s.
  public static func becquerelSeconds(_ value: Double) -> Self { Self(base: value) }
  /// The value in Bq s.
  public var becquerelSeconds: Double { base }

  /// From a value in MBq h.
  public static func megabecquerelHours(_ value: Double) -> Self { Self(base: value * 3.6e9) }
  /// The value in MBq h.
  public var megabecquerelHours: Double { base / 3.6e9 }
}

/// Time-integrated activity per administered activity (MIRD: ã).
public struct TimeIntegratedActivityCoefficient: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "s" }

  /// From a value in s.
  public static func seconds(_ value: Double) -> Self { Self(base: value) }
  /// The value in s.
  public var seconds: Double { base }

  /// From a value in h.
  public static func hours(_ value: Double) -> Self { Self(base: value * 3600) }
  /// The value in h.
  public var hours: Double { base / 3600 }
}

/// Mean energy imparted per mass.
public struct AbsorbedDose: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "Gy" }

  /// From a value in Gy.
  public static func grays(_ value: Double) -> Self { Self(base: value) }
  /// The value in Gy.
  public var grays: Double { base }

  /// From a value in mGy.
  public static func milligrays(_ value: Double) -> Self { Self(base: value * 1e-3) }
  /// The value in mGy.
  public var milligrays: Double { base / 1e-3 }
}

/// Absorbed dose per time.
public struct AbsorbedDoseRate: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "Gy/s" }

  /// From a value in Gy/s.
  public static func graysPerSecond(_ value: Double) -> Self { Self(base: value) }
  /// The value in Gy/s.
  public var graysPerSecond: Double { base }

  /// From a value in mGy/h.
  public static func milligraysPerHour(_ value: Double) -> Self { Self(base: value * (1e-3 / 3600)) }
  /// The value in mGy/h.
  public var milligraysPerHour: Double { base / (1e-3 / 3600) }
}

/// Absorbed dose per administered activity.
public struct AbsorbedDosePerActivity: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "Gy/Bq" }

  /// From a value in Gy/Bq.
  public static func graysPerBecquerel(_ value: Double) -> Self { Self(base: value) }
  /// The value in Gy/Bq.
  public var graysPerBecquerel: Double { base }

  /// From a value in Gy/GBq.
  public static func graysPerGigabecquerel(_ value: Double) -> Self { Self(base: value * 1e-9) }
  /// The value in Gy/GBq.
  public var graysPerGigabecquerel: Double { base / 1e-9 }
}

/// The linear-quadratic biologically effective dose (BED).
public struct BiologicallyEffectiveDose: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "Gy" }

  /// From a value in Gy.
  public static func grays(_ value: Double) -> Self { Self(base: value) }
  /// The value in Gy.
  public var grays: Double { base }
}

/// The dose in 2 Gy fractions with the same effect (EQD2).
public struct EquieffectiveDose: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "Gy" }

  /// From a value in Gy.
  public static func grays(_ value: Double) -> Self { Self(base: value) }
  /// The value in Gy.
  public var grays: Double { base }
}

/// Mean absorbed dose in a target per decay in a source (MIRD: S).
public struct SValue: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "Gy/(Bq s)" }

  /// From a value in Gy/(Bq s).
  public static func graysPerBecquerelSecond(_ value: Double) -> Self { Self(base: value) }
  /// The value in Gy/(Bq s).
  public var graysPerBecquerelSecond: Double { base }

  /// From a value in mGy/(MBq s).
  public static func milligraysPerMegabecquerelSecond(_ value: Double) -> Self { Self(base: value * 1e-9) }
  /// The value in mGy/(MBq s).
  public var milligraysPerMegabecquerelSecond: Double { base / 1e-9 }
}
