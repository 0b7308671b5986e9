import Glibc
import Numerics

/// The expression of a receptor on a population: the tube with its antibody against the tube with the isotype control.
public struct ReceptorExpression: Sendable {
  /// One of the two tubes.
  public struct Tube: Sendable {
    /// The events of the population.
    public let count: Int
    /// Their share of all events, in %.
    public let percent: Double
    public let fluorescence: Fluorescence
  }

  public let population: String
  public let stained: Tube
  public let isotype: Tube
  /// Median of stained / median of isotype; `nil` where the latter is not above 0.
  public let medianRatio: Double?
  /// The 95 % interval of the ratio over bootstrap samples of both tubes.
  public let medianRatioInterval: ClosedRange<Double>?
  public let meanRatio: Double?
  public let geometricMeanRatio: Double?
  /// The 99 percentile of the isotype control.
  public let threshold: Double
  /// The share of stained events above the threshold, in %.
  public let percentPositive: Double
  /// The largest distance between the two distributions (Kolmogorov and Smirnov).
  public let distance: Double

  /// Compares the values of one channel in one gate of two tubes.
  ///
  /// The bootstrap draws 4000 pairs of medians: the median of a sample with replacement is the order statistic at a
  /// Beta((n+1)/2, (n+1)/2) distributed rank.
  ///
  /// - Throws: ``LaboratoryError`` when a tube has no event in the gate.
  public init(
    population: String, stained: [Double], of stainedTotal: Int, isotype: [Double], of isotypeTotal: Int, seed: UInt64
  ) throws {
    func tube(_ values: [Double], _ total: Int, _ name: String) throws -> Tube {
      guard values.contains(where: \.isFinite) else {
        throw LaboratoryError(
          "gate-empty", "The gate “\(population)” holds no event of the \(name) tube.", remedy: "Check the gates.")
      }
      return Tube(
        count: values.count, percent: 100 * Double(values.count) / Double(total), fluorescence: try Fluorescence(values)
      )
    }
    self.population = population
    self.stained = try tube(stained, stainedTotal, "stained")
    self.isotype = try tube(isotype, isotypeTotal, "isotype")
    let (a, b) = (self.stained.fluorescence, self.isotype.fluorescence)
    medianRatio = b.median > 0 ? a.median / b.median : nil
    meanRatio = b.mean > 0 ? a.mean / b.mean : nil
    geometricMeanRatio = a.geometricMean.flatMap { g in b.geometricMean.map { g / $0 } }
    let s = stained.filter(\.isFinite).sorted()
    let i = isotype.filter(\.isFinite).sorted()
    var copy = i
    let threshold = Fluorescence.quantile(0.99, of: &copy)
    self.threshold = threshold
    percentPositive = 100 * Double(s.count { $0 > threshold }) / Double(s.count)
    distance = Self.distance(s, i)
    medianRatioInterval = medianRatio == nil ? nil : Self.interval(s, i, seed)
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    var (i, j, largest) = (0, 0, 0.0)
    while i < a.count, j < b.count {
      let value = min(a[i], b[j])
      while i < a.count, a[i] == value { i += 1 }
      while j < b.count, b[j] == value { j += 1 }
      largest = max(largest, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
    }
    return largest
  }

  private static func interval(_ a: [Double], _ b: [Double], _ seed: UInt64) -> ClosedRange<Double>? {
    var stream = RandomStream(seed: seed, stream: "receptor expression")
    func median(_ values: [Double]) -> Double {
      let shape = Double(values.count + 1) / 2
      let (x, y) = (gamma(shape, &stream), gamma(shape, &stream))
      return values[min(values.count - 1, Int(x / (x + y) * Double(values.count)))]
    }
    var ratios: [Double] = []
    for _ in 0..<4000 {
      let (x, y) = (median(a), median(b))
      if y > 0 { ratios.append(x / y) }
    }
    guard ratios.count >= 3800 else { return nil }
    let low = Fluorescence.quantile(0.025, of: &ratios)
    let high = Fluorescence.quantile(0.975, of: &ratios)
    return low...high
  }

  /// A gamma distributed number of a shape of at least 1 (Marsaglia and Tsang, ACM TOMS 2000, 26:363).
  private static func gamma(_ shape: Double, _ stream: inout RandomStream) -> Double {
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let z = stream.normal()
      let v = pow(1 + c * z, 3)
      if v > 0, log(stream.uniform()) < 0.5 * z * z + d - d * v + d * log(v) { return d * v }
    }
  }
}
