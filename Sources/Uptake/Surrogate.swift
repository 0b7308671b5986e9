import Quantities

/// A named rule that may stand beside a reader's assessment; the papers assess by eye and name no threshold.
public enum Surrogate: Hashable, Sendable {
  /// SUVmax above a multiple of the blood pool's SUVmean.
  case aboveBloodPool(UptakeValue, times: Double)
  /// SUVmax above the liver's SUVmean plus two standard deviations.
  case aboveLiver(mean: UptakeValue, standardDeviation: UptakeValue)

  /// The uptake above which the rule is met.
  public var threshold: UptakeValue {
    switch self {
    case .aboveBloodPool(let mean, let times): mean * times
    case .aboveLiver(let mean, let deviation): mean + deviation * 2
    }
  }

  /// The rule in a few words.
  public var name: String {
    switch self {
    case .aboveBloodPool(_, let times): "SUVmax above \(text(times)) × blood pool"
    case .aboveLiver: "SUVmax above liver + 2 SD"
    }
  }
}

/// The five points of uptake against blood pool and liver.
///
/// A choice of this project, not of a paper, and not validated (SCIENCE 1.2). The first point, no uptake, is seen by a
/// reader alone and never follows from numbers.
public enum FivePointScore: Int, CaseIterable, Hashable, Sendable {
  case none = 1
  case atMostBloodPool, atMostLiver, aboveLiver, farAboveLiver

  /// From this multiple of the liver on uptake is far above it.
  public static let farAbove = 2.0

  /// The score of an SUVmax against the SUVmean of blood pool and liver.
  ///
  /// - Throws: ``UptakeError`` when a reference is not positive, or the liver is not above the blood pool.
  public init(_ maximum: UptakeValue, bloodPool: UptakeValue, liver: UptakeValue) throws(UptakeError) {
    guard maximum.isFinite, bloodPool.isFinite, liver.isFinite, bloodPool > .zero, liver > bloodPool else {
      throw UptakeError(
        "five-point-references",
        "The liver, \(text(liver.base)), is not above the blood pool, \(text(bloodPool.base)).",
        remedy: "Check both references, or switch the scale off.")
    }
    self =
      maximum <= bloodPool
      ? .atMostBloodPool
      : maximum <= liver ? .atMostLiver : maximum < liver * Self.farAbove ? .aboveLiver : .farAboveLiver
  }
}

/// The mean SUVmax of local controls, against which a patient's is set.
public struct ControlCohort: Hashable, Sendable {
  /// μ.
  public let mean: UptakeValue
  /// σ, with n − 1.
  public let standardDeviation: UptakeValue
  /// How many controls.
  public let count: Int

  /// - Throws: ``UptakeError`` for fewer than three controls or a spread that is not positive.
  public init(mean: UptakeValue, standardDeviation: UptakeValue, count: Int) throws(UptakeError) {
    guard count >= 3, mean.isFinite, mean > .zero, standardDeviation.isFinite, standardDeviation > .zero else {
      throw UptakeError(
        "control-cohort", "The controls are \(count) with \(text(mean.base)) ± \(text(standardDeviation.base)).",
        remedy: "Give mean and standard deviation above 0 of at least three controls.")
    }
    (self.mean, self.standardDeviation, self.count) = (mean, standardDeviation, count)
  }

  /// z = (meanSUVmax − μ) / σ.
  public func deviation(of meanMaximum: UptakeValue) -> Double { (meanMaximum - mean) / standardDeviation }
}
