import Numerics

/// The straight line of least squares through values over time, with Student's interval of its slope.
public struct LinearTrend: Hashable, Sendable {
  public let count: Int
  public let slope: Double
  public let intercept: Double
  /// Of the slope; `nil` for two points, which leave nothing over.
  public let standardError: Double?
  public let interval: Interval?
  private let centre: Double
  private let spread: Double
  /// Half the width of the line's interval for each standard error of the mean value; `nil` for two points.
  private let half: Double?

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
    (centre, self.spread) = (mean(times), spread)
    guard count > 2 else {
      (standardError, interval, half) = (nil, nil, nil)
      return
    }
    let freedom = Double(count - 2)
    let rest = zip(times, values).reduce(0) { sum, point in
      let residual = point.1 - intercept - slope * point.0
      return sum + residual * residual
    }
    let error = (rest / freedom / spread).squareRoot()
    let t = level.t(freedom)
    standardError = error
    interval = Interval(slope - t * error, slope + t * error)
    half = t * (rest / freedom).squareRoot()
  }

  /// The value of the line.
  public func value(at time: Double) -> Double { intercept + slope * time }

  /// The interval of the line, not of a further value: ŷ ± t·s·√(1/n + (x − x̄)²/Sxx); `nil` for two points.
  public func interval(at time: Double) -> Interval? {
    half.map { half in
      let reach = half * (1 / Double(count) + (time - centre) * (time - centre) / spread).squareRoot()
      return Interval(value(at: time) - reach, value(at: time) + reach)
    }
  }
}
