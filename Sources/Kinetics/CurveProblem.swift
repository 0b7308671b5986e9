import Numerics
import Quantities

/// The weighted least squares of one model and one curve, in MBq and hours.
struct CurveProblem: Sendable {
  let model: CurveModel
  private(set) var times: [Double]
  var values: [Double]
  var sigmas: [Double]
  let physical: Double
  let prior: PopulationPrior?
  /// What the prior's standardised deviations are compared with: 0, or draws of them.
  var priorTargets = [0.0, 0]

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

  /// Forgets a point.
  mutating func remove(_ index: Int) {
    times.remove(at: index)
    values.remove(at: index)
    sigmas.remove(at: index)
  }

  /// How many half-lives the prior knows of the model's.
  var priorCount: Int { prior?.count(for: model) ?? 0 }

  /// Points, and the prior's half-lives as more.
  var residualCount: Int { times.count + priorCount }

  func writeResiduals(_ terms: FitTerms, _ residuals: inout [Double]) {
    for j in times.indices { residuals[j] = (terms.value(at: times[j]) - values[j]) / sigmas[j] }
    guard let prior else { return }
    for (k, deviation) in prior.deviations(terms).enumerated() {
      residuals[times.count + k] = deviation.value - priorTargets[k]
    }
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
        guard let prior else { return }
        for (row, deviation) in prior.deviations(terms).enumerated() {
          for k in 0..<p { derivatives[(times.count + row) * p + k] = deviation.gradient[k] }
        }
      })
  }

  /// Huber's estimate by reweighting: a point further from the curve than 1.345 σ counts with the square root of its distance
  /// (Holland and Welsch, Commun Stat A 1977;6:813); σ is the stated one or, where only ratios are known, 1.483 times the
  /// median distance.
  mutating func makeRobust(from start: LeastSquaresSolution, isAbsolute: Bool) -> (
    LeastSquaresSolution, weights: [Double]
  )? {
    let stated = sigmas
    var (best, weights) = (start, [Double](repeating: 1, count: times.count))
    for _ in 0..<100 {
      let terms = model.terms(best.parameters, physical: physical)
      let distances = times.indices.map { abs(terms.value(at: times[$0]) - values[$0]) / stated[$0] }
      let median = distances.sorted()[distances.count / 2]
      let scale = isAbsolute ? 1 : max(1.4826 * median, 1e-9)
      let next = distances.map { $0 > 1.345 * scale ? 1.345 * scale / $0 : 1 }
      let change = zip(next, weights).map { abs($0 - $1) }.max()!
      weights = next
      sigmas = zip(stated, weights).map { $0 / $1.squareRoot() }
      guard let found = leastSquares.minimise(from: best.parameters) else { return nil }
      best = found
      if change < 1e-9 { break }
    }
    return (best, weights)
  }

  /// The best of the minima that the starting points lead to.
  func minimised() -> LeastSquaresSolution? {
    let problem = leastSquares
    return model.startingPoints(times: times, values: values, sigmas: sigmas, physical: physical)
      .compactMap { problem.minimise(from: $0) }.min { $0.sumOfSquares < $1.sumOfSquares }
  }
}
