import JSON
import Provenance
import Statistics
import Therapy

extension Cohort {
  /// How uptake, activity and dose go with what happened: each quantity by each outcome, with coefficient and interval,
  /// and a test only where the number of patients allows one. All of it is exploratory.
  ///
  /// - Throws: ``CaseError`` when no pair has three patients.
  public func relations() throws -> StatisticsResult {
    let quantities: [(name: String, value: (CohortCase) -> Double?)] = [
      ("mean SUVmax", \.meanUptake), ("activity / GBq", { $0.activity?.gigabecquerels }),
      ("kidneys / Gy", { $0.dose(.kidneys)?.grays }), ("marrow / Gy", { $0.dose(.marrow)?.grays }),
    ]
    var entries: [JSONValue] = []
    var text = TextTable(["", "", "n", "", "95 %", "p"], numbers: [2])
    var count = 0
    func add(_ quantity: String, _ outcome: String, _ relation: Relation?) {
      guard let relation else { return }
      count += 1
      let interval = relation.bootstrap.interval
      entries.append([
        "quantity": JSONValue(quantity), "outcome": JSONValue(outcome), "n": JSONValue(relation.count),
        "coefficient": JSONValue(relation.kind.rawValue), "value": JSONValue(relation.coefficient),
        "interval": interval?.document ?? nil,
        "bootstrap": [
          "exact": JSONValue(relation.bootstrap.isExact), "resamples": JSONValue(relation.bootstrap.resamples),
          "undefinedShare": JSONValue(relation.bootstrap.undefinedShare),
        ],
        "p": JSONValue(relation.p), "withheld": JSONValue(relation.withheld),
      ])
      let sign =
        switch relation.kind {
        case .rankCorrelation: "ρ"
        case .superiority: "AUC"
        case .concordance: "C"
        }
      text.add([
        quantity, outcome, "\(relation.count)", "\(sign) \(short(relation.coefficient))",
        interval.map(\.text) ?? "none: too many resamples give no value",
        relation.p.map(short) ?? "no test: \(relation.withheld ?? "")",
      ])
    }
    for (name, value) in quantities {
      let days: [(String, (CohortCase) -> Int?)] = [
        ("neutrophil day", { $0.followUp?.neutrophils.value }), ("platelet day", { $0.followUp?.platelets.value }),
      ]
      for (outcome, day) in days {
        let pairs = cases.compactMap { one in value(one).flatMap { x in day(one).map { (x, Double($0)) } } }
        add(name, outcome, try? Relation(pairs.map(\.0), with: pairs.map(\.1)))
      }
      let responses = cases.compactMap { one in value(one).flatMap { x in one.hasResponded.map { (x, $0) } } }
      add(name, "response", try? Relation(responses.map(\.0), withOutcome: responses.map(\.1)))
      let times = cases.compactMap { one in value(one).flatMap { x in one.survival.map { (x, $0) } } }
      let sample = try? SurvivalSample(times: times.map { Double($0.1.days) }, events: times.map(\.1.died))
      add(name, "death", sample.flatMap { try? Relation(times.map(\.0), untilEvent: $0) })
    }
    guard count > 0 else {
      throw CaseError(
        "no-relations", "No quantity and outcome are known of three patients and vary.",
        remedy: "Add pet.json, schedule.json with activity_GBq, results and followup.json to the cases.")
    }
    return StatisticsResult(
      "relations",
      ["n": JSONValue(cases.count), "relations": JSONValue(entries), "inputs": inputs],
      findings: [
        Finding(
          .caution, code: "exploratory", title: "Exploratory.",
          "\(count) relations were looked at; by chance alone one in twenty tests gives p ≤ 0.05.",
          origin: "Statistics")
      ],
      summary: text.text
        + "ρ: Spearman; AUC: probability that the quantity is higher with a response; C: how often the higher quantity goes "
        + "with the earlier death. Intervals: percentiles of the bootstrap.\n")
  }
}
