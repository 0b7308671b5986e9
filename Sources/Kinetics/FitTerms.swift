import Foundation
import Quantities

/// One exponential of a model at fit parameters θ (MBq and hours), with its derivatives by θ.
struct FitTerm {
  /// A derivative by each of at most eight parameters.
  typealias Gradient = SIMD8<Double>

  var amplitude: Double
  var rate: Double
  var amplitudeGradient: Gradient
  var rateGradient: Gradient
}

extension CurveModel {
  /// The exponentials at the fit parameters.
  ///
  /// θ holds logarithms: of A₁, λ₁, then λ₂ − λ₁ (F3u), A₂ (F3p), f(0) and λ₂ − λ₁ (F4, and F5 before the circulation
  /// term), or A₂, λ₂ − λ₁, A₃ and λ₃ − λ₂ (F6).
  func terms(_ theta: [Double], physical: Double) -> FitTerms {
    func amplitude(_ k: Int) -> (value: Double, gradient: FitTerm.Gradient) {
      let a = exp(theta[k])
      return (a, FitTerm.Gradient.unit(k) * a)
    }
    func term(
      _ a: (value: Double, gradient: FitTerm.Gradient), _ rate: (value: Double, gradient: FitTerm.Gradient)
    ) -> FitTerm {
      FitTerm(amplitude: a.value, rate: rate.value, amplitudeGradient: a.gradient, rateGradient: rate.gradient)
    }
    func faster(
      than rate: (value: Double, gradient: FitTerm.Gradient), by k: Int
    ) -> (value: Double, gradient: FitTerm.Gradient) {
      let step = exp(theta[k])
      guard step <= fastestUptake else { return (rate.value + fastestUptake, rate.gradient) }
      return (rate.value + step, rate.gradient + FitTerm.Gradient.unit(k) * step)
    }

    let first = amplitude(0)
    let decay = (value: physical, gradient: FitTerm.Gradient.zero)
    guard self != .F1 else { return FitTerms([term(first, decay)]) }
    let l = exp(theta[1])
    let clearance = (value: l + physical, gradient: FitTerm.Gradient.unit(1) * l)
    let clearing = term(first, clearance)
    switch self {
    case .F1, .F2:
      return FitTerms([clearing])
    case .F3u:
      return FitTerms([clearing, term((-first.value, -first.gradient), faster(than: clearance, by: 2))])
    case .F3p:
      return FitTerms([clearing, term(amplitude(2), decay)])
    case .F4, .F5:
      let initial = amplitude(2)
      let fast = (initial.value - first.value, initial.gradient - first.gradient)
      let phases = [clearing, term(fast, faster(than: clearance, by: 3))]
      guard self == .F5 else { return FitTerms(phases) }
      return FitTerms(phases + [term((-initial.value, -initial.gradient), (fastestUptake + physical, .zero))])
    case .F6:
      let second = faster(than: clearance, by: 3)
      return FitTerms([clearing, term(amplitude(2), second), term(amplitude(4), faster(than: second, by: 5))])
    }
  }

  /// The parameters as people know them (MBq, biological rates in 1/h) and their derivatives by θ.
  func natural(_ theta: [Double], physical: Double) -> (values: [Double], derivatives: [[Double]]) {
    let terms = terms(theta, physical: physical).terms
    func amplitude(_ k: Int, sign: Double = 1) -> (Double, FitTerm.Gradient) {
      (sign * terms[k].amplitude, sign * terms[k].amplitudeGradient)
    }
    func rate(_ k: Int) -> (Double, FitTerm.Gradient) { (terms[k].rate - physical, terms[k].rateGradient) }
    let all =
      switch self {
      case .F1: [amplitude(0)]
      case .F2: [amplitude(0), rate(0)]
      case .F3u: [amplitude(0), rate(0), rate(1)]
      case .F3p: [amplitude(0), rate(0), amplitude(1)]
      case .F4: [amplitude(0), rate(0), amplitude(1), rate(1)]
      case .F5: [amplitude(0), rate(0), amplitude(1, sign: -1), rate(1)]
      case .F6: [amplitude(0), rate(0), amplitude(1), rate(1), amplitude(2), rate(2)]
      }
    return (all.map(\.0), all.map { $0.1.prefix(theta.count) })
  }
}

/// The exponentials of a model at some parameters: values, integrals and gradients in MBq and hours.
struct FitTerms {
  let terms: [FitTerm]

  init(_ terms: [FitTerm]) { self.terms = terms }

  func value(at t: Double) -> Double {
    terms.reduce(0) { $0 + $1.amplitude * exp(-$1.rate * t) }
  }

  /// ∂f/∂θ: Σ (∂A − A t ∂L) exp(−L t).
  func gradient(at t: Double) -> FitTerm.Gradient {
    terms.reduce(.zero) { $0 + ($1.amplitudeGradient - $1.rateGradient * ($1.amplitude * t)) * exp(-$1.rate * t) }
  }

  /// ∫ from t to infinity.
  func integral(from t: Double) -> Double {
    terms.reduce(0) { $0 + $1.amplitude / $1.rate * exp(-$1.rate * t) }
  }

  /// ∂/∂θ of ∫ from t to infinity: Σ exp(−L t)/L (∂A − A ∂L (t + 1/L)).
  func integralGradient(from t: Double) -> FitTerm.Gradient {
    terms.reduce(.zero) {
      $0 + ($1.amplitudeGradient - $1.rateGradient * ($1.amplitude * (t + 1 / $1.rate)))
        * (exp(-$1.rate * t) / $1.rate)
    }
  }

  var function: ExponentialSum {
    ExponentialSum(
      terms.map { ExponentialSum.Term(amplitude: .megabecquerels($0.amplitude), rate: .perHour($0.rate)) })
  }
}

extension FitTerm.Gradient {
  /// 1 at one parameter, 0 at the others.
  static func unit(_ k: Int) -> Self {
    var unit = Self.zero
    unit[k] = 1
    return unit
  }

  /// The derivatives by the first parameters.
  func prefix(_ count: Int) -> [Double] { (0..<count).map { self[$0] } }
}
