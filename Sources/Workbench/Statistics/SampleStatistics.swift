import JSON
import Provenance
import Statistics

/// Statistics of columns of a table.
public struct SampleStatistics: Sendable {
  private let table: DataTable

  /// - Throws: ``CaseError`` when the file cannot be read as a table.
  public init(_ path: String) throws { table = try DataTable.read(path) }

  /// Counts, location and spread of a column, for each group where one is named.
  public func describe(_ value: String, by group: String?) throws -> StatisticsResult {
    let (groups, missing) = try grouped(value, group)
    var text = TextTable(["", "n", "mean", "SD", "median", "quartiles", "range"], numbers: [1, 2, 3, 4])
    var entries: [JSONValue] = []
    for (name, values) in groups {
      let d = try Description(values)
      entries.append([
        "group": JSONValue(group == nil ? nil : name), "n": JSONValue(d.count), "mean": JSONValue(d.mean),
        "sd": JSONValue(d.deviation), "standardError": JSONValue(d.standardError),
        "meanInterval": d.meanInterval?.document ?? nil, "minimum": JSONValue(d.minimum),
        "lowerQuartile": JSONValue(d.lowerQuartile), "median": JSONValue(d.median),
        "upperQuartile": JSONValue(d.upperQuartile), "maximum": JSONValue(d.maximum),
        "geometricMean": JSONValue(d.geometricMean),
      ])
      text.add([
        name, "\(d.count)", short(d.mean), d.deviation.map(short) ?? "", short(d.median),
        "\(short(d.lowerQuartile)) to \(short(d.upperQuartile))", "\(short(d.minimum)) to \(short(d.maximum))",
      ])
    }
    return StatisticsResult(
      "description", ["value": JSONValue(value), "groups": JSONValue(entries)], findings: missing, summary: text.text)
  }

  /// Student's or Welch's test of two groups, or the paired test of two columns.
  public func tTest(_ value: String, by group: String?, with second: String?, assumeEqual: Bool) throws
    -> StatisticsResult
  {
    let test: TTest
    let findings: [Finding]
    var members: JSONObject = [:]
    if let second {
      guard group == nil else {
        throw CaseError(
          "pairs-and-groups", "Both --with and --by are given.", remedy: "Give --with for pairs or --by for groups.")
      }
      let (a, b, missing) = try paired(value, second)
      (test, findings) = (try TTest.paired(a, b), missing)
      members = ["first": JSONValue(value), "second": JSONValue(second), "n": JSONValue(a.count)]
    } else {
      let (names, samples, missing) = try twoGroups(value, group)
      test = try assumeEqual ? TTest.student(samples.0, samples.1) : TTest.welch(samples.0, samples.1)
      findings = missing
      members = groupMembers(value, names, samples)
    }
    members["difference"] = JSONValue(test.difference)
    members["interval"] = test.interval.document
    members["t"] = JSONValue(test.t)
    members["degreesOfFreedom"] = JSONValue(test.degreesOfFreedom)
    members["p"] = JSONValue(test.p)
    return StatisticsResult(
      "t-test-\(test.kind.rawValue)", members, findings: findings,
      summary: "Difference \(short(test.difference)) (95 % \(test.interval.text)), t = \(short(test.t)) with "
        + "\(short(test.degreesOfFreedom)) degrees of freedom, p = \(short(test.p)).\n")
  }

  /// The Mann-Whitney test of two groups.
  public func mannWhitney(_ value: String, by group: String?) throws -> StatisticsResult {
    let (names, samples, missing) = try twoGroups(value, group)
    let test = try MannWhitney(samples.0, samples.1)
    var members = groupMembers(value, names, samples)
    members["u"] = JSONValue(test.u)
    members["superiority"] = JSONValue(test.superiority)
    members["superiorityInterval"] =
      try CharacteristicArea(samples.0, above: samples.1).interval?.document ?? nil
    members["p"] = JSONValue(test.p)
    members["probability"] = JSONValue(test.method.rawValue)
    members["smallestAttainable"] = JSONValue(test.smallestAttainable)
    return StatisticsResult(
      "mann-whitney", members, findings: missing + cannotReach(test.smallestAttainable),
      summary: "\(names.0) above \(names.1) in \(short(100 * test.superiority)) % of pairs, U = \(short(test.u)), "
        + "p = \(short(test.p)) (\(test.method.rawValue)).\n")
  }

  /// Wilcoxon's signed-rank test of two columns.
  public func wilcoxon(_ first: String, with second: String) throws -> StatisticsResult {
    let (a, b, missing) = try paired(first, second)
    let test = try SignedRank(a, b)
    return StatisticsResult(
      "wilcoxon-signed-rank",
      [
        "first": JSONValue(first), "second": JSONValue(second), "n": JSONValue(a.count), "v": JSONValue(test.v),
        "zeros": JSONValue(test.zeros), "p": JSONValue(test.p), "probability": JSONValue(test.method.rawValue),
        "smallestAttainable": JSONValue(test.smallestAttainable),
      ], findings: missing + cannotReach(test.smallestAttainable),
      summary:
        "V = \(short(test.v)) of \(test.count) pairs that differ, p = \(short(test.p)) (\(test.method.rawValue)).\n"
    )
  }

  /// Pearson's and Spearman's coefficients of two columns.
  public func correlation(_ first: String, with second: String) throws -> StatisticsResult {
    let (a, b, missing) = try paired(first, second)
    let (pearson, spearman) = (try Correlation.pearson(a, b), try Correlation.spearman(a, b))
    func entry(_ c: Correlation) -> JSONValue {
      [
        "coefficient": JSONValue(c.coefficient), "interval": c.interval?.document ?? nil, "p": JSONValue(c.p),
        "probability": JSONValue(c.method.rawValue),
      ]
    }
    return StatisticsResult(
      "correlation",
      [
        "first": JSONValue(first), "second": JSONValue(second), "n": JSONValue(a.count), "pearson": entry(pearson),
        "spearman": entry(spearman),
      ], findings: missing,
      summary: "Pearson r = \(short(pearson.coefficient))"
        + (pearson.interval.map { " (95 % \($0.text))" } ?? "") + (pearson.p.map { ", p = \(short($0))" } ?? "")
        + "; Spearman ρ = \(short(spearman.coefficient))" + (spearman.p.map { ", p = \(short($0))" } ?? "")
        + "; \(a.count) pairs.\n")
  }

  /// Bland-Altman limits and intraclass correlation of two columns.
  public func agreement(_ first: String, with second: String) throws -> StatisticsResult {
    let (a, b, missing) = try paired(first, second)
    let agreement = try Agreement(a, b)
    func entry(_ limits: Agreement.Limits) -> JSONValue {
      [
        "bias": JSONValue(limits.bias), "deviation": JSONValue(limits.deviation), "limits": limits.limits.document,
      ]
    }
    let icc = agreement.intraclass
    return StatisticsResult(
      "agreement",
      [
        "first": JSONValue(first), "second": JSONValue(second), "n": JSONValue(a.count),
        "difference": entry(agreement.difference), "ratio": agreement.ratio.map(entry) ?? nil,
        "icc": [
          "oneWay": JSONValue(icc.oneWay), "agreement": JSONValue(icc.agreement),
          "consistency": JSONValue(icc.consistency),
        ],
      ], findings: missing,
      summary: "Bias \(short(agreement.difference.bias)), limits of agreement \(agreement.difference.limits.text); "
        + (agreement.ratio.map { "ratio \(short($0.bias)), limits \($0.limits.text); " } ?? "")
        + "ICC(2,1) \(short(icc.agreement)), ICC(3,1) \(short(icc.consistency)); \(a.count) pairs.\n")
  }

  /// One-way analysis of variance of groups.
  public func anova(_ value: String, by group: String) throws -> StatisticsResult {
    let (groups, missing) = try grouped(value, group)
    let test = try AnalysisOfVariance(groups.map(\.values))
    return StatisticsResult(
      "anova",
      [
        "value": JSONValue(value),
        "groups": JSONValue(groups.map { ["group": JSONValue($0.name), "n": JSONValue($0.values.count)] }),
        "sumsOfSquares": [
          "between": JSONValue(test.sumsOfSquares.between), "within": JSONValue(test.sumsOfSquares.within),
        ],
        "degreesOfFreedom": [JSONValue(test.degreesOfFreedom.between), JSONValue(test.degreesOfFreedom.within)],
        "f": JSONValue(test.f), "p": JSONValue(test.p), "etaSquared": JSONValue(test.etaSquared),
      ], findings: missing,
      summary: "F(\(test.degreesOfFreedom.between), \(test.degreesOfFreedom.within)) = \(short(test.f)), "
        + "p = \(short(test.p)).\n")
  }

  /// A proportion with Wilson's and Clopper and Pearson's intervals.
  public static func proportion(_ successes: Int, of trials: Int) throws -> StatisticsResult {
    let p = try Proportion(successes, of: trials)
    return StatisticsResult(
      "proportion",
      [
        "successes": JSONValue(successes), "trials": JSONValue(trials), "estimate": JSONValue(p.estimate),
        "wilson": p.wilson.document, "clopperPearson": p.clopperPearson.document,
      ],
      summary: "\(successes)/\(trials) = \(short(100 * p.estimate)) %; 95 % Wilson \(p.wilson.text), "
        + "Clopper-Pearson \(p.clopperPearson.text).\n")
  }

  // MARK: Columns

  private func grouped(_ value: String, _ group: String?) throws -> (
    groups: [(name: String, values: [Double])], findings: [Finding]
  ) {
    let numbers = try table.numbers(value)
    let names = try group.map { try table.texts($0) } ?? numbers.map { _ in value }
    var groups: [String: [Double]] = [:]
    var missing = 0
    for (number, name) in zip(numbers, names) {
      if let number, let name { groups[name, default: []].append(number) } else { missing += 1 }
    }
    guard groups.count <= 1000 else {
      throw CaseError(
        "too-many-groups", "The column “\(group ?? value)” names \(groups.count) groups.",
        remedy: "Name a column with few different values.")
    }
    let columns = ([value] + [group].compactMap { $0 }).map { "“\($0)”" }.joined(separator: " or ")
    return (groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, leftOut(missing, columns: columns))
  }

  /// Sensitivity, specificity and predictive values of counts.
  public static func diagnostic(
    truePositives: Int, falseNegatives: Int, falsePositives: Int, trueNegatives: Int
  ) throws -> StatisticsResult {
    let table = try DiagnosticTable(
      truePositives: truePositives, falseNegatives: falseNegatives, falsePositives: falsePositives,
      trueNegatives: trueNegatives)
    var text = TextTable(["", "", "share", "95 % exact"], numbers: [1, 2])
    var members: JSONObject = [
      "truePositives": JSONValue(truePositives), "falseNegatives": JSONValue(falseNegatives),
      "falsePositives": JSONValue(falsePositives), "trueNegatives": JSONValue(trueNegatives),
    ]
    let shares = [
      ("sensitivity", table.sensitivity), ("specificity", table.specificity),
      ("positivePredictiveValue", table.positivePredictiveValue),
      ("negativePredictiveValue", table.negativePredictiveValue),
    ]
    for (name, share) in shares {
      members[name] =
        share.map {
          [
            "estimate": JSONValue($0.estimate), "wilson": $0.wilson.document,
            "clopperPearson": $0.clopperPearson.document,
          ]
        } ?? nil
      text.add([
        name, share.map { "\($0.successes)/\($0.trials)" } ?? "0/0", share.map { short($0.estimate) } ?? "–",
        share.map(\.clopperPearson.text) ?? "–",
      ])
    }
    return StatisticsResult("diagnostic-table", members, summary: text.text)
  }

  private func twoGroups(_ value: String, _ group: String?) throws -> (
    names: (String, String), samples: ([Double], [Double]), findings: [Finding]
  ) {
    guard let group else {
      throw CaseError("group-missing", "No groups are named.", remedy: "Add --by with the column of the group.")
    }
    let (groups, findings) = try grouped(value, group)
    guard groups.count == 2 else {
      throw CaseError(
        "two-groups", "The column “\(group)” names \(groups.count) groups.",
        remedy: "Name a column with two different values; 'endora stats anova' compares more.")
    }
    return ((groups[0].name, groups[1].name), (groups[0].values, groups[1].values), findings)
  }

  private func groupMembers(
    _ value: String, _ names: (String, String), _ samples: ([Double], [Double])
  ) -> JSONObject {
    [
      "value": JSONValue(value),
      "groups": [
        ["group": JSONValue(names.0), "n": JSONValue(samples.0.count)],
        ["group": JSONValue(names.1), "n": JSONValue(samples.1.count)],
      ],
    ]
  }

  private func paired(_ first: String, _ second: String) throws -> ([Double], [Double], [Finding]) {
    let pairs = zip(try table.numbers(first), try table.numbers(second))
    let complete = pairs.compactMap { a, b in a.flatMap { a in b.map { (a, $0) } } }
    return (
      complete.map(\.0), complete.map(\.1),
      leftOut(table.count - complete.count, columns: "“\(first)” or “\(second)”")
    )
  }
}
