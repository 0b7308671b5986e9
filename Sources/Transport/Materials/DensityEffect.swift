import Foundation
import Quantities

/// The density-effect correction δ of the collision stopping power after Sternheimer, Berger and Seltzer.
///
/// Each shell i with a share fᵢ of the electrons and binding energy hνᵢ has ν̄ᵢ = ρ hνᵢ/hω_p, l̄ᵢ² = ν̄ᵢ² + ⅔ fᵢ (for
/// conduction electrons ν̄ = 0 and l̄² = f). ρ solves ln(I/hω_p) = Σ fᵢ ln l̄ᵢ. Then L² solves
/// 1/β² − 1 = Σ fᵢ/(ν̄ᵢ² + L²), and δ = Σ fᵢ ln(1 + L²/l̄ᵢ²) − L²(1 − β²); δ = 0 where L² would be negative.
/// Source: Sternheimer, Berger and Seltzer, At. Data Nucl. Data Tables 30 (1984) 261; shells from NIST ESTAR.
struct DensityEffect: Sendable {
  private struct Oscillator: Sendable {
    let share: Double
    let frequencySquared: Double
    let lengthSquared: Double
  }
  private let oscillators: [Oscillator]

  init(shares: [(share: Double, binding: Double)], meanExcitation: Double, plasma: Double) {
    let wanted = log(meanExcitation / plasma)
    func lengthSquared(_ shell: (share: Double, binding: Double), _ adjustment: Double) -> Double {
      guard shell.binding > 0 else { return shell.share }
      let frequency = adjustment * shell.binding / plasma
      return frequency * frequency + 2.0 / 3 * shell.share
    }
    var low = 0.0
    var high = 1000.0
    for _ in 0..<200 {
      let middle = (low + high) / 2
      let found = shares.reduce(0) { $0 + $1.share * log(lengthSquared($1, middle)) / 2 }
      if found < wanted { low = middle } else { high = middle }
    }
    let adjustment = (low + high) / 2
    oscillators = shares.map { shell in
      let frequency = adjustment * shell.binding / plasma
      return Oscillator(
        share: shell.share, frequencySquared: frequency * frequency, lengthSquared: lengthSquared(shell, adjustment))
    }
  }

  /// δ at a squared velocity β² below 1.
  func callAsFunction(betaSquared: Double) -> Double {
    let wanted = 1 / betaSquared - 1
    func sum(_ x: Double) -> Double { oscillators.reduce(0) { $0 + $1.share / ($1.frequencySquared + x) } }
    guard oscillators.contains(where: { $0.frequencySquared == 0 }) || sum(0) > wanted else { return 0 }
    var low = 0.0
    var high = 1 / wanted
    for _ in 0..<120 {
      let middle = (low + high) / 2
      if sum(middle) > wanted { low = middle } else { high = middle }
    }
    let x = (low + high) / 2
    return oscillators.reduce(0) { $0 + $1.share * log(1 + x / $1.lengthSquared) } - x * (1 - betaSquared)
  }
}
