import Glibc

/// What a table of one variable says: counts, location, spread.
public struct Description: Hashable, Sendable {
  public let count: Int
  public let mean: Double
  /// With n − 1; `nil` for one number.
  public let deviation: Double?
  /// Of the mean; `nil` for one number.
  public let standardError: Double?
  /// Of the mean, by Student's t; `nil` for one number.
  public let meanInterval: Interval?
  public let minimum: Double
  /// Quartiles by linear interpolation (Hyndman and Fan 1996, type 7).
  public let lowerQuartile: Double
  public let median: Double
  public let upperQuartile: Double
  public let maximum: Double
  /// `nil` unless all numbers are above 0.
  public let geometricMean: Double?

  /// - Throws: ``StatisticsError`` when there is no number, or one is not finite or beyond 1e100.
  public init(_ values: [Double], level: ConfidenceLevel = .ninetyFive) throws {
    try requireFinite(values)
    let sample = try Sample(values)
    count = sample.count
    mean = sample.mean
    deviation = sample.sampleDeviation
    standardError = sample.sampleDeviation.map { $0 / Double(sample.count).squareRoot() }
    if let error = standardError {
      let half = level.t(Double(count - 1)) * error
      meanInterval = Interval(mean - half, mean + half)
    } else {
      meanInterval = nil
    }
    minimum = sample.minimum
    lowerQuartile = sample.quantile(0.25)
    median = sample.median
    upperQuartile = sample.quantile(0.75)
    maximum = sample.maximum
    geometricMean = sample.minimum > 0 ? exp(sample.sorted.reduce(0) { $0 + log($1) } / Double(count)) : nil
  }
}
