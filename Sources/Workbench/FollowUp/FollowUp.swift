public import JSON
import Provenance
import Therapy

/// What the rules say of a patient's follow-up.
public struct FollowUp: Sendable {
  let file: FollowUpFile

  public init(_ file: FollowUpFile) { self.file = file }

  /// One JSON document: each verdict with its clause and what was missing.
  public var document: JSONValue {
    [
      "format": "endora-followup-result-1", "endora": JSONValue(Release.version),
      "disclaimer": JSONValue(Release.disclaimer), "name": JSONValue(file.name),
      "days": [
        "graft": 0, "radiopharmaceutical": JSONValue(file.therapyDay), "conditioning": JSONValue(file.conditioningDay),
        "death": file.deathDay.map { JSONValue($0) } ?? nil,
      ],
      "toxicity": JSONValue(toxicities.map(\.document)),
      "tumourLysis": JSONValue(lysis.map(\.document)),
      "engraftment": [
        "neutrophils": verdict(neutrophils) { JSONValue($0) }, "platelets": verdict(platelets) { JSONValue($0) },
        "primaryFailure": verdict(failure) { JSONValue($0.rawValue) },
        "lossAfterRecovery": verdict(loss) { JSONValue($0) },
        "graftFunction": verdict(graftFunction) { JSONValue($0.rawValue) },
        "boosts": JSONValue(boosts.map(\.document)),
      ],
      "chimerism": JSONValue(
        chimerism.map { entry in
          [
            "day": JSONValue(entry.day), "donor_percent": JSONValue(entry.donor?.double),
            "interval95": entry.share?.interval.document ?? nil,
            "verdict": verdict(entry.verdict) { JSONValue($0.rawValue) },
          ]
        }),
      "responses": JSONValue(
        responses.map { entry in
          [
            "day": JSONValue(entry.day), "verdict": verdict(entry.verdict) { JSONValue($0.rawValue) },
            "alternative": verdict(entry.alternative) { JSONValue($0.rawValue) },
            "residualDisease": entry.residual.map { JSONValue($0) } ?? nil, "text": JSONValue(entry.text),
          ]
        }),
      "kidneys": kidneysDocument, "years": JSONValue(years.map(\.document)),
      "comorbidity": file.comorbidity.map { ["score": JSONValue($0.score), "group": JSONValue($0.group)] } ?? nil,
      "findings": JSONValue(file.findings.worstFirst().map(\.document)),
      "inputs": [
        ["input": "followup.json", "sha256": JSONValue(file.digests.file.hexadecimal)],
        ["input": "laboratory", "sha256": JSONValue(file.digests.laboratory.hexadecimal)],
      ],
    ]
  }

  /// The same in plain text.
  public var summary: String {
    var table = TextTable(["worst since therapy", "grade", "day", "value", "before", "change"], numbers: [1, 2, 3])
    for t in toxicities {
      table.add([
        t.analyte.rawValue, t.grade.value.map { "\($0)" } ?? "?", "\(t.day)", "\(t.value)",
        t.beforeTherapy.map { "\($0)" } ?? "?", t.change.map { $0 > 0 ? "+\($0)" : "\($0)" } ?? "?",
      ])
    }
    func line(_ title: String, _ text: String?, _ missing: [String]) -> String {
      "\(title): \(text ?? "not decided")\(missing.isEmpty ? "" : "; missing \(missing.joined(separator: ", "))").\n"
    }
    var text = "\(file.name). \(Release.disclaimer)\n\n" + table.text + "\n"
    text += line("Neutrophils", neutrophils.value.map { "day +\($0)" }, neutrophils.missing)
    text += line("Platelets", platelets.value.map { "day +\($0)" }, platelets.missing)
    text += line("Primary graft failure", failure.value?.rawValue, failure.missing)
    text += line("Graft function", graftFunction.value?.rawValue, graftFunction.missing)
    for boost in boosts {
      text += line(
        "After the boost of day +\(boost.day), neutrophils", boost.neutrophils.value.map { "day +\($0)" },
        boost.neutrophils.missing)
    }
    for entry in chimerism {
      text += line(
        "Chimerism, day \(entry.day)",
        entry.verdict?.value.map { value in
          value.rawValue + (entry.share.map { ", \(short($0.percent)) % (95 %: \($0.interval.text))" } ?? "")
        }, entry.verdict?.missing ?? ["the share"])
    }
    for entry in responses { text += line("Response, day \(entry.day)", entry.text, entry.verdict.missing) }
    for entry in lysis {
      let days = entry.days.value.map { $0.isEmpty ? "none" : "day " + $0.map(String.init).joined(separator: ", ") }
      text += line("Tumour lysis (\(entry.definition.rawValue)) around \(entry.anchor)", days, entry.days.missing)
    }
    text += courseSummary
    if let comorbidity = file.comorbidity { text += "HCT-CI: \(comorbidity.score) (\(comorbidity.group)).\n" }
    for finding in file.findings.worstFirst() { text += "\(finding.title) \(finding.text)\n" }
    return text
  }

  // MARK: Rules

  struct Toxicity {
    let analyte: Analyte
    let day: Int
    let value: ExactDecimal
    let grade: Verdict<Int>
    let beforeTherapy: Int?
    let beforeConditioning: Int?
    let againstConditioning: Verdict<Int>
    var change: Int? { grade.value.flatMap { g in beforeTherapy.map { g - $0 } } }

    var document: JSONValue {
      [
        "analyte": JSONValue(analyte.rawValue), "unit": JSONValue(analyte.unit), "worstDay": JSONValue(day),
        "value": JSONValue(value.double), "grade": verdict(grade) { JSONValue($0) },
        "gradeAgainstConditioning": verdict(againstConditioning) { JSONValue($0) },
        "gradeBeforeTherapy": beforeTherapy.map { JSONValue($0) } ?? nil,
        "gradeBeforeConditioning": beforeConditioning.map { JSONValue($0) } ?? nil,
        "changeFromTherapy": change.map { JSONValue($0) } ?? nil,
        "changeFromConditioning": againstConditioning.value.flatMap { g in beforeConditioning.map { JSONValue(g - $0) }
        }
          ?? nil,
      ]
    }
  }

  /// The worst grade of each analyte since the therapy, against both baselines.
  var toxicities: [Toxicity] {
    Analyte.allCases.compactMap { analyte in
      let range = file.ranges[analyte] ?? ReferenceRange()
      let before = file.results.baseline(of: analyte, before: file.therapyDay)
      let conditioning = file.results.baseline(of: analyte, before: file.conditioningDay)
      func grade(_ value: ExactDecimal, _ baseline: LaboratoryResult?) -> Verdict<Int> {
        ToxicityGrade.of(analyte, value, range: range, baseline: baseline?.value)
      }
      let since = file.results.filter { $0.analyte == analyte && $0.day > file.therapyDay }
      let graded = since.map { ($0, grade($0.value, before)) }
      guard let first = graded.first, first.1.missing != ["a numeric grade"] else { return nil }
      let worst = graded.reduce(first) { a, b in
        let (x, y) = (a.1.value ?? -1, b.1.value ?? -1)
        return y > x || (y == x && b.0.day < a.0.day) ? b : a
      }
      return Toxicity(
        analyte: analyte, day: worst.0.day, value: worst.0.value, grade: worst.1,
        beforeTherapy: before.flatMap { grade($0.value, nil).value },
        beforeConditioning: conditioning.flatMap { grade($0.value, before).value },
        againstConditioning: grade(worst.0.value, conditioning))
    }
  }

  struct Lysis {
    let anchor: String
    let definition: TumourLysis.Definition
    let days: Verdict<[Int]>

    var document: JSONValue {
      [
        "anchor": JSONValue(anchor), "definition": JSONValue(definition.rawValue),
        "days": verdict(days) { JSONValue($0.map { JSONValue($0) }) },
      ]
    }
  }

  var lysis: [Lysis] {
    [("radiopharmaceutical", file.therapyDay), ("conditioning", file.conditioningDay)].flatMap { name, day in
      TumourLysis.Definition.allCases.map { definition in
        Lysis(
          anchor: name, definition: definition,
          days: TumourLysis.days(
            file.results, anchor: day, definition: definition, bounds: file.settings.lysisBounds))
      }
    }
  }

  var neutrophils: Verdict<Int> { Engraftment.neutrophilDay(file.results) }
  var platelets: Verdict<Int> { Engraftment.plateletDay(file.results, transfusions: file.transfusions) }
  private var loss: Verdict<Int> { Engraftment.lossAfterRecovery(file.results) }
  var failure: Verdict<Engraftment.Failure> {
    Engraftment.primaryFailure(
      file.results, graft: file.graft, by: file.settings.failureDay, death: file.deathDay,
      boosts: file.boosts)
  }

  var chimerism: [(day: Int, donor: ExactDecimal?, share: DonorShare?, verdict: Verdict<Chimerism>?)] {
    file.chimerism.map { entry in
      (
        entry.day, entry.donor, entry.share,
        entry.donor.flatMap { try? Chimerism.of(donorPercent: $0, full: file.settings.fullBound) }
      )
    }
  }

  struct Response {
    let day: Int
    let verdict: Verdict<LeukaemiaResponse>
    /// With the other reading of A10-1.
    let alternative: Verdict<LeukaemiaResponse>
    let residual: Bool?

    /// The category with the state of residual disease where that was measured.
    var text: String? {
      guard let value = verdict.value else { return nil }
      guard [.complete, .completePartialRecovery, .completeIncompleteRecovery].contains(value) else {
        return value.rawValue
      }
      return value.rawValue + (residual.map { $0 ? " with MRD" : " without MRD" } ?? ", MRD not measured")
    }
  }

  var responses: [Response] {
    file.responses.map { assessment in
      var findings = assessment.findings
      // Counts of the day of the assessment, or the last within the week before it.
      func count(_ analyte: Analyte) -> ExactDecimal? {
        file.results.filter { $0.day > assessment.day - 7 }.baseline(of: analyte, before: assessment.day)?.value
      }
      findings.neutrophils = count(.neutrophils)
      findings.platelets = count(.platelets)
      func assess(_ bothLow: LeukaemiaResponse.BothLow) -> Verdict<LeukaemiaResponse> {
        LeukaemiaResponse.assess(findings, usesCRh: file.settings.usesCRh, bothLow: bothLow)
      }
      return Response(
        day: assessment.day, verdict: assess(file.settings.bothLow),
        alternative: assess(file.settings.bothLow == .incomplete ? .leukaemiaFree : .incomplete),
        residual: findings.residualDisease)
    }
  }

}

/// A verdict with its clause and what was missing.
func verdict<Value>(_ verdict: Verdict<Value>?, _ value: (Value) -> JSONValue) -> JSONValue {
  guard let verdict else { return nil }
  return [
    "value": verdict.value.map(value) ?? nil, "clause": JSONValue(verdict.clause),
    "missing": JSONValue(verdict.missing.map { JSONValue($0) }),
  ]
}
