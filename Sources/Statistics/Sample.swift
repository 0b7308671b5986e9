/// What describes a sample of numbers.
public struct Sample: Hashable, Sendable {
  /// The numbers in ascending order; at least one.
  public let sorted: [Double]

  /// - Throws: ``StatisticsError`` when there is no number or one is not finite.
  public init(_ values: some Sequence<Double>) throws {
    sorted = values.sorted()
    guard !sorted.isEmpty, sorted.allSatisfy(\.isFinite) else {
      throw StatisticsError(
        "sample-invalid", "A sample is empty or holds a number that is not finite.",
        remedy: "Give at least one finite number.")
    }
  }

  /// How many.
  public var count: Int { sorted.count }
  /// The smallest.
  public var minimum: Double { sorted[0] }
  /// The largest.
  public var maximum: Double { sorted[count - 1] }
  /// The arithmetic mean.
  public var mean: Double { sorted.reduce(0, +) / Double(count) }
  /// The median.
  public var median: Double { quantile(0.5) }

  /// The quantile p in [0, 1], interpolated linearly between order statistics (Hyndman and Fan 1996, type 7).
  public func quantile(_ p: Double) -> Double {
    let position = min(max(p, 0), 1) * Double(count - 1)
    let below = min(Int(position), count - 1)
    let above = min(below + 1, count - 1)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }

  /// The standard deviation with n − 1; `nil` for one number.
  public var sampleDeviation: Double? {
    count > 1 ? (sumOfSquares / Double(count - 1)).squareRoot() : nil
  }

  /// The standard deviation with n.
  public var populationDeviation: Double { (sumOfSquares / Double(count)).squareRoot() }

  private var sumOfSquares: Double {
    let mean = mean
    return sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// The share of the numbers below a bound.
  public func share(below bound: Double) -> Double {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < bound { low = middle + 1 } else { high = middle }
    }
    return Double(low) / Double(count)
  }
}
