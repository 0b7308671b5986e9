import Foundation
public import Quantities

extension ExponentialSum {
  /// The time at which the function is largest and its value there; time 0 for a function that only falls.
  public var peak: (time: Time, activity: Activity) {
    let slope = terms.map { (coefficient: -$0.amplitude.base * $0.rate.base, rate: $0.rate.base) }
    let times = [Time.zero] + Self.zeros(slope).map { Time(base: $0) }
    return times.map { ($0, value(at: $0)) }.max { $0.1 < $1.1 }!
  }

  /// Whether f(t) ≥ 0 at all times t ≥ 0, to 1e-9 of the largest value.
  public var isNeverNegative: Bool {
    let slope = terms.map { (coefficient: -$0.amplitude.base * $0.rate.base, rate: $0.rate.base) }
    let least = ([0] + Self.zeros(slope)).map { value(at: Time(base: $0)).base }.min()!
    return least >= -1e-9 * peak.activity.base.magnitude
  }

  /// The times above 0 at which Σ cᵢ exp(−Lᵢ t) changes its sign, in rising order.
  ///
  /// Divided by its slowest exponential the sum has a derivative with one term less, and between the zeros of that
  /// derivative it is monotone, so that bisection finds every zero.
  static func zeros(_ terms: [(coefficient: Double, rate: Double)]) -> [Double] {
    var merged: [(coefficient: Double, rate: Double)] = []
    for term in terms.sorted(by: { $0.rate < $1.rate }) where term.coefficient != 0 {
      if let last = merged.last, last.rate == term.rate {
        merged[merged.count - 1].coefficient += term.coefficient
      } else {
        merged.append(term)
      }
    }
    merged.removeAll { $0.coefficient == 0 }
    guard merged.count > 1 else { return [] }
    let slowest = merged[0].rate
    let relative = merged.map { ($0.coefficient, $0.rate - slowest) }
    func value(_ t: Double) -> Double { relative.reduce(0) { $0 + $1.0 * exp(-$1.1 * t) } }
    let turns = zeros(merged.dropFirst().map { (-$0.coefficient * ($0.rate - slowest), $0.rate - slowest) })
    // Beyond this time every faster exponential is below 1e-300 of the slowest.
    let end = max(turns.last ?? 0, 700 / relative[1].1)
    let knots = [0] + turns + [end]
    return zip(knots, knots.dropFirst()).compactMap { from, to in
      guard (value(from) < 0) != (value(to) < 0) else { return nil }
      var (a, b) = (from, to)
      for _ in 0..<2000 {
        let middle = (a + b) / 2
        if middle == a || middle == b { break }
        if (value(middle) < 0) == (value(from) < 0) { a = middle } else { b = middle }
      }
      return (a + b) / 2
    }.filter { $0 > 0 }
  }
}
