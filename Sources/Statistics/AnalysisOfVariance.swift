import Numerics

/// One-way analysis of variance of independent groups.
public struct AnalysisOfVariance: Sendable {
  /// Between and within groups.
  public let sumsOfSquares: (between: Double, within: Double)
  public let degreesOfFreedom: (between: Int, within: Int)
  public let f: Double
  public let p: Double
  /// The share of the total sum of squares between groups.
  public var etaSquared: Double { sumsOfSquares.between / (sumsOfSquares.between + sumsOfSquares.within) }

  /// F = (SSB/(k − 1))/(SSW/(N − k)).
  ///
  /// - Throws: ``StatisticsError`` for fewer than two groups, an empty one, no more values than groups, or values that do
  ///   not vary within groups.
  public init(_ groups: [[Double]]) throws {
    let all = groups.flatMap { $0 }
    guard groups.count > 1, groups.allSatisfy({ !$0.isEmpty }), all.count > groups.count else {
      throw StatisticsError(
        "too-few-values", "There are \(groups.count) groups with \(all.count) values.",
        remedy: "Give at least two groups and more values than groups.")
    }
    try requireFinite(all)
    let within = groups.reduce(0) { $0 + sumOfProducts($1, $1) }
    let grand = mean(all)
    let between = groups.reduce(0) { sum, group in
      let deviation = mean(group) - grand
      return sum + Double(group.count) * deviation * deviation
    }
    guard within > 0 else {
      throw StatisticsError(
        "no-variation", "The values do not vary within groups.", remedy: "Report the groups' values as they are.")
    }
    let (a, b) = (groups.count - 1, all.count - groups.count)
    sumsOfSquares = (between, within)
    degreesOfFreedom = (a, b)
    f = between / Double(a) / (within / Double(b))
    p = FisherF.survival(f, Double(a), Double(b))
  }
}
