import Foundation
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
}
