import Glibc

/// The product-limit estimate of survival (Kaplan and Meier 1958): Ŝ(t) = Π (1 − dᵢ/nᵢ).
public struct KaplanMeier: Hashable, Sendable {
  /// The scale on which confidence intervals are symmetric.
  public enum Scale: String, CaseIterable, Sendable { case plain, log, logLog = "log-log" }

  /// The estimate from one time to the next.
  public struct Step: Hashable, Sendable {
    public let time: Double
    /// Subjects observed up to this time.
    public let atRisk: Int
    public let events: Int
    public let censored: Int
    public let survival: Double
    /// Greenwood: Ŝ √Σ dᵢ/(nᵢ(nᵢ − dᵢ)); `nil` once survival is 0.
    public let standardError: Double?
    /// Greenwood's standard error of ln Ŝ; `nil` once survival is 0.
    public let logStandardError: Double?
    /// `nil` where the scale has no interval: survival 0, and on the log-log scale survival 1.
    public let interval: Interval?
  }

  /// A time by which a share has had the event.
  public struct QuantileTime: Hashable, Sendable {
    /// `nil` when the share is not reached.
    public let time: Double?
    /// The ends of the interval; `nil` when an end is not reached.
    public let lower: Double?
    public let upper: Double?
  }

  /// One step for each distinct time.
  public let steps: [Step]
  public let count: Int
  public let eventCount: Int

  /// - Parameters:
  ///   - sample: any cause counts as the event.
  ///   - scale: of the pointwise intervals.
  public init(_ sample: SurvivalSample, scale: Scale = .logLog, level: ConfidenceLevel = .ninetyFive) {
    let order = sample.order
    count = sample.count
    eventCount = sample.eventCount
    var steps: [Step] = []
    var (survival, sum) = (1.0, 0.0)
    var start = 0
    let z = level.z
    while start < order.count {
      let time = sample.times[order[start]]
      var (end, events) = (start, 0)
      while end < order.count, sample.times[order[end]] == time {
        if sample.causes[order[end]] > 0 { events += 1 }
        end += 1
      }
      let atRisk = order.count - start
      if events > 0 {
        survival *= Double(atRisk - events) / Double(atRisk)
        sum += Double(events) / (Double(atRisk) * Double(atRisk - events))
      }
      let error = survival > 0 ? sum.squareRoot() : nil
      steps.append(
        Step(
          time: time, atRisk: atRisk, events: events, censored: end - start - events, survival: survival,
          standardError: error.map { survival * $0 }, logStandardError: error,
          interval: error.flatMap { Self.interval(survival, $0, z, scale) }))
      start = end
    }
    self.steps = steps
  }

  private static func interval(_ s: Double, _ error: Double, _ z: Double, _ scale: Scale) -> Interval? {
    switch scale {
    case .plain: return Interval(max(0, s - z * error * s), min(1, s + z * error * s))
    case .log: return Interval(s * exp(-z * error), min(1, s * exp(z * error)))
    case .logLog:
      guard s < 1 else { return nil }
      let half = z * error / log(s)
      return Interval(exp(log(s) * exp(-half)), exp(log(s) * exp(half)))
    }
  }

  /// The last step at or before a time; `nil` before the first.
  public func step(at time: Double) -> Step? {
    var (low, high) = (0, steps.count)
    while low < high {
      let middle = (low + high) / 2
      if steps[middle].time <= time { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : steps[low - 1]
  }

  /// Ŝ(t); `nil` beyond the last time when survival is not 0 then.
  public func survival(at time: Double) -> Double? {
    guard let last = steps.last, time <= last.time || last.survival == 0 else { return nil }
    return step(at: time)?.survival ?? 1
  }

  /// The median survival time.
  public var median: QuantileTime { quantile(0.5) }

  /// The time by which a share p in (0, 1) has had the event, with the interval that the pointwise intervals give
  /// (Brookmeyer and Crowley 1982). Where the curve lies level at 1 − p, the middle of that stretch.
  public func quantile(_ p: Double) -> QuantileTime {
    QuantileTime(
      time: crossing(1 - p, \.survival), lower: crossing(1 - p) { $0.survival > 0 ? $0.interval?.lower : 0 },
      upper: crossing(1 - p) { $0.survival > 0 ? $0.interval?.upper : nil })
  }

  private func crossing(_ level: Double, _ curve: (Step) -> Double?) -> Double? {
    let tolerance = 1e-9
    guard let first = steps.firstIndex(where: { (curve($0) ?? 1) <= level + tolerance }) else { return nil }
    let height = curve(steps[first]) ?? 1
    guard abs(height - level) <= tolerance,
      let next = steps[first...].first(where: { (curve($0) ?? 0) < level - tolerance })
    else { return steps[first].time }
    return (steps[first].time + next.time) / 2
  }

  /// The mean survival time up to a time: the area below the curve.
  public func restrictedMean(to time: Double) -> Double {
    var (area, before, survival) = (0.0, 0.0, 1.0)
    for step in steps where step.time < time {
      area += survival * (step.time - before)
      (before, survival) = (step.time, step.survival)
    }
    return area + survival * (time - before)
  }
}
