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
    for parameter in fit.parameters where fit.prior == nil {
      guard let u = parameter.standardUncertainty, u > 0.5 * parameter.value else { continue }
      find(
        .info, "parameter-uncertain", "A parameter is hardly determined.",
        "\(parameter.name) of \(region) has a standard uncertainty of \(percent(u / parameter.value)).")
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
    switch model {
    case .F1: false
    case .F2, .F3u: parameters[1].value < 1e-5 * physical
    case .F3p:
      parameters[1].value < 1e-5 * physical
        || min(parameters[0].value, parameters[2].value) < 1e-5 * max(parameters[0].value, parameters[2].value)
    }
  }
}
