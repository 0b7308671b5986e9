import Numerics

/// How a probability was found.
public enum ProbabilityMethod: String, Sendable {
  /// By counting every arrangement.
  case exact
  /// By the normal approximation with correction for ties and continuity.
  case normal = "normal-approximation"
  /// By Student's t.
  case student = "t-approximation"
}

/// The Mann-Whitney test of two independent samples, two-sided.
public struct MannWhitney: Hashable, Sendable {
  /// How often a value of the first sample is above one of the second, equal values counting one half.
  public let u: Double
  public let p: Double
  public let method: ProbabilityMethod
  /// The smallest p that this test can give for these sizes; `nil` when the approximation was used.
  public let smallestAttainable: Double?
  /// The probability that a value of the first sample is above one of the second: U/(nm), the area under the ROC curve.
  public var superiority: Double { u / pairs }
  private let pairs: Double

  /// Exact for samples of fewer than 50 without equal values, otherwise by the normal approximation.
  ///
  /// - Throws: ``StatisticsError`` for an empty sample or values that are all equal.
  public init(_ x: [Double], _ y: [Double]) throws {
    guard !x.isEmpty, !y.isEmpty else {
      throw StatisticsError("too-few-values", "A sample is empty.", remedy: "Give at least one value for each group.")
    }
    try requireFinite(x, y)
    let ranks = Ranks(x + y)
    let (n, m) = (x.count, y.count)
    pairs = Double(n * m)
    u = ranks.ranks.prefix(n).reduce(0, +) - Double(n * (n + 1)) / 2
    if n < 50, m < 50, !ranks.hasTies {
      let shares = Self.distribution(n, m)
      p = twoSided(shares, at: Int(u))
      smallestAttainable = twoSided(shares, at: 0)
      method = .exact
      return
    }
    let (a, b) = (Double(n), Double(m))
    let total = a + b
    let variance = a * b / 12 * (total + 1 - ranks.tieTerm / (total * (total - 1)))
    p = try normalProbability(deviation: u - a * b / 2, variance: variance)
    smallestAttainable = nil
    method = .normal
  }

  /// Every p that the exact test can give for samples of these sizes, ascending.
  ///
  /// - Throws: ``StatisticsError`` for sizes outside 1..<50.
  public static func attainable(_ n: Int, _ m: Int) throws -> [Double] {
    guard (1..<50).contains(n), (1..<50).contains(m) else {
      throw StatisticsError("size-invalid", "The sizes are \(n) and \(m).", remedy: "Give sizes from 1 to 49.")
    }
    let shares = distribution(n, m)
    return (0...(n * m / 2)).map { twoSided(shares, at: $0) }
  }

  /// The probability of each U = 0…nm where every arrangement is equally likely.
  ///
  /// Adds the pooled values from the smallest on: with i of the first sample among k, the next one is of the first
  /// sample with probability (n − i)/(n + m − k), and then lies above the k − i of the second that came before.
  static func distribution(_ n: Int, _ m: Int) -> [Double] {
    // shares[j][u]: i of the first sample and j of the second placed, with U = u.
    let empty = [Double](repeating: 0, count: n * m + 1)
    var row = [[Double]](repeating: empty, count: m + 1)
    row[0][0] = 1
    for i in 0...n {
      for j in 0...m {
        let left = Double(n + m - i - j)
        if j < m {
          let share = Double(m - j) / left
          for u in 0...(i * j) { row[j + 1][u] += row[j][u] * share }
        }
      }
      if i == n { return row[m] }
      var next = [[Double]](repeating: empty, count: m + 1)
      for j in 0...m {
        let share = Double(n - i) / Double(n + m - i - j)
        for u in 0...(i * j) { next[j][u + j] = row[j][u] * share }
      }
      row = next
    }
    return row[m]
  }
}

/// Wilcoxon's signed-rank test of pairs, two-sided.
public struct SignedRank: Hashable, Sendable {
  /// The sum of the ranks of the positive differences x − y.
  public let v: Double
  /// Pairs that differ.
  public let count: Int
  /// Pairs without a difference, which are left out.
  public let zeros: Int
  public let p: Double
  public let method: ProbabilityMethod
  /// The smallest p that this test can give for this size; `nil` when the approximation was used.
  public let smallestAttainable: Double?

  /// Exact for fewer than 50 pairs without equal or vanishing differences, otherwise by the normal approximation.
  ///
  /// - Throws: ``StatisticsError`` when no pair differs.
  public init(_ x: [Double], _ y: [Double]) throws {
    try requirePairs(x, y, atLeast: 1)
    let differences = zip(x, y).map(-).filter { $0 != 0 }
    count = differences.count
    zeros = x.count - count
    guard count > 0 else {
      throw StatisticsError("no-variation", "No pair differs.", remedy: "Report that all pairs are equal.")
    }
    let ranks = Ranks(differences.map(\.magnitude))
    v = zip(differences, ranks.ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    let n = Double(count)
    if count < 50, !ranks.hasTies, zeros == 0 {
      var shares = [Double](repeating: 0, count: count * (count + 1) / 2 + 1)
      shares[0] = 1
      for rank in 1...count {
        for k in stride(from: shares.count - 1, through: 0, by: -1) {
          shares[k] = (shares[k] + (k >= rank ? shares[k - rank] : 0)) / 2
        }
      }
      p = twoSided(shares, at: Int(v))
      smallestAttainable = twoSided(shares, at: 0)
      method = .exact
      return
    }
    let variance = n * (n + 1) * (2 * n + 1) / 24 - ranks.tieTerm / 48
    p = try normalProbability(deviation: v - n * (n + 1) / 4, variance: variance)
    smallestAttainable = nil
    method = .normal
  }
}

/// Twice the smaller tail of a symmetric distribution over 0…, at most 1.
private func twoSided(_ shares: [Double], at k: Int) -> Double {
  let tail = min(k, shares.count - 1 - k)
  return min(1, 2 * shares[...tail].reduce(0, +))
}

/// The two-sided probability of a deviation, with the continuity correction of one half.
private func normalProbability(deviation: Double, variance: Double) throws -> Double {
  guard variance > 0 else {
    throw StatisticsError("no-variation", "All values are equal.", remedy: "Report that they are equal.")
  }
  return min(1, Normal.twoSided(max(0, deviation.magnitude - 0.5) / variance.squareRoot()))
}
