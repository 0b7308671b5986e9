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
          for (key, value) in regions[site.site]?.members ?? [] where key != "suvMax" { members[key] = value }
          return .object(members)
        }),
      "meanSuvMax": JSONValue(skeleton.meanMaximum?.base), "n": JSONValue(skeleton.available),
      "range": skeleton.range.map { [.number($0.lowerBound.base), .number($0.upperBound.base)] } ?? .null,
      "iliacAsymmetry": JSONValue(skeleton.iliacAsymmetry),
      "references": .object(
        JSONObject(references.map { ($0.kind.rawValue, JSONValue.object(JSONObject($0.uptake.members))) })),
      "ratios": JSONValue(
        try ratios().map { target, ratio in
          [
            "target": .string(target), "reference": .string(ratio.reference.rawValue), "ratio": .number(ratio.ratio),
            "isBackground": .bool(!ratio.reference.expressesTarget),
          ]
        }),
      "lesions": JSONValue(
        lesions.map { .object(JSONObject([("name", JSONValue.string($0.name))] + $0.uptake.members)) }),
      "burden": [
        "lesions": JSONValue(burden.lesions), "volumeMl": .number(burden.volume.millilitres),
        "totalUptake": .number(burden.total.base), "suvMean": JSONValue(burden.mean?.base),
      ],
      "marrow": marrow?.document ?? .null, "eligibility": eligibility,
      "findings": JSONValue(findings.map(\.document)),
    ]
  }

  /// What a reader saw, and beside it the rules that were switched on, for marrow and lesions apart.
  private var eligibility: JSONValue {
    let marrow = skeleton.range?.upperBound
    let lesion = lesions.map(\.uptake.maximum).max()
    return [
      "assessment": plan.assessment.map { ["positive": .bool($0.isPositive), "reader": JSONValue($0.reader)] } ?? .null,
      "basis": .string(plan.assessment == nil ? "none recorded" : "visual, by the reader"),
      "surrogates": JSONValue(
        surrogates().map { rule in
          [
            "rule": .string(rule.name), "threshold": .number(rule.threshold.base),
            "marrow": marrow.map { .bool($0 > rule.threshold) } ?? .null,
            "lesions": lesion.map { .bool($0 > rule.threshold) } ?? .null,
          ]
        }),
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
    lines += lesions.map { "\(printable($0.name)): \($0.uptake.line)" }
    if burden.lesions > 0 {
      lines.append("burden \(shortNumber(burden.volume.millilitres)) mL, total \(shortNumber(burden.total.base))")
    }
    if let marrow {
      lines.append(
        "marrow above \(shortNumber(marrow.reference.base)): \(shortNumber(marrow.volume.millilitres)) mL, "
          + "\(shortNumber(marrow.fraction * 100)) % of the skeleton")
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
