import Foundation
import Numerics
import Quantities

extension CurveModel {
  /// Which of θ are logarithms of amplitudes: adding to all of them scales the function.
  var amplitudes: [Int] {
    switch self {
    case .F1, .F2, .F3u: [0]
    case .F3p, .F4, .F5: [0, 2]
    case .F6: [0, 2, 4]
    }
  }
}

extension CurveProblem {
  /// The smallest χ² of the functions with a given integral, in MBq h, searched from θ.
  ///
  /// The integral fixes the scale, so that what is left to fit are the p − 1 parameters of the shape.
  func sumOfSquares(integral: Double, from theta: [Double]) -> Double? {
    let p = model.parameterCount
    @Sendable func terms(_ shape: [Double]) -> FitTerms { model.terms([0] + shape, physical: physical) }
    @Sendable func scaled(_ shape: [Double]) -> FitTerms {
      let terms = terms(shape)
      let scale = integral / terms.integral(from: 0)
      return FitTerms(
        terms.terms.map {
          var term = $0
          term.amplitude *= scale
          return term
        })
    }
    var start = theta
    for k in model.amplitudes { start[k] -= theta[0] }
    guard p > 1 else {
      var residuals = [Double](repeating: 0, count: residualCount)
      writeResiduals(scaled([]), &residuals)
      return residuals.reduce(0) { $0 + $1 * $1 }
    }
    let problem = LeastSquaresProblem(
      parameterCount: p - 1, residualCount: residualCount,
      residuals: { shape, residuals in writeResiduals(scaled(shape), &residuals) },
      jacobian: { shape, derivatives in
        let terms = terms(shape)
        let (whole, slope) = (terms.integral(from: 0), terms.integralGradient(from: 0))
        for j in times.indices {
          let gradient =
            (terms.gradient(at: times[j]) - slope * (terms.value(at: times[j]) / whole))
            * (integral / whole / sigmas[j])
          for k in 1..<p { derivatives[j * (p - 1) + k - 1] = gradient[k] }
        }
        guard let prior else { return }
        for (row, deviation) in prior.deviations(terms).enumerated() {
          for k in 1..<p { derivatives[(times.count + row) * (p - 1) + k - 1] = deviation.gradient[k] }
        }
      })
    return problem.minimise(from: Array(start.dropFirst()))?.sumOfSquares
  }
}

/// The distribution of the time-integrated activity that the profile likelihoods of the models make together: tail areas
/// averaged with the models' weights (Turek and Fletcher, Comput Stat Data Anal 2012;56:2809).
struct TailAreas {
  private let average: ModelAverage
  private let region: String

  init(_ average: ModelAverage, region: String) throws {
    guard average.members.allSatisfy({ $0.fit.scale != nil }) else {
      throw KineticsError(
        "no-uncertainty", "Region “\(region)” has no uncertainties at its points and no degree of freedom.",
        remedy: "Weight by a relative uncertainty, or state one at every point.")
    }
    self.average = average
    self.region = region
  }

  /// The time-integrated activity below which the true one lies with probability p.
  func quantile(_ p: Double) throws -> TimeIntegratedActivity {
    let best = average.best.function.integral.megabecquerelHours
    let isUpper = p > 0.5
    var inside = log(best)
    var step = isUpper ? 0.05 : -0.05
    // Models that differ may put the whole quantile on the other side of the best one.
    while (try area(exp(inside)) < p) != isUpper, inside.magnitude < 700 { inside -= 4 * step }
    var outside = inside + step
    while (try area(exp(outside)) < p) == isUpper {
      step *= 2
      outside += step
      guard step.magnitude < 20 else {
        throw KineticsError(
          "no-interval", "The points of region “\(region)” do not bound its time-integrated activity.",
          remedy: "Measure more points, or name a population prior.")
      }
    }
    for _ in 0..<60 where (outside - inside).magnitude > 1e-8 {
      let middle = (inside + outside) / 2
      if (try area(exp(middle)) < p) == isUpper { inside = middle } else { outside = middle }
    }
    return .megabecquerelHours(exp((inside + outside) / 2))
  }

  /// The probability below a time-integrated activity in MBq h.
  private func area(_ integral: Double) throws -> Double {
    try average.members.reduce(0) { sum, member in
      let fit = member.fit
      let chis = fit.profileStarts.compactMap { fit.problem.sumOfSquares(integral: integral, from: $0) }
      guard let chi = chis.min() else {
        throw KineticsError(
          "no-interval", "The profile of \(fit.model.rawValue) could not be followed for region “\(region)”.",
          remedy: "Use --uncertainty bootstrap.")
      }
      let root = max(0, chi - fit.chiSquared).squareRoot() / fit.scale!
      let signed = integral < fit.function.integral.megabecquerelHours ? -root : root
      let area =
        fit.isAbsolute
        ? Normal.cumulative(signed) : StudentT.cumulative(signed, degreesOfFreedom: Double(fit.degreesOfFreedom))
      return sum + member.weight * area
    }
  }
}

extension CurveFit {
  /// Where the profile is searched from: the minimum, and where a rate or an amplitude has vanished a point inside.
  var profileStarts: [[Double]] {
    guard isOnBoundary else { return [theta] }
    var inside = theta
    for k in theta.indices.dropFirst() where !model.amplitudes.contains(k) {
      inside[k] = min(max(theta[k], log(0.2 * physical)), 1)
    }
    return [theta, inside]
  }
}
