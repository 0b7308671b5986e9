import Numerics

/// A t test of means, two-sided.
public struct TTest: Hashable, Sendable {
  /// Which test.
  public enum Kind: String, CaseIterable, Sendable { case student, welch, paired, single = "one-sample" }

  public let kind: Kind
  /// The difference of means, or the mean of differences.
  public let difference: Double
  public let standardError: Double
  public let interval: Interval
  public let t: Double
  public let degreesOfFreedom: Double
  public let p: Double

  private init(_ kind: Kind, difference: Double, variance: Double, _ nu: Double, _ level: ConfidenceLevel) throws {
    guard variance > 0 else {
      throw StatisticsError(
        "no-variation", "The values do not vary.", remedy: "A t test needs values that vary; report them as they are.")
    }
    self.kind = kind
    self.difference = difference
    standardError = variance.squareRoot()
    t = difference / standardError
    degreesOfFreedom = nu
    let half = level.t(nu) * standardError
    interval = Interval(difference - half, difference + half)
    p = StudentT.twoSided(t, degreesOfFreedom: nu)
  }

  /// Two independent samples of equal variance: t = (x̄ − ȳ)/(s√(1/n + 1/m)), ν = n + m − 2.
  ///
  /// - Throws: ``StatisticsError`` with fewer than two values in a sample or values that do not vary.
  public static func student(_ x: [Double], _ y: [Double], level: ConfidenceLevel = .ninetyFive) throws -> TTest {
    let (n, m) = try counts(x, y)
    let pooled = (sumOfProducts(x, x) + sumOfProducts(y, y)) / (n + m - 2)
    return try TTest(
      .student, difference: mean(x) - mean(y), variance: pooled * (1 / n + 1 / m), n + m - 2, level)
  }

  /// Two independent samples (Welch 1947, degrees of freedom by Satterthwaite).
  ///
  /// - Throws: ``StatisticsError`` as ``student(_:_:level:)``.
  public static func welch(_ x: [Double], _ y: [Double], level: ConfidenceLevel = .ninetyFive) throws -> TTest {
    let (n, m) = try counts(x, y)
    let (a, b) = (sumOfProducts(x, x) / (n - 1) / n, sumOfProducts(y, y) / (m - 1) / m)
    let nu = (a + b) * (a + b) / (a * a / (n - 1) + b * b / (m - 1))
    return try TTest(.welch, difference: mean(x) - mean(y), variance: a + b, nu, level)
  }

  /// Pairs: the one-sample test of the differences x − y.
  ///
  /// - Throws: ``StatisticsError`` with fewer than two pairs or differences that do not vary.
  public static func paired(_ x: [Double], _ y: [Double], level: ConfidenceLevel = .ninetyFive) throws -> TTest {
    try requirePairs(x, y, atLeast: 2)
    return try single(zip(x, y).map(-), against: 0, kind: .paired, level: level)
  }

  /// One sample against an expected mean; ν = n − 1.
  ///
  /// - Throws: ``StatisticsError`` with fewer than two values or values that do not vary.
  public static func single(
    _ x: [Double], against expected: Double, kind: Kind = .single, level: ConfidenceLevel = .ninetyFive
  ) throws -> TTest {
    let (n, _) = try counts(x, x)
    return try TTest(
      kind, difference: mean(x) - expected, variance: sumOfProducts(x, x) / (n - 1) / n, n - 1, level)
  }

  private static func counts(_ x: [Double], _ y: [Double]) throws -> (Double, Double) {
    guard x.count > 1, y.count > 1 else {
      throw StatisticsError(
        "too-few-values", "A sample has \(min(x.count, y.count)) values; a t test needs two.",
        remedy: "Give at least two values for each group.")
    }
    try requireFinite(x, y)
    return (Double(x.count), Double(y.count))
  }
}
