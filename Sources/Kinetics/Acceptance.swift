import Foundation
import Provenance
import Quantities

extension TimeActivityCurve {
  /// What the acceptance rules of SCIENCE 5.2 say of a result.
  func acceptance(of average: ModelAverage, share: Double, _ settings: AnalysisSettings) -> [Finding] {
    var findings: [Finding] = []
    func find(
      _ severity: Finding.Severity, _ code: String, _ title: String, _ text: String, origin: String? = nil
    ) {
      findings.append(
        Finding(
          severity, code: code, title: title, text, subject: region,
          origin: origin ?? "Kinetics · \(average.best.model.rawValue)"
        ))
    }
    let fit = average.best
    if let goodness = fit.goodness, goodness <= 0.01 {
      find(
        .caution, "poor-fit", "Poor fit.",
        "\(fit.model.rawValue) leaves χ² \(format(fit.chiSquared)) with \(fit.degreesOfFreedom) degrees of freedom for "
          + "\(region), p \(format(goodness)): the model is wrong or the uncertainties are too small.")
    }
    if fit.isAbsolute, let worst = fit.residuals.map(\.magnitude).max(), worst >= 3 {
      find(
        .caution, "large-residual", "A point far from the curve.", "A point of \(region) lies \(format(worst)) σ off.")
    }
    for (point, weight) in zip(points, fit.robustWeights) where weight < 0.999 {
      find(
        .caution, "point-downweighted", "An outlying point.",
        "The point of \(region) at \(format(point.time.hours)) h lies off the curve and counts with \(percent(weight)) of its "
          + "weight.", origin: "Kinetics · Huber's weights")
    }
    if let chance = RunsTest.probability(fit.residuals), chance < 0.05 {
      find(
        .caution, "residual-runs", "Residuals keep their sign.",
        "The residuals of \(region) change their sign so seldom with probability \(format(chance)): the model misses the "
          + "shape.", origin: "Kinetics · runs test")
    }
    for parameter in fit.parameters where fit.prior == nil {
      if fit.covariance != nil, parameter.standardUncertainty == nil {
        find(
          .info, "parameter-undetermined", "A parameter is not determined.",
          "No point of \(region) depends on \(parameter.name) of \(fit.model.rawValue).")
      }
      guard let u = parameter.standardUncertainty, u > 0.5 * parameter.value.magnitude else { continue }
      find(
        .info, "parameter-uncertain", "A parameter is hardly determined.",
        "\(parameter.name) of \(region) has a standard uncertainty of \(percent(u / parameter.value.magnitude)).")
    }
    if fit.largestCorrelation.magnitude > 0.8 {
      find(
        .info, "parameters-correlated", "Parameters are correlated.",
        "Two parameters of \(region) have the correlation \(format(fit.largestCorrelation)); the time-integrated activity "
          + "allows for it.")
    }
    if fit.isOnBoundary {
      find(
        .caution, "on-boundary", "Fit at its boundary.",
        "\(fit.model.rawValue) of \(region) falls back to a simpler model: a rate or an amplitude vanishes.")
    }
    if share > settings.extrapolationCaution {
      find(
        .caution, "long-extrapolation", "Long extrapolation.",
        "\(percent(share)) of the time-integrated activity of \(region) lie after the last point at "
          + "\(format(last.time.hours)) h.",
        origin: "Kinetics · threshold \(percent(settings.extrapolationCaution)), unverified")
    }
    if fit.timeIntegratedActivity.standardUncertainty == nil {
      find(
        .caution, "no-uncertainty", "No uncertainty.",
        "The points of \(region) do not determine the fit well enough to estimate its uncertainty.")
    }
    return findings
  }
}

extension CurveFit {
  /// Whether a rate or an amplitude has vanished, so that a model with fewer parameters says the same.
  var isOnBoundary: Bool {
    if model == .F1 { return false }
    let terms = model.terms(theta, physical: physical).terms
    let amplitudes = terms.map(\.amplitude.magnitude)
    // Phases whose rates differ by less cannot be told apart: their amplitudes grow without bound and cancel.
    let steps = zip(terms.dropFirst(), terms).map { ($0.rate - $1.rate) / $0.rate }
    let hasVanished =
      terms[0].rate - physical < 1e-5 * physical || (model != .F3p && (steps.min() ?? .infinity) < 1e-3)
    switch model {
    case .F1, .F2, .F3u, .F3p: return hasVanished || amplitudes.min()! < 1e-5 * amplitudes.max()!
    case .F4, .F5, .F6:
      let initial = model == .F6 ? .infinity : exp(theta[2])
      return hasVanished || min(initial, amplitudes.min()!) < 1e-5 * amplitudes.max()!
    }
  }
}
