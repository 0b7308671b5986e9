import Foundation
import Quantities

/// One exponential of a model at fit parameters θ (logarithms; MBq and hours), with its derivatives by θ.
struct FitTerm {
  var amplitude: Double
  var rate: Double
  var amplitudeGradient: (Double, Double, Double) = (0, 0, 0)
  var rateGradient: (Double, Double, Double) = (0, 0, 0)
}

extension CurveModel {
  /// The exponentials at the fit parameters.
  func terms(_ theta: [Double], physical: Double) -> FitTerms {
    let a = exp(theta[0])
    let retaining = FitTerm(amplitude: a, rate: physical, amplitudeGradient: (a, 0, 0))
    guard self != .F1 else { return FitTerms(first: retaining) }
    let l = exp(theta[1])
    let clearing = FitTerm(
      amplitude: a, rate: l + physical, amplitudeGradient: (a, 0, 0), rateGradient: (0, l, 0))
    switch self {
    case .F1, .F2:
      return FitTerms(first: clearing)
    case .F3u:
      let step = exp(theta[2])
      let isCapped = step > fastestUptake
      return FitTerms(
        first: clearing,
        second: FitTerm(
          amplitude: -a, rate: l + min(step, fastestUptake) + physical, amplitudeGradient: (-a, 0, 0),
          rateGradient: (0, l, isCapped ? 0 : step)))
    case .F3p:
      let retained = exp(theta[2])
      return FitTerms(
        first: clearing,
        second: FitTerm(amplitude: retained, rate: physical, amplitudeGradient: (0, 0, retained)))
    }
  }
}

/// The one or two exponentials of a model at some parameters: values, integrals and gradients in MBq and hours.
struct FitTerms {
  let first: FitTerm
  var second: FitTerm?

  func value(at t: Double) -> Double {
    first.amplitude * exp(-first.rate * t) + (second.map { $0.amplitude * exp(-$0.rate * t) } ?? 0)
  }

  /// ∂f/∂θ: Σ (∂A − A t ∂L) exp(−L t).
  func gradient(at t: Double) -> [Double] {
    sum { term, dA, dL in (dA - term.amplitude * t * dL) * exp(-term.rate * t) }
  }

  /// ∂/∂θ of ∫ from t to infinity: Σ exp(−L t)/L (∂A − A ∂L (t + 1/L)).
  func integralGradient(from t: Double) -> [Double] {
    sum { term, dA, dL in exp(-term.rate * t) / term.rate * (dA - term.amplitude * dL * (t + 1 / term.rate)) }
  }

  private func sum(_ part: (FitTerm, Double, Double) -> Double) -> [Double] {
    var total = [0.0, 0.0, 0.0]
    for term in [first, second].compactMap({ $0 }) {
      total[0] += part(term, term.amplitudeGradient.0, term.rateGradient.0)
      total[1] += part(term, term.amplitudeGradient.1, term.rateGradient.1)
      total[2] += part(term, term.amplitudeGradient.2, term.rateGradient.2)
    }
    return total
  }

  var function: ExponentialSum {
    ExponentialSum(
      [first, second].compactMap { $0 }.map {
        ExponentialSum.Term(amplitude: .megabecquerels($0.amplitude), rate: .perHour($0.rate))
      })
  }
}
