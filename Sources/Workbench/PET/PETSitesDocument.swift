public import JSON
import Provenance
import Quantities
import Uptake

extension PETSites {
  /// Sites, mean, ratios, lesions, burden and eligibility as `pet sites` prints them.
  public func document() throws -> JSONValue {
    [
      "case": .string(plan.name), "series": JSONValue(pet?.series.seriesUID), "suvbw": pet?.factorDocument ?? .null,
      "template": ["name": .string(plan.template.name), "source": .string(plan.template.source)],
      "sites": JSONValue(
        skeleton.sites.map { site in
          var members = JSONObject([
            ("site", JSONValue.string(site.site)), ("suvMax", JSONValue(site.maximum?.base)),
            ("missing", JSONValue(site.missing)),
          ])
          for (key, value) in regions[site.site]?.uptake.members ?? [] where key != "suvMax" { members[key] = value }
          return .object(members)
        }),
      "meanSuvMax": JSONValue(skeleton.meanMaximum?.base), "n": JSONValue(skeleton.available),
      "range": skeleton.range.map { [.number($0.lowerBound.base), .number($0.upperBound.base)] } ?? .null,
      "iliacAsymmetry": JSONValue(skeleton.iliacAsymmetry),
      "references": .object(
        JSONObject(
          references.map { kind, uptake, region in
            (kind.rawValue, .object(JSONObject(region?.members ?? uptake.members)))
          })),
      "ratios": JSONValue(
        try ratios().map { target, ratio in
          [
            "target": .string(target), "reference": .string(ratio.reference.rawValue), "ratio": .number(ratio.ratio),
            "isBackground": .bool(!ratio.reference.expressesTarget),
          ]
        }),
      "lesions": JSONValue(
        lesions.map { lesion in
          .object(
            JSONObject([("name", JSONValue.string(lesion.name))] + (lesion.region?.members ?? lesion.uptake.members)))
        }),
      "burden": [
        "lesions": JSONValue(burden.lesions), "volumeMl": .number(burden.volume.millilitres),
        "totalUptake": .number(burden.total.base), "suvMean": JSONValue(burden.mean?.base),
      ],
      "wholeBody": wholeBody.map { $0.document(excluding: plan.burden) } ?? .null,
      "marrow": marrow?.document ?? .null, "eligibility": try eligibility(),
      "findings": JSONValue(findings.map(\.document)),
    ]
  }

  /// What a reader saw, and beside it the rules that were switched on, for marrow and lesions apart.
  private func eligibility() throws -> JSONValue {
    let marrow = skeleton.range?.upperBound
    let lesion = lesions.map(\.uptake.maximum).max()
    var surrogates = surrogates().map { rule -> JSONValue in
      [
        "rule": .string(rule.name), "threshold": .number(rule.threshold.base),
        "marrow": marrow.map { .bool($0 > rule.threshold) } ?? .null,
        "lesions": lesion.map { .bool($0 > rule.threshold) } ?? .null,
      ]
    }
    if plan.rules.usesFivePoints {
      surrogates.append([
        "rule": "five points against blood pool and liver", "validated": false,
        "marrow": JSONValue(try score(marrow).map { Double($0.rawValue) }),
        "lesions": JSONValue(try score(lesion).map { Double($0.rawValue) }),
      ])
    }
    if let controls = plan.rules.controls {
      surrogates.append([
        "rule": .string("z of the mean SUVmax against \(controls.count) controls"),
        "marrow": JSONValue(skeleton.meanMaximum.map { controls.deviation(of: $0) }), "lesions": .null,
      ])
    }
    return [
      "assessment": plan.assessment.map { ["positive": .bool($0.isPositive), "reader": JSONValue($0.reader)] } ?? .null,
      "basis": .string(plan.assessment == nil ? "none recorded" : "visual, by the reader"),
      "surrogates": JSONValue(surrogates),
    ]
  }

  /// A table of sites and what follows from them.
  public func summary() throws -> String {
    var table = TextTable(["site", "SUVmax", ""], numbers: [1])
    for site in skeleton.sites {
      table.add([site.site, site.maximum.map { shortNumber($0.base) } ?? "", site.missing.map(printable) ?? ""])
    }
    var lines: [String] = []
    if let mean = skeleton.meanMaximum, let range = skeleton.range {
      lines.append(
        "mean SUVmax \(shortNumber(mean.base)) (\(shortNumber(range.lowerBound.base)) to "
          + "\(shortNumber(range.upperBound.base))), n = \(skeleton.available)")
    } else {
      lines.append("no mean SUVmax: n = \(skeleton.available)")
    }
    lines += try ratios().map {
      "\(printable($0.target)) / \($0.ratio.reference.rawValue): \(shortNumber($0.ratio.ratio))"
    }
    lines += lesions.map { "\(printable($0.name)): \($0.region?.line ?? $0.uptake.line)" }
    if burden.lesions > 0 {
      lines.append("burden \(shortNumber(burden.volume.millilitres)) mL, total \(shortNumber(burden.total.base))")
    }
    if let wholeBody {
      lines.append(
        "whole body above \(shortNumber(wholeBody.rule.threshold.base)): \(wholeBody.lesions.count) lesions, "
          + "\(shortNumber(wholeBody.burden.volume.millilitres)) mL, total \(shortNumber(wholeBody.burden.total.base))")
    }
    if let marrow {
      lines.append(
        "marrow above \(shortNumber(marrow.reference.base)): \(shortNumber(marrow.volume.millilitres)) mL, "
          + "\(shortNumber(marrow.fraction * 100)) % of the skeleton")
    }
    if let asymmetry = skeleton.iliacAsymmetry {
      lines.append("ilia, right less left over their mean: \(shortNumber(asymmetry))")
    }
    if let seen = plan.assessment { lines.append("visual assessment: \(seen.isPositive ? "positive" : "negative")") }
    lines += findings.map { "\($0.severity.rawValue): \($0.text)" }
    return "\(printable(plan.name)), \(plan.template.name)\n\n\(table.text)\n\(lines.joined(separator: "\n"))\n"
  }
}

extension MarrowBurden {
  var document: JSONValue {
    [
      "reference": .number(reference.base), "skeletonMl": .number(skeleton.millilitres),
      "volumeMl": .number(volume.millilitres), "excessUptake": .number(excess.base), "fraction": .number(fraction),
    ]
  }
}

extension WholeBodyBurden {
  func document(excluding plan: BurdenPlan?) -> JSONValue {
    [
      "threshold": .number(rule.threshold.base), "leastMl": .number(rule.leastVolume.millilitres),
      "marginMm": .number(rule.margin.millimetres),
      "excluded": JSONValue((plan?.excluded ?? []).map { .string($0.name) }),
      "notExcluded": JSONValue((plan?.missing ?? []).map { .string($0) }),
      "excludedMl": .number(excluded.millilitres),
      "lesions": JSONValue(
        lesions.map { lesion in
          let place = JSONValue([lesion.hottest.x, lesion.hottest.y, lesion.hottest.z].map { .number($0) })
          return .object(
            JSONObject(
              [("hottestMm", place), ("skeletal", lesion.isSkeletal.map { .bool($0) } ?? .null)]
                + lesion.uptake.members))
        }),
      "volumeMl": .number(burden.volume.millilitres), "totalUptake": .number(burden.total.base),
      "suvMean": JSONValue(burden.mean?.base),
    ]
  }
}

extension ReferenceUptake {
  var members: [(String, JSONValue)] {
    [("suvMean", .number(mean.base)), ("suvSd", JSONValue(standardDeviation?.base))]
  }
}

extension LesionUptake {
  var members: [(String, JSONValue)] {
    [
      ("suvMax", .number(maximum.base)), ("suvMean", .number(mean.base)), ("volumeMl", .number(volume.millilitres)),
      ("totalUptake", .number((mean * volume).base)),
    ]
  }

  var line: String {
    "max \(shortNumber(maximum.base)), mean \(shortNumber(mean.base)), \(shortNumber(volume.millilitres)) mL, total "
      + "\(shortNumber((mean * volume).base))"
  }
}
