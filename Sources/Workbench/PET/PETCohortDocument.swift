import Foundation
public import JSON
import Provenance
import Quantities
import Statistics
import Uptake

extension PETCohort {
  /// SUV table, groups, tests, entities, changes and the tumour-sink comparison as `pet cohort` prints them.
  public func document() throws -> JSONValue {
    [
      "template": ["name": .string(template.name), "source": .string(template.source)],
      "sites": JSONValue(template.sites.map { .string($0) }),
      "cases": JSONValue(try members.map { try $0.document() }),
      "groups": JSONValue(
        try groups.map { group in
          let all = members.filter { $0.plan.cohort.group == group }
          return [
            "name": .string(group), "cases": JSONValue(all.count),
            "assessedPositive": JSONValue(all.count { $0.plan.assessment?.isPositive == true }),
            "meanSuvMax": try description(means(of: group)),
          ]
        }),
      "tests": JSONValue(comparisons().map(\.document)),
      "entities": JSONValue(
        try entities().map { entity in
          [
            "name": .string(entity.name), "suvMax": try description(entity.maxima),
            "ratioToBloodPool": try description(entity.ratios),
          ]
        }),
      "tumourSink": JSONValue(sink().map(\.document)),
      "refused": JSONValue(
        refused.map { ["case": .string($0.name), "refused": $0.refusal.document] }),
      "findings": JSONValue(findings.map(\.document)),
    ]
  }

  private func description(_ values: [Double]) throws -> JSONValue {
    guard !values.isEmpty else { return ["n": 0, "mean": .null, "sd": .null, "median": .null, "range": .null] }
    let sample = try Sample(values)
    return [
      "n": JSONValue(sample.count), "mean": .number(sample.mean), "sd": JSONValue(sample.sampleDeviation),
      "median": .number(sample.median), "range": [.number(sample.minimum), .number(sample.maximum)],
    ]
  }

  /// The SUV table, the tests and the entities.
  public func summary() throws -> String {
    var table = TextTable(
      ["case", "group"] + template.sites + ["mean", "n"], numbers: Set(2..<template.sites.count + 4))
    for member in members {
      let skeleton = member.sites.skeleton
      table.add(
        [printable(member.plan.name), member.plan.cohort.group.map(printable) ?? ""]
          + skeleton.sites.map { $0.maximum.map { twoDecimals($0.base) } ?? "–" }
          + [skeleton.meanMaximum.map { twoDecimals($0.base) } ?? "–", "\(skeleton.available)"])
    }
    var parts = [table.text]
    let comparisons = comparisons()
    if !comparisons.isEmpty {
      var tests = TextTable(
        ["mean SUVmax", "n", "difference", "Student p", "Welch p", "Mann-Whitney p"], numbers: [1, 2, 3, 4, 5])
      for test in comparisons {
        tests.add([
          "\(printable(test.first)) against \(printable(test.second))", "\(test.counts.first), \(test.counts.second)",
          twoDecimals(test.student.difference), shortNumber(test.student.p), shortNumber(test.welch.p),
          "\(shortNumber(test.mannWhitney.p)) (\(test.mannWhitney.method == .exact ? "exact" : "normal"))",
        ])
      }
      parts.append(tests.text)
    }
    let entities = try entities()
    if !entities.isEmpty {
      var bars = TextTable(["entity", "n", "SUVmax", "n", "SUVmax / blood pool"], numbers: [1, 2, 3, 4])
      for entity in entities {
        bars.add([
          printable(entity.name), "\(entity.maxima.count)", try meanText(entity.maxima), "\(entity.ratios.count)",
          try meanText(entity.ratios),
        ])
      }
      parts.append(bars.text)
    }
    parts += sink().map { sink in
      "spleen SUVmean against \(sink.burden) of lesions: Spearman ρ \(shortNumber(sink.correlation.coefficient)), p "
        + "\(sink.correlation.p.map(shortNumber) ?? "–"), n \(sink.correlation.count)\n"
    }
    let notes = findings.map { "\($0.severity.rawValue): \($0.text)\n" }.joined()
    return (parts + (notes.isEmpty ? [] : [notes])).joined(separator: "\n")
  }

  private func meanText(_ values: [Double]) throws -> String {
    guard !values.isEmpty else { return "–" }
    let sample = try Sample(values)
    return twoDecimals(sample.mean) + (sample.sampleDeviation.map { " ± \(twoDecimals($0))" } ?? "")
  }

  /// The SUV table as a CSV file, one line a case.
  public func csv() -> [UInt8] {
    func field(_ text: String) -> String {
      let plain = printable(text)
      return plain.contains { ",\"".contains($0) } ? "\"\(plain.replacing("\"", with: "\"\""))\"" : plain
    }
    let header = ["case", "group", "entity"] + template.sites + ["meanSuvMax", "n", "hottest", "bloodPool", "spleen"]
    let lines = members.map { member in
      let (skeleton, cohort) = (member.sites.skeleton, member.plan.cohort)
      let values =
        skeleton.sites.map(\.maximum) + [skeleton.meanMaximum]
      return
        ([member.plan.name, cohort.group ?? "", cohort.entity ?? ""].map(field)
        + values.map { $0.map { "\($0.base)" } ?? "" } + ["\(skeleton.available)"]
        + [
          member.sites.hottest, member.sites.reference(.bloodPool)?.mean, member.sites.reference(.spleen)?.mean,
        ].map { $0.map { "\($0.base)" } ?? "" }).joined(separator: ",")
    }
    return Array(([header.map(field).joined(separator: ",")] + lines).map { $0 + "\n" }.joined().utf8)
  }
}

extension PETCohort.Member {
  func document() throws -> JSONValue {
    let skeleton = sites.skeleton
    return [
      "case": .string(plan.name), "group": JSONValue(plan.cohort.group), "entity": JSONValue(plan.cohort.entity),
      "leftOut": JSONValue(plan.cohort.leftOut),
      "suvMax": .object(JSONObject(skeleton.sites.map { ($0.site, JSONValue($0.maximum?.base)) })),
      "meanSuvMax": JSONValue(skeleton.meanMaximum?.base), "n": JSONValue(skeleton.available),
      "iliacAsymmetry": JSONValue(skeleton.iliacAsymmetry), "hottest": JSONValue(sites.hottest?.base),
      "bloodPool": JSONValue(sites.reference(.bloodPool)?.mean.base),
      "liver": JSONValue(sites.reference(.liver)?.mean.base),
      "spleen": JSONValue(sites.reference(.spleen)?.mean.base),
      "burden": sites.tumourBurden.map {
        ["volumeMl": .number($0.volume.millilitres), "totalUptake": .number($0.total.base)]
      } ?? .null,
      "assessedPositive": plan.assessment.map { .bool($0.isPositive) } ?? .null, "change": JSONValue(change),
    ]
  }
}

/// A number with two decimals, as uptake is written.
func twoDecimals(_ value: Double) -> String { String(format: "%.2f", value) }
