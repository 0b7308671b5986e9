import Foundation
import Numerics
public import Provenance
public import Quantities

/// What a population says of a half-life: ln T is normal.
public struct HalfLifeDistribution: Hashable, Sendable {
  /// The median exp(μ).
  public let median: Time
  /// σ, the standard deviation of ln T.
  public let logDeviation: Double

  public init(median: Time, logDeviation: Double) {
    self.median = median
    self.logDeviation = logDeviation
  }
}

/// What a population says of the effective half-life of clearance, cut off at physical decay (SCIENCE 5.4), and, where it was
/// fitted, of that of uptake.
public struct PopulationPrior: Hashable, Sendable {
  /// The name by which a case asks for it.
  public let name: String
  /// The median exp(μ).
  public let median: Time
  /// σ, the standard deviation of ln T.
  public let logDeviation: Double
  /// The effective half-life of the uptake; with it a curve is fitted by F3u, without it by F2.
  public let uptake: HalfLifeDistribution?
  /// The correlation of the two logarithms.
  public let correlation: Double
  /// Where the figures come from.
  public let source: Source

  /// - Parameter correlation: between −0.99 and 0.99.
  public init(
    name: String, median: Time, logDeviation: Double, uptake: HalfLifeDistribution? = nil, correlation: Double = 0,
    source: Source
  ) {
    self.name = name
    self.median = median
    self.logDeviation = logDeviation
    self.uptake = uptake
    self.correlation = min(0.99, max(-0.99, correlation))
    self.source = source
  }

  /// The log-normal with a given mean and standard deviation: σ² = ln(1 + SD²/mean²), median = mean exp(−σ²/2).
  public init(name: String, mean: Time, standardDeviation: Time, source: Source) {
    let variance = log(1 + pow(standardDeviation / mean, 2))
    self.init(name: name, median: mean * exp(-variance / 2), logDeviation: variance.squareRoot(), source: source)
  }

  /// Kidneys under [¹⁷⁷Lu]pentixather.
  public static let kidney = PopulationPrior(
    name: "kidney", mean: .hours(41), standardDeviation: .hours(10),
    source: Source("Buck et al., EJNMMI 2022;49:4133: effective half-life 41 ± 10 h"))

  /// Tumours under [¹⁷⁷Lu]pentixather.
  public static let tumour = PopulationPrior(
    name: "tumour", mean: .hours(122), standardDeviation: .hours(32),
    source: Source("Buck et al., EJNMMI 2022;49:4133: effective half-life 122 ± 32 h"))

  /// The priors that ship with a spread; see ``PublishedHalfLife`` for those without.
  public static let named = [kidney, tumour]

  /// The 95 % interval of the population, not cut off.
  public var interval: ClosedRange<Time> {
    let factor = exp(Normal.quantile(0.975) * logDeviation)
    return (median / factor)...(median * factor)
  }

  /// The probability that the half-life exceeds another.
  public func probability(above halfLife: Time) -> Double {
    1 - Normal.cumulative(log(halfLife / median) / logDeviation)
  }

  /// How many standardised deviations a model has: one, or two when it shows an uptake that the population knows.
  func count(for model: CurveModel) -> Int { model == .F3u && uptake != nil ? 2 : 1 }

  /// The standardised deviations of a model's rates, independent of each other, and their derivatives by θ.
  func deviations(_ terms: FitTerms) -> [(value: Double, gradient: FitTerm.Gradient)] {
    func standardised(_ term: FitTerm, _ distribution: HalfLifeDistribution) -> (Double, FitTerm.Gradient) {
      (
        log(0.693_147_180_559_945_3 / term.rate / distribution.median.hours) / distribution.logDeviation,
        term.rateGradient / (-term.rate * distribution.logDeviation)
      )
    }
    let late = standardised(terms.terms[0], HalfLifeDistribution(median: median, logDeviation: logDeviation))
    guard let uptake, terms.terms.count == 2 else { return [late] }
    let early = standardised(terms.terms[1], uptake)
    let rest = (1 - correlation * correlation).squareRoot()
    return [late, ((early.0 - correlation * late.0) / rest, (early.1 - late.1 * correlation) / rest)]
  }
}
