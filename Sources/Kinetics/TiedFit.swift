import Foundation
import Numerics
public import Quantities

/// Curves fitted together: parameters that are fixed, and rates that the curves share, such as a common late phase of organs
/// or of the cycles of one organ.
public struct TiedFit: Sendable {
  /// One a curve, in their order; their covariances follow from that of all free parameters.
  public let fits: [CurveFit]
  /// The sum of the curves' time-integrated activities, with the correlation that sharing brings.
  public let total: Uncertain<TimeIntegratedActivity>

  /// Fits a model to every curve.
  ///
  /// - Parameters:
  ///   - shared: `lambda1`, or with it `lambda2`: one value for all curves.
  ///   - fixed: values by name, MBq for amplitudes and 1/h for biological rates, above 0.
  /// - Throws: ``KineticsError`` for a name that the model does not have or that cannot be fixed or shared, too few points, or
  ///   no minimum.
  public init(
    _ model: CurveModel, to curves: [TimeActivityCurve], weighting: Weighting, shared: Set<String> = [],
    fixed: [String: Double] = [:]
  ) throws {
    let ties = try Ties(model, curveCount: curves.count, shared: shared, fixed: fixed)
    let problems = try curves.map { try CurveProblem(model, $0, weighting: weighting, prior: nil) }
    let counts = problems.map(\.times.count)
    let pointCount = counts.reduce(0, +)
    guard pointCount >= ties.freeCount, !curves.isEmpty else {
      throw KineticsError(
        "too-few-points",
        "\(pointCount) points stand against \(ties.freeCount) free parameters of \(curves.count) curves.",
        remedy: "Measure more points, or fix or share more.")
    }
    let physical = problems[0].physical
    let system = LeastSquaresProblem(
      parameterCount: ties.freeCount, residualCount: pointCount,
      residuals: { free, residuals in
        var j = 0
        for (index, problem) in problems.enumerated() {
          let terms = model.terms(ties.theta(of: index, free).values, physical: physical)
          for k in problem.times.indices {
            residuals[j] = (terms.value(at: problem.times[k]) - problem.values[k]) / problem.sigmas[k]
            j += 1
          }
        }
      },
      jacobian: { free, derivatives in
        for k in derivatives.indices { derivatives[k] = 0 }
        var j = 0
        for (index, problem) in problems.enumerated() {
          let (theta, chain) = ties.theta(of: index, free)
          let terms = model.terms(theta, physical: physical)
          for k in problem.times.indices {
            let gradient = terms.gradient(at: problem.times[k]) / problem.sigmas[k]
            for column in 0..<ties.freeCount {
              derivatives[j * ties.freeCount + column] = theta.indices.reduce(0) {
                $0 + gradient[$1] * chain[$1][column]
              }
            }
            j += 1
          }
        }
      })
    let alone = problems.map { problem in
      model.startingPoints(times: problem.times, values: problem.values, sigmas: problem.sigmas, physical: physical)
    }
    let starts = (0..<alone[0].count).map { k in ties.start(alone.map { $0[min(k, $0.count - 1)] }) }
    guard let best = starts.compactMap({ system.minimise(from: $0) }).min(by: { $0.sumOfSquares < $1.sumOfSquares })
    else {
      throw KineticsError(
        "no-minimum", "\(model.rawValue) could not be fitted to the \(curves.count) curves together.",
        remedy: "Check the fixed values, or fit the curves alone.")
    }
    let freedom = pointCount - ties.freeCount
    var whole = [Double](repeating: 0, count: ties.freeCount)
    fits = problems.enumerated().map { index, problem in
      let (theta, chain) = ties.theta(of: index, best.parameters)
      let gradient = model.terms(theta, physical: physical).integralGradient(from: 0)
      for column in whole.indices { whole[column] += theta.indices.reduce(0) { $0 + gradient[$1] * chain[$1][column] } }
      return CurveFit(
        problem, theta: theta, chiSquared: best.sumOfSquares,
        covariance: SquareMatrix(size: theta.count) { row, column in
          var sum = 0.0
          for a in whole.indices {
            for b in whole.indices { sum += chain[row][a] * best.covariance[a, b] * chain[column][b] }
          }
          return sum
        }, degreesOfFreedom: freedom, isAbsolute: weighting.isAbsolute,
        robustWeights: Array(repeating: 1, count: problem.times.count), isTied: true)
    }
    let scale = weighting.isAbsolute ? 1 : freedom > 0 ? (best.sumOfSquares / Double(freedom)).squareRoot() : nil
    total = Uncertain(
      fits.reduce(.zero) { $0 + $1.function.integral },
      standardUncertainty: scale.flatMap { scale in
        best.covariance.standardUncertainty(along: whole).map { .megabecquerelHours(scale * $0) }
      })
  }
}

/// How the fit parameters θ of every curve follow from the free ones.
private struct Ties: Sendable {
  private enum Source: Sendable {
    case free(Int)
    case fixed(Double)
  }

  private let model: CurveModel
  private let sources: [[Source]]
  let freeCount: Int

  init(_ model: CurveModel, curveCount: Int, shared: Set<String>, fixed: [String: Double]) throws {
    let names = model.parameterNames
    // θ of F4 and F5 holds f(0), not A₂.
    let unfit = model == .F4 || model == .F5 ? ["A2"] : []
    for name in shared.union(fixed.keys) where !names.contains(name) || unfit.contains(name) {
      throw KineticsError(
        "parameter-unknown", "\(model.rawValue) has no parameter “\(name)” that can be fixed or shared.",
        remedy: "It has \(names.filter { !unfit.contains($0) }.joined(separator: ", ")).", category: .usage)
    }
    if let wrong = fixed.first(where: { !($0.value > 0 && $0.value < 1e9) }) {
      throw KineticsError(
        "parameter-invalid", "\(wrong.key) is fixed at \(wrong.value).", remedy: "Give a value above 0.",
        category: .usage)
    }
    let rates = names.filter { $0.hasPrefix("lambda") }
    let sharedRates = rates.filter { shared.contains($0) }
    guard shared.allSatisfy({ $0.hasPrefix("lambda") }), Array(rates.prefix(sharedRates.count)) == sharedRates,
      shared.isDisjoint(with: fixed.keys)
    else {
      throw KineticsError(
        "parameter-not-shared", "\(shared.sorted().joined(separator: ", ")) cannot be shared.",
        remedy:
          "Share lambda1, or lambda1 and lambda2; amplitudes are each curve's own, and what is fixed is shared anyway.",
        category: .usage)
    }
    var next = 0
    var common: [Int: Int] = [:]
    sources = (0..<curveCount).map { _ in
      names.indices.map { k in
        if let value = fixed[names[k]] { return .fixed(value) }
        if shared.contains(names[k]) {
          if common[k] == nil {
            common[k] = next
            next += 1
          }
          return .free(common[k]!)
        }
        next += 1
        return .free(next - 1)
      }
    }
    self.model = model
    freeCount = next
    guard freeCount > 0 else {
      throw KineticsError(
        "nothing-free", "Every parameter is fixed.", remedy: "Leave at least one free.", category: .usage)
    }
  }

  /// θ of a curve and its derivatives by the free parameters.
  func theta(of curve: Int, _ free: [Double]) -> (values: [Double], chain: [[Double]]) {
    let none = [Double](repeating: 0, count: freeCount)
    var (values, chain): ([Double], [[Double]]) = ([], [])
    // The slower rate, to which θ adds a step, and its derivatives.
    var (slower, slowerChain) = (0.0, none)
    for (k, source) in sources[curve].enumerated() {
      let isRate = model.parameterNames[k].hasPrefix("lambda")
      var row = none
      switch source {
      case .free(let index):
        row[index] = 1
        values.append(free[index])
        if isRate {
          slower += exp(free[index])
          slowerChain[index] += exp(free[index])
        }
      case .fixed(let value) where isRate:
        // λ = slower + exp θ stays where it is, so that θ moves against the slower rate.
        let step = value - slower
        row = slowerChain.map { -$0 / step }
        values.append(log(step))
        (slower, slowerChain) = (value, none)
      case .fixed(let value):
        values.append(log(value))
      }
      chain.append(row)
    }
    return (values, chain)
  }

  /// Free parameters from the curves' own starts: shared ones by their mean.
  func start(_ thetas: [[Double]]) -> [Double] {
    var (sums, counts) = ([Double](repeating: 0, count: freeCount), [Double](repeating: 0, count: freeCount))
    for (theta, row) in zip(thetas, sources) {
      var limit = Double.infinity
      for (k, source) in row.enumerated().reversed() {
        if case .fixed(let value) = source, model.parameterNames[k].hasPrefix("lambda") { limit = value }
        guard case .free(let index) = source else { continue }
        // A free rate begins below a fixed one that is to be faster.
        sums[index] += model.parameterNames[k].hasPrefix("lambda") ? min(theta[k], log(limit / 4)) : theta[k]
        counts[index] += 1
      }
    }
    return zip(sums, counts).map { $0 / $1 }
  }
}
