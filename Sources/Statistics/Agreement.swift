import Glibc

/// Agreement of two measurements of the same subjects.
public struct Agreement: Hashable, Sendable {
  /// Limits between which 95 % of differences are expected (Bland and Altman 1986).
  public struct Limits: Hashable, Sendable {
    /// The mean of the differences first − second, or the geometric mean of the ratios first/second.
    public let bias: Double
    /// Of the differences, with n − 1; of the logarithms for ratios.
    public let deviation: Double
    /// Bias ± 1.96 deviations.
    public let limits: Interval
  }

  public let count: Int
  public let difference: Limits
  /// Of ratios; `nil` unless all values are above 0.
  public let ratio: Limits?
  public let intraclass: IntraclassCorrelation

  /// - Throws: ``StatisticsError`` for fewer than two pairs or values that do not vary.
  public init(_ first: [Double], _ second: [Double]) throws {
    try requirePairs(first, second, atLeast: 2)
    count = first.count
    func limits(_ differences: [Double]) -> (Double, Double, Interval) {
      let bias = mean(differences)
      let deviation = (sumOfProducts(differences, differences) / Double(differences.count - 1)).squareRoot()
      let z = ConfidenceLevel.ninetyFive.z
      return (bias, deviation, Interval(bias - z * deviation, bias + z * deviation))
    }
    let (bias, deviation, interval) = limits(zip(first, second).map(-))
    difference = Limits(bias: bias, deviation: deviation, limits: interval)
    if (first + second).allSatisfy({ $0 > 0 }) {
      let (bias, deviation, interval) = limits(zip(first, second).map { log($0 / $1) })
      ratio = Limits(
        bias: exp(bias), deviation: deviation, limits: Interval(exp(interval.lower), exp(interval.upper)))
    } else {
      ratio = nil
    }
    intraclass = try IntraclassCorrelation(zip(first, second).map { [$0, $1] })
  }
}

/// Intraclass correlation of single ratings (Shrout and Fleiss 1979).
public struct IntraclassCorrelation: Hashable, Sendable {
  /// Raters differ from subject to subject: ICC(1,1).
  public let oneWay: Double
  /// Raters are a random sample, absolute agreement: ICC(2,1).
  public let agreement: Double
  /// These raters, consistency: ICC(3,1).
  public let consistency: Double

  /// - Parameter ratings: one row a subject, one column a rater.
  /// - Throws: ``StatisticsError`` for fewer than two subjects or raters, rows of different lengths or ratings that do not
  ///   vary.
  public init(_ ratings: [[Double]]) throws {
    let (n, k) = (Double(ratings.count), Double(ratings.first?.count ?? 0))
    guard n > 1, k > 1, ratings.allSatisfy({ Double($0.count) == k && $0.allSatisfy(\.isFinite) }) else {
      throw StatisticsError(
        "ratings-invalid", "Ratings are not a full table of at least two subjects by two raters.",
        remedy: "Give every subject one finite rating of every rater.")
    }
    let all = ratings.flatMap { $0 }
    let rows = ratings.map(mean)
    let columns = (0..<Int(k)).map { j in mean(ratings.map { $0[j] }) }
    let total = sumOfProducts(all, all)
    let between = k * sumOfProducts(rows, rows)
    let raters = n * sumOfProducts(columns, columns)
    let subjects = between / (n - 1)
    let within = (total - between) / (n * (k - 1))
    let rater = raters / (k - 1)
    let error = max(0, total - between - raters) / ((n - 1) * (k - 1))
    guard total > 0, subjects + error > 0 else {
      throw StatisticsError("no-variation", "The ratings do not vary.", remedy: "Report that they are equal.")
    }
    oneWay = (subjects - within) / (subjects + (k - 1) * within)
    agreement = (subjects - error) / (subjects + (k - 1) * error + k * (rater - error) / n)
    consistency = (subjects - error) / (subjects + (k - 1) * error)
  }
}
