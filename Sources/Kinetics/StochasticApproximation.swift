import Foundation
import Numerics
import Quantities

/// The SAEM algorithm of one cohort; see ``PopulationFit``.
struct StochasticApproximation {
  /// The population's parameters: θ = (ln A, ln T_eff) or (ln A, ln T_eff, ln T_up), in MBq and hours.
  struct State {
    var mean: [Double]
    var covariance: SquareMatrix
    var residual: Double

    var isFinite: Bool {
      mean.allSatisfy(\.isFinite) && residual.isFinite && residual > 0
        && (0..<mean.count).allSatisfy { covariance[$0, $0].isFinite && covariance[$0, $0] > 0 }
    }
  }

  private struct Patient {
    let times: [Double]
    let values: [Double]
    var theta: [Double]
    /// How far coordinates are moved, adapting.
    var reach: [Double]
    /// Σ ln f + Σ ((y − f)/f)²/(2σ²) needs these two at θ.
    var fit: (logs: Double, squares: Double)
    /// The average of the draws of the second half.
    var average: [Double]
  }

  private let p: Int
  private let longest: Double
  private let pointCount: Double
  private var patients: [Patient]
  private var stream: RandomStream
  private(set) var state: State

  /// Iterations that explore, and those whose moments are averaged.
  private static let exploring = 250
  private static let averaging = 350

  init(_ curves: [TimeActivityCurve], model: CurveModel, seed: UInt64) {
    let p = model.parameterCount
    self.p = p
    longest = log(curves[0].physicalDecay.halfLife.hours)
    pointCount = Double(curves.reduce(0) { $0 + $1.points.count })
    stream = RandomStream(seed: seed, stream: "population")
    let start: [Double] = [0, log(0.4) + longest, log(3)]
    let patients = curves.map { curve in
      let (times, values) = (curve.points.map(\.time.hours), curve.points.map(\.activity.megabecquerels))
      var theta = Array(start.prefix(p))
      let shape = times.indices.map { log(values[$0] / Self.value(times[$0], theta)) }
      theta[0] = shape.reduce(0, +) / Double(shape.count)
      return Patient(
        times: times, values: values, theta: theta, reach: Array(repeating: 0.3, count: p),
        fit: Self.fit(times, values, theta), average: Array(repeating: 0, count: p))
    }
    let mean = (0..<p).map { k in patients.reduce(0) { $0 + $1.theta[k] } / Double(curves.count) }
    self.patients = patients
    state = State(mean: mean, covariance: SquareMatrix(size: p) { $0 == $1 ? ($0 == 0 ? 2 : 0.5) : 0 }, residual: 0.3)
  }

  private static func value(_ t: Double, _ theta: [Double]) -> Double {
    let late = exp(theta[0] - 0.693_147_180_559_945_3 * exp(-theta[1]) * t)
    guard theta.count == 3 else { return late }
    return late * -expm1(-0.693_147_180_559_945_3 * (exp(-theta[2]) - exp(-theta[1])) * t)
  }

  private static func fit(_ times: [Double], _ values: [Double], _ theta: [Double]) -> (logs: Double, squares: Double) {
    var (logs, squares) = (0.0, 0.0)
    for j in times.indices {
      let f = value(times[j], theta)
      guard f > 0 else { return (.infinity, .infinity) }
      logs += log(f)
      squares += (values[j] / f - 1) * (values[j] / f - 1)
    }
    return (logs, squares)
  }

  mutating func run() {
    var first = [Double](repeating: 0, count: p)
    var second = SquareMatrix(size: p)
    var squares = 0.0
    for iteration in 0..<(Self.exploring + Self.averaging) {
      draw()
      let step = iteration < Self.exploring ? 1 : 1 / Double(iteration - Self.exploring + 1)
      let n = Double(patients.count)
      for a in 0..<p {
        first[a] += step * (patients.reduce(0) { $0 + $1.theta[a] } / n - first[a])
        for b in 0..<p {
          second[a, b] += step * (patients.reduce(0) { $0 + $1.theta[a] * $1.theta[b] } / n - second[a, b])
        }
      }
      squares += step * (patients.reduce(0) { $0 + $1.fit.squares } / pointCount - squares)
      if iteration >= Self.exploring {
        for i in patients.indices {
          for k in 0..<p { patients[i].average[k] += step * (patients[i].theta[k] - patients[i].average[k]) }
        }
      }
      let before = state
      state = maximised(first, second, squares)
      if iteration < Self.exploring / 2 {
        // Spread and residual may shrink only slowly at first, so that the chains find their way.
        state.residual = max(state.residual, 0.95 * before.residual)
        for k in 0..<p { state.covariance[k, k] = max(state.covariance[k, k], 0.9 * before.covariance[k, k]) }
      }
    }
  }

  /// μ, Ω and σ of the moments.
  private func maximised(_ first: [Double], _ second: SquareMatrix, _ squares: Double) -> State {
    let sample = SquareMatrix(size: p) { second[$0, $1] - first[$0] * first[$1] }
    let late = Self.untruncated(mean: first[1], variance: max(sample[1, 1], 1e-6), limit: longest)
    let slope = (0..<p).map { $0 == 1 ? 1 : sample[$0, 1] / max(sample[1, 1], 1e-6) }
    let mean = (0..<p).map { first[$0] + slope[$0] * (late.mean - first[1]) }
    let covariance = SquareMatrix(size: p) { a, b in
      let rest = a == 1 || b == 1 ? 0 : sample[a, b] - slope[a] * slope[b] * sample[1, 1]
      return rest + slope[a] * slope[b] * late.variance + (a == b ? 1e-8 : 0)
    }
    return State(mean: mean, covariance: covariance, residual: max(squares, 1e-8).squareRoot())
  }

  /// μ and σ² of a normal distribution that has a mean and variance when it is cut off above a limit: with h = φ(α)/Φ(α) at
  /// α = (limit − μ)/σ the mean is μ − σh, the variance σ²(1 − αh − h²).
  static func untruncated(mean: Double, variance: Double, limit: Double) -> (mean: Double, variance: Double) {
    var (mu, sigma) = (mean, variance.squareRoot())
    for _ in 0..<200 {
      let alpha = max(-1, (limit - mu) / sigma)
      let h = exp(-alpha * alpha / 2) / (2 * Double.pi).squareRoot() / Normal.cumulative(alpha)
      let next = (variance / max(0.1, 1 - alpha * h - h * h)).squareRoot()
      mu = mean + next * h
      sigma = 0.5 * (sigma + next)
    }
    return (mu, sigma * sigma)
  }

  /// Metropolis steps for every patient: from the population, along every coordinate, and along all together.
  private mutating func draw() {
    let factor = state.covariance.choleskyFactor()
    let (p, longest, state) = (p, longest, state)
    func deviation(_ theta: [Double]) -> Double {
      var rest = (0..<p).map { theta[$0] - state.mean[$0] }
      var sum = 0.0
      for k in 0..<p {
        guard factor[k, k] > 0 else { continue }
        rest[k] /= factor[k, k]
        for row in (k + 1)..<max(p, k + 1) { rest[row] -= factor[row, k] * rest[k] }
        sum += rest[k] * rest[k]
      }
      return sum
    }
    func isPossible(_ theta: [Double]) -> Bool {
      theta[1] <= longest && (p == 2 || theta[2] < theta[1] && theta[2] > -5)
    }
    func likelihood(_ fit: (logs: Double, squares: Double)) -> Double {
      -fit.logs - fit.squares / (2 * state.residual * state.residual)
    }
    for i in patients.indices {
      var patient = patients[i]
      var current = (likelihood: likelihood(patient.fit), deviation: deviation(patient.theta))
      func tries(_ proposal: [Double], isFromPopulation: Bool) -> Bool {
        guard isPossible(proposal) else { return false }
        let fit = Self.fit(patient.times, patient.values, proposal)
        let next = (likelihood: likelihood(fit), deviation: deviation(proposal))
        let gain =
          next.likelihood - current.likelihood
          + (isFromPopulation ? 0 : (current.deviation - next.deviation) / 2)
        guard gain > 0 || log(stream.uniform()) < gain else { return false }
        patient.theta = proposal
        patient.fit = fit
        current = next
        return true
      }
      for _ in 0..<2 {
        let z = (0..<p).map { _ in stream.normal() }
        let fresh = (0..<p).map { row in state.mean[row] + (0...row).reduce(0) { $0 + factor[row, $1] * z[$1] } }
        _ = tries(fresh, isFromPopulation: true)
      }
      for _ in 0..<3 {
        for k in 0..<p {
          var proposal = patient.theta
          proposal[k] += patient.reach[k] * stream.normal()
          let isAccepted = tries(proposal, isFromPopulation: false)
          patient.reach[k] = min(3, max(1e-4, patient.reach[k] * (isAccepted ? 1.06 : 0.96)))
        }
        _ = tries(
          (0..<p).map { patient.theta[$0] + 0.6 * patient.reach[$0] * stream.normal() }, isFromPopulation: false)
      }
      patients[i] = patient
    }
  }

  /// The standard uncertainties of μ: the inverse of Σ sᵢsᵢᵀ, sᵢ = Ω⁻¹(θ̂ᵢ − mean) with the patients' averages θ̂ᵢ.
  func medianUncertainties() -> [Double] {
    let n = Double(patients.count)
    let centre = (0..<p).map { k in patients.reduce(0) { $0 + $1.average[k] } / n }
    var information = SquareMatrix(size: p)
    for patient in patients {
      guard let score = state.covariance.solved(for: (0..<p).map { patient.average[$0] - centre[$0] }) else { continue }
      for a in 0..<p { for b in 0..<p { information[a, b] += score[a] * score[b] } }
    }
    return (0..<p).map { k in
      let unit = (0..<p).map { $0 == k ? 1.0 : 0 }
      guard let column = information.solved(for: unit), column[k] > 0 else { return .infinity }
      return column[k].squareRoot()
    }
  }
}
