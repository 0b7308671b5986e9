import Foundation
import Numerics
public import Quantities

extension CurveEstimate {
  /// The time-integrated activity that the same administered activity of another nuclide would give, its biology the same
  /// (SCIENCE 6.5): the biological rates stay, λp becomes λp′, and u² = gᵀVg with the new rates.
  ///
  /// - Throws: ``KineticsError`` when the late points fall more slowly than their nuclide decays by more than twice the
  ///   uncertainty of their slope: the biological rate would be negative.
  public func translated(to decay: RateConstant) throws -> Translation {
    if let slope = curve.lateSlope(weighting: weighting),
      slope.rate + 2 * slope.uncertainty < curve.physicalDecay.perHour
    {
      throw KineticsError(
        "negative-biological-rate",
        "Region “\(curve.region)” falls with a half-life of \(format(log(2) / slope.rate)) h, more slowly than the "
          + "nuclide's \(format(curve.physicalDecay.halfLife.hours)) h.",
        remedy: "Check the nuclide and the decay correction of the curve, and measure until the uptake has ended.")
    }
    let function = average.members.reduce(ExponentialSum([])) {
      $0 + $1.fit.function(physical: decay.perHour).scaled(by: $1.weight)
    }
    return Translation(
      timeIntegratedActivity: average.mean { $0.integral(physical: decay.perHour) },
      lateHalfLife: average.best.function(physical: decay.perHour).lateHalfLife!, function: function)
  }
}

/// A curve as another nuclide would show it.
public struct Translation: Sendable {
  /// Ã with the uncertainty of the fit alone.
  public let timeIntegratedActivity: Uncertain<TimeIntegratedActivity>
  /// The effective half-life of the late phase of the heaviest model.
  public let lateHalfLife: Time
  /// The weighted mean of the functions.
  public let function: ExponentialSum
}

extension CurveFit {
  /// The function with the same biology and another physical decay, in 1/h.
  fileprivate func function(physical: Double) -> ExponentialSum { model.terms(theta, physical: physical).function }

  fileprivate func integral(physical: Double) -> Uncertain<TimeIntegratedActivity> {
    let terms = model.terms(theta, physical: physical)
    return Uncertain(
      .megabecquerelHours(terms.integral(from: 0)),
      standardUncertainty: covariance.map {
        .megabecquerelHours($0.quadraticForm(terms.integralGradient(from: 0).prefix(theta.count)).squareRoot())
      })
  }
}

extension TimeActivityCurve {
  /// −d ln A/dt of the last three points from the highest on, in 1/h, by weighted linear regression; `nil` with fewer than
  /// two, or without a scale of their uncertainty.
  func lateSlope(weighting: Weighting) -> (rate: Double, uncertainty: Double)? {
    guard let sigmas = try? weighting.standardUncertainties(of: self),
      let highest = points.indices.max(by: { points[$0].activity < points[$1].activity })
    else { return nil }
    let late = points.indices[highest...].suffix(3).filter { points[$0].activity.base > 0 }
    guard late.count >= (weighting.isAbsolute ? 2 : 3) else { return nil }
    let rows = late.map { j in
      let a = points[j].activity.megabecquerels
      return (t: points[j].time.hours, y: log(a), w: (a / sigmas[j]) * (a / sigmas[j]))
    }
    let total = rows.reduce(0) { $0 + $1.w }
    let meanTime = rows.reduce(0) { $0 + $1.w * $1.t } / total
    let meanLog = rows.reduce(0) { $0 + $1.w * $1.y } / total
    let spread = rows.reduce(0) { $0 + $1.w * ($1.t - meanTime) * ($1.t - meanTime) }
    let slope = rows.reduce(0) { $0 + $1.w * ($1.t - meanTime) * ($1.y - meanLog) } / spread
    let rest = rows.reduce(0) { sum, row in
      let residual = row.y - meanLog - slope * (row.t - meanTime)
      return sum + row.w * residual * residual
    }
    return (-slope, ((weighting.isAbsolute ? 1 : rest) / spread).squareRoot())
  }
}
