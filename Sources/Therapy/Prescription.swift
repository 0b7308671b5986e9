import Foundation
import Dosimetry
public import Quantities
import Statistics

/// The largest activity within all limits, and how sure that is (SCIENCE 7).
public struct Prescription: Sendable {
  /// How one limit fares at the prescribed activity.
  public struct Outcome: Sendable {
    /// The limit.
    public let limit: DoseLimit
    /// The best estimate meets the limit at this activity, (L − prior)/(d p).
    public let bestEstimate: Activity
    /// The dose that counts at the prescribed activity, prior dose not included.
    public let dose: Uncertain<AbsorbedDose>
    /// The probability that the limit is exceeded there.
    public let probabilityOfExceeding: Double
    /// For every draw, the activity at which the limit is met.
    let allowed: Sample
  }

  /// The limits, in the order given.
  public let outcomes: [Outcome]
  /// The activity, rounded down to 0.01 GBq.
  public let activity: Activity
  /// The least of the best estimates: what the published method prescribes.
  public let bestEstimate: Activity
  /// The limit that decides: the most likely to be exceeded, and of equals the one whose best estimate comes first.
  public let governing: Outcome
  /// Whether a cap below all limits decides instead.
  public let isCapped: Bool
  /// What no input moves the activity above.
  let cap: Activity?
  /// The activity within all limits, before any cap and not rounded.
  let uncapped: Activity
  /// The accepted probability of exceeding any limit; `nil` when the best estimate was asked for.
  public let acceptedRisk: Double?
  /// From therapy to the graft.
  public let graft: Time
  /// How the limits were read together.
  public let combination: LimitCombination
  let joint: JointLimits
  private let allowedByAll: Sample

  /// How many joint truths are drawn.
  public static let drawCount = 20_000

  /// Finds the activity.
  ///
  /// With an accepted risk α it is the α-quantile, over joint draws of all uncertainties, of the activity that meets the
  /// first limit: P(any limit exceeded) ≤ α; with the governing limit alone it is the least of the limits' own quantiles.
  /// Without a risk it is the best estimate, min (L − prior)/(d p).
  ///
  /// - Throws: ``TherapyError`` when there is no limit, an organ's dose is not positive or its uncertainty was not
  ///   estimated, the graft is not after the therapy or the risk is not between 0 and 1.
  public init(
    limits: [DoseLimit], graft: Time, acceptedRisk: Double?, cap: Activity? = nil,
    combination: LimitCombination = .all, seed: UInt64
  ) throws {
    guard !limits.isEmpty else {
      throw TherapyError(
        "no-limits", "No limit was set.", remedy: "Set at least one dose limit; nothing is prescribed without.")
    }
    guard graft.isFinite, graft.base > 0 else {
      throw TherapyError(
        "graft-not-after-therapy", "The graft comes \(graft.days) days after the therapy.",
        remedy: "Give a day of the graft after the therapy.")
    }
    if let acceptedRisk, !(acceptedRisk > 0 && acceptedRisk < 1) {
      throw TherapyError(
        "risk-out-of-range", "The accepted risk is \(acceptedRisk).",
        remedy: "Give a probability between 0 and 1, such as 0.05.")
    }
    if let cap, !(cap.isFinite && cap.base > 0) {
      throw TherapyError(
        "cap-invalid", "The cap on the activity is \(cap.gigabecquerels) GBq.", remedy: "Give an activity above 0 GBq.")
    }
    for limit in limits {
      guard limit.perActivity(graft: graft).base > 0 else {
        throw TherapyError(
          "dose-not-positive", "The dose per activity of \(limit.name) is not above zero.",
          remedy: "Check the curve of \(limit.name); without its dose nothing can be prescribed.")
      }
      guard limit.organ.perActivity.standardUncertainty != nil || acceptedRisk == nil else {
        throw TherapyError(
          "uncertainty-not-estimated", "The dose of \(limit.name) has no uncertainty.",
          remedy: "State the uncertainties of its points, or ask for the best estimate without an accepted risk.")
      }
    }

    let joint = JointLimits(limits, count: Self.drawCount, seed: seed)
    let allowed = limits.indices.map { joint.allowed($0, graft: graft) }
    if let vague = zip(limits, allowed).first(where: { !$0.1.allSatisfy(\.isFinite) })?.0 {
      throw TherapyError(
        "fit-too-uncertain", "The fit behind \(vague.name) is too uncertain: some of its draws give no dose.",
        remedy: "Measure more points, or name a simpler model for \(vague.organ.region.name).")
    }
    let all = try Sample(least(of: allowed))
    let samples = try allowed.map { try Sample($0) }
    let estimates = limits.map { $0.available / $0.perActivity(graft: graft) }
    let best = estimates.min()!
    let wanted =
      acceptedRisk.map { risk in
        Activity(base: combination == .all ? all.quantile(risk) : samples.map { $0.quantile(risk) }.min()!)
      } ?? best
    let isCapped = cap.map { $0 < wanted } ?? false
    let activity = (isCapped ? cap! : wanted).roundedDown
    guard activity.base > 0 else {
      throw TherapyError(
        "nothing-left", "The limits allow less than 0.01 MBq.",
        remedy: "Check the doses and limits; no activity can be prescribed.")
    }
    outcomes = zip(limits, zip(estimates, samples)).map { limit, rest in
      let sample = rest.1
      let perActivity = limit.perActivity(graft: graft)
      return Outcome(
        limit: limit, bestEstimate: rest.0,
        dose: Uncertain(perActivity * activity, relative: sample.logDeviation),
        probabilityOfExceeding: sample.share(below: activity.base), allowed: sample)
    }
    governing = outcomes.min {
      ($1.probabilityOfExceeding, $0.bestEstimate.base) < ($0.probabilityOfExceeding, $1.bestEstimate.base)
    }!
    self.activity = activity
    self.bestEstimate = best
    self.isCapped = isCapped
    self.cap = cap
    uncapped = wanted
    self.acceptedRisk = acceptedRisk
    self.graft = graft
    self.combination = combination
    self.joint = joint
    allowedByAll = all
  }

  /// Whether a limit speaks of the day of the graft.
  public var dependsOnGraft: Bool { outcomes.contains { $0.limit.reading != .total } }

  /// The relative standard uncertainty of the largest activity within all limits: the standard deviation of its logarithm over
  /// the joint draws; `nil` when a draw allows nothing.
  public var relativeUncertainty: Double? {
    guard allowedByAll.minimum > 0 else { return nil }
    let logs = allowedByAll.sorted.map { log($0) }
    let mean = logs.reduce(0, +) / Double(logs.count)
    return (logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(logs.count)).squareRoot()
  }

  /// The probability that any limit is exceeded at an activity.
  public func probabilityOfExceedingAny(at activity: Activity) -> Double { allowedByAll.share(below: activity.base) }
}

/// For every draw, the least of several values.
func least(of lists: [[Double]]) -> [Double] {
  guard var least = lists.first else { return [] }
  for list in lists.dropFirst() {
    for index in least.indices where list[index] < least[index] { least[index] = list[index] }
  }
  return least
}

extension Prescription.Outcome {
  /// The probability that this limit is exceeded at an activity.
  public func probabilityOfExceeding(at activity: Activity) -> Double { allowed.share(below: activity.base) }
}

extension Activity {
  /// The activity cut to 0.01 GBq, below 0.1 GBq to 0.01 MBq: a limit never rounds up.
  ///
  /// A millionth of a step is forgiven, so that 13.77 stays.
  public var roundedDown: Activity {
    let step = gigabecquerels < 0.1 ? 1e-5 : 0.01
    return .gigabecquerels((gigabecquerels / step + 1e-6).rounded(.down) * step)
  }
}

extension Sample {
  /// The relative standard deviation of a log-normal with this sample's central 68 %.
  fileprivate var logDeviation: Double {
    let sigma = log(quantile(0.841_344_746) / quantile(0.158_655_254)) / 2
    return (exp(sigma * sigma) - 1).squareRoot()
  }
}
