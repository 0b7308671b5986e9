import Numerics

/// A confidence interval.
public struct Interval: Hashable, Sendable {
  /// The lower end.
  public let lower: Double
  /// The upper end.
  public let upper: Double

  public init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}

/// The coverage of confidence intervals, in (0, 1).
public struct ConfidenceLevel: Hashable, Sendable {
  /// The probability, 0.95 by default.
  public let probability: Double
  /// 95 %.
  public static let ninetyFive = ConfidenceLevel(unchecked: 0.95)

  /// - Throws: ``StatisticsError`` for a probability outside (0, 1).
  public init(_ probability: Double) throws {
    guard probability > 0, probability < 1 else {
      throw StatisticsError(
        "level-invalid", "The confidence level is \(probability).",
        remedy: "Give a level between 0 and 1, such as 0.95.")
    }
    self.probability = probability
  }

  private init(unchecked: Double) { probability = unchecked }

  /// The standard normal quantile at the upper end: 1.96 at 95 %.
  var z: Double { -Normal.quantile((1 - probability) / 2) }

  /// Student's quantile at the upper end.
  func t(_ degreesOfFreedom: Double) -> Double {
    StudentT.critical(1 - probability, degreesOfFreedom: degreesOfFreedom)
  }
}

/// Refuses numbers that are not finite, or so large that their squares would not be.
func requireFinite(_ values: [Double]...) throws {
  guard values.allSatisfy({ $0.allSatisfy { $0.magnitude <= 1e100 } }) else {
    throw StatisticsError(
      "value-not-finite", "A value is not finite or beyond 1e100.", remedy: "Leave the row out, or use another unit.")
  }
}

/// Refuses two columns that cannot be pairs.
func requirePairs(_ a: [Double], _ b: [Double], atLeast minimum: Int) throws {
  guard a.count == b.count else {
    throw StatisticsError(
      "pairs-unequal", "There are \(a.count) and \(b.count) values where each needs its partner.",
      remedy: "Give both values of every pair.")
  }
  guard a.count >= minimum else {
    throw StatisticsError(
      "too-few-values", "There are \(a.count) pairs; \(minimum) are needed.", remedy: "Give more pairs.")
  }
  try requireFinite(a, b)
}

/// The mean of values of which there is at least one.
func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// Σ (a − ā)(b − b̄).
func sumOfProducts(_ a: [Double], _ b: [Double]) -> Double {
  let (meanA, meanB) = (mean(a), mean(b))
  return zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
}
