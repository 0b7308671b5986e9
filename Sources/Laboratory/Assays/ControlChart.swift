import Statistics

/// A control measured again and again, judged against its first measurements by the rules of Westgard (1981).
public struct ControlChart: Sendable {
  /// What speaks against a measurement.
  public enum Rule: String, CaseIterable, Sendable {
    /// Beyond 3 deviations.
    case oneBeyondThree = "1-3s"
    /// The second in a row beyond 2 deviations on the same side.
    case twoBeyondTwo = "2-2s"
    /// More than 4 deviations from the one before.
    case rangeOfFour = "R-4s"
    /// The fourth in a row beyond 1 deviation on the same side.
    case fourBeyondOne = "4-1s"
    /// The tenth in a row on the same side.
    case tenOnOneSide = "10-x"
  }

  /// One measurement.
  public struct Point: Hashable, Sendable {
    public let value: Double
    /// In deviations from the mean of the first.
    public let score: Double
    public let broken: [Rule]
  }

  /// Of the measurements that set the bounds.
  public let mean: Double
  public let deviation: Double
  public let baseline: Int
  public let points: [Point]

  /// - Parameters:
  ///   - values: in the order of time.
  ///   - baseline: how many of the first set mean and deviation, at least 5.
  /// - Throws: ``LaboratoryError`` for fewer values than that, or first ones that do not vary.
  public init(_ values: [Double], baseline: Int = 20) throws {
    guard baseline >= 5, values.count >= baseline, values.allSatisfy(\.isFinite),
      let deviation = try Sample(values.prefix(baseline)).sampleDeviation, deviation > 0
    else {
      throw LaboratoryError(
        "control-short", "There are \(values.count) measurements, or the first \(baseline) do not vary.",
        remedy: "Measure at least as often as --baseline says, 5 or more.")
    }
    let mean = try Sample(values.prefix(baseline)).mean
    let scores = values.map { ($0 - mean) / deviation }
    func isRun(_ end: Int, _ length: Int, beyond bound: Double) -> Bool {
      guard end + 1 >= length else { return false }
      let run = scores[(end + 1 - length)...end]
      return run.allSatisfy { $0 > bound } || run.allSatisfy { $0 < -bound }
    }
    points = scores.indices.map { i in
      var broken: [Rule] = []
      if abs(scores[i]) > 3 { broken.append(.oneBeyondThree) }
      if isRun(i, 2, beyond: 2) { broken.append(.twoBeyondTwo) }
      if i > 0, abs(scores[i] - scores[i - 1]) > 4 { broken.append(.rangeOfFour) }
      if isRun(i, 4, beyond: 1) { broken.append(.fourBeyondOne) }
      if isRun(i, 10, beyond: 0) { broken.append(.tenOnOneSide) }
      return Point(value: values[i], score: scores[i], broken: broken)
    }
    (self.mean, self.deviation, self.baseline) = (mean, deviation, baseline)
  }
}
