import Foundation
public import Quantities

/// A sum of exponentials f(t) = Σ Aᵢ exp(−Lᵢ t), Lᵢ the effective rate λᵢ + λp; amplitudes may be negative.
public struct ExponentialSum: Hashable, Sendable {
  /// One exponential.
  public struct Term: Hashable, Sendable {
    /// Aᵢ, signed.
    public let amplitude: Activity
    /// Lᵢ, above zero: physical decay included.
    public let rate: RateConstant

    public init(amplitude: Activity, rate: RateConstant) {
      self.amplitude = amplitude
      self.rate = rate
    }
  }

  /// The terms; none is the function that is zero everywhere.
  public let terms: [Term]

  public init(_ terms: [Term]) { self.terms = terms }

  /// f(t).
  public func value(at t: Time) -> Activity {
    .becquerels(terms.reduce(0) { $0 + $1.amplitude.base * exp(-$1.rate.base * t.base) })
  }

  /// ∫ f from 0 to infinity: Σ Aᵢ / Lᵢ.
  public var integral: TimeIntegratedActivity { integral(from: .zero) }

  /// ∫ f from a time to infinity: Σ Aᵢ exp(−Lᵢ t) / Lᵢ.
  public func integral(from t: Time) -> TimeIntegratedActivity {
    .becquerelSeconds(terms.reduce(0) { $0 + $1.amplitude.base * exp(-$1.rate.base * t.base) / $1.rate.base })
  }

  /// ∫ f between two times.
  public func integral(from a: Time, to b: Time) -> TimeIntegratedActivity { integral(from: a) - integral(from: b) }

  /// The share of the integral that lies before a time, 0 for a function without integral.
  public func share(before t: Time) -> Double { integral.base > 0 ? integral(from: .zero, to: t) / integral : 0 }

  /// The share of the integral that lies after a time, 0 for a function without integral.
  public func share(after t: Time) -> Double { integral.base > 0 ? integral(from: t) / integral : 0 }

  /// The half-life ln 2 / L of the slowest term that is not zero.
  public var lateHalfLife: Time? {
    terms.filter { $0.amplitude.base != 0 }.map(\.rate).min()?.halfLife
  }

  /// The same biology with another physical decay: Lᵢ − λp + λp′, amplitudes unchanged (SCIENCE 6.5).
  ///
  /// - Throws: ``KineticsError`` when a term decays more slowly than the nuclide it was measured with.
  public func translated(from old: RateConstant, to new: RateConstant) throws -> ExponentialSum {
    ExponentialSum(
      try terms.map { term in
        let biological = term.rate - old
        guard biological.base >= -1e-12 * old.base else {
          throw KineticsError(
            "negative-biological-rate",
            "A component with an effective half-life of \(term.rate.halfLife.hours) h outlives the nuclide.",
            remedy: "Check the nuclide and the decay correction of the curve.")
        }
        return Term(amplitude: term.amplitude, rate: RateConstant(base: max(0, biological.base)) + new)
      })
  }

  /// The sum of two functions.
  public static func + (a: ExponentialSum, b: ExponentialSum) -> ExponentialSum { ExponentialSum(a.terms + b.terms) }

  /// The function times a factor.
  public func scaled(by factor: Double) -> ExponentialSum {
    ExponentialSum(terms.map { Term(amplitude: $0.amplitude * factor, rate: $0.rate) })
  }
}
