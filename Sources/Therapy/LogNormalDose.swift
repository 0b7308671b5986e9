import Foundation
import Numerics
public import Quantities

/// A dose per activity known by its median and coefficient of variation, log-normal (SCIENCE 7.5).
public struct LogNormalDose: Hashable, Sendable {
  /// The median d̃.
  public let median: AbsorbedDosePerActivity
  /// CV = SD/mean.
  public let coefficientOfVariation: Double

  /// - Throws: ``TherapyError`` when the median is not positive or the coefficient is negative.
  public init(median: AbsorbedDosePerActivity, coefficientOfVariation: Double) throws {
    guard median.isFinite, median.base > 0, coefficientOfVariation.isFinite, coefficientOfVariation >= 0 else {
      throw TherapyError(
        "dose-not-positive",
        "A dose of \(median.graysPerGigabecquerel) Gy/GBq with a coefficient of variation of \(coefficientOfVariation).",
        remedy: "Give a dose per activity above 0 Gy/GBq and a coefficient of 0 or more.")
    }
    self.median = median
    self.coefficientOfVariation = coefficientOfVariation
  }

  /// σ = √ln(1 + CV²).
  public var logDeviation: Double { log(1 + coefficientOfVariation * coefficientOfVariation).squareRoot() }

  /// The largest activity with P(dose > limit) ≤ risk: A = L/(d̃ exp(z₁₋α σ)).
  public func activity(within limit: AbsorbedDose, risk: Double) -> Activity {
    (limit / median) * exp(-Normal.quantile(1 - risk) * logDeviation)
  }

  /// P(dose > limit) = 1 − Φ((ln L − ln d̃A)/σ).
  public func probability(of activity: Activity, exceeding limit: AbsorbedDose) -> Double {
    let ratio = limit / (median * activity)
    guard logDeviation > 0 else { return ratio < 1 ? 1 : 0 }
    return 1 - Normal.cumulative(log(ratio) / logDeviation)
  }
}
