import Foundation
public import JSON
import Kinetics
import Provenance
import Quantities

/// Which scans `tac schedule` compares.
struct PlannedScans: Sendable {
  /// How many more, and how many in a whole schedule.
  let count: Int
  /// The candidate times after the administration.
  let times: [Time]
  /// The relative standard uncertainty of a scan to come.
  let precision: Double

  init(_ count: Int, step: Double, until: Double, precision: Double) throws {
    guard (1...8).contains(count) else {
      throw CaseError(
        "scans-out-of-range", "\(count) scans are asked for.", remedy: "Ask for 1 to 8.", category: .usage)
    }
    guard step > 0, until >= step, until <= 1000, until / step <= 200 else {
      throw CaseError(
        "candidates-out-of-range", "Candidate times every \(step) h until \(until) h cannot be compared.",
        remedy: "Give a step above 0 h, an end of at most 1000 h, and at most 200 steps.", category: .usage)
    }
    guard precision > 0, precision < 1 else {
      throw CaseError(
        "uncertainty-out-of-range", "The relative uncertainty of a scan is \(precision).",
        remedy: "Give a fraction between 0 and 1, such as 0.05.", category: .usage)
    }
    self.count = count
    self.precision = precision
    times = (1...Int(until / step)).map { .hours(Double($0) * step) }
  }
}

/// What more scans would be worth, and which times are the best: `tac schedule`. Of a table's regions for their
/// time-integrated activities, of a case also for the activity that its limits allow.
public struct ScanSchedule: Sendable {
  private struct Plan: Sendable {
    let estimate: CurveEstimate
    let now: TimeIntegratedActivity
    let candidates: [(time: Time, uncertainty: TimeIntegratedActivity)]
    let next: Schedule?
    let whole: Schedule?

    var value: TimeIntegratedActivity { estimate.timeIntegratedActivity.value }

    init(_ estimate: CurveEstimate, _ scans: PlannedScans) throws {
      let planning = try ScanPlanning(estimate, relativeUncertainty: scans.precision)
      let later = scans.times.filter { $0 > estimate.curve.last.time }
      self.estimate = estimate
      now = planning.standardUncertainty
      candidates = later.map { ($0, planning.standardUncertainty(withScansAt: [$0])) }
      next = planning.bestScans(scans.count, among: later)
      whole = planning.bestSchedule(scans.count, among: scans.times)
    }
  }

  private let scans: PlannedScans
  private let rows: [(region: String, result: Result<Plan, any Error>)]
  private let activity: ActivityWorth?

  /// Of a table or of a case, which is a folder or a JSON file.
  ///
  /// - Throws: a refusal when a table has no nuclide, or options say what the case says.
  public static func make(
    _ path: String, nuclide: String?, model: CurveRequest.Model, weights: CurveRequest.Weights?,
    relativeUncertainty: Double, prior: PriorChoice?, scans: Int, step: Double, until: Double, precision: Double
  ) throws -> ScanSchedule {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    if exists, isFolder.boolValue || path.hasSuffix(".json") {
      guard nuclide == nil, model == .auto, weights == nil, prior == nil else {
        throw CaseError(
          "case-states-it", "The case states nuclide, models, weights and priors itself.",
          remedy: "Leave --nuclide, --model, --weights and --prior out, or change the case.", category: .usage)
      }
      return try ScanSchedule(case: path, scans: scans, step: step, until: until, precision: precision)
    }
    guard let nuclide else {
      throw CaseError(
        "nuclide-missing", "A table does not tell its nuclide.", remedy: "Name it with --nuclide, such as Lu-177.",
        category: .usage)
    }
    return try ScanSchedule(
      CurveRequest(
        table: path, nuclide: nuclide, administered: nil, model: model, weights: weights,
        relativeUncertainty: relativeUncertainty, prior: prior), scans: scans, step: step, until: until,
      precision: precision)
  }

  /// Of the regions of a table.
  ///
  /// - Parameters:
  ///   - scans: how many more, and how many in a whole schedule, 1 to 8.
  ///   - step, until: the candidate times in hours after the administration: every `step` from `step` to `until`.
  ///   - precision: the relative standard uncertainty of a scan to come.
  public init(_ request: CurveRequest, scans: Int, step: Double, until: Double, precision: Double) throws {
    let scans = try PlannedScans(scans, step: step, until: until, precision: precision)
    let input = try request.read()
    self.scans = scans
    activity = nil
    rows = input.curves.map { curve in
      (curve.region, Result { try Plan(try curve.analysed(with: input.settings(for: curve)), scans) })
    }
  }

  /// Of a case, its limits and its regions; its curves are those of `plan`.
  public init(case path: String, scans: Int, step: Double, until: Double, precision: Double) throws {
    let scans = try PlannedScans(scans, step: step, until: until, precision: precision)
    let plan = try Workbench.Plan.make(path)
    self.scans = scans
    activity = try ActivityWorth(plan, scans)
    rows = plan.analysis.regions.map { region in
      (
        region.measured.region.name,
        Result {
          switch region.outcome {
          case .refused(let error): throw error
          case .estimate(let estimate): return try Plan(estimate, scans)
          }
        }
      )
    }
  }

  /// `{"scans", "regions": [...]}`; uncertainties relative to the time-integrated activity, from the fit alone.
  public var document: JSONValue {
    var document: JSONObject = [
      "scans": JSONValue(scans.count), "scanUncertainty": JSONValue(scans.precision),
      "regions": JSONValue(
        rows.map { row in
          switch row.result {
          case .failure(let error):
            return ["name": JSONValue(row.region), "refused": AnyRefusal(anyError: error).document]
          case .success(let plan):
            func schedule(_ schedule: Schedule?) -> JSONValue {
              schedule.map {
                [
                  "times_h": JSONValue($0.times.map { JSONValue($0.hours) }),
                  "relativeUncertainty": JSONValue($0.standardUncertainty / plan.value),
                  "reduction": JSONValue(1 - $0.standardUncertainty / plan.now),
                ]
              } ?? nil
            }
            return [
              "name": JSONValue(row.region), "model": JSONValue(plan.estimate.average.best.model.rawValue),
              "relativeUncertainty": JSONValue(plan.now / plan.value),
              "candidates": JSONValue(
                plan.candidates.map {
                  [
                    "time_h": JSONValue($0.time.hours), "relativeUncertainty": JSONValue($0.uncertainty / plan.value),
                    "reduction": JSONValue(1 - $0.uncertainty / plan.now),
                  ]
                }),
              "nextScans": schedule(plan.next), "wholeSchedule": schedule(plan.whole),
            ]
          }
        }),
    ]
    if let activity { document["activity"] = activity.document }
    return .object(document)
  }

  /// A table for people.
  public var summary: String {
    var table = TextTable(
      ["Region", "Model", "u now", "best next / h", "u then", "whole schedule / h", "u"], numbers: [2, 4, 6])
    var notes: [String] = []
    func share(_ u: TimeIntegratedActivity, _ plan: Plan) -> String { shortNumber(u / plan.value * 100) + " %" }
    func times(_ schedule: Schedule?) -> String {
      schedule.map { $0.times.map { shortNumber($0.hours) }.joined(separator: ", ") } ?? "-"
    }
    for row in rows {
      switch row.result {
      case .failure(let error):
        table.add([row.region, "refused", "-", "-", "-", "-", "-"])
        notes.append(AnyRefusal(anyError: error).text)
      case .success(let plan):
        table.add([
          row.region, plan.estimate.average.best.model.rawValue, share(plan.now, plan), times(plan.next),
          plan.next.map { share($0.standardUncertainty, plan) } ?? "-", times(plan.whole),
          plan.whole.map { share($0.standardUncertainty, plan) } ?? "-",
        ])
      }
    }
    return ((activity.map { [$0.summary, "\n"] } ?? []) + [table.text] + notes.map { $0 + "\n" }).joined()
  }
}
