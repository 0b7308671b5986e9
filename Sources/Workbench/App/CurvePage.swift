import Dosimetry
import Foundation
public import JSON
import Kinetics
import Numerics
import Provenance
import Quantities

extension CaseSession {
  /// Every region's points, fit, models and dose: `GET /api/dosimetry`.
  public var dosimetryDocument: JSONValue {
    let end = (plan.measurement.regions.map(\.curve.last.time).max() ?? .hours(1)) * 1.4
    return [
      "name": JSONValue(file.name), "subject": JSONValue(file.subjectLine),
      "digest": JSONValue(file.digest.hexadecimal),
      "administered": amount(plan.administered.megabecquerels, "MBq"),
      "criterion": JSONValue(file.settings.criterion == .sigmaKnown ? "AICc, σ known" : "AICc, σ unknown"),
      "regions": JSONValue(plan.analysis.regions.map { document($0, until: end) }),
      "organs": JSONValue(plan.document()["organs"]?.array ?? []),
      "findings": JSONValue(plan.findings.map(\.document)),
    ]
  }

  private func document(_ result: Analysis.RegionResult, until end: Time) -> JSONValue {
    let measured = result.measured
    let region = measured.region
    let organ = plan.analysis.organs.first { $0.regions.contains(region.name) }
    var members: [(String, JSONValue)] = [
      ("name", JSONValue(region.name)), ("organ", JSONValue(region.organ.rawValue)),
      ("model", JSONValue(region.model?.rawValue ?? "auto")),
      (
        "volume", measured.volume.map { amount($0.value.millilitres, "mL", $0.standardUncertainty?.millilitres) } ?? nil
      ),
      ("points", points(result)),
      (
        "excluded",
        JSONValue(
          measured.excluded.map {
            [
              "time": JSONValue($0.point.time.hours), "activity": JSONValue($0.point.activity.megabecquerels),
              "standardUncertainty": JSONValue($0.point.standardUncertainty?.megabecquerels),
              "reason": JSONValue($0.reason),
            ]
          })
      ),
      ("candidates", candidates(result)),
      (
        "dose",
        organ.map {
          amount(
            $0.dose.perActivity.value.graysPerGigabecquerel, "Gy/GBq",
            $0.dose.perActivity.standardUncertainty?.graysPerGigabecquerel)
        } ?? nil
      ), ("doseOf", JSONValue(organ?.name)),
      ("mass", organ.map { amount($0.dose.region.mass.grams, "g") } ?? nil),
      ("findings", JSONValue((measured.findings + (result.estimate?.findings ?? [])).map(\.document))),
    ]
    if let refusal = result.refusal { members.append(("refused", AnyRefusal(refusal).document)) }
    if let estimate = result.estimate {
      let tia = estimate.timeIntegratedActivity
      let best = estimate.average.best
      let times = (0...160).map { end * pow(Double($0) / 160, 2) }
      members += [
        ("models", JSONValue(estimate.modelName)),
        ("tia", amount(tia.value.megabecquerelHours, "MBq h", tia.standardUncertainty?.megabecquerelHours)),
        (
          "tiac",
          amount(
            (tia.value / plan.administered).hours, "h",
            tia.standardUncertainty.map { ($0 / plan.administered).hours })
        ), ("extrapolatedFraction", JSONValue(estimate.extrapolatedFraction)),
        ("effectiveHalfLife", amount(estimate.lateHalfLife.hours, "h")),
        ("chiSquared", JSONValue(best.chiSquared)), ("degreesOfFreedom", JSONValue(best.degreesOfFreedom)),
        (
          "fit",
          JSONValue(
            times.map { time in
              let f = estimate.activity(at: time)
              let spread = (f.standardUncertainty?.megabecquerels ?? 0) * Normal.quantile(0.975)
              return [
                JSONValue(time.hours), JSONValue(f.value.megabecquerels),
                JSONValue(max(0, f.value.megabecquerels - spread)), JSONValue(f.value.megabecquerels + spread),
              ]
            })
        ),
      ]
    }
    return .object(JSONObject(members))
  }

  private func points(_ result: Analysis.RegionResult) -> JSONValue {
    let curve = result.measured.curve
    return JSONValue(
      curve.points.indices.map { index in
        let point = curve.points[index]
        return [
          "time": JSONValue(point.time.hours), "activity": JSONValue(point.activity.megabecquerels),
          "standardUncertainty": JSONValue(point.standardUncertainty?.megabecquerels),
          "residual": JSONValue(result.estimate?.average.best.residuals[index]),
        ]
      })
  }

  /// Every model that may be chosen, with its fit or why it is refused, whatever is chosen now.
  private func candidates(_ result: Analysis.RegionResult) -> JSONValue {
    let measured = result.measured
    let isFixed = measured.region.model != nil
    let free =
      isFixed
      ? try? measured.curve.analysed(
        with: AnalysisSettings(
          weighting: measured.weighting, criterion: file.settings.criterion, prior: measured.prior))
      : result.estimate
    let found = free?.candidates ?? []
    return JSONValue(
      CurveModel.compared.map { model in
        var members: [(String, JSONValue)] = [
          ("model", JSONValue(model.rawValue)), ("meaning", JSONValue(model.meaning)),
        ]
        if let candidate = found.first(where: { $0.model == model }), case .object(let object) = candidate.document {
          members += object.filter { $0.key != "model" }.map { ($0.key, $0.value) }
        } else {
          members.append(("refused", refusal(of: model, measured)))
        }
        return .object(JSONObject(members))
      })
  }

  /// Why a model that did not compete cannot be asked for; null when it can.
  private func refusal(of model: CurveModel, _ measured: MeasuredRegion) -> JSONValue {
    do {
      _ = try measured.curve.analysed(
        with: AnalysisSettings(weighting: measured.weighting, fixedModel: model, criterion: file.settings.criterion))
      return .null
    } catch { return AnyRefusal(anyError: error).document }
  }
}
