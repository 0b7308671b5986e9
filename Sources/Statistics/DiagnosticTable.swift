import Numerics

/// How well a test that says yes or no finds what is there.
public struct DiagnosticTable: Hashable, Sendable {
  public let truePositives: Int
  public let falseNegatives: Int
  public let falsePositives: Int
  public let trueNegatives: Int

  /// - Throws: ``StatisticsError`` for a negative count or a table of nobody.
  public init(truePositives: Int, falseNegatives: Int, falsePositives: Int, trueNegatives: Int) throws {
    let counts = [truePositives, falseNegatives, falsePositives, trueNegatives]
    guard counts.allSatisfy({ (0...1_000_000_000).contains($0) }), counts.contains(where: { $0 > 0 }) else {
      throw StatisticsError(
        "table-invalid", "The counts of the table are \(counts.map(String.init).joined(separator: ", ")).",
        remedy: "Give four counts of 0 or more, not all 0.")
    }
    self.truePositives = truePositives
    self.falseNegatives = falseNegatives
    self.falsePositives = falsePositives
    self.trueNegatives = trueNegatives
  }

  /// Positive among those who have it; `nil` when nobody has.
  public var sensitivity: Proportion? { try? Proportion(truePositives, of: truePositives + falseNegatives) }
  /// Negative among those who do not have it.
  public var specificity: Proportion? { try? Proportion(trueNegatives, of: trueNegatives + falsePositives) }
  /// Those who have it among the positive: holds for this sample's share of affected alone.
  public var positivePredictiveValue: Proportion? { try? Proportion(truePositives, of: truePositives + falsePositives) }
  /// Those who do not have it among the negative.
  public var negativePredictiveValue: Proportion? { try? Proportion(trueNegatives, of: trueNegatives + falseNegatives) }
}

/// The area under the receiver operating characteristic: how often a value of the first sample is above one of the
/// second, with the interval of DeLong, DeLong and Clarke-Pearson (1988).
public struct CharacteristicArea: Hashable, Sendable {
  public let area: Double
  /// `nil` for a sample of one, and where the samples do not overlap: then the method knows no spread.
  public let standardError: Double?
  /// Area ± z standard errors within 0…1.
  public let interval: Interval?

  /// - Throws: ``StatisticsError`` for an empty sample.
  public init(_ x: [Double], above y: [Double], level: ConfidenceLevel = .ninetyFive) throws {
    guard !x.isEmpty, !y.isEmpty else {
      throw StatisticsError("too-few-values", "A sample is empty.", remedy: "Give at least one value for each group.")
    }
    try requireFinite(x, y)
    func wins(_ a: Double, _ b: Double) -> Double { a > b ? 1 : a == b ? 0.5 : 0 }
    let first = x.map { a in mean(y.map { wins(a, $0) }) }
    let second = y.map { b in mean(x.map { wins($0, b) }) }
    area = mean(first)
    guard x.count > 1, y.count > 1 else {
      (standardError, interval) = (nil, nil)
      return
    }
    func share(_ placements: [Double]) -> Double {
      sumOfProducts(placements, placements) / Double(placements.count - 1) / Double(placements.count)
    }
    let variance = share(first) + share(second)
    standardError = variance > 0 ? variance.squareRoot() : nil
    let (area, z) = (area, level.z)
    interval = standardError.map { Interval(max(0, area - z * $0), min(1, area + z * $0)) }
  }
}
