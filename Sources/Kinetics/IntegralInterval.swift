import Foundation
import Numerics

public import Quantities

/// How the uncertainty of a time-integrated activity is found.
public enum UncertaintyMethod: String, CaseIterable, Sendable {
  /// From the covariance of the parameters at the minimum.
  case linear
  /// From how fast χ² rises when the time-integrated activity is held away from its best value.
  case profile
  /// From refits of curves drawn around the best one.
  case bootstrap
  /// From draws of the posterior distribution.
  case mcmc
}

/// An interval that holds the time-integrated activity with a probability; calibration and volume are not part of it.
public struct IntegralInterval: Hashable, Sendable {
  /// How it was found.
  public let method: UncertaintyMethod
  /// The probability, such as 0.95.
  public let probability: Double
  /// Its ends.
  public let lower, upper: TimeIntegratedActivity
  /// Half of the interval of 68.3 %, or the standard deviation of the refits or draws.
  public let standardUncertainty: TimeIntegratedActivity
  /// The median of the refits or draws.
  public let median: TimeIntegratedActivity?
}

extension CurveEstimate {
  /// How many curves the bootstrap draws.
  public static let bootstrapCount = 2000

  /// The interval of the time-integrated activity, over all models that take part.
  ///
  /// - Parameters:
  ///   - probability: between 0.5 and 1.
  ///   - seed: of the bootstrap and of the chains; the same seed gives the same interval.
  /// - Throws: ``KineticsError`` when the points give no scale of the uncertainty, or the interval has no end.
  public func interval(
    _ method: UncertaintyMethod, probability: Double = 0.95, seed: UInt64 = 0
  ) throws -> IntegralInterval {
    precondition(probability > 0.5 && probability < 1, "a probability between 0.5 and 1")
    guard method == .linear || !average.best.isTied else {
      throw KineticsError(
        "tied-fit", "Region “\(curve.region)” has parameters that are fixed or shared with other curves.",
        remedy: "Use --uncertainty linear for it.")
    }
    switch method {
    case .linear:
      let result = spread.mean { $0.integral(from: .zero) }
      guard let u = result.standardUncertainty else { throw noScale }
      let half = u * Normal.quantile((1 + probability) / 2)
      return IntegralInterval(
        method: method, probability: probability, lower: max(.zero, result.value - half), upper: result.value + half,
        standardUncertainty: u, median: nil)
    case .profile:
      let tails = try TailAreas(spread, region: curve.region)
      let one = 2 * Normal.cumulative(1) - 1
      return IntegralInterval(
        method: method, probability: probability, lower: try tails.quantile((1 - probability) / 2),
        upper: try tails.quantile((1 + probability) / 2),
        standardUncertainty: (try tails.quantile((1 + one) / 2) - (try tails.quantile((1 - one) / 2))) * 0.5,
        median: nil)
    case .bootstrap:
      return interval(from: try bootstrap(seed: seed), method, probability)
    case .mcmc:
      return interval(from: try posterior(seed: seed), method, probability)
    }
  }

  private func interval(from unsorted: [Double], _ method: UncertaintyMethod, _ probability: Double) -> IntegralInterval
  {
    let draws = unsorted.sorted()
    func quantile(_ p: Double) -> TimeIntegratedActivity {
      let x = p * Double(draws.count - 1)
      let below = Int(x)
      let above = min(below + 1, draws.count - 1)
      return .megabecquerelHours(draws[below] + (x - Double(below)) * (draws[above] - draws[below]))
    }
    let mean = draws.reduce(0, +) / Double(draws.count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count - 1)
    return IntegralInterval(
      method: method, probability: probability, lower: quantile((1 - probability) / 2),
      upper: quantile((1 + probability) / 2), standardUncertainty: .megabecquerelHours(variance.squareRoot()),
      median: quantile(0.5))
  }

  /// Draws of the posterior of every model, as many as its weight says.
  private func posterior(seed: UInt64) throws -> [Double] {
    let members = spread.members.filter { $0.weight > 1e-3 }
    guard members.allSatisfy({ $0.fit.scale != nil }) else { throw noScale }
    var pool: [Double] = []
    for (index, member) in members.enumerated() {
      let draws = try member.fit.posterior(seed: seed &+ UInt64(index) &* 1000)
      let count = max(1, Int((member.weight * Double(draws.count)).rounded()))
      pool += (0..<count).map { draws[$0 * draws.count / count] }
    }
    return pool
  }

  private var noScale: KineticsError {
    KineticsError(
      "no-uncertainty",
      "Region “\(curve.region)” has no uncertainties at its points and no degree of freedom.",
      remedy: "Weight by a relative uncertainty, or state one at every point.")
  }

  /// The time-integrated activities, in MBq h, of refitted curves: a model by its weight, points around its best curve
  /// by a log-normal distribution with their standard uncertainty, the prior's centre by its own distribution.
  private func bootstrap(seed: UInt64) throws -> [Double] {
    let members = average.members
    guard members.allSatisfy({ $0.fit.scale != nil }) else { throw noScale }
    var draws: [Double] = []
    for index in 0..<Self.bootstrapCount {
      var stream = RandomStream(seed: seed &+ UInt64(index), stream: "bootstrap")
      var u = stream.uniform()
      let chosen = members.firstIndex {
        u -= $0.weight
        return u <= 0
      }
      let fit = members[chosen ?? 0].fit
      var problem = fit.problem
      let terms = fit.model.terms(fit.theta, physical: fit.physical)
      for j in problem.times.indices {
        let expected = terms.value(at: problem.times[j])
        let sigma = problem.sigmas[j] * fit.scale!
        let z = stream.normal()
        if expected > 1e-9 * sigma {
          let variance = log(1 + (sigma / expected) * (sigma / expected))
          problem.values[j] = expected * exp(variance.squareRoot() * z - variance / 2)
        } else {
          problem.values[j] = max(0, sigma * z)
        }
      }
      if problem.prior != nil { problem.priorTargets = [stream.normal(), stream.normal()] }
      let refit = problem.leastSquares.minimise(from: fit.theta) ?? problem.minimised()
      guard let refit else { continue }
      draws.append(fit.model.terms(refit.parameters, physical: fit.physical).integral(from: 0))
    }
    guard draws.count >= Self.bootstrapCount * 99 / 100 else {
      throw KineticsError(
        "bootstrap-failed",
        "\(Self.bootstrapCount - draws.count) of \(Self.bootstrapCount) curves drawn for region “\(curve.region)” "
          + "could not be fitted.", remedy: "Use --uncertainty profile, or a model with fewer parameters.")
    }
    return draws
  }
}

extension CurveFit {
  /// What the points' standard uncertainties are multiplied with: 1, or the estimate from χ²/(N − p) where they are
  /// relative; `nil` when there is no degree of freedom.
  var scale: Double? {
    if isAbsolute { return 1 }
    return degreesOfFreedom > 0 && chiSquared > 0 ? (chiSquared / Double(degreesOfFreedom)).squareRoot() : nil
  }
}
