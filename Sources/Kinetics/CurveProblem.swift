import Numerics
import Quantities

/// The weighted least squares of one model and one curve, in MBq and hours.
struct CurveProblem: Sendable {
  let model: CurveModel
  let times: [Double]
  var values: [Double]
  let sigmas: [Double]
  let physical: Double
  let prior: PopulationPrior?
  /// What the prior's standardised deviation is compared with: 0, or a draw of it.
  var priorTarget = 0.0

  init(
    _ model: CurveModel, _ curve: TimeActivityCurve, weighting: Weighting, prior: PopulationPrior?
  ) throws {
    self.model = model
    times = curve.points.map(\.time.hours)
    values = curve.points.map(\.activity.megabecquerels)
    sigmas = try weighting.standardUncertainties(of: curve)
    physical = curve.physicalDecay.perHour
    self.prior = prior
  }

  /// Points, and the prior as one more.
  var residualCount: Int { times.count + (prior == nil ? 0 : 1) }

  func writeResiduals(_ terms: FitTerms, _ residuals: inout [Double]) {
    for j in times.indices { residuals[j] = (terms.value(at: times[j]) - values[j]) / sigmas[j] }
    if let prior { residuals[times.count] = prior.deviation(rate: terms.terms[0].rate) - priorTarget }
  }

  var leastSquares: LeastSquaresProblem {
    let p = model.parameterCount
    return LeastSquaresProblem(
      parameterCount: p, residualCount: residualCount,
      residuals: { theta, residuals in
        writeResiduals(model.terms(theta, physical: physical), &residuals)
      },
      jacobian: { theta, derivatives in
        let terms = model.terms(theta, physical: physical)
        for j in times.indices {
          let gradient = terms.gradient(at: times[j]) / sigmas[j]
          for k in 0..<p { derivatives[j * p + k] = gradient[k] }
        }
        if let prior {
          let first = terms.terms[0]
          for k in 0..<p {
            derivatives[times.count * p + k] = -first.rateGradient[k] / (first.rate * prior.logDeviation)
          }
        }
      })
  }

  /// The best of the minima that the starting points lead to.
  func minimised() -> LeastSquaresSolution? {
    let problem = leastSquares
    return model.startingPoints(times: times, values: values, sigmas: sigmas, physical: physical)
      .compactMap { problem.minimise(from: $0) }.min { $0.sumOfSquares < $1.sumOfSquares }
  }
}
