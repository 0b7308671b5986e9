import JSON
import Kinetics
import Numerics
import Provenance
import Quantities
import Therapy

/// What scans to come would be worth for the activity A_max that a case's limits allow: how far they are expected to
/// lower its uncertainty, and what could then be prescribed at the same risk.
///
/// Every scan shows all regions. It moves the fits, which cannot be foretold, and narrows their covariances, which can
/// (`CurveEstimate.expecting`); the limits are then drawn anew. Calibration, volume, mass and S values stay as they are,
/// so that `leastUncertainty` is what no number of scans betters.
struct ActivityWorth: Sendable {
  /// The activity with some scans.
  struct Worth: Sendable {
    let times: [Time]
    let relativeUncertainty: Double
    let activity: Activity
  }

  let now: Worth
  let leastUncertainty: Double
  let governing: String
  let acceptedRisk: Double?
  let candidates: [Worth]
  let next: Worth?
  let whole: Worth?

  /// - Throws: the refusal of the prescription, or ``CaseError`` when the uncertainty of a curve is not known.
  init(_ plan: Plan, _ scans: PlannedScans) throws {
    let analysis = plan.analysis
    guard let prescription = analysis.prescription else {
      throw analysis.refusal ?? AnyRefusal(CaseError.internalFault("There is no prescription."))
    }
    let limits = ExpectedLimits(
      prescription: prescription, seed: plan.file.therapy.seed, precision: scans.precision)
    let last = analysis.regions.compactMap(\.estimate).map(\.curve.last.time).max() ?? .zero
    let later = scans.times.filter { $0 > last }
    now = try limits.worth([]) { $0.expecting(scansAt: [], relativeUncertainty: scans.precision) }
    leastUncertainty = try limits.worth([]) { $0.withExactFits }.relativeUncertainty
    governing = prescription.governing.limit.name
    acceptedRisk = prescription.acceptedRisk
    candidates = try inParallel(later.count) { try limits.worth(more: [later[$0]]) }
    let best = ScanPlanning.best(scans.count, among: later) { limits.merit(more: $0) }
    next = try best.map { try limits.worth(more: $0.times) }
    let schedule = ScanPlanning.best(scans.count, among: scans.times) { limits.merit(alone: $0) }
    whole = try schedule.map { try limits.worth(alone: $0.times) }
  }

  func reduction(_ worth: Worth) -> Double { 1 - worth.relativeUncertainty / now.relativeUncertainty }
}

/// The limits of a prescription, their curves known as well as scans to come would have it.
private struct ExpectedLimits: Sendable {
  let prescription: Prescription
  let seed: UInt64
  let precision: Double

  private static let unknown = CaseError(
    "no-uncertainty", "The uncertainty of a curve behind the limits is not known.",
    remedy: "State the uncertainties of its points, or weight them by a relative one.")

  private func limits(_ change: (CurveEstimate) -> CurveEstimate?) throws -> [DoseLimit] {
    try prescription.outcomes.map(\.limit).map { limit in
      try limit.replacing(
        organ: limit.organ.mapping { curve in
          guard let changed = change(curve) else { throw Self.unknown }
          return changed
        })
    }
  }

  func worth(_ times: [Time], _ change: (CurveEstimate) -> CurveEstimate?) throws -> ActivityWorth.Worth {
    // No cap: it would hide what the limits allow.
    let found = try Prescription(
      limits: try limits(change), graft: prescription.graft, acceptedRisk: prescription.acceptedRisk,
      combination: prescription.combination, seed: seed)
    guard let u = found.relativeUncertainty else { throw Self.unknown }
    return ActivityWorth.Worth(times: times, relativeUncertainty: u, activity: found.activity)
  }

  func worth(more times: [Time]) throws -> ActivityWorth.Worth {
    try worth(times) { $0.expecting(scansAt: times, relativeUncertainty: precision) }
  }

  func worth(alone times: [Time]) throws -> ActivityWorth.Worth {
    try worth(times) { $0.expecting(onlyScansAt: times, relativeUncertainty: precision) }
  }

  func merit(more times: [Time]) -> Double {
    merit { $0.expecting(scansAt: times, relativeUncertainty: precision) }
  }

  func merit(alone times: [Time]) -> Double {
    merit { $0.expecting(onlyScansAt: times, relativeUncertainty: precision) }
  }

  /// The variance of ln A_max, to first order, without drawing: that of every limit's dose, weighted by how likely the
  /// limit is to be the one that is exceeded.
  private func merit(_ change: (CurveEstimate) -> CurveEstimate?) -> Double {
    guard let limits = try? limits(change) else { return .infinity }
    let weights = prescription.outcomes.map(\.probabilityOfExceeding)
    let total = weights.reduce(0, +)
    return zip(limits, weights).reduce(0) { sum, next in
      let (limit, weight) = next
      let begin: Time = limit.reading == .afterGraft || limit.reading == .dayOfGraft ? prescription.graft : .zero
      let u = limit.organ.perActivity(after: begin).relativeUncertainty ?? .infinity
      return sum + (total > 0 ? weight / total : 1) * u * u
    }
  }
}

extension ActivityWorth {
  var document: JSONValue {
    func worth(_ worth: Worth) -> [(String, JSONValue)] {
      [
        ("relativeUncertainty", JSONValue(worth.relativeUncertainty)), ("reduction", JSONValue(reduction(worth))),
        ("activity", amount(worth.activity.gigabecquerels, "GBq")),
      ]
    }
    func schedule(_ found: Worth?) -> JSONValue {
      found.map { found in
        .object(JSONObject([("times_h", JSONValue(found.times.map { JSONValue($0.hours) }))] + worth(found)))
      } ?? nil
    }
    return [
      "now": amount(now.activity.gigabecquerels, "GBq"), "relativeUncertainty": JSONValue(now.relativeUncertainty),
      "leastRelativeUncertainty": JSONValue(leastUncertainty), "governing": JSONValue(governing),
      "acceptedRisk": acceptedRisk.map { JSONValue($0) } ?? nil,
      "candidates": JSONValue(
        candidates.map { one in
          .object(JSONObject([("time_h", JSONValue(one.times[0].hours))] + worth(one)))
        }), "nextScans": schedule(next), "wholeSchedule": schedule(whole),
    ]
  }

  /// A table for people.
  var summary: String {
    func percent(_ share: Double) -> String { shortNumber(share * 100) + " %" }
    var table = TextTable(["One more scan at / h", "u(A_max)", "less by", "would allow"], numbers: [0, 1, 2, 3])
    for one in candidates {
      table.add([
        shortNumber(one.times[0].hours), percent(one.relativeUncertainty), percent(reduction(one)),
        activityText(one.activity),
      ])
    }
    func sentence(_ title: String, _ found: Worth?) -> String {
      guard let found else { return "\(title): that many scans do not determine every curve's model.\n" }
      let times = found.times.map { shortNumber($0.hours) }.joined(separator: ", ")
      return
        "\(title): \(times) h, u \(percent(found.relativeUncertainty)), would allow \(activityText(found.activity)).\n"
    }
    let risk = acceptedRisk.map { "at most \(percent($0)) risk" } ?? "best estimate"
    return """
      A_max now \(activityText(now.activity)) (\(risk), governed by \(governing)), u \(percent(now.relativeUncertainty)); \
      with the curves known exactly u \(percent(leastUncertainty)).

      \(table.text)
      \(next.map { sentence("Best next", $0) } ?? "")\(sentence("Whole schedule, nothing measured yet", whole))
      """
  }
}
