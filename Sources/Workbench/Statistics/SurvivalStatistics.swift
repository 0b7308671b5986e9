import JSON
import Provenance
import Reports
public import Statistics

/// Times to events in a table: survival, competing risks, proportional hazards.
public struct SurvivalStatistics: Sendable {
  private let table: DataTable
  private let sample: SurvivalSample
  private let rows: [Int]
  let time: String
  let event: String
  /// What figures call the time and the event.
  let titles: (time: String, event: String)
  private let missing: [Finding]

  /// - Parameters:
  ///   - time: the column with times of 0 or more.
  ///   - event: the column with states: 0 no event, 1 event, 2 and more competing events.
  ///   - value: where given, the state that is the event; every other is none.
  ///   - columns: columns of which a value must be there.
  /// - Throws: ``CaseError`` for a file, column or state that cannot be read.
  public init(_ path: String, time: String, event: String, eventIs value: String?, needs columns: [String] = []) throws
  {
    try self.init(DataTable.read(path), time: time, event: event, eventIs: value, needs: columns)
  }

  /// The same of a table that was read before; `titles` is what figures call the time and the event in place of the columns.
  init(
    _ table: DataTable, time: String, event: String, eventIs value: String? = nil, needs columns: [String] = [],
    titles: (time: String, event: String)? = nil
  ) throws {
    self.table = table
    (self.time, self.event) = (time, event)
    self.titles = titles ?? (time, event)
    let times = try table.numbers(time)
    let states = try table.texts(event)
    let others = try columns.map { try table.texts($0) }
    let complete = times.indices.filter { row in
      times[row] != nil && states[row] != nil && others.allSatisfy { $0[row] != nil }
    }
    rows = complete
    missing = leftOut(
      table.count - complete.count, columns: ([time, event] + columns).map { "“\($0)”" }.joined(separator: ", "))
    sample = try SurvivalSample(
      times: complete.compactMap { times[$0] },
      causes: try Self.causes(complete.compactMap { states[$0] }, column: event, eventIs: value))
  }

  private static func causes(_ states: [String], column: String, eventIs value: String?) throws -> [Int] {
    if let value {
      guard states.contains(value) else {
        throw CaseError(
          "event-absent", "The column “\(column)” nowhere holds “\(value)”.",
          remedy: "It holds \(Set(states).sorted().prefix(10).joined(separator: ", ")).")
      }
      return states.map { $0 == value ? 1 : 0 }
    }
    let words = ["false": 0, "true": 1, "FALSE": 0, "TRUE": 1, "0.0": 0, "1.0": 1]
    return try states.map { state in
      guard let cause = words[state] ?? Int(state), (0...100).contains(cause) else {
        throw CaseError(
          "event-unclear", "The column “\(column)” holds “\(state.prefix(40))”.",
          remedy: "Write 0 for no event and 1 for the event, or name the event with --event-is.")
      }
      return cause
    }.checkedForZero(column: column)
  }

  /// The groups of a column in the order of their names, or all as one.
  private func groups(_ column: String?) throws -> [(name: String, sample: SurvivalSample)] {
    guard let column else { return [("all", sample)] }
    let names = try table.texts(column)
    let labels = rows.map { names[$0] ?? "" }
    let distinct = Set(labels).sorted()
    guard distinct.count <= 20 else {
      throw CaseError(
        "too-many-groups", "The column “\(column)” names \(distinct.count) groups.",
        remedy: "Name a column with few different values.")
    }
    return distinct.compactMap { label in sample.subset { labels[$0] == label }.map { (label, $0) } }
  }

  /// Kaplan-Meier curves, or cumulative incidences where causes compete, and the test of groups.
  ///
  /// - Parameters:
  ///   - landmark: where given, times count from it among those still observed then.
  ///   - reached: a column with the time of something that happens on the way, such as a response: the groups are those
  ///     in whom it came by the landmark and those in whom it did not. To group by whether it ever came would count
  ///     having lived long enough for it as its effect.
  public func survival(
    by column: String?, scale: KaplanMeier.Scale, at times: [Double], landmark: Double?, reached: String? = nil
  ) throws -> StatisticsResult {
    var groups = try reached == nil ? groups(column) : landmarkGroups(reached, by: column, landmark: landmark)
    let column = reached ?? column
    if let landmark {
      groups = groups.compactMap { name, sample in sample.fromLandmark(landmark).map { (name, $0) } }
      guard !groups.isEmpty else {
        throw CaseError(
          "landmark-late", "Nobody is observed beyond \(short(landmark)).", remedy: "Give an earlier landmark.")
      }
    }
    let causes = Set(groups.flatMap { $0.sample.causes }).subtracting([0]).sorted()
    var members: JSONObject = [
      "time": JSONValue(time), "event": JSONValue(event), "landmark": JSONValue(landmark),
      "n": JSONValue(groups.reduce(0) { $0 + $1.sample.count }),
      "events": JSONValue(groups.reduce(0) { $0 + $1.sample.eventCount }),
    ]
    var text = TextTable(["group", "n", "events", "median", "95 %"], numbers: [1, 2, 3])
    members["interval"] = JSONValue(scale.rawValue)
    members["groups"] = JSONValue(
      groups.map { name, sample in
        let curve = KaplanMeier(sample, scale: scale)
        let median = curve.median
        text.add([
          name, "\(sample.count)", "\(sample.eventCount)", median.time.map(short) ?? "not reached",
          "\(median.lower.map(short) ?? "–") to \(median.upper.map(short) ?? "–")",
        ])
        return [
          "group": JSONValue(column == nil ? nil : name), "n": JSONValue(sample.count),
          "events": JSONValue(sample.eventCount),
          "median": [
            "time": JSONValue(median.time), "lower": JSONValue(median.lower), "upper": JSONValue(median.upper),
          ],
          "at": JSONValue(times.map { Self.point(curve, at: $0) }),
          "curve": JSONValue(curve.steps.map(Self.step)),
          "incidence": causes.count > 1 ? JSONValue(causes.map { Self.incidence(of: $0, in: sample) }) : nil,
        ]
      })
    var tests: [JSONValue] = []
    var findings = missing
    var lines = ""
    if groups.count > 1 {
      let logRank = try LogRank(groups.map(\.sample))
      tests.append([
        "test": "log-rank", "chiSquared": JSONValue(logRank.chiSquared),
        "degreesOfFreedom": JSONValue(logRank.degreesOfFreedom), "p": JSONValue(logRank.p),
        "observed": JSONValue(logRank.observed.map { JSONValue($0) }),
        "expected": JSONValue(logRank.expected.map { JSONValue($0) }),
      ])
      lines = "Log-rank χ² = \(short(logRank.chiSquared)), p = \(short(logRank.p)).\n"
      if causes.count > 1 {
        for cause in causes {
          let gray = try GrayTest(of: cause, in: groups.map(\.sample))
          tests.append([
            "test": "gray", "cause": JSONValue(cause), "chiSquared": JSONValue(gray.chiSquared),
            "degreesOfFreedom": JSONValue(gray.degreesOfFreedom), "p": JSONValue(gray.p),
          ])
          lines += "Gray's test of cause \(cause): χ² = \(short(gray.chiSquared)), p = \(short(gray.p)).\n"
        }
      }
      let fewest = groups.map(\.sample.eventCount).min() ?? 0
      if fewest < 5 {
        findings.append(
          Finding(
            .caution, code: "few-events", title: "Few events.",
            "A group has \(fewest) \(fewest == 1 ? "event" : "events"); the tests rest on large samples and are no more than descriptive here.",
            origin: "Statistics"))
      }
    }
    members["tests"] = JSONValue(tests)
    return StatisticsResult(
      causes.count > 1 ? "competing-risks" : "kaplan-meier", members, findings: findings, summary: text.text + lines,
      figures: figures(
        groups, scale: scale, causes: causes, by: column, landmark: landmark, note: lines,
        isExploratory: findings.contains { $0.code == "few-events" }))
  }

  private func landmarkGroups(
    _ reached: String?, by column: String?, landmark: Double?
  ) throws -> [(name: String, sample: SurvivalSample)] {
    guard let reached, let landmark, column == nil else {
      throw CaseError(
        "landmark-groups", "The time of an event on the way is given without a landmark, or with --by.",
        remedy: "Give --landmark with --reached, and leave out --by.")
    }
    let times = try table.numbers(reached)
    let came = rows.map { row in times[row].map { $0 <= landmark } ?? false }
    return [("by then", true), ("not by then", false)].compactMap { name, value in
      sample.subset { came[$0] == value }.map { (name, $0) }
    }
  }

  /// Cox regression on columns of numbers.
  public func cox(_ covariates: [String], ties: CoxRegression.Ties) throws -> StatisticsResult {
    let columns = try covariates.map { name in
      let numbers = try table.numbers(name)
      return (name, rows.compactMap { numbers[$0] })
    }
    let cox = try CoxRegression(sample, covariates: columns, ties: ties)
    var findings = missing
    if cox.eventCount < 10 * covariates.count {
      findings.append(
        Finding(
          .caution, code: "few-events", title: "Few events for so many covariates.",
          "\(cox.eventCount) events for \(covariates.count) covariates; below ten each, ratios are unstable.",
          origin: "Statistics"))
    }
    func test(_ test: CoxRegression.GlobalTest) -> JSONValue {
      [
        "chiSquared": JSONValue(test.chiSquared), "degreesOfFreedom": JSONValue(test.degreesOfFreedom),
        "p": JSONValue(test.p),
      ]
    }
    var text = TextTable(["covariate", "hazard ratio", "95 %", "p"], numbers: [1, 3])
    for c in cox.coefficients { text.add([c.name, short(c.hazardRatio), c.interval.text, short(c.p)]) }
    return StatisticsResult(
      "cox",
      [
        "time": JSONValue(time), "event": JSONValue(event), "n": JSONValue(cox.count),
        "events": JSONValue(cox.eventCount),
        "ties": JSONValue(ties.rawValue),
        "coefficients": JSONValue(
          cox.coefficients.map { c in
            [
              "covariate": JSONValue(c.name), "estimate": JSONValue(c.estimate),
              "standardError": JSONValue(c.standardError), "z": JSONValue(c.z), "p": JSONValue(c.p),
              "hazardRatio": JSONValue(c.hazardRatio), "interval": c.interval.document,
            ]
          }),
        "logLikelihood": ["null": JSONValue(cox.nullLogLikelihood), "fitted": JSONValue(cox.logLikelihood)],
        "likelihoodRatio": test(cox.likelihoodRatio), "wald": test(cox.wald), "score": test(cox.score),
      ], findings: findings,
      summary: text.text + "\(cox.count) subjects, \(cox.eventCount) events; likelihood ratio "
        + "χ²(\(covariates.count)) = \(short(cox.likelihoodRatio.chiSquared)), p = \(short(cox.likelihoodRatio.p)).\n",
      figures: [
        Figure.hazardRatios(
          HazardRatioPlot(
            title: "Hazard ratios, \(event)",
            rows: cox.coefficients.map {
              .init(
                name: $0.name, ratio: $0.hazardRatio, lower: $0.interval.lower, upper: $0.interval.upper,
                probability: probabilityText($0.p))
            },
            note:
              "Cox regression, \(ties.rawValue) for ties; \(cox.count) subjects, \(cox.eventCount) events; bars 95 %."))
      ].compactMap { $0 })
  }

  // MARK: Entries

  private static func step(_ step: KaplanMeier.Step) -> JSONValue {
    [
      "time": JSONValue(step.time), "atRisk": JSONValue(step.atRisk), "events": JSONValue(step.events),
      "censored": JSONValue(step.censored), "survival": JSONValue(step.survival),
      "standardError": JSONValue(step.standardError), "interval": step.interval?.document ?? nil,
    ]
  }

  private static func point(_ curve: KaplanMeier, at time: Double) -> JSONValue {
    let survival = curve.survival(at: time)
    return [
      "time": JSONValue(time), "survival": JSONValue(survival),
      "interval": survival == nil ? nil : curve.step(at: time)?.interval?.document ?? nil,
    ]
  }

  private static func incidence(of cause: Int, in sample: SurvivalSample) -> JSONValue {
    [
      "cause": JSONValue(cause),
      "curve": JSONValue(
        CumulativeIncidence(of: cause, in: sample).steps.map { step in
          [
            "time": JSONValue(step.time), "atRisk": JSONValue(step.atRisk), "events": JSONValue(step.events),
            "competing": JSONValue(step.competing), "incidence": JSONValue(step.incidence),
            "standardError": JSONValue(step.standardError), "interval": step.interval?.document ?? nil,
          ]
        }),
    ]
  }
}

extension [Int] {
  /// States of which none is 0 may be coded otherwise, such as 1 alive and 2 dead.
  fileprivate func checkedForZero(column: String) throws -> [Int] {
    guard Set(self).count < 2 || contains(0) else {
      throw CaseError(
        "event-unclear",
        "The column “\(column)” holds \(Set(self).sorted().prefix(10).map(String.init).joined(separator: ", ")) and never 0.",
        remedy: "Name the state that is the event with --event-is, such as --event-is 2.")
    }
    return self
  }
}
