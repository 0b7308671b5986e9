import Foundation
import Quantities

/// Which small-sample form of Akaike's criterion compares the models (register A5-1).
public enum InformationCriterion: String, Hashable, Sendable {
  /// χ² + 2p + 2p(p+1)/(N−p−1): the points' uncertainties are known.
  case sigmaKnown
  /// N ln(χ²/N) + 2K + 2K(K+1)/(N−K−1), K = p + 1: they are known but for a common factor.
  case sigmaUnknown

  /// The criterion of a fit; `nil` where the form is undefined: fewer than p + 2 (or p + 3) points, or χ² = 0.
  public func value(for fit: CurveFit) -> Double? {
    let n = Double(fit.pointCount)
    let p = Double(fit.model.parameterCount)
    switch self {
    case .sigmaKnown:
      guard n >= p + 2 else { return nil }
      return fit.chiSquared + 2 * p + 2 * p * (p + 1) / (n - p - 1)
    case .sigmaUnknown:
      let k = p + 1
      guard n >= p + 3, fit.chiSquared > 0 else { return nil }
      return n * log(fit.chiSquared / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1)
    }
  }

  /// How many points a model needs for the form to be defined.
  func pointsNeeded(by model: CurveModel) -> Int { model.parameterCount + (self == .sigmaKnown ? 2 : 3) }
}

/// One model that was considered for a curve.
public struct Candidate: Sendable {
  /// The model.
  public let model: CurveModel
  /// Its fit, unless it was refused before.
  public let fit: CurveFit?
  /// Akaike's criterion, where it is defined.
  public let criterion: Double?
  /// The Akaike weight, 0 for a model that does not take part.
  public let weight: Double
  /// Why it does not take part.
  public let refusal: KineticsError?
}

/// Models that take part with their weights, which add up to 1.
public struct ModelAverage: Sendable {
  /// The fits with their weights, heaviest first; at least one.
  public let members: [(weight: Double, fit: CurveFit)]

  init(_ members: [(weight: Double, fit: CurveFit)]) {
    let total = members.reduce(0) { $0 + $1.weight }
    self.members = members.map { ($0.weight / total, $0.fit) }.sorted { $0.weight > $1.weight }
  }

  /// The heaviest.
  public var best: CurveFit { members[0].fit }

  /// The weighted mean of the functions.
  public var function: ExponentialSum {
    members.reduce(ExponentialSum([])) { $0 + $1.fit.function.scaled(by: $1.weight) }
  }

  /// The mean of a result over the models, u = Σ w √(u² + (x − x̄)²) (Burnham and Anderson; SCIENCE 5.2).
  func mean<Q: Quantity>(_ result: (CurveFit) -> Uncertain<Q>) -> Uncertain<Q> {
    let results = members.map { ($0.weight, result($0.fit)) }
    let mean = results.reduce(0) { $0 + $1.0 * $1.1.value.base }
    var uncertainty: Double? = 0
    for (weight, x) in results {
      guard let u = x.standardUncertainty, let sum = uncertainty else {
        uncertainty = nil
        break
      }
      uncertainty = sum + weight * hypot(u.base, x.value.base - mean)
    }
    return Uncertain(Q(base: mean), standardUncertainty: uncertainty.map { Q(base: $0) })
  }
}
