public import Kinetics
public import Quantities

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
  /// The administered activity A.
  public let administered: Activity
  /// The uncertainties beside the fit's.
  public let components: [UncertaintyComponent]
  /// Whether a constant that is not verified took part.
  public let isUnverified: Bool

  public init(
    region: DoseRegion, curves: [CurveEstimate], scale: Double = 1, sValue: SValueEntry, administered: Activity,
    components: [UncertaintyComponent], isUnverified: Bool
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
    self.administered = administered
    self.components = components + [UncertaintyComponent("S value", sValue.relativeUncertainty)]
    self.isUnverified = isUnverified
  }

  /// ã of the organ, with the uncertainty of the fits alone.
  public var coefficient: Uncertain<TimeIntegratedActivityCoefficient> { coefficient(from: .zero) }

  /// d = ã S in Gy per administered Bq, all uncertainties included.
  public var perActivity: Uncertain<AbsorbedDosePerActivity> { perActivity(after: .zero) }

  /// The dose per administered activity that is delivered after a time, all uncertainties included.
  public func perActivity(after t: Time) -> Uncertain<AbsorbedDosePerActivity> {
    let a = coefficient(from: t)
    let d = a.value * sValue.total
    guard let fit = a.relativeUncertainty, fit.isFinite else { return Uncertain(d, standardUncertainty: nil) }
    return Uncertain(d, relative: components.reduce(fit * fit) { $0 + $1.relative * $1.relative }.squareRoot())
  }

  /// The best time course of the organ's activity per administered activity, in Bq per administered Bq.
  public var course: ExponentialSum {
    curves.reduce(ExponentialSum([])) { $0 + $1.average.function }.scaled(by: scale / administered.becquerels)
  }

  /// The effective half-life of the late phase.
  public var lateHalfLife: Time { curves.map(\.lateHalfLife).max()! }

  private func coefficient(from t: Time) -> Uncertain<TimeIntegratedActivityCoefficient> {
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
}
