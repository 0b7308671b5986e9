import Glibc
import Numerics

/// A correlation of pairs.
public struct Correlation: Hashable, Sendable {
  public let coefficient: Double
  public let count: Int
  /// By Fisher's transformation, for Pearson's coefficient of at least four pairs that is not ±1.
  public let interval: Interval?
  /// `nil` for two pairs, which always lie on a line.
  public let p: Double?
  public let method: ProbabilityMethod

  /// Pearson's coefficient of linear correlation, with Student's t and Fisher's interval.
  ///
  /// - Throws: ``StatisticsError`` for fewer than two pairs or a column that does not vary.
  public static func pearson(
    _ x: [Double], _ y: [Double], level: ConfidenceLevel = .ninetyFive
  ) throws -> Correlation {
    let r = try coefficient(x, y)
    let n = Double(x.count)
    let hasInterval = n > 3 && r.magnitude < 1
    let half = hasInterval ? level.z / (n - 3).squareRoot() : 0
    return Correlation(
      coefficient: r, count: x.count,
      interval: hasInterval ? Interval(tanh(atanh(r) - half), tanh(atanh(r) + half)) : nil,
      p: studentP(r, n), method: .student)
  }

  /// Spearman's coefficient of rank correlation; exact by all permutations for at most nine pairs.
  ///
  /// - Throws: ``StatisticsError`` for fewer than two pairs or a column that does not vary.
  public static func spearman(_ x: [Double], _ y: [Double]) throws -> Correlation {
    try requirePairs(x, y, atLeast: 2)
    let (a, b) = (Ranks(x).ranks, Ranks(y).ranks)
    let rho = try coefficient(a, b)
    guard x.count <= 9 else {
      return Correlation(
        coefficient: rho, count: x.count, interval: nil, p: studentP(rho, Double(x.count)), method: .student)
    }
    return Correlation(coefficient: rho, count: x.count, interval: nil, p: permutationP(a, b), method: .exact)
  }

  /// Spearman's coefficient alone.
  static func rankCoefficient(_ x: [Double], _ y: [Double]) throws -> Double {
    try coefficient(Ranks(x).ranks, Ranks(y).ranks)
  }

  private static func coefficient(_ x: [Double], _ y: [Double]) throws -> Double {
    try requirePairs(x, y, atLeast: 2)
    let (a, b) = (sumOfProducts(x, x), sumOfProducts(y, y))
    guard a > 0, b > 0 else {
      throw StatisticsError(
        "no-variation", "A column does not vary.", remedy: "A correlation needs two columns that vary.")
    }
    return min(1, max(-1, sumOfProducts(x, y) / (a.squareRoot() * b.squareRoot())))
  }

  private static func studentP(_ r: Double, _ n: Double) -> Double? {
    guard n > 2 else { return nil }
    return StudentT.twoSided(r * ((n - 2) / (1 - r * r)).squareRoot(), degreesOfFreedom: n - 2)
  }

  /// The share of permutations whose |ρ| is at least the observed one. Doubled ranks are whole, so sums are exact.
  private static func permutationP(_ x: [Double], _ y: [Double]) -> Double {
    let (a, b) = (x.map { Int(2 * $0) }, y.map { Int(2 * $0) })
    let n = a.count
    let centre = a.reduce(0, +) * b.reduce(0, +)
    func distance(_ sum: Int) -> Int { abs(n * sum - centre) }
    let observed = distance(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 })
    var (extreme, all) = (0, 0)
    func place(_ position: Int, _ used: Int, _ sum: Int) {
      if position == n {
        all += 1
        if distance(sum) >= observed { extreme += 1 }
        return
      }
      for k in 0..<n where used & (1 << k) == 0 { place(position + 1, used | 1 << k, sum + a[position] * b[k]) }
    }
    place(0, 0, 0)
    return Double(extreme) / Double(all)
  }
}
