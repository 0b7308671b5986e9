import Foundation

extension CurveFit {
  /// The logarithm of the evidence ∫ p(points|θ) p(θ) dθ after Laplace, but for a constant that models of the same points
  /// share: half-lives by the prior, ln A₁ uniform. The ratio of two evidences is the Bayes factor.
  ///
  /// −χ²/2 + ½ ln|V| + Σ ln(|∂ ln T/∂θ|/σ) − ½ ln(1 − ρ²); `nil` unless the prior knows every half-life of the model and the
  /// uncertainties are absolute.
  public var logEvidence: Double? {
    guard let prior, isAbsolute, let covariance, problem.priorCount == model.parameterCount - 1 else { return nil }
    let factor = covariance.choleskyFactor()
    let logVolume = (0..<covariance.size).reduce(0) { $0 + log(factor[$1, $1]) }
    let terms = model.terms(theta, physical: physical).terms
    var density = log((terms[0].rate - physical) / terms[0].rate / prior.logDeviation)
    if model == .F3u, let uptake = prior.uptake {
      density += log((terms[1].rate - terms[0].rate) / terms[1].rate / uptake.logDeviation)
      density -= 0.5 * log(1 - prior.correlation * prior.correlation)
    }
    let value = -chiSquared / 2 + logVolume + density
    return value.isFinite ? value : nil
  }
}
