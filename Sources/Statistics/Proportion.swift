import Numerics

/// A share of successes among trials, with intervals that hold for small numbers.
public struct Proportion: Hashable, Sendable {
  public let successes: Int
  public let trials: Int
  /// The score interval (Wilson 1927).
  public let wilson: Interval
  /// The exact interval (Clopper and Pearson 1934).
  public let clopperPearson: Interval
  /// Successes per trial.
  public var estimate: Double { Double(successes) / Double(trials) }

  /// - Throws: ``StatisticsError`` without a trial, or with successes outside 0…trials.
  public init(_ successes: Int, of trials: Int, level: ConfidenceLevel = .ninetyFive) throws {
    guard trials > 0, (0...trials).contains(successes) else {
      throw StatisticsError(
        "proportion-invalid", "There are \(successes) successes in \(trials) trials.",
        remedy: "Give at least one trial and from 0 to as many successes.")
    }
    self.successes = successes
    self.trials = trials
    let (k, n, z) = (Double(successes), Double(trials), level.z)
    let centre = (k + z * z / 2) / (n + z * z)
    let half = z / (n + z * z) * (k * (n - k) / n + z * z / 4).squareRoot()
    wilson = Interval(successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half)
    let tail = (1 - level.probability) / 2
    clopperPearson = Interval(
      successes == 0 ? 0 : Beta.quantile(tail, k, n - k + 1),
      successes == trials ? 1 : Beta.quantile(1 - tail, k + 1, n - k))
  }
}
