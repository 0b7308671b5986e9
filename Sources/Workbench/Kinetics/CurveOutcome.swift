import JSON
import Kinetics
import Provenance
import Quantities

extension CurveResults.Outcome {
  /// A region as `tac fit` states it; `interval95` only where it was asked for.
  func document(_ curve: TimeActivityCurve, administered: Activity?) -> JSONValue {
    switch self {
    case .refused(let error): return ["name": JSONValue(curve.region), "refused": error.document]
    case .estimate(let estimate, let interval):
      let document = Analysis.Outcome.estimate(estimate).document(curve, administered: administered)
      guard var object = document.object else { return document }
      object["points"] = estimate.points
      guard let interval else { return .object(object) }
      switch interval {
      case .success(let interval): object["interval95"] = interval.document
      case .failure(let error): object["interval95"] = ["refused": AnyRefusal(anyError: error).document]
      }
      return .object(object)
    case .latePhase(let found):
      let tia = found.timeIntegratedActivity
      return [
        "name": JSONValue(curve.region), "model": "F2m", "models": "F2m",
        "parameters": .object(
          JSONObject(found.fit.parameters.map { ($0.name, amount($0.value, $0.unit, $0.standardUncertainty)) })),
        "effectiveHalfLife": amount(found.fit.function.lateHalfLife!.hours, "h"),
        "tia": amount(tia.value.megabecquerelHours, "MBq h", tia.standardUncertainty?.megabecquerelHours),
        "tiac": administered.map {
          amount((tia.value / $0).hours, "h", tia.standardUncertainty.map { u in (u / administered!).hours })
        } ?? nil,
        "extrapolatedFraction": JSONValue(found.extrapolatedFraction),
        "latePhaseBegins": amount(found.beginning.hours, "h"),
        "beforeLatePhase": amount(found.earlyPart.megabecquerelHours, "MBq h"),
        "findings": JSONValue(found.findings.map(\.document)),
      ]
    }
  }
}

extension CurveEstimate {
  /// The points against the heaviest model, each also against the fit that does not know it.
  fileprivate var points: JSONValue {
    let fit = average.best
    let errors = predictionErrors()
    return JSONValue(
      curve.points.indices.map { j in
        [
          "time_h": JSONValue(curve.points[j].time.hours),
          "activity": amount(curve.points[j].activity.megabecquerels, "MBq"),
          "fitted": amount(fit.function.value(at: curve.points[j].time).megabecquerels, "MBq"),
          "residual": JSONValue(fit.residuals[j]),
          "predictionError": errors[j].map { JSONValue($0) } ?? nil,
          "weight": JSONValue(fit.robustWeights[j]),
        ]
      })
  }
}

extension IntegralInterval {
  var document: JSONValue {
    var members: [(String, JSONValue)] = [
      ("method", JSONValue(method.rawValue)), ("lower", JSONValue(lower.megabecquerelHours)),
      ("upper", JSONValue(upper.megabecquerelHours)), ("unit", "MBq h"),
      ("standardUncertainty", JSONValue(standardUncertainty.megabecquerelHours)),
    ]
    if let median {
      members.append(("median", JSONValue(median.megabecquerelHours)))
      if method == .bootstrap { members.append(("draws", JSONValue(CurveEstimate.bootstrapCount))) }
    }
    return .object(JSONObject(members))
  }

  var summary: String {
    "95 % between \(shortNumber(lower.megabecquerelHours)) and \(shortNumber(upper.megabecquerelHours)) MBq h "
      + "(\(method.rawValue))."
  }
}

extension AnyRefusal {
  /// Any error as a refusal; one that is none is a fault of the program.
  init(anyError error: any Error) {
    self.init((error as? any Refusal) ?? CaseError.internalFault("\(error)"))
  }

  /// Reason, remedy and, where there is one, the bound.
  var text: String {
    "\(reason) \(remedy)" + (bound.map { " At most \(shortNumber($0.megabecquerelHours)) MBq h." } ?? "")
  }
}
