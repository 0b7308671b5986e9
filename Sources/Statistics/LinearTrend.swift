import Numerics

/// The straight line of least squares through values over time, with Student's interval of its slope.
public struct LinearTrend: Hashable, Sendable {
  public let count: Int
  public let slope: Double
  public let intercept: Double
  /// Of the slope; `nil` for two points, which leave nothing over.
  public let standardError: Double?
  public let interval: Interval?

  /// - Throws: ``StatisticsError`` for fewer than two points or times that do not vary.
  public init(_ times: [Double], _ values: [Double], level: ConfidenceLevel = .ninetyFive) throws {
    try requirePairs(times, values, atLeast: 2)
    let spread = sumOfProducts(times, times)
    guard spread > 0 else {
      throw StatisticsError("no-variation", "All values are of one time.", remedy: "Give values of different times.")
    }
    count = times.count
    let slope = sumOfProducts(times, values) / spread
    let intercept = mean(values) - slope * mean(times)
    (self.slope, self.intercept) = (slope, intercept)
    guard count > 2 else {
      (standardError, interval) = (nil, nil)
      return
    }
    let freedom = Double(count - 2)
    let rest = zip(times, values).reduce(0) { sum, point in
      let residual = point.1 - intercept - slope * point.0
      return sum + residual * residual
    }
    let error = (rest / freedom / spread).squareRoot()
    let half = level.t(freedom) * error
    standardError = error
    interval = Interval(slope - half, slope + half)
  }
}
