import Dosimetry
public import JSON
import Kinetics
import Provenance
import Quantities
import Therapy

extension Plan {
  /// Every number with unit, standard uncertainty, method, digests of its inputs and findings: `results.json`.
  ///
  /// It holds no time of computing, so that the same case and inputs give the same bytes.
  public func document() -> JSONValue {
    [
      "format": "endora-results-1",
      "endora": JSONValue(Release.version),
      "disclaimer": JSONValue(Release.disclaimer),
      "case": ["name": JSONValue(file.name), "digest": JSONValue(file.digest.hexadecimal)],
      "nuclide": [
        "name": JSONValue(nuclide.name), "halfLife": amount(nuclide.halfLife.hours, "h"),
        "electronEnergyPerDecay": amount(nuclide.emitted.electrons.megaelectronvolts, "MeV"),
        "source": JSONValue(nuclide.source.citation),
      ],
      "administered": amount(administered.megabecquerels, "MBq"),
      "prescription": prescriptionDocument,
      "labels": comparison?.document ?? nil,
      "organs": JSONValue(analysis.organs.map(organDocument)),
      "regions": JSONValue(analysis.regions.map(regionDocument)),
      "findings": JSONValue(findings.map(\.document)),
      "settings": JSONValue(settings.map(\.document)),
      "inputs": JSONValue(
        [["input": "case.json", "sha256": JSONValue(file.digest.hexadecimal)]]
          + measurement.inputs.map {
            ["input": JSONValue($0.input), "what": JSONValue($0.what), "sha256": JSONValue($0.digest.hexadecimal)]
          }
          + (ownFractions.map {
            [["input": "S values", "what": JSONValue($0.source.citation), "sha256": JSONValue($0.digest.hexadecimal)]]
          } ?? [])),
    ]
  }

  var prescriptionDocument: JSONValue {
    guard let prescription = analysis.prescription else {
      return analysis.refusal.map { ["refused": $0.document] } ?? nil
    }
    return [
      "activity": amount(prescription.activity.gigabecquerels, "GBq"),
      "bestEstimate": amount(prescription.bestEstimate.gigabecquerels, "GBq"),
      "acceptedRisk": JSONValue(prescription.acceptedRisk),
      "governing": JSONValue(prescription.governing.limit.name),
      "isCapped": JSONValue(prescription.isCapped),
      "graftDay": amount(prescription.graft.days, "d"),
      "probabilityOfExceedingAny": JSONValue(prescription.probabilityOfExceedingAny(at: prescription.activity)),
      "limits": JSONValue(
        prescription.outcomes.map { outcome in
          [
            "name": JSONValue(outcome.limit.name),
            "reading": JSONValue(outcome.limit.reading.meaning),
            "limit": amount(outcome.limit.limit.grays, "Gy"),
            "priorDose": amount(outcome.limit.priorDose.grays, "Gy"),
            "conversionFactor": JSONValue(outcome.limit.conversionFactor),
            "biological": outcome.limit.biological.map { biological in
              [
                "limit": amount(biological.limit.grays, "Gy"), "counted": amount(biological.counted.grays, "Gy"),
                "alphaBeta": amount(biological.effect.alphaBeta.grays, "Gy"),
                "repairHalfTime": amount(biological.effect.repairHalfTime.hours, "h"),
                "bed": amount(
                  outcome.limit.biologicallyEffectiveDose(of: outcome.dose.value, biological.effect).grays, "Gy"),
              ]
            } ?? nil,
            "bestEstimate": amount(outcome.bestEstimate.gigabecquerels, "GBq"),
            "dose": amount(outcome.dose.value.grays, "Gy", outcome.dose.standardUncertainty?.grays),
            "probabilityOfExceeding": JSONValue(outcome.probabilityOfExceeding),
          ]
        }),
      "earliestGraft": analysis.graft.map {
        [
          "value": JSONValue($0.best.days), "unit": "d",
          "interval95": [JSONValue($0.interval.lowerBound.days), JSONValue($0.interval.upperBound.days)],
        ]
      } ?? nil,
      "sensitivity": JSONValue(prescription.sensitivities().map(\.document)),
      "irradiation": IrradiationTable(self)?.document ?? nil,
      "method":
        "joint Monte Carlo of fits and common factors, \(Prescription.drawCount) draws, seed \(file.therapy.seed)",
    ]
  }

  private func organDocument(_ organ: Analysis.OrganResult) -> JSONValue {
    let dose = organ.dose
    return [
      "name": JSONValue(organ.name),
      "regions": JSONValue(organ.regions.map { JSONValue($0) }),
      "mass": amount(dose.region.mass.grams, "g"),
      "sValue": [
        "value": JSONValue(dose.sValue.total.graysPerBecquerelSecond), "unit": "Gy/(Bq s)",
        "electron": JSONValue(dose.sValue.electron.graysPerBecquerelSecond),
        "photon": JSONValue(dose.sValue.photon.graysPerBecquerelSecond),
        "relativeUncertainty": JSONValue(dose.sValue.relativeUncertainty), "set": JSONValue(dose.sValue.set),
        "crossDose": JSONValue(!dose.cross.isEmpty),
      ],
      "tiac": amount(
        dose.coefficient.value.hours, "h", dose.coefficient.standardUncertainty?.hours),
      "dosePerActivity": amount(
        dose.perActivity.value.graysPerGigabecquerel, "Gy/GBq",
        dose.perActivity.standardUncertainty?.graysPerGigabecquerel),
      "dose": predicted(organ).map { amount($0.value.grays, "Gy", $0.standardUncertainty?.grays) } ?? nil,
      "effectiveHalfLife": amount(dose.lateHalfLife.hours, "h"),
      "uncertainty": JSONValue(
        [["name": "fit", "relative": JSONValue(dose.coefficient.relativeUncertainty)]]
          + dose.components.map {
            ["name": JSONValue($0.name), "relative": JSONValue($0.relative), "shared": JSONValue($0.isShared)]
          }),
      "isUnverified": JSONValue(dose.isUnverified),
    ]
  }

  private func regionDocument(_ region: Analysis.RegionResult) -> JSONValue {
    var document = region.outcome.document(region.measured.curve, administered: administered)
    if var object = document.object {
      object["points"] = JSONValue(
        region.measured.curve.points.map {
          [
            "time": amount($0.time.hours, "h"),
            "activity": amount(
              $0.activity.megabecquerels, "MBq", $0.standardUncertainty?.megabecquerels),
          ]
        })
      if !region.measured.excluded.isEmpty {
        object["excluded"] = JSONValue(
          region.measured.excluded.map {
            [
              "time": amount($0.point.time.hours, "h"),
              "activity": amount(
                $0.point.activity.megabecquerels, "MBq", $0.point.standardUncertainty?.megabecquerels),
              "reason": JSONValue($0.reason),
            ]
          })
      }
      object["volume"] = region.measured.volume.map {
        amount($0.value.millilitres, "mL", $0.standardUncertainty?.millilitres)
      }
      document = .object(object)
    }
    return document
  }
}

/// A value with its unit and, where it was estimated, its standard uncertainty.
///
/// Numbers are written with 12 significant digits, which keeps the noise of conversions between units out of files.
func amount(_ value: Double, _ unit: String, _ uncertainty: Double? = nil) -> JSONValue {
  func digits(_ value: Double) -> JSONValue { JSONValue(Double(String(format: "%.12g", value)) ?? value) }
  var members: [(String, JSONValue)] = [("value", digits(value)), ("unit", JSONValue(unit))]
  if let uncertainty { members.append(("standardUncertainty", digits(uncertainty))) }
  return .object(JSONObject(members))
}

extension Sensitivity {
  var document: JSONValue {
    [
      "input": JSONValue(input), "relativeUncertainty": JSONValue(relativeUncertainty),
      "least": amount(least.gigabecquerels, "GBq"), "most": amount(most.gigabecquerels, "GBq"),
    ]
  }
}

extension Finding {
  var document: JSONValue {
    [
      "severity": JSONValue(severity.rawValue), "code": JSONValue(code), "title": JSONValue(title),
      "text": JSONValue(text), "subject": JSONValue(subject), "origin": JSONValue(origin),
    ]
  }
}

extension AnyRefusal {
  var document: JSONValue {
    var members: [(String, JSONValue)] = [
      ("code", JSONValue(code)), ("reason", JSONValue(reason)), ("remedy", JSONValue(remedy)),
    ]
    if let bound { members.append(("bound", amount(bound.megabecquerelHours, "MBq h"))) }
    return .object(JSONObject(members))
  }
}

extension Analysis.Outcome {
  /// A region as `tac fit` and `plan` state it: its fit, or `refused` with code, reason, remedy and bound.
  func document(_ curve: TimeActivityCurve, administered: Activity?) -> JSONValue {
    switch self {
    case .refused(let error):
      return ["name": JSONValue(curve.region), "refused": AnyRefusal(error).document]
    case .estimate(let estimate):
      let tia = estimate.timeIntegratedActivity
      return [
        "name": JSONValue(curve.region),
        "model": JSONValue(estimate.average.best.model.rawValue),
        "models": JSONValue(estimate.modelName),
        "parameters": .object(
          JSONObject(
            estimate.average.best.parameters.map { ($0.name, amount($0.value, $0.unit, $0.standardUncertainty)) })),
        "effectiveHalfLife": amount(estimate.lateHalfLife.hours, "h"),
        "tia": amount(tia.value.megabecquerelHours, "MBq h", tia.standardUncertainty?.megabecquerelHours),
        "tiac": administered.map {
          amount(
            (tia.value / $0).hours, "h", tia.standardUncertainty.map { u in (u / administered!).hours })
        } ?? nil,
        "extrapolatedFraction": JSONValue(estimate.extrapolatedFraction),
        "earlyFraction": JSONValue(estimate.earlyFraction),
        "alternative": estimate.alternative.map {
          ["method": JSONValue($0.method), "tia": amount($0.value.megabecquerelHours, "MBq h")]
        } ?? nil,
        "candidates": JSONValue(estimate.candidates.map(\.document)),
        "findings": JSONValue(estimate.findings.map(\.document)),
      ]
    }
  }
}

extension Candidate {
  var document: JSONValue {
    [
      "model": JSONValue(model.rawValue), "weight": JSONValue(weight), "aicc": JSONValue(criterion),
      "chiSquared": JSONValue(fit?.chiSquared),
      "tia": fit.map {
        amount(
          $0.timeIntegratedActivity.value.megabecquerelHours, "MBq h",
          $0.timeIntegratedActivity.standardUncertainty?.megabecquerelHours)
      } ?? nil,
      "refused": refusal.map { AnyRefusal($0).document } ?? nil,
    ]
  }
}
