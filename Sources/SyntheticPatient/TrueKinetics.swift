import Glibc
public import Quantities

/// A time-activity curve known exactly, per administered activity: a sum of exponentials with physical decay, or what a simulation
/// gave.
///
/// As a sum f(t) = Σ aᵢ·e^(−(λᵢ + λp)·t), t after the administration.
public struct TrueKinetics: Hashable, Sendable {
  private enum Course: Hashable, Sendable {
    case exponentials([Term])
    case simulated(SimulatedCourse)
  }

  /// One exponential.
  private struct Term: Hashable, Sendable {
    /// aᵢ, the fraction of the administered activity; below zero for an uptake phase.
    let amplitude: Double
    /// λᵢ, the biological rate.
    let biological: RateConstant
  }

  /// λp.
  public let physical: RateConstant
  private let course: Course

  /// Uptake and clearance, F3u: a·(e^(−ln2·t/T₁) − e^(−ln2·t/T₂)) with effective half-lives T₁ > T₂.
  ///
  /// The amplitude follows from the time-integrated activity coefficient ã = a·(T₁ − T₂)/ln 2.
  init(coefficient: TimeIntegratedActivityCoefficient, clearance: Time, uptake: Time, physical: RateConstant) {
    let amplitude = coefficient.seconds * log(2.0) / (clearance.seconds - uptake.seconds)
    func biological(_ effective: Time) -> RateConstant {
      .perSecond(log(2.0) / effective.seconds) - physical
    }
    self.physical = physical
    course = .exponentials([
      Term(amplitude: amplitude, biological: biological(clearance)),
      Term(amplitude: -amplitude, biological: biological(uptake)),
    ])
  }

  /// Phases that only clear, each a fraction of the administered activity with its biological half-life.
  init(phases: [(fraction: Double, biological: Time)], physical: RateConstant) {
    self.physical = physical
    course = .exponentials(
      phases.map { Term(amplitude: $0.fraction, biological: .perSecond(log(2.0) / $0.biological.seconds)) })
  }

  /// A curve that was simulated.
  init(_ simulated: SimulatedCourse, physical: RateConstant) {
    self.physical = physical
    course = .simulated(simulated)
  }

  /// The fraction of the administered activity that is there at a time after the administration.
  public func fraction(at time: Time) -> Double {
    switch course {
    case .exponentials(let terms):
      terms.reduce(0) { $0 + $1.amplitude * exp(-($1.biological + physical).perSecond * time.seconds) }
    case .simulated(let simulated): simulated.retention(at: time) * exp(-physical.perSecond * time.seconds)
    }
  }

  /// ã = Σ aᵢ/(λᵢ + λp), or the integral that was simulated with the curve.
  public var timeIntegratedActivityCoefficient: TimeIntegratedActivityCoefficient {
    switch course {
    case .exponentials(let terms):
      .seconds(terms.reduce(0) { $0 + $1.amplitude / ($1.biological + physical).perSecond })
    case .simulated(let simulated): simulated.coefficient
    }
  }
}

/// A simulated curve at many times, decay-corrected: retention between two of them follows a power of the time, later than
/// the last the last two.
struct SimulatedCourse: Hashable, Sendable {
  /// From 0 on, rising.
  let times: [Time]
  /// The fraction of the ligand that is there.
  let retentions: [Double]
  /// ã, physical decay included.
  let coefficient: TimeIntegratedActivityCoefficient

  func retention(at time: Time) -> Double {
    guard time > times[1] else { return retentions[0] + (retentions[1] - retentions[0]) * (time / times[1]) }
    var (low, high) = (1, times.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle } else { high = middle }
    }
    guard retentions[low] > 0, retentions[high] > 0 else { return 0 }
    let slope = log(retentions[high] / retentions[low]) / log(times[high] / times[low])
    return retentions[low] * pow(time / times[low], slope)
  }
}
