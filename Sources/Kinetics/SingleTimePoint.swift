import Foundation
import Numerics
public import Quantities

/// The time-integrated activity from one measurement.
public enum SingleTimePoint {
  /// Hänscheid et al., J Nucl Med 2018;59:75: Ã ≈ A(t) · 2t/ln 2, whatever the effective half-life T, as long as
  /// t/T lies between 0.75 and 2.5 (error below 12 %).
  public static func haenscheid(activity: Activity, at t: Time) -> TimeIntegratedActivity {
    activity * (t * (2 / 0.693_147_180_559_945_3))
  }

  /// The ratio of Hänscheid's estimate to the truth of one exponential, 2x · 2^(−x) with x = t/T.
  public static func haenscheidRatio(at t: Time, halfLife: Time) -> Double {
    let x = t / halfLife
    return 2 * x * exp2(-x)
  }

  /// The range of t/T in which Hänscheid's rule holds to 12 %.
  public static let haenscheidRange = 0.75...2.5

  /// Madsen et al., Med Phys 2018;45:2318: Ã = A(t) exp(λ t)/λ with the population's effective rate λ.
  public static func madsen(activity: Activity, at t: Time, rate: RateConstant) -> TimeIntegratedActivity {
    .becquerelSeconds(activity.base * exp(rate.base * t.base) / rate.base)
  }

  /// What one measurement and a population's half-life say together: Ã = A(t) exp(λ t)/λ with ln T normal, cut off at
  /// physical decay, and ln A normal (SCIENCE 5.4).
  ///
  /// A single point says nothing of the half-life, so that its distribution stays the population's. The quantiles come
  /// from 400 × 100 midpoints of the two distributions.
  ///
  /// - Parameter relativeUncertainty: of the activity, 0 or more and below 1.
  public static func posterior(
    activity: Activity, relativeUncertainty: Double, at t: Time, prior: PopulationPrior, physicalDecay: RateConstant
  ) -> (median: TimeIntegratedActivity, interval95: ClosedRange<TimeIntegratedActivity>) {
    precondition(relativeUncertainty >= 0 && relativeUncertainty < 1, "a relative uncertainty between 0 and 1")
    let (halfLives, noises) = (400, 100)
    let most = 1 - prior.probability(above: physicalDecay.halfLife)
    let deviation = log(1 + relativeUncertainty * relativeUncertainty).squareRoot()
    let factors = (0..<noises).map { exp(deviation * Normal.quantile((Double($0) + 0.5) / Double(noises))) }
    var values: [Double] = []
    for k in 0..<halfLives {
      let z = Normal.quantile(most * (Double(k) + 0.5) / Double(halfLives))
      let rate = RateConstant(halfLife: prior.median * exp(prior.logDeviation * z))
      let whole = madsen(activity: activity, at: t, rate: rate).base
      values += factors.map { $0 * whole }
    }
    values.sort()
    func quantile(_ p: Double) -> TimeIntegratedActivity { .becquerelSeconds(values[Int(p * Double(values.count))]) }
    return (quantile(0.5), quantile(0.025)...quantile(0.975))
  }
}
