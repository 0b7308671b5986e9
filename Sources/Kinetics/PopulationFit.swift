import Foundation
import Numerics
public import Provenance
import Quantities

/// What the curves of one region in a cohort say of the population: a nonlinear mixed-effects model (SCIENCE 5.4).
///
/// θᵢ = (ln Aᵢ, ln T_eff,i, ln T_up,i) ~ N(μ, Ω) with T_eff cut off at physical decay, y = f(t; θᵢ)(1 + σ ε). F3u with the
/// uptake, F2 without. Maximum likelihood by stochastic approximation of the EM algorithm (SAEM, Kuhn and Lavielle, Comput
/// Stat Data Anal 2005;49:1020): θᵢ are drawn by Metropolis steps, the moments of the draws averaged, and μ, Ω and σ follow
/// from the moments. ln T_eff is a truncated normal, whose μ and σ solve the equations of its moments; the other parameters
/// are regressed on it, which the cut does not bias.
public struct PopulationFit: Sendable {
  /// A parameter of the population.
  public struct HalfLife: Sendable {
    /// Median and standard deviation of the logarithm.
    public let distribution: HalfLifeDistribution
    /// The standard uncertainty of the median's logarithm, from the empirical information of the patients' scores.
    public let medianUncertainty: Double
  }

  /// The region.
  public let region: String
  /// F2 or F3u.
  public let model: CurveModel
  /// How many curves it rests on.
  public let patientCount: Int
  /// Points of all curves.
  public let pointCount: Int
  /// Of the late phase.
  public let clearance: HalfLife
  /// Of the uptake, for F3u.
  public let uptake: HalfLife?
  /// Between the logarithms of the two.
  public let correlation: Double
  /// σ, the relative standard deviation of a point about its patient's curve.
  public let residual: Double
  /// What to know about it.
  public let findings: [Finding]

  /// The prior for another patient's curve.
  public func prior(source: Source) -> PopulationPrior {
    PopulationPrior(
      name: region, median: clearance.distribution.median, logDeviation: clearance.distribution.logDeviation,
      uptake: uptake?.distribution, correlation: correlation, source: source)
  }

  /// Fits a cohort.
  ///
  /// - Parameters:
  ///   - curves: of one region and one nuclide, one a patient, at least eight, at least half of them with as many points as
  ///     the model has parameters.
  ///   - model: F2 or F3u.
  /// - Throws: ``KineticsError`` for too few curves, an activity of zero, or a population that the points do not determine.
  public init(_ curves: [TimeActivityCurve], model: CurveModel, seed: UInt64 = 0) throws {
    precondition(model == .F2 || model == .F3u, "populations are fitted by F2 or F3u")
    let region = curves.first?.region ?? ""
    let full = curves.count { $0.points.count >= model.parameterCount }
    guard curves.count >= 8, 2 * full >= curves.count else {
      throw KineticsError(
        "cohort-too-small",
        "Region “\(region)” has \(curves.count) curves, \(full) of them with \(model.parameterCount) points or more.",
        remedy: "A population needs eight curves, half of them with as many points as \(model.rawValue) has parameters."
      )
    }
    if let empty = curves.first(where: { curve in curve.points.contains { $0.activity.base <= 0 } }) {
      throw KineticsError(
        "activity-invalid", "A curve of region “\(empty.region)” has an activity of 0.",
        remedy: "Leave the point out, or give its activity: relative deviations from 0 have no meaning.")
    }
    var approximation = StochasticApproximation(curves, model: model, seed: seed)
    approximation.run()
    let state = approximation.state
    guard state.isFinite else {
      throw KineticsError(
        "no-population", "The curves of region “\(region)” do not determine a population of \(model.rawValue).",
        remedy: "Use F2, or curves with more points.")
    }
    let errors = approximation.medianUncertainties()
    self.region = region
    self.model = model
    patientCount = curves.count
    pointCount = curves.reduce(0) { $0 + $1.points.count }
    func halfLife(_ k: Int) -> HalfLife {
      HalfLife(
        distribution: HalfLifeDistribution(
          median: .hours(exp(state.mean[k])), logDeviation: state.covariance[k, k].squareRoot()),
        medianUncertainty: errors[k])
    }
    clearance = halfLife(1)
    uptake = model == .F3u ? halfLife(2) : nil
    correlation =
      model == .F3u
      ? state.covariance[1, 2] / (state.covariance[1, 1] * state.covariance[2, 2]).squareRoot() : 0
    residual = state.residual
    var findings: [Finding] = []
    if curves.count < 20 {
      findings.append(
        Finding(
          .caution, code: "small-cohort", title: "Small cohort.",
          "The spread of \(region) rests on \(curves.count) patients; with fewer than 20 it is itself uncertain by more than "
            + "a sixth.", subject: region, origin: "Kinetics · population"))
    }
    if clearance.distribution.logDeviation < 0.02 {
      findings.append(
        Finding(
          .caution, code: "no-spread", title: "Patients hardly differ.",
          "The half-lives of \(region) differ by less than 2 %, as those of no real cohort do: a prior of them leaves a "
            + "patient no freedom.", subject: region, origin: "Kinetics · population"))
    }
    if residual > 0.2 {
      findings.append(
        Finding(
          .caution, code: "large-residual", title: "Points far from the curves.",
          "The points of \(region) lie \(percent(residual)) off their curves: \(model.rawValue) may be the wrong model.",
          subject: region, origin: "Kinetics · population"))
    }
    if let worst = errors.dropFirst().max(), worst > 0.25 {
      findings.append(
        Finding(
          .caution, code: "median-uncertain", title: "A median is hardly determined.",
          "A median half-life of \(region) has a standard uncertainty of \(percent(worst)).", subject: region,
          origin: "Kinetics · population"))
    }
    self.findings = findings
  }
}
