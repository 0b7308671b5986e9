public import Provenance
public import Quantities

/// A published effective half-life under [¹⁷⁷Lu]pentixather without a spread between patients: no prior until someone states
/// a spread.
public struct PublishedHalfLife: Hashable, Sendable {
  /// The name by which it is asked for.
  public let name: String
  /// A median, or the only value.
  public let halfLife: Time
  /// Where it was read, and what it is.
  public let source: Source

  private init(_ name: String, _ hours: Double, _ source: String) {
    self.name = name
    halfLife = .hours(hours)
    self.source = Source(source)
  }

  private static let medians = "Hänscheid et al. 2022, abstract: median effective half-life"
  private static let body = "Buck et al., EJNMMI 2022;49:4133: whole body, half of the activity"
  private static let bloods = "Buck et al., EJNMMI 2022;49:4133: blood, taken as effective"

  /// All that are published.
  public static let named = [
    PublishedHalfLife("liver", 109, medians), PublishedHalfLife("spleen", 86, medians),
    PublishedHalfLife("marrow", 92, medians), PublishedHalfLife("whole-body", 96, "\(body) with the slow phase"),
    PublishedHalfLife("whole-body-fast", 10, "\(body) with the fast phase"),
    PublishedHalfLife("blood", 40, "\(bloods), 0.2 %IA/L with the slow phase"),
    PublishedHalfLife("blood-middle", 7, "\(bloods), 2.5 %IA/L with the middle phase"),
    PublishedHalfLife("blood-fast", 0.23, "\(bloods), 10 %IA/L with the fast phase"),
  ]

  /// The log-normal about it with a stated relative spread: σ² = ln(1 + spread²).
  ///
  /// - Throws: ``KineticsError`` for a spread that is not between 0.01 and 2.
  public func prior(spread: Double) throws -> PopulationPrior {
    guard spread >= 0.01, spread <= 2 else {
      throw KineticsError(
        "spread-out-of-range", "The spread of prior “\(name)” is \(spread).",
        remedy: "Give the relative standard deviation between patients, from 0.01 to 2.", category: .usage)
    }
    let mean = PopulationPrior(name: name, mean: .hours(1), standardDeviation: .hours(spread), source: source)
    return PopulationPrior(
      name: name, median: halfLife, logDeviation: mean.logDeviation,
      source: Source("\(source.citation), spread of \(percent(spread)) stated by the user", .unverified))
  }
}
