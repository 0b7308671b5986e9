import Foundation
import Numerics
public import Provenance
public import Quantities

/// What a population says of one effective half-life: ln T is normal, cut off at physical decay (SCIENCE 5.4).
public struct PopulationPrior: Hashable, Sendable {
  /// The name by which a case asks for it.
  public let name: String
  /// The median exp(μ).
  public let median: Time
  /// σ, the standard deviation of ln T.
  public let logDeviation: Double
  /// Where the figures come from.
  public let source: Source

  public init(name: String, median: Time, logDeviation: Double, source: Source) {
    self.name = name
    self.median = median
    self.logDeviation = logDeviation
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

  /// The priors that ship.
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

  /// (ln T − μ)/σ at an effective rate in 1/h.
  func deviation(rate: Double) -> Double {
    log(0.693_147_180_559_945_3 / rate / median.hours) / logDeviation
  }
}
