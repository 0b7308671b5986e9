import Foundation

/// A function that a time-activity curve may follow, physical decay explicit (SCIENCE 5.1).
///
/// Amplitudes and biological rates λᵢ are positive by construction: the fit works on their logarithms, so no effective
/// half-life exceeds the physical one. An amplitude A₂ that may be negative is fitted through f at time 0, which is
/// positive: with λ₂ > λ₁ that is the same as f(t) ≥ 0 at all times.
public enum CurveModel: String, CaseIterable, Hashable, Sendable {
  /// A₁ exp(−λp t): no biological clearance.
  case F1
  /// A₁ exp(−(λ₁+λp) t): one clearance.
  case F2
  /// A₁ (exp(−(λ₁+λp) t) − exp(−(λ₂+λp) t)), λ₂ > λ₁: uptake from zero, then clearance.
  case F3u
  /// A₁ exp(−(λ₁+λp) t) + A₂ exp(−λp t): a part that is retained.
  case F3p
  /// A₁ exp(−(λ₁+λp) t) + A₂ exp(−(λ₂+λp) t), λ₂ > λ₁, A₂ ≥ −A₁: two phases, the fast one of either sign.
  case F4
  /// A₁ exp(−(λ₁+λp) t) − A₂ exp(−(λ₂+λp) t) − (A₁−A₂) exp(−(λbc+λp) t), A₂ ≤ A₁, λbc = ln 2/1 min: two phases that
  /// begin at zero with the circulation of blood (Hardiansyah et al., 2023).
  case F5
  /// A₁ exp(−(λ₁+λp) t) + A₂ exp(−(λ₂+λp) t) + A₃ exp(−(λ₃+λp) t), λ₁ < λ₂ < λ₃: blood.
  case F6

  /// The models that compete where none is asked for: with the few points of a patient's protocol the others are
  /// saturated.
  public static let compared: [CurveModel] = [.F1, .F2, .F3u, .F3p]

  /// The names of the parameters.
  public var parameterNames: [String] {
    switch self {
    case .F1: ["A1"]
    case .F2: ["A1", "lambda1"]
    case .F3u: ["A1", "lambda1", "lambda2"]
    case .F3p: ["A1", "lambda1", "A2"]
    case .F4, .F5: ["A1", "lambda1", "A2", "lambda2"]
    case .F6: ["A1", "lambda1", "A2", "lambda2", "A3", "lambda3"]
    }
  }

  /// The number of free parameters p.
  public var parameterCount: Int {
    switch self {
    case .F1: 1
    case .F2: 2
    case .F3u, .F3p: 3
    case .F4, .F5: 4
    case .F6: 6
    }
  }

  /// Whether the function can rise.
  public var canRise: Bool { self == .F3u || self == .F4 || self == .F5 }

  /// What the model says, in words.
  public var meaning: String {
    switch self {
    case .F1: "physical decay only"
    case .F2: "one exponential"
    case .F3u: "uptake and clearance"
    case .F3p: "clearance with a retained part"
    case .F4: "two phases"
    case .F5: "two phases after the circulation of blood"
    case .F6: "three clearances"
    }
  }
}

/// The fastest uptake that is told apart: a half-life of one minute, the circulation time of blood.
let fastestUptake = 60 * 0.693_147_180_559_945_3
