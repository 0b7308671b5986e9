import Foundation
import Numerics
public import Statistics

/// A conversion factor therapy/pre-therapy learned from patients in whom both were measured.
public struct LearnedConversionFactor: Hashable, Sendable {
  /// How many patients.
  public let count: Int
  /// The geometric mean of therapy/pre-therapy.
  public let factor: Double
  /// Of the geometric mean, 95 %.
  public let interval: Interval
  /// Of the next patient's ratio, 95 %: exp(m ± t s √(1 + 1/n)).
  public let prediction: Interval

  /// Log-normal ratios with Student's t.
  ///
  /// - Throws: `StatisticsError` for fewer than two pairs or doses that are not above 0.
  public init(before: [Double], after: [Double]) throws {
    guard before.count == after.count, before.count > 1,
      (before + after).allSatisfy({ $0 > 0 && $0.isFinite })
    else {
      throw StatisticsError(
        "pairs-invalid", "There are \(min(before.count, after.count)) pairs of doses above 0.",
        remedy: "Give at least two patients with both doses.")
    }
    let logs = zip(before, after).map { log($1 / $0) }
    let n = Double(logs.count)
    let mean = logs.reduce(0, +) / n
    let deviation = (logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot()
    let t = StudentT.critical(0.05, degreesOfFreedom: n - 1)
    func interval(_ half: Double) -> Interval { Interval(exp(mean - half), exp(mean + half)) }
    count = logs.count
    factor = exp(mean)
    self.interval = interval(t * deviation / n.squareRoot())
    prediction = interval(t * deviation * (1 + 1 / n).squareRoot())
  }
}
