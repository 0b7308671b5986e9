import Glibc
import Numerics

/// The log-rank test of survival in groups (Mantel 1966, Fleming and Harrington 1982).
public struct LogRank: Hashable, Sendable {
  /// Of each group in order: events.
  public let observed: [Double]
  /// Of each group in order: events expected if survival were the same.
  public let expected: [Double]
  public let chiSquared: Double
  public let degreesOfFreedom: Int
  public let p: Double

  /// - Parameters:
  ///   - groups: one sample a group, any cause counts as the event.
  ///   - rho: weights Ŝ(t−)^ρ: 0 is the log-rank test, 1 the Peto-Peto modification of the Wilcoxon test.
  /// - Throws: ``StatisticsError`` for fewer than two groups, or when no time has subjects of two groups at risk.
  public init(_ groups: [SurvivalSample], rho: Double = 0) throws {
    guard groups.count > 1 else { throw Self.tooFew }
    let k = groups.count
    var rows: [(time: Double, group: Int, event: Bool)] = []
    for (g, sample) in groups.enumerated() {
      for (time, cause) in zip(sample.times, sample.causes) { rows.append((time, g, cause > 0)) }
    }
    rows.sort { $0.time < $1.time }
    var atRisk = groups.map { Double($0.count) }
    var observed = [Double](repeating: 0, count: k)
    var expected = observed
    var variance = SquareMatrix(size: k - 1)
    var (score, survival, start) = (observed, 1.0, 0)
    while start < rows.count {
      var end = start
      var deaths = [Double](repeating: 0, count: k)
      var leaving = deaths
      while end < rows.count, rows[end].time == rows[start].time {
        leaving[rows[end].group] += 1
        if rows[end].event { deaths[rows[end].group] += 1 }
        end += 1
      }
      let (n, d) = (Double(rows.count - start), deaths.reduce(0, +))
      if d > 0 {
        let weight = rho == 0 ? 1 : pow(survival, rho)
        let spread = n > 1 ? d * (n - d) / (n - 1) : 0
        for i in 0..<k {
          let share = atRisk[i] / n
          observed[i] += deaths[i]
          expected[i] += d * share
          score[i] += weight * (deaths[i] - d * share)
          guard i < k - 1 else { continue }
          for j in 0..<(k - 1) {
            variance[i, j] += weight * weight * spread * share * ((i == j ? 1 : 0) - atRisk[j] / n)
          }
        }
        survival *= 1 - d / n
      }
      for i in 0..<k { atRisk[i] -= leaving[i] }
      start = end
    }
    guard let solution = variance.solved(for: Array(score.dropLast())) else { throw Self.tooFew }
    self.observed = observed
    self.expected = expected
    chiSquared = zip(solution, score).reduce(0) { $0 + $1.0 * $1.1 }
    degreesOfFreedom = k - 1
    p = ChiSquared.survival(chiSquared, degreesOfFreedom: k - 1)
  }

  private static let tooFew = StatisticsError(
    "groups-not-comparable", "There are not two groups with subjects at risk at the times of events.",
    remedy: "Compare at least two groups with events while both are observed.")
}

extension SquareMatrix {
  /// x with M x = b for a symmetric, positive definite M; `nil` when M is singular to 1e-12 of its diagonal.
  func solved(for b: [Double]) -> [Double]? {
    let lower = choleskyFactor()
    guard (0..<size).allSatisfy({ lower[$0, $0] * lower[$0, $0] > 1e-12 * self[$0, $0] }) else { return nil }
    var x = b
    for row in 0..<size {
      for k in 0..<row { x[row] -= lower[row, k] * x[k] }
      x[row] /= lower[row, row]
    }
    for row in (0..<size).reversed() {
      for k in (row + 1)..<max(size, row + 1) { x[row] -= lower[k, row] * x[k] }
      x[row] /= lower[row, row]
    }
    return x.allSatisfy(\.isFinite) ? x : nil
  }

  /// M⁻¹ for a symmetric, positive definite M; `nil` when M is singular.
  func inverted() -> SquareMatrix? {
    let columns = (0..<size).map { column in solved(for: (0..<size).map { $0 == column ? 1 : 0 }) }
    guard columns.allSatisfy({ $0 != nil }) else { return nil }
    return SquareMatrix(size: size) { columns[$1]![$0] }
  }
}
