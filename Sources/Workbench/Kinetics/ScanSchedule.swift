public import JSON
import Kinetics
import Provenance
import Quantities

/// What one more scan of each region of a table would be worth, and which times are the best: `tac schedule`.
public struct ScanSchedule: Sendable {
  private struct Plan: Sendable {
    let estimate: CurveEstimate
    let now: TimeIntegratedActivity
    let candidates: [(time: Time, uncertainty: TimeIntegratedActivity)]
    let next: Schedule?
    let whole: Schedule?

    var value: TimeIntegratedActivity { estimate.timeIntegratedActivity.value }
  }

  private let scans: Int
  private let precision: Double
  private let rows: [(region: String, result: Result<Plan, any Error>)]

  /// - Parameters:
  ///   - scans: how many more, and how many in a whole schedule, 1 to 8.
  ///   - step, until: the candidate times in hours after the administration: every `step` from `step` to `until`.
  ///   - precision: the relative standard uncertainty of a scan to come.
  public init(_ request: CurveRequest, scans: Int, step: Double, until: Double, precision: Double) throws {
    guard (1...8).contains(scans) else {
      throw CaseError(
        "scans-out-of-range", "\(scans) scans are asked for.", remedy: "Ask for 1 to 8.", category: .usage)
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
    let input = try request.read()
    let times = (1...Int(until / step)).map { Time.hours(Double($0) * step) }
    self.scans = scans
    self.precision = precision
    rows = input.curves.map { curve in
      (
        curve.region,
        Result {
          let estimate = try curve.analysed(with: input.settings(for: curve))
          let planning = try ScanPlanning(estimate, relativeUncertainty: precision)
          let later = times.filter { $0 > curve.last.time }
          return Plan(
            estimate: estimate, now: planning.standardUncertainty,
            candidates: later.map { ($0, planning.standardUncertainty(withScansAt: [$0])) },
            next: planning.bestScans(scans, among: later), whole: planning.bestSchedule(scans, among: times))
        }
      )
    }
  }

  /// `{"scans", "regions": [...]}`; uncertainties relative to the time-integrated activity, from the fit alone.
  public var document: JSONValue {
    [
      "scans": JSONValue(scans), "scanUncertainty": JSONValue(precision),
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
    return ([table.text] + notes.map { $0 + "\n" }).joined()
  }
}
