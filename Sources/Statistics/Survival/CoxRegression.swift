import Glibc
import Numerics

/// Proportional hazards (Cox 1972), fitted by maximum partial likelihood.
public struct CoxRegression: Hashable, Sendable {
  /// How events at the same time enter the likelihood.
  public enum Ties: String, CaseIterable, Sendable { case efron, breslow }

  /// What is estimated for one covariate.
  public struct Coefficient: Hashable, Sendable {
    public let name: String
    /// The logarithm of the hazard ratio per unit of the covariate.
    public let estimate: Double
    public let standardError: Double
    public let z: Double
    public let p: Double
    /// exp of the estimate and of its interval.
    public let hazardRatio: Double
    public let interval: Interval
  }

  /// A test of all coefficients at once.
  public struct GlobalTest: Hashable, Sendable {
    public let chiSquared: Double
    public let degreesOfFreedom: Int
    public let p: Double
  }

  public let coefficients: [Coefficient]
  public let count: Int
  public let eventCount: Int
  /// ln of the partial likelihood without and with the covariates.
  public let nullLogLikelihood: Double
  public let logLikelihood: Double
  public let likelihoodRatio: GlobalTest
  public let wald: GlobalTest
  public let score: GlobalTest
  public let iterations: Int

  /// - Parameters:
  ///   - sample: any cause counts as the event.
  ///   - covariates: columns with their names, one value a subject.
  /// - Throws: ``StatisticsError`` when there are no events, a covariate does not vary or follows from others, or a
  ///   hazard ratio runs away to 0 or infinity because a covariate separates the events.
  public init(
    _ sample: SurvivalSample, covariates: [(name: String, values: [Double])], ties: Ties = .efron,
    level: ConfidenceLevel = .ninetyFive
  ) throws {
    guard !covariates.isEmpty, covariates.allSatisfy({ $0.values.count == sample.count }) else {
      throw StatisticsError(
        "covariates-invalid", "There is no covariate, or one has another number of values than there are subjects.",
        remedy: "Give each covariate one value a subject.")
    }
    for covariate in covariates { try requireFinite(covariate.values) }
    guard sample.eventCount > 0 else {
      throw StatisticsError("no-events", "Nobody had the event.", remedy: "Give a sample with events.")
    }
    let scales = covariates.map { column in
      (sumOfProducts(column.values, column.values) / Double(sample.count)).squareRoot()
    }
    if let still = scales.firstIndex(where: { !($0 > 0) }) {
      throw StatisticsError(
        "covariate-constant", "The covariate “\(covariates[still].name)” does not vary.", remedy: "Leave it out.")
    }
    let likelihood = PartialLikelihood(sample, columns: covariates.map(\.values), scales: scales, ties: ties)
    let k = covariates.count
    var beta = [Double](repeating: 0, count: k)
    var state = likelihood.evaluate(at: beta)
    let null = state
    let dependent = StatisticsError(
      "covariates-dependent", "A covariate follows from the others, or the events tell nothing of it.",
      remedy: "Leave out covariates that others determine.")
    guard let scoreStep = null.information.solved(for: null.score) else { throw dependent }
    var iterations = 0
    var change = Double.infinity
    while iterations < 60 {
      guard let full = state.information.solved(for: state.score) else { break }
      change = zip(full, state.score).reduce(0) { $0 + $1.0 * $1.1 }
      if change < 1e-18 * max(1, state.logLikelihood.magnitude) { break }
      var step = 1.0
      var next = likelihood.evaluate(at: zip(beta, full).map { $0 + step * $1 })
      while step > 1e-6,
        !(next.logLikelihood >= state.logLikelihood - 1e-11 * state.logLikelihood.magnitude)
      {
        step /= 2
        next = likelihood.evaluate(at: zip(beta, full).map { $0 + step * $1 })
      }
      guard next.logLikelihood.isFinite else { break }
      beta = zip(beta, full).map { $0 + step * $1 }
      state = next
      iterations += 1
      if change < 1e-14 * max(1, state.logLikelihood.magnitude) { break }
    }
    if let largest = beta.indices.max(by: { beta[$0].magnitude < beta[$1].magnitude }),
      beta[largest].magnitude > 12 || change > 1e-8 * max(1, state.logLikelihood.magnitude)
    {
      throw StatisticsError(
        "hazard-ratio-unbounded",
        "The hazard ratio of “\(covariates[largest].name)” has no finite estimate: it separates the events.",
        remedy: "Compare the groups by the log-rank test, or leave the covariate out.")
    }
    guard let covariance = state.information.inverted() else { throw dependent }
    let z = level.z
    coefficients = covariates.indices.map { j in
      let estimate = beta[j] / scales[j]
      let error = covariance[j, j].squareRoot() / scales[j]
      return Coefficient(
        name: covariates[j].name, estimate: estimate, standardError: error, z: estimate / error,
        p: Normal.twoSided(estimate / error), hazardRatio: exp(estimate),
        interval: Interval(exp(estimate - z * error), exp(estimate + z * error)))
    }
    count = sample.count
    eventCount = sample.eventCount
    nullLogLikelihood = null.logLikelihood
    logLikelihood = state.logLikelihood
    self.iterations = iterations
    func test(_ x: Double) -> GlobalTest {
      GlobalTest(chiSquared: x, degreesOfFreedom: k, p: ChiSquared.survival(max(0, x), degreesOfFreedom: k))
    }
    likelihoodRatio = test(2 * (state.logLikelihood - null.logLikelihood))
    wald = test(state.information.quadraticForm(beta))
    score = test(zip(scoreStep, null.score).reduce(0) { $0 + $1.0 * $1.1 })
  }
}

/// The partial likelihood of centred and scaled covariates, subjects by descending time.
private struct PartialLikelihood {
  struct State {
    var logLikelihood = 0.0
    var score: [Double]
    var information: SquareMatrix
  }

  private let times: [Double]
  private let events: [Bool]
  private let rows: [Double]
  private let width: Int
  private let ties: CoxRegression.Ties

  init(_ sample: SurvivalSample, columns: [[Double]], scales: [Double], ties: CoxRegression.Ties) {
    let order = Array(sample.order.reversed())
    times = order.map { sample.times[$0] }
    events = order.map { sample.causes[$0] > 0 }
    width = columns.count
    let means = columns.map(mean)
    rows = order.flatMap { i in columns.indices.map { (columns[$0][i] - means[$0]) / scales[$0] } }
    self.ties = ties
  }

  /// The logarithm, its gradient and its negative second derivatives.
  ///
  /// The risk set grows as time falls; sums over it are kept for weights w = exp(βx), wx and wxxᵀ.
  func evaluate(at beta: [Double]) -> State {
    let k = width
    let triangle = k * (k + 1) / 2
    var logLikelihood = 0.0
    var score = [Double](repeating: 0, count: k)
    var information = [Double](repeating: 0, count: triangle)
    var (s0, d0) = (0.0, 0.0)
    var (s1, d1, mean) = (score, score, score)
    var (s2, d2) = (information, information)
    var start = 0
    while start < times.count {
      var (end, deaths) = (start, 0)
      d0 = 0
      for a in 0..<k { d1[a] = 0 }
      for a in 0..<triangle { d2[a] = 0 }
      while end < times.count, times[end] == times[start] {
        var predictor = 0.0
        for a in 0..<k { predictor += beta[a] * rows[end * k + a] }
        let weight = exp(predictor)
        let died = events[end]
        s0 += weight
        if died {
          d0 += weight
          deaths += 1
          logLikelihood += predictor
        }
        var place = 0
        for a in 0..<k {
          let x = rows[end * k + a]
          let wx = weight * x
          s1[a] += wx
          if died {
            d1[a] += wx
            score[a] += x
          }
          for b in 0...a {
            let product = wx * rows[end * k + b]
            s2[place] += product
            if died { d2[place] += product }
            place += 1
          }
        }
        end += 1
      }
      for death in 0..<deaths {
        let share = ties == .efron ? Double(death) / Double(deaths) : 0
        let total = s0 - share * d0
        logLikelihood -= log(total)
        for a in 0..<k {
          mean[a] = (s1[a] - share * d1[a]) / total
          score[a] -= mean[a]
        }
        var place = 0
        for a in 0..<k {
          for b in 0...a {
            information[place] += (s2[place] - share * d2[place]) / total - mean[a] * mean[b]
            place += 1
          }
        }
      }
      start = end
    }
    return State(
      logLikelihood: logLikelihood, score: score,
      information: SquareMatrix(size: k) { a, b in
        information[max(a, b) * (max(a, b) + 1) / 2 + min(a, b)]
      })
  }
}
