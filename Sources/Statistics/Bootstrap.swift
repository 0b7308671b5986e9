import Numerics

/// The percentile interval of a statistic over resampled subjects (Efron and Tibshirani 1993).
///
/// Up to seven subjects every possible resample is weighed by how often it would be drawn, so that no chance is left;
/// for more, some are drawn from a stream with a fixed seed. Either way the same data give the same interval.
public struct Bootstrap: Hashable, Sendable {
  /// From the lower to the upper percentile; `nil` when more than a tenth of the resamples give no value.
  public let interval: Interval?
  /// Whether all resamples were weighed instead of some drawn.
  public let isExact: Bool
  /// How many different resamples, or how many draws.
  public let resamples: Int
  /// The share of resamples in which the statistic does not exist, such as a correlation of equal values.
  public let undefinedShare: Double

  /// The most subjects of whom all resamples are weighed: 1716 different ones of 7.
  public static let exactUpTo = 7
  /// The draws for up to 100 subjects; a tenth of them for more, whose percentiles vary less.
  public static let draws = 10_000

  /// - Parameters:
  ///   - count: how many subjects, at least 2 and at most 1000.
  ///   - statistic: of the subjects with these places, repeated as drawn; `nil` where it does not exist.
  /// - Throws: ``StatisticsError`` for a count outside 2…1000.
  public init(
    of count: Int, level: ConfidenceLevel = .ninetyFive, seed: UInt64 = 0, _ statistic: ([Int]) -> Double?
  ) throws {
    guard (2...1000).contains(count) else {
      throw StatisticsError(
        "bootstrap-size", "There are \(count) subjects to resample.", remedy: "Give 2 to 1000 subjects.")
    }
    var values: [(value: Double, weight: Double)] = []
    var (undefined, all, made) = (0.0, 0.0, 0)
    func take(_ places: [Int], weight: Double) {
      made += 1
      all += weight
      if let value = statistic(places), value.isFinite {
        values.append((value, weight))
      } else {
        undefined += weight
      }
    }
    isExact = count <= Self.exactUpTo
    if isExact {
      Self.weighAll(count, take)
    } else {
      var stream = RandomStream(seed: seed, stream: "bootstrap")
      for _ in 0..<(count > 100 ? Self.draws / 10 : Self.draws) {
        take((0..<count).map { _ in min(count - 1, Int(stream.uniform() * Double(count))) }, weight: 1)
      }
    }
    resamples = made
    undefinedShare = undefined / all
    values.sort { $0.value < $1.value }
    let tail = (1 - level.probability) / 2
    interval =
      undefinedShare > 0.1 || values.isEmpty
      ? nil
      : Interval(Self.quantile(values, tail), Self.quantile(values, 1 - tail))
  }

  /// Every way to choose `count` of `count` with repetition, weighed by n!/Π kᵢ!.
  private static func weighAll(_ count: Int, _ take: ([Int], Double) -> Void) {
    func factorial(_ n: Int) -> Double { n < 2 ? 1 : (2...n).reduce(1) { $0 * Double($1) } }
    func choose(_ place: Int, _ left: Int, _ chosen: [Int], _ weight: Double) {
      guard place < count - 1 else {
        take(chosen + Array(repeating: place, count: left), weight / factorial(left))
        return
      }
      for times in 0...left {
        choose(
          place + 1, left - times, chosen + Array(repeating: place, count: times), weight / factorial(times))
      }
    }
    choose(0, count, [], factorial(count))
  }

  /// The smallest value at or below which a share of the weight lies.
  private static func quantile(_ sorted: [(value: Double, weight: Double)], _ share: Double) -> Double {
    let target = share * sorted.reduce(0) { $0 + $1.weight }
    var sum = 0.0
    for (value, weight) in sorted {
      sum += weight
      // Sums of weights that stand for whole counts carry rounding.
      if sum >= target * (1 - 1e-12) { return value }
    }
    return sorted[sorted.count - 1].value
  }
}
