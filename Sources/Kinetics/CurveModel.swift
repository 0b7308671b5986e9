import Foundation

/// A function that a time-activity curve may follow, physical decay explicit (SCIENCE 5.1).
///
/// Amplitudes and biological rates λᵢ are positive by construction: the fit works on their logarithms, so no effective
/// half-life exceeds the physical one.
public enum CurveModel: String, CaseIterable, Hashable, Sendable {
  /// A₁ exp(−λp t): no biological clearance.
  case F1
  /// A₁ exp(−(λ₁+λp) t): one clearance.
  case F2
  /// A₁ (exp(−(λ₁+λp) t) − exp(−(λ₂+λp) t)), λ₂ > λ₁: uptake from zero, then clearance.
  case F3u
  /// A₁ exp(−(λ₁+λp) t) + A₂ exp(−λp t): a part that is retained.
  case F3p

  /// The names of the parameters, in the order in which they are fitted.
  public var parameterNames: [String] {
    switch self {
    case .F1: ["A1"]
    case .F2: ["A1", "lambda1"]
    case .F3u: ["A1", "lambda1", "lambda2"]
    case .F3p: ["A1", "lambda1", "A2"]
    }
  }

  /// The number of free parameters p.
  public var parameterCount: Int { parameterNames.count }

  /// Whether the function can rise.
  public var canRise: Bool { self == .F3u }

  /// What the model says, in words.
  public var meaning: String {
    switch self {
    case .F1: "physical decay only"
    case .F2: "one exponential"
    case .F3u: "uptake and clearance"
    case .F3p: "clearance with a retained part"
    }
  }
}

/// The fastest uptake that is told apart: a half-life of one minute, the circulation time of blood.
let fastestUptake = 60 * 0.693_147_180_559_945_3

extension CurveModel {
  /// The parameters as people know them (MBq, biological rates in 1/h) and the square matrix of their derivatives by θ.
  func natural(_ theta: [Double]) -> (values: [Double], derivatives: [[Double]]) {
    let e = theta.map { exp($0) }
    switch self {
    case .F1: return (e, [[e[0]]])
    case .F2: return (e, [[e[0], 0], [0, e[1]]])
    case .F3p: return (e, [[e[0], 0, 0], [0, e[1], 0], [0, 0, e[2]]])
    case .F3u:
      let step = min(e[2], fastestUptake)
      return ([e[0], e[1], e[1] + step], [[e[0], 0, 0], [0, e[1], 0], [0, e[1], step]])
    }
  }
}
