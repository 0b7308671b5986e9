import Glibc
public import Quantities

/// A time-activity curve known exactly: a sum of exponentials with physical decay, per administered activity.
///
/// f(t) = Σ aᵢ·e^(−(λᵢ + λp)·t), t after the administration.
public struct TrueKinetics: Hashable, Sendable {
  /// One exponential.
  public struct Term: Hashable, Sendable {
    /// aᵢ, the fraction of the administered activity; below zero for an uptake phase.
    public let amplitude: Double
    /// λᵢ, the biological rate.
    public let biological: RateConstant
  }

  /// λp.
  public let physical: RateConstant
  public let terms: [Term]

  /// Uptake and clearance, F3u: a·(e^(−ln2·t/T₁) − e^(−ln2·t/T₂)) with effective half-lives T₁ > T₂.
  ///
  /// The amplitude follows from the time-integrated activity coefficient ã = a·(T₁ − T₂)/ln 2.
  init(coefficient: TimeIntegratedActivityCoefficient, clearance: Time, uptake: Time, physical: RateConstant) {
    let amplitude = coefficient.seconds * log(2.0) / (clearance.seconds - uptake.seconds)
    func biological(_ effective: Time) -> RateConstant {
      .perSecond(log(2.0) / effective.seconds) - physical
    }
    self.physical = physical
    terms = [
      Term(amplitude: amplitude, biological: biological(clearance)),
      Term(amplitude: -amplitude, biological: biological(uptake)),
    ]
  }

  /// Phases that only clear, each a fraction of the administered activity with its biological half-life.
  init(phases: [(fraction: Double, biological: Time)], physical: RateConstant) {
    self.physical = physical
    terms = phases.map { Term(amplitude: $0.fraction, biological: .perSecond(log(2.0) / $0.biological.seconds)) }
  }

  /// The fraction of the administered activity that is there at a time after the administration.
  public func fraction(at time: Time) -> Double {
    terms.reduce(0) { $0 + $1.amplitude * exp(-($1.biological + physical).perSecond * time.seconds) }
  }

  /// ã = Σ aᵢ/(λᵢ + λp).
  public var timeIntegratedActivityCoefficient: TimeIntegratedActivityCoefficient {
    .seconds(terms.reduce(0) { $0 + $1.amplitude / ($1.biological + physical).perSecond })
  }
}
