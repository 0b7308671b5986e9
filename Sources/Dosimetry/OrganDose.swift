import Foundation
public import Kinetics
import Numerics
public import Quantities
public import Radionuclides

/// A relative standard uncertainty that all times of a region share.
public struct UncertaintyComponent: Hashable, Sendable {
  /// What it is: `calibration`, `volume`, ...
  public let name: String
  /// One standard uncertainty of the dose, as a fraction.
  public let relative: Double
  /// Whether it moves every organ of the case together, as the camera's calibration does.
  public let isShared: Bool

  public init(_ name: String, _ relative: Double, isShared: Bool = false) {
    self.name = name
    self.relative = relative
    self.isShared = isShared
  }
}

/// The absorbed dose of one organ per administered activity, from its time-activity curves.
public struct OrganDose: Sendable {
  /// The organ.
  public let region: DoseRegion
  /// The curves of its parts: both kidneys are the sum of two.
  public let curves: [CurveEstimate]
  /// From the measured to the organ's activity: 1/share for marrow from L2–L4, else 1.
  public let scale: Double
  /// S(organ ← organ).
  public let sValue: SValueEntry
  /// What other regions give; empty where the set of S values holds self-dose alone.
  public let cross: [CrossDose]
  /// The administered activity A.
  public let administered: Activity
  /// The uncertainties beside the fit's, that of the S values among them.
  public let components: [UncertaintyComponent]
  /// Whether a constant that is not verified took part.
  public let isUnverified: Bool
  /// The uncertainties beside those of fits and S values.
  private let others: [UncertaintyComponent]
  /// λp of the nuclide the curves were measured with and of the nuclide the dose is for, where they differ.
  private let decay: (measured: RateConstant, meant: RateConstant)?

  public init(
    region: DoseRegion, curves: [CurveEstimate], scale: Double = 1, sValue: SValueEntry,
    cross: [CrossDose] = [], administered: Activity, components: [UncertaintyComponent], isUnverified: Bool
  ) throws {
    try self.init(
      region: region, curves: curves, scale: scale, sValue: sValue, cross: cross, administered: administered,
      others: components, isUnverified: isUnverified, decay: nil)
  }

  private init(
    region: DoseRegion, curves: [CurveEstimate], scale: Double, sValue: SValueEntry, cross: [CrossDose],
    administered: Activity, others: [UncertaintyComponent], isUnverified: Bool, decay: (RateConstant, RateConstant)?
  ) throws {
    guard !curves.isEmpty, administered.isFinite, administered.base > 0, scale.isFinite, scale > 0 else {
      throw DosimetryError(
        "dose-input-invalid",
        "The dose of \(region.name) lacks a curve or has an activity or scale that is not positive.",
        remedy: "Give at least one curve and a positive administered activity.")
    }
    self.region = region
    self.curves = curves
    self.scale = scale
    self.sValue = sValue
    self.cross = cross
    self.administered = administered
    self.others = others
    self.isUnverified = isUnverified
    self.decay = decay
    components =
      others + [
        UncertaintyComponent("S value", Self.uncertainty(of: sValue, cross, curves, scale, administered, decay))
      ]
  }

  /// The relative uncertainty that own and cross S values give together: each emitter's value errs by itself.
  private static func uncertainty(
    of own: SValueEntry, _ cross: [CrossDose], _ curves: [CurveEstimate], _ scale: Double, _ administered: Activity,
    _ decay: (RateConstant, RateConstant)?
  ) -> Double {
    guard !cross.isEmpty else { return own.relativeUncertainty }
    func dose(_ curves: [CurveEstimate], _ scale: Double, _ s: SValueEntry) -> Double {
      curves.reduce(0) { $0 + translated($1.average.function, decay).integral.base } * scale * s.total.base
    }
    let itself = dose(curves, scale, own)
    var total = itself
    var variance = itself * own.relativeUncertainty * itself * own.relativeUncertainty
    for (_, parts) in Dictionary(grouping: cross, by: \.emitter) {
      let sum = parts.reduce(0) { $0 + dose($1.curves, $1.scale, $1.sValue) }
      let u = sum * (parts.first?.sValue.relativeUncertainty ?? 0)
      (total, variance) = (total + sum, variance + u * u)
    }
    return total > 0 ? variance.squareRoot() / total : own.relativeUncertainty
  }

  private static func translated(
    _ function: ExponentialSum, _ decay: (measured: RateConstant, meant: RateConstant)?
  ) -> ExponentialSum {
    guard let decay else { return function }
    return ExponentialSum(
      function.terms.map {
        .init(amplitude: $0.amplitude, rate: max(.zero, $0.rate - decay.measured) + decay.meant)
      })
  }

  /// The dose that the same administered activity of another nuclide would give, its biology the same (SCIENCE 6.5).
  ///
  /// - Throws: `KineticsError` when a curve falls more slowly than its nuclide decays.
  public func translated(
    from measured: Nuclide, to nuclide: Nuclide, sValue: SValueEntry, cross: [CrossDose] = []
  ) throws -> OrganDose {
    for curve in curves { _ = try curve.translated(to: nuclide.decayConstant) }
    return try OrganDose(
      region: region, curves: curves, scale: scale, sValue: sValue, cross: cross, administered: administered,
      others: others, isUnverified: isUnverified, decay: (measured.decayConstant, nuclide.decayConstant))
  }

  /// The same organ with what other regions give to it.
  public func adding(cross: [CrossDose]) throws -> OrganDose {
    try OrganDose(
      region: region, curves: curves, scale: scale, sValue: sValue, cross: self.cross + cross,
      administered: administered, others: others, isUnverified: isUnverified, decay: decay)
  }

  /// The same organ with other knowledge of its curves and of those of its sources.
  public func mapping(curves change: (CurveEstimate) throws -> CurveEstimate) throws -> OrganDose {
    try OrganDose(
      region: region, curves: curves.map(change), scale: scale, sValue: sValue,
      cross: cross.map {
        CrossDose(
          emitter: $0.emitter, source: $0.source, curves: try $0.curves.map(change), scale: $0.scale, sValue: $0.sValue)
      }, administered: administered, others: others, isUnverified: isUnverified, decay: decay)
  }

  /// The effective rate of a measured one in the nuclide the dose is for.
  func translated(_ rate: RateConstant) -> RateConstant {
    decay.map { max(.zero, rate - $0.measured) + $0.meant } ?? rate
  }

  /// ã of the organ, with the uncertainty of the fits alone.
  public var coefficient: Uncertain<TimeIntegratedActivityCoefficient> { coefficient(from: .zero) }

  /// d = Σ ã S in Gy per administered Bq, all uncertainties and cross-dose included.
  public var perActivity: Uncertain<AbsorbedDosePerActivity> { perActivity(after: .zero) }

  /// The dose per administered activity that is delivered after a time, all uncertainties included.
  public func perActivity(after t: Time) -> Uncertain<AbsorbedDosePerActivity> {
    let a = coefficient(from: t)
    let d = a.value * sValue.total + crossPerActivity(after: t)
    guard let fit = a.relativeUncertainty, fit.isFinite else { return Uncertain(d, standardUncertainty: nil) }
    return Uncertain(d, relative: components.reduce(fit * fit) { $0 + $1.relative * $1.relative }.squareRoot())
  }

  /// What other regions give after a time.
  public func crossPerActivity(after t: Time = .zero) -> AbsorbedDosePerActivity {
    cross.map { part in
      let decays = part.curves.reduce(TimeIntegratedActivity.zero) { $0 + function(of: $1).integral(from: t) }
      return decays * part.scale / administered * part.sValue.total
    }.total()
  }

  /// The best time course of the organ's activity per administered activity, in Bq per administered Bq.
  public var course: ExponentialSum { own.scaled(by: scale / administered.becquerels) }

  /// The course of the dose rate per administered activity, as activities that the organ's own S value would turn into it.
  public var doseCourse: ExponentialSum {
    cross.reduce(course) { sum, part in
      let factor = part.scale / administered.becquerels * (part.sValue.total / sValue.total)
      return sum + part.curves.reduce(ExponentialSum([])) { $0 + function(of: $1) }.scaled(by: factor)
    }
  }

  /// The effective half-life of the late phase.
  public var lateHalfLife: Time {
    decay == nil ? curves.map(\.lateHalfLife).max()! : own.lateHalfLife!
  }

  /// The dose rate Ḋ(t) = S Σ Aᵢ exp(−Lᵢ t) of an administered activity (SCIENCE 6.3).
  public func doseRate(at t: Time, of activity: Activity) -> AbsorbedDoseRate {
    .graysPerSecond(doseCourse.value(at: t).base * activity.becquerels * sValue.total.base)
  }

  /// When the dose rate is highest, and how high.
  public func peakDoseRate(of activity: Activity) -> (time: Time, rate: AbsorbedDoseRate) {
    let time = doseCourse.peak.time
    return (time, doseRate(at: time, of: activity))
  }

  /// The sum of the organ's curves in the nuclide the dose is for.
  private var own: ExponentialSum { curves.reduce(ExponentialSum([])) { $0 + function(of: $1) } }

  /// A curve in the nuclide the dose is for.
  func function(of curve: CurveEstimate) -> ExponentialSum { Self.translated(curve.average.function, decay) }

  private func coefficient(from t: Time) -> Uncertain<TimeIntegratedActivityCoefficient> {
    guard decay == nil else { return translatedCoefficient(from: t) }
    let parts = curves.map { $0.integral(from: t) }
    let value = parts.map(\.value).total() * scale / administered
    let variance = parts.reduce(Double?.some(0)) { sum, part in
      guard let sum, let u = part.standardUncertainty else { return nil }
      return sum + u.base * u.base
    }
    return Uncertain(
      value,
      standardUncertainty: variance.map { .seconds($0.squareRoot() * scale / administered.becquerels) })
  }

  /// The uncertainty of a translated curve is the standard deviation of 1000 draws of its fit.
  private func translatedCoefficient(from t: Time) -> Uncertain<TimeIntegratedActivityCoefficient> {
    let value = own.integral(from: t) * scale / administered
    guard curves.allSatisfy({ $0.timeIntegratedActivity.standardUncertainty != nil }) else {
      return Uncertain(value, standardUncertainty: nil)
    }
    var stream = RandomStream(seed: 1, stream: "translated curve")
    let samplers = curves.map { $0.sampler() }
    let draws = (0..<1000).map { _ in
      samplers.reduce(0.0) { sum, sampler in
        sum
          + sampler.next(&stream).terms.reduce(0) {
            let rate = translated($1.rate).base
            return $0 + $1.amplitude.base * exp(-rate * t.base) / rate
          }
      }
    }
    let mean = draws.reduce(0, +) / Double(draws.count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count - 1)
    return Uncertain(
      value, standardUncertainty: .seconds(variance.squareRoot() * scale / administered.becquerels))
  }
}
