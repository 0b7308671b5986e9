import Numerics
public import Provenance
public import Quantities

/// F2m: one exponential through the points from the highest on, straight lines from zero through the points before it
/// (SCIENCE 5.1).
///
/// The last of the lines ends on the exponential, so that the function has no step.
public struct LatePhase: Sendable {
  /// The exponential of the late points.
  public let fit: CurveFit
  /// The first of them.
  public let beginning: Time
  /// Ã with the uncertainty of the fit alone.
  public let timeIntegratedActivity: Uncertain<TimeIntegratedActivity>
  /// The part before the late phase.
  public let earlyPart: TimeIntegratedActivity
  /// The share of Ã after the last point.
  public let extrapolatedFraction: Double
  /// What to know about it.
  public let findings: [Finding]
}

extension TimeActivityCurve {
  /// Fits one exponential to the late points and adds what lies before them by straight lines.
  ///
  /// - Throws: ``KineticsError`` when fewer than three points follow the maximum, it included, or more than the settings
  ///   allow lies beyond the last one.
  public func latePhase(with settings: AnalysisSettings) throws -> LatePhase {
    let weighting = settings.weighting
    let highest = points.indices.max { points[$0].activity < points[$1].activity }!
    let late = Array(points[highest...])
    guard late.count >= 3 else {
      throw KineticsError(
        "late-phase-short",
        "Region “\(region)” has \(late.count) points from its maximum at \(format(points[highest].time.hours)) h on.",
        remedy: "F2m needs three of them: measure later, or use F3u.", bound: Trapezoid.bound(of: self))
    }
    let fit = try CurveFit(
      .F2, to: TimeActivityCurve(region: region, points: late, physicalDecay: physicalDecay), weighting: weighting)
    let sigmas = try weighting.standardUncertainties(of: self)
    let start = late[0].time
    let times = [Time.zero] + points[...highest].map(\.time)
    // The trapezoid is linear in the points: each counts with half the distance between its neighbours.
    var early = 0.0
    var variance = 0.0
    for j in 0..<highest {
      let width = (times[j + 2] - times[j]).hours / 2
      early += width * points[j].activity.megabecquerels
      variance += (width * sigmas[j] * (fit.scale ?? 0)) * (width * sigmas[j] * (fit.scale ?? 0))
    }
    let joint = (times[highest + 1] - times[highest]).hours / 2
    early += joint * fit.function.value(at: start).megabecquerels
    let terms = fit.model.terms(fit.theta, physical: fit.physical)
    let gradient = terms.integralGradient(from: start.hours) + terms.gradient(at: start.hours) * joint
    let total = TimeIntegratedActivity.megabecquerelHours(early) + fit.function.integral(from: start)
    let share = fit.function.integral(from: last.time) / total
    guard share <= settings.extrapolationRefusal else {
      throw KineticsError(
        "extrapolation",
        "\(percent(share)) of the time-integrated activity of region “\(region)” lie after the last point at "
          + "\(format(last.time.hours)) h.", remedy: "Measure later.", bound: Trapezoid.bound(of: self))
    }
    return LatePhase(
      fit: fit, beginning: start,
      timeIntegratedActivity: Uncertain(
        total,
        standardUncertainty: fit.covariance.map {
          .megabecquerelHours(($0.quadraticForm(gradient.prefix(2)) + variance).squareRoot())
        }),
      earlyPart: .megabecquerelHours(early), extrapolatedFraction: share,
      findings: acceptance(of: ModelAverage([(1, fit)]), share: share, settings).worstFirst())
  }
}
