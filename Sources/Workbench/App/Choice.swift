public import JSON
import Provenance
import Quantities
import Therapy

/// What a person has set on the prescription page; what is left out is as the case says.
public struct Choice: Hashable, Sendable {
  public var key: PreparedChoice.Key
  /// In GBq; the largest at the accepted risk when left out.
  public var activity: Double?
  /// Days from therapy to graft.
  public var day: Double?
  public var risk: Double?
  /// Register A7-3.
  public var factor: Double?
  /// Register A7-2: whether the kidneys alone limit.
  public var kidneysOnly: Bool?

  /// Reads a choice from texts by name: `label`, `reading`, `activity`, `day`, `risk`, `factor`, `limits`.
  ///
  /// - Throws: ``CaseError`` for a text that is no number or no known word.
  public init(_ texts: [String: String]) throws {
    func number(_ name: String, _ range: ClosedRange<Double>) throws -> Double? {
      guard let text = texts[name], !text.isEmpty else { return nil }
      guard let value = Double(text), range.contains(value) else {
        throw CaseError(
          "choice-invalid",
          "The \(name) “\(printable(text))” is no number from \(range.lowerBound) to \(range.upperBound).",
          remedy: "Give a number within that range.")
      }
      return value
    }
    key = PreparedChoice.Key(
      label: texts["label"].flatMap { $0.isEmpty ? nil : $0 },
      reading: texts["reading"].flatMap { $0.isEmpty ? nil : $0 })
    activity = try number("activity", 0.00001...10_000)
    day = try number("day", 0.01...365)
    risk = try number("risk", 0.0001...0.9999)
    factor = try number("factor", 0.01...10)
    switch texts["limits"] {
    case nil, "": kidneysOnly = nil
    case "both": kidneysOnly = false
    case "kidneys": kidneysOnly = true
    default:
      throw CaseError("choice-invalid", "The limits are neither both nor kidneys.", remedy: "Give both or kidneys.")
    }
  }
}

extension CaseSession {
  /// The choice as the mathematics takes it.
  private func whatIfChoice(_ choice: Choice, _ prepared: PreparedChoice) -> WhatIf.Choice {
    let limits = prepared.prescription.outcomes.map(\.limit)
    let marrow = limits.filter { $0.organ.region.name == "Marrow" }.map(\.name)
    let kidneys = limits.filter { $0.organ.region.name == "Kidneys" }.map(\.name)
    return WhatIf.Choice(
      graft: choice.day.map { .days($0) } ?? file.therapy.graft,
      acceptedRisk: choice.risk ?? file.therapy.acceptedRisk ?? Self.usualRisk,
      conversionFactors: choice.factor.map { factor in
        Dictionary(uniqueKeysWithValues: kidneys.map { ($0, factor) })
      } ?? [:],
      leftOut: choice.kidneysOnly == true && !kidneys.isEmpty ? Set(marrow) : [],
      activity: choice.activity.map { .gigabecquerels($0) })
  }

  /// What a choice means: `GET /api/what-if`.
  ///
  /// - Throws: `TherapyError` for a choice outside its range.
  public func whatIf(_ choice: Choice, _ prepared: PreparedChoice) throws -> JSONValue {
    let asked = whatIfChoice(choice, prepared)
    let answer = try prepared.whatIf.answer(asked)
    let limits = Dictionary(
      prepared.prescription.outcomes.map { ($0.limit.name, $0.limit) }, uniquingKeysWith: { first, _ in first })
    let steps = 120
    let curves = prepared.whatIf.curves(asked, upTo: prepared.end, steps: steps)
    let marrow = prepared.prescription.outcomes.map(\.limit).first { $0.reading == .afterGraft }
    return [
      "label": JSONValue(prepared.nuclide.name), "symbol": JSONValue(prepared.nuclide.symbol),
      "measured": JSONValue(plan.nuclide.name),
      "largest": amount(answer.largest.gigabecquerels, "GBq"),
      "activity": amount(answer.activity.gigabecquerels, "GBq"),
      "end": amount(prepared.end.gigabecquerels, "GBq"),
      "graftDay": amount(asked.graft.days, "d"), "acceptedRisk": JSONValue(asked.acceptedRisk),
      "factor": JSONValue(choice.factor ?? file.settings.conversionFactor),
      "governing": JSONValue(answer.governing.limit),
      "probabilityOfExceedingAny": JSONValue(answer.probabilityOfExceedingAny),
      "isAboveRisk": JSONValue(answer.probabilityOfExceedingAny > asked.acceptedRisk + 0.0005),
      "limits": JSONValue(
        answer.gauges.map { gauge in
          let limit = limits[gauge.limit]!
          return [
            "name": JSONValue(gauge.limit), "organ": JSONValue(limit.organ.region.name.lowercased()),
            "reading": JSONValue(limit.reading.meaning), "biological": JSONValue(limit.biological != nil),
            "limit": amount(limit.available.grays, "Gy"), "priorDose": amount(limit.priorDose.grays, "Gy"),
            "dose": amount(gauge.dose.grays, "Gy"),
            "interval95": [JSONValue(gauge.interval.lowerBound.grays), JSONValue(gauge.interval.upperBound.grays)],
            "probabilityOfExceeding": JSONValue(gauge.probabilityOfExceeding),
            "unverified": JSONValue(limit.organ.isUnverified),
          ]
        }),
      "earliestGraft": answer.earliestGraft.map { amount($0.days, "d") } ?? nil,
      "isGraftTooEarly": JSONValue(answer.earliestGraft.map { $0 > asked.graft } ?? false),
      "doses": JSONValue(
        prepared.doses.map { dose in
          // The factor A7-3 speaks of the kidneys.
          let factor = dose.name == "Kidneys" ? choice.factor ?? file.settings.conversionFactor : 1
          return [
            "name": JSONValue(dose.name),
            "dose": amount(
              (dose.perActivity.value * answer.activity).grays * factor, "Gy",
              dose.perActivity.standardUncertainty.map { ($0 * answer.activity).grays * factor }),
          ]
        }),
      "risk": [
        "end": amount(prepared.end.gigabecquerels, "GBq"), "steps": JSONValue(steps),
        "curves": JSONValue(
          curves.map { curve in
            [
              "name": JSONValue(curve.limit),
              "organ": JSONValue(limits[curve.limit]!.organ.region.name.lowercased()),
              "probabilities": .array(curve.probabilities.map { .number($0) }),
            ]
          }),
      ],
      "graft": marrow.map { marrow in
        let gigabecquerels = answer.activity.gigabecquerels
        return [
          "limit": amount(marrow.available.grays, "Gy"),
          "points": JSONValue(
            prepared.remaining.map {
              [
                "day": JSONValue($0.time.days), "dose": JSONValue($0.dose.grays * gigabecquerels),
                "interval95": [
                  JSONValue($0.interval.lowerBound.grays * gigabecquerels),
                  JSONValue($0.interval.upperBound.grays * gigabecquerels),
                ],
              ]
            }),
        ]
      } ?? nil,
      "sensitivity": JSONValue(prepared.sensitivities.map(\.document)),
    ]
  }

  /// What the prescription page begins with: `GET /api/prescription`.
  public var prescriptionDocument: JSONValue {
    let settings = file.settings
    return [
      "name": JSONValue(file.name), "agent": JSONValue(file.agent), "measured": JSONValue(plan.nuclide.name),
      "digest": JSONValue(file.digest.hexadecimal),
      "subject": JSONValue(file.subjectLine),
      "prescription": plan.prescriptionDocument,
      "choice": [
        "day": JSONValue(file.therapy.graft.days), "risk": JSONValue(file.therapy.acceptedRisk),
        "factor": JSONValue(settings.conversionFactor), "reading": JSONValue(settings.marrowLimit.rawValue),
        "limits": JSONValue(settings.limitsMarrow ? "both" : "kidneys"),
      ],
      "readings": JSONValue(
        LimitReading.allCases.map { ["id": JSONValue($0.rawValue), "meaning": JSONValue($0.meaning)] }),
      "labels": JSONValue(
        ([plan.nuclide.name] + Decision.standardLabels.filter { $0 != plan.nuclide.name }).map { JSONValue($0) }),
      "days": [JSONValue(PreparedChoice.days.lowerBound), JSONValue(PreparedChoice.days.upperBound)],
      "findings": JSONValue(plan.findings.map(\.document)),
      "inputs": JSONValue(inputs.entries.count),
    ]
  }
}
