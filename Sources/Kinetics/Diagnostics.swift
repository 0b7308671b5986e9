import Foundation

extension CurveEstimate {
  /// What every point says of the heaviest model when the fit does not know it: (y − f₋ⱼ(tⱼ))/σⱼ, f₋ⱼ fitted to the others;
  /// `nil` where the others do not determine the model.
  ///
  /// The root mean square is the leave-one-out prediction error: near 1 when model and uncertainties are right, as large as
  /// the missing point's leverage when they are not.
  public func predictionErrors() -> [Double?] {
    let fit = average.best
    return curve.points.indices.map { left in
      var problem = fit.problem
      let (time, value, sigma) = (problem.times[left], problem.values[left], problem.sigmas[left])
      problem.remove(left)
      guard problem.residualCount >= fit.model.parameterCount,
        let found = problem.leastSquares.minimise(from: fit.theta) ?? problem.minimised()
      else { return nil }
      let predicted = fit.model.terms(found.parameters, physical: fit.physical).value(at: time)
      let error = (value - predicted) / sigma
      return error.isFinite ? error : nil
    }
  }
}

/// Wald and Wolfowitz's test whether the signs of residuals change as often as chance would have them.
enum RunsTest {
  /// The probability of so few runs or fewer; `nil` for fewer than eight residuals or with all of one sign, where the test
  /// says nothing (SCIENCE 5.2).
  static func probability(_ residuals: [Double]) -> Double? {
    let signs = residuals.filter { $0 != 0 }.map { $0 > 0 }
    let (above, below) = (signs.count { $0 }, signs.count { !$0 })
    guard signs.count >= 8, above > 0, below > 0 else { return nil }
    let runs = 1 + zip(signs, signs.dropFirst()).count { $0 != $1 }
    func choose(_ n: Int, _ k: Int) -> Double {
      guard k >= 0, k <= n else { return 0 }
      return exp(lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1)))
    }
    let all = choose(above + below, above)
    return (2...runs).reduce(0.0) { sum, r in
      let ways =
        r % 2 == 0
        ? 2 * choose(above - 1, r / 2 - 1) * choose(below - 1, r / 2 - 1)
        : choose(above - 1, (r - 1) / 2) * choose(below - 1, (r - 3) / 2)
          + choose(above - 1, (r - 3) / 2) * choose(below - 1, (r - 1) / 2)
      return sum + ways / all
    }
  }
}
