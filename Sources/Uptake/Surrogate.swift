/// A named rule that may stand beside a reader's assessment; the papers assess by eye and name no threshold.
public enum Surrogate: Hashable, Sendable {
  /// SUVmax above a multiple of the blood pool's SUVmean.
  case aboveBloodPool(RegionUptake, times: Double)
  /// SUVmax above the liver's SUVmean plus two standard deviations.
  case aboveLiver(RegionUptake)

  /// The uptake above which the rule is met.
  public var threshold: UptakeValue {
    switch self {
    case .aboveBloodPool(let pool, let times): UptakeValue(base: pool.mean.base * times)
    case .aboveLiver(let liver): UptakeValue(base: liver.mean.base + 2 * liver.standardDeviation.base)
    }
  }

  /// The rule in a few words.
  public var name: String {
    switch self {
    case .aboveBloodPool(_, let times): "SUVmax above \(times) × blood pool"
    case .aboveLiver: "SUVmax above liver + 2 SD"
    }
  }
}
