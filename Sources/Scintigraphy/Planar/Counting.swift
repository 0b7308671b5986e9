public import Quantities

/// Counts per time.
public struct CountRate: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "1/s" }

  /// From a value in counts per second.
  public static func countsPerSecond(_ value: Double) -> Self { Self(base: value) }
  /// The value in counts per second.
  public var countsPerSecond: Double { base }

  /// The activity that gives this rate at a camera.
  public static func / (rate: CountRate, sensitivity: Sensitivity) -> Activity {
    .becquerels(rate.base / sensitivity.base)
  }

  /// What a camera counts of an activity.
  public static func / (rate: CountRate, activity: Activity) -> Sensitivity {
    Sensitivity(base: rate.base / activity.becquerels)
  }
}

/// Counts per decay: the rate at a camera per activity.
public struct Sensitivity: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "1/(s Bq)" }

  /// From a value in counts per second and MBq.
  public static func countsPerSecondPerMegabecquerel(_ value: Double) -> Self { Self(base: value * 1e-6) }
  /// The value in counts per second and MBq.
  public var countsPerSecondPerMegabecquerel: Double { base / 1e-6 }
}

/// A linear attenuation coefficient.
public struct AttenuationCoefficient: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "1/mm" }

  /// From a value in 1/cm.
  public static func perCentimetre(_ value: Double) -> Self { Self(base: value * 0.1) }
  /// The value in 1/cm.
  public var perCentimetre: Double { base / 0.1 }

  /// μ·l, a number.
  public static func * (mu: AttenuationCoefficient, length: Length) -> Double { mu.base * length.millimetres }
}

/// Length per time.
public struct Speed: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "mm/s" }

  /// From a value in cm/min.
  public static func centimetresPerMinute(_ value: Double) -> Self { Self(base: value / 6) }
  /// The value in cm/min.
  public var centimetresPerMinute: Double { base * 6 }

  /// The time that a way takes.
  public static func / (way: Length, speed: Speed) -> Time { .seconds(way.millimetres / speed.base) }
}

/// Counts with their variance.
public struct Counted: Hashable, Sendable {
  /// The counts or their difference; below zero when more was subtracted than there was.
  public let counts: Double
  /// The variance of the counts.
  public let variance: Double

  public init(counts: Double, variance: Double) {
    self.counts = counts
    self.variance = variance
  }

  /// Counts as they were counted, whose variance is themselves (Poisson).
  public init(_ counts: Double) { self.init(counts: counts, variance: counts) }

  /// The standard uncertainty over the counts; `nil` for none.
  public var relativeUncertainty: Double? { counts > 0 ? variance.squareRoot() / counts : nil }

  /// Independent counts together.
  public static func + (a: Counted, b: Counted) -> Counted {
    Counted(counts: a.counts + b.counts, variance: a.variance + b.variance)
  }

  /// The difference of independent counts.
  public static func - (a: Counted, b: Counted) -> Counted {
    Counted(counts: a.counts - b.counts, variance: a.variance + b.variance)
  }

  /// Counts times an exact factor.
  public static func * (a: Counted, factor: Double) -> Counted {
    Counted(counts: a.counts * factor, variance: a.variance * factor * factor)
  }
}
