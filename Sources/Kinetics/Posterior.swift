import Foundation
import Numerics

extension CurveFit {
  /// Time-integrated activities in MBq h drawn from the posterior.
  ///
  /// Where no population is known, ln T_eff of every phase is uniform between 0.1 h and the physical half-life (that of the
  /// uptake from one minute on), ln of the whole amplitude is uniform, and so is its division among phases; with a prior ln T
  /// is normal, cut off at physical decay. A scale of the uncertainties that is unknown is integrated out with density 1/σ.
  ///
  /// - Throws: ``KineticsError`` when the chains do not agree: √(V̂/W) above 1.05.
  func posterior(seed: UInt64) throws -> [Double] {
    let sampled = Metropolis(
      start: profileStarts.last!, covariance: firstSteps, adapting: 2500, kept: 2500, thinning: 4, seed: seed
    ) { logPosterior($0) }
    guard sampled.convergence <= 1.05 else {
      throw KineticsError(
        "mcmc-not-converged",
        "The chains of \(model.rawValue) do not agree (\(format(sampled.convergence))): the points hardly bound it.",
        remedy: "Use --uncertainty profile, name a prior, or choose a model with fewer parameters.")
    }
    return sampled.draws.map { model.terms($0, physical: physical).integral(from: 0) }
  }

  private var firstSteps: SquareMatrix {
    let plain = SquareMatrix(size: theta.count) { $0 == $1 ? 0.01 : 0 }
    guard let covariance, (0..<theta.count).allSatisfy({ (1e-8...1).contains(covariance[$0, $0]) }) else {
      return plain
    }
    return covariance
  }

  /// The logarithm of the posterior density of θ, but for a constant.
  func logPosterior(_ theta: [Double]) -> Double {
    guard theta.allSatisfy({ $0.magnitude < 60 }) else { return -.infinity }
    let terms = model.terms(theta, physical: physical)
    var density = 0.0
    var slower = physical
    for (k, term) in terms.terms.prefix(model.phases).enumerated() {
      guard term.rate <= (k == 0 ? 6.931_471_805_599_453 : fastestUptake + slower) else { return -.infinity }
      // d ln T/dθ, as θ is the logarithm of a step of the rates.
      density += log((term.rate - slower) / term.rate)
      slower = term.rate
    }
    let amplitudes = model.amplitudes.map { theta[$0] }
    if amplitudes.count > 1 {
      density += amplitudes.reduce(0, +) - Double(amplitudes.count) * log(amplitudes.reduce(0) { $0 + exp($1) })
    }
    if let prior = problem.prior {
      for deviation in prior.deviations(terms) { density -= 0.5 * deviation.value * deviation.value }
    }
    let chiSquared = problem.times.indices.reduce(0.0) { sum, j in
      let residual = (terms.value(at: problem.times[j]) - problem.values[j]) / problem.sigmas[j]
      return sum + residual * residual
    }
    density -= isAbsolute ? chiSquared / 2 : Double(problem.times.count) / 2 * log(chiSquared)
    return density.isNaN ? -.infinity : density
  }
}

extension CurveModel {
  /// How many of the terms, in their order, have a rate of their own, each faster than the one before.
  fileprivate var phases: Int {
    switch self {
    case .F1: 0
    case .F2, .F3p: 1
    case .F3u, .F4, .F5: 2
    case .F6: 3
    }
  }
}
