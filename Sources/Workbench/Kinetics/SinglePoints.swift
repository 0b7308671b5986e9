public import JSON
import Kinetics
import Provenance
import Quantities

/// Every point of a table as if it were the only one of its region: `tac single`.
public struct SinglePoints: Sendable {
  private struct Row: Sendable {
    let region: String
    let time: Time
    let result: Result<Values, any Error>
  }

  private struct Values: Sendable {
    let haenscheid: TimeIntegratedActivity
    /// t over the population's median half-life.
    let phase: Double
    let madsen: TimeIntegratedActivity
    let median: TimeIntegratedActivity
    let interval: ClosedRange<TimeIntegratedActivity>
  }

  private let prior: PopulationPrior
  private let administered: Activity?
  private let rows: [Row]

  /// - Throws: a refusal when the table or an option cannot be used.
  public init(_ request: CurveRequest, prior: CurveRequest.Prior) throws {
    let input = try request.read()
    let population = prior.population
    self.prior = population
    administered = input.administered
    rows = input.curves.flatMap { curve in
      curve.points.map { point in
        Row(
          region: curve.region, time: point.time,
          result: Result { try Self.values(point, population, input.settings.weighting, curve) })
      }
    }
  }

  private static func values(
    _ point: TimeActivityCurve.Point, _ prior: PopulationPrior, _ weighting: Weighting, _ curve: TimeActivityCurve
  ) throws -> Values {
    guard point.activity.base > 0, point.time.base > 0 else {
      throw CaseError(
        "point-without-estimate",
        "Region “\(curve.region)” at \(shortNumber(point.time.hours)) h has no activity or no time to decay.",
        remedy: "Use a point after the administration that has an activity.")
    }
    let relative: Double =
      switch weighting {
      case .given: point.standardUncertainty.map { $0 / point.activity } ?? 0
      case .relative(let fraction): fraction
      case .equal:
        throw CaseError(
          "uncertainty-missing", "A single point does not tell its own uncertainty.",
          remedy: "Weight by --weights given or relative.", category: .usage)
      }
    guard relative < 1 else {
      throw CaseError(
        "uncertainty-out-of-range",
        "Region “\(curve.region)” at \(shortNumber(point.time.hours)) h is as uncertain as it is large.",
        remedy: "Use another point.")
    }
    let posterior = SingleTimePoint.posterior(
      activity: point.activity, relativeUncertainty: relative, at: point.time, prior: prior,
      physicalDecay: curve.physicalDecay)
    return Values(
      haenscheid: SingleTimePoint.haenscheid(activity: point.activity, at: point.time),
      phase: point.time / prior.median,
      madsen: SingleTimePoint.madsen(
        activity: point.activity, at: point.time, rate: RateConstant(halfLife: prior.median)),
      median: posterior.median, interval: posterior.interval95)
  }

  /// `{"prior", "points": [...]}`.
  public var document: JSONValue {
    func tia(_ value: TimeIntegratedActivity) -> JSONValue { amount(value.megabecquerelHours, "MBq h") }
    return [
      "prior": [
        "name": JSONValue(prior.name), "effectiveHalfLife": amount(prior.median.hours, "h"),
        "source": JSONValue(prior.source.citation),
      ],
      "administered": administered.map { amount($0.megabecquerels, "MBq") } ?? nil,
      "points": JSONValue(
        rows.map { row in
          switch row.result {
          case .failure(let error):
            return [
              "region": JSONValue(row.region), "time": amount(row.time.hours, "h"),
              "refused": AnyRefusal(anyError: error).document,
            ]
          case .success(let values):
            return [
              "region": JSONValue(row.region), "time": amount(row.time.hours, "h"),
              "haenscheid": [
                "tia": tia(values.haenscheid), "timeOverHalfLife": JSONValue(values.phase),
                "isInRange": JSONValue(SingleTimePoint.haenscheidRange.contains(values.phase)),
              ],
              "madsen": ["tia": tia(values.madsen)],
              "population": [
                "tia": tia(values.median),
                "interval95": [
                  "lower": JSONValue(values.interval.lowerBound.megabecquerelHours),
                  "upper": JSONValue(values.interval.upperBound.megabecquerelHours), "unit": "MBq h",
                ],
                "tiac": administered.map { amount((values.median / $0).hours, "h") } ?? nil,
              ],
            ]
          }
        }),
    ]
  }

  /// A table for people.
  public var summary: String {
    var table = TextTable(
      ["Region", "t / h", "Hänscheid / MBq h", "Madsen / MBq h", "population / MBq h", "95 %"], numbers: [1, 2, 3, 4])
    var notes = ["Prior “\(prior.name)”: \(prior.source.citation). In brackets: outside the range of Hänscheid's rule."]
    for row in rows {
      switch row.result {
      case .failure(let error):
        table.add([row.region, shortNumber(row.time.hours), "-", "-", "-", "refused"])
        notes.append(AnyRefusal(anyError: error).text)
      case .success(let values):
        func number(_ value: TimeIntegratedActivity) -> String { shortNumber(value.megabecquerelHours) }
        let isInRange = SingleTimePoint.haenscheidRange.contains(values.phase)
        table.add([
          row.region, shortNumber(row.time.hours),
          isInRange ? number(values.haenscheid) : "(\(number(values.haenscheid)))", number(values.madsen),
          number(values.median), "\(number(values.interval.lowerBound)) to \(number(values.interval.upperBound))",
        ])
      }
    }
    return ([table.text] + notes.map { $0 + "\n" }).joined()
  }
}
