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

  private let priors: [PopulationPrior]
  private let administered: Activity?
  private let rows: [Row]

  /// - Throws: a refusal when the table or an option cannot be used.
  public init(_ request: CurveRequest, prior: PriorChoice) throws {
    let input = try request.read()
    let resolved = try prior.resolved()
    let populations = try input.curves.map { try resolved.prior(for: $0.region) }
    priors = populations.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    administered = input.administered
    rows = zip(input.curves, populations).flatMap { curve, population in
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
      case .equal, .poisson:
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

  private func description(_ prior: PopulationPrior) -> JSONValue {
    [
      "name": JSONValue(prior.name), "effectiveHalfLife": amount(prior.median.hours, "h"),
      "logDeviation": JSONValue(prior.logDeviation), "source": JSONValue(prior.source.citation),
    ]
  }

  /// `{"prior", "priors", "points": [...]}`; `prior` is the first of them.
  public var document: JSONValue {
    func tia(_ value: TimeIntegratedActivity) -> JSONValue { amount(value.megabecquerelHours, "MBq h") }
    return [
      "prior": description(priors[0]), "priors": JSONValue(priors.map(description)),
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
    var notes = priors.map { "Prior “\($0.name)”: \($0.source.citation)." }
    notes.append("In brackets: outside the range of Hänscheid's rule.")
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
