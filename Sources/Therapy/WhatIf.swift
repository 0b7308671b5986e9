public import Quantities

/// What another choice would mean, fast enough to follow a slider.
///
/// It answers from the joint truths a prescription was drawn from, so that the prescription's own choice gives the
/// prescription's own numbers.
public struct WhatIf: Sendable {
  /// A choice.
  public struct Choice: Hashable, Sendable {
    /// From therapy to the graft.
    public var graft: Time
    /// Accepted probability of exceeding a limit.
    public var acceptedRisk: Double
    /// p by limit name, where it is not the limit's own.
    public var conversionFactors: [String: Double]
    /// Names of limits that do not apply.
    public var leftOut: Set<String>
    /// The activity; `nil` for the largest at the accepted risk.
    public var activity: Activity?

    public init(
      graft: Time, acceptedRisk: Double, conversionFactors: [String: Double] = [:], leftOut: Set<String> = [],
      activity: Activity? = nil
    ) {
      self.graft = graft
      self.acceptedRisk = acceptedRisk
      self.conversionFactors = conversionFactors
      self.leftOut = leftOut
      self.activity = activity
    }
  }

  /// How a limit would fare.
  public struct Gauge: Hashable, Sendable {
    /// The limit's name.
    public let limit: String
    /// The best estimate of the dose that counts.
    public let dose: AbsorbedDose
    /// The probability of exceeding the limit.
    public let probabilityOfExceeding: Double
    /// The central 95 % of that dose; of a biological limit that of the activity it allows, carried over to the dose.
    public let interval: ClosedRange<AbsorbedDose>
  }

  /// What a choice means.
  public struct Answer: Hashable, Sendable {
    /// The largest activity at the accepted risk, rounded down to 0.01 GBq.
    public let largest: Activity
    /// The chosen activity, or the largest.
    public let activity: Activity
    /// One a limit that applies.
    public let gauges: [Gauge]
    /// The probability of exceeding any.
    public let probabilityOfExceedingAny: Double
    /// When the marrow's residual dose meets its limit by the best estimate; `nil` without such a limit.
    public let earliestGraft: Time?

    /// The limit most likely to be exceeded.
    public var governing: Gauge { gauges.max { $0.probabilityOfExceeding < $1.probabilityOfExceeding }! }
  }

  let joint: JointLimits

  public init(_ prescription: Prescription) { joint = prescription.joint }

  /// Answers a choice.
  ///
  /// - Throws: ``TherapyError`` for a choice outside its range or without any limit.
  public func answer(_ choice: Choice) throws -> Answer {
    let chosen = joint.limits.indices.filter { !choice.leftOut.contains(joint.limits[$0].name) }
    guard !chosen.isEmpty, choice.graft > .zero, choice.graft.isFinite, (0..<1).contains(choice.acceptedRisk),
      choice.acceptedRisk > 0, choice.conversionFactors.values.allSatisfy({ $0 > 0 && $0.isFinite }),
      choice.activity.map({ $0 > .zero && $0.isFinite }) ?? true
    else {
      throw TherapyError(
        "choice-invalid", "The choice has no limit, or a day, risk, factor or activity outside its range.",
        remedy: "Keep one limit, a day above 0, a risk between 0 and 1, and factors and activities above 0.")
    }
    let allowed = chosen.map { index in
      joint.allowed(
        index, graft: choice.graft, conversionFactor: choice.conversionFactors[joint.limits[index].name])
    }
    let all = least(of: allowed)
    let largest = Activity(base: quantile(all, choice.acceptedRisk)).roundedDown
    let activity = choice.activity ?? largest
    func share(_ values: [Double]) -> Double {
      Double(values.reduce(0) { $0 + ($1 < activity.base ? 1 : 0) }) / Double(values.count)
    }
    let gauges = zip(chosen, allowed).map { index, allowed in
      let limit = joint.limits[index]
      let factor = (choice.conversionFactors[limit.name] ?? limit.conversionFactor) / limit.conversionFactor
      let dose = limit.perActivity(graft: choice.graft) * factor * activity
      let ends = [0.975, 0.025].map { p -> AbsorbedDose in
        let end = quantile(allowed, p)
        return limit.biological == nil
          ? limit.available * (activity.base / end) : dose * (quantile(allowed, 0.5) / end)
      }
      return Gauge(
        limit: limit.name, dose: dose, probabilityOfExceeding: share(allowed), interval: ends[0]...max(ends[0], ends[1])
      )
    }
    return Answer(
      largest: largest, activity: activity, gauges: gauges, probabilityOfExceedingAny: share(all),
      earliestGraft: chosen.first { joint.limits[$0].reading == .afterGraft }.flatMap {
        GraftTiming.bestEstimate(for: joint.limits[$0], at: activity)
      })
  }
}

/// The quantile p of a list, interpolated as ``Sample/quantile(_:)`` does, without sorting all of it (Hoare 1961).
func quantile(_ values: [Double], _ p: Double) -> Double {
  var values = values
  let position = min(max(p, 0), 1) * Double(values.count - 1)
  let below = min(Int(position), values.count - 1)
  let low = select(&values, below)
  guard below + 1 < values.count else { return low }
  let high = values[(below + 1)...].min()!
  return low + (position - Double(below)) * (high - low)
}

/// The k-th smallest value; afterwards no value before place k is larger and none after it smaller.
private func select(_ values: inout [Double], _ k: Int) -> Double {
  var (left, right) = (0, values.count - 1)
  while left < right {
    let pivot = values[(left + right) / 2]
    var (i, j) = (left, right)
    while i <= j {
      while values[i] < pivot { i += 1 }
      while values[j] > pivot { j -= 1 }
      if i <= j {
        values.swapAt(i, j)
        i += 1
        j -= 1
      }
    }
    if k <= j { right = j } else if k >= i { left = i } else { return values[k] }
  }
  return values[k]
}
