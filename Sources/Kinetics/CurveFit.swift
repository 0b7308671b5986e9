import Foundation
import Numerics
public import Quantities

/// One model fitted to one curve by weighted least squares.
public struct CurveFit: Sendable {
  /// A fitted parameter.
  public struct Parameter: Hashable, Sendable {
    /// `A1`, `lambda1`, ...
    public let name: String
    /// MBq for amplitudes, 1/h for biological rates.
    public let value: Double
    /// One standard uncertainty; `nil` when it could not be estimated.
    public let standardUncertainty: Double?
    /// `MBq` or `1/h`.
    public let unit: String
  }

  /// The model.
  public let model: CurveModel
  /// The curve with the best parameters.
  public let function: ExponentialSum
  /// The parameters with their uncertainties, in the model's order.
  public private(set) var parameters: [Parameter]
  /// The number of points N, the prior not counted.
  public let pointCount: Int
  /// The weighted sum of squared residuals.
  public let chiSquared: Double
  /// Residuals in standard uncertainties, (y − f)/σ, one a point; in MBq when the weights are equal.
  public let residuals: [Double]
  /// The prior that took part.
  public let prior: PopulationPrior?
  /// Whether the uncertainties of the points were absolute.
  public let isAbsolute: Bool
  /// The correlation of largest magnitude between two parameters, 0 for one parameter.
  public let largestCorrelation: Double

  /// Degrees of freedom: points and the prior's half-lives less parameters; of all curves together where they share some.
  public let degreesOfFreedom: Int
  /// Whether parameters are fixed or shared with other curves; χ² is then that of all curves together.
  public let isTied: Bool
  /// What robust fitting leaves of each point's weight, 1 of every point without it.
  public let robustWeights: [Double]

  let theta: [Double]
  /// Of θ; `nil` when neither the points' uncertainties nor a degree of freedom give a scale.
  private(set) var covariance: SquareMatrix?
  let problem: CurveProblem

  var physical: Double { problem.physical }
}

extension CurveFit {
  /// Fits a model.
  ///
  /// With a prior of half-lives the posterior is maximised (SCIENCE 5.4): one more squared term each, ((ln T − μ)/σ)²,
  /// and the covariance is Laplace's. Every half-life of the prior counts as one observation.
  ///
  /// With absolute uncertainties the covariance is (JᵀWJ)⁻¹; with equal weights it is scaled by χ²/(N − p), and there is
  /// none when N = p (SCIENCE 5.2).
  ///
  /// - Parameter isRobust: Huber's weights, so that one outlying point does not carry the curve away.
  /// - Throws: ``KineticsError`` when there are fewer points than parameters or no minimum was found.
  public init(
    _ model: CurveModel, to curve: TimeActivityCurve, weighting: Weighting, prior: PopulationPrior? = nil,
    isRobust: Bool = false
  ) throws {
    precondition(prior == nil || model == .F2 || model == .F3u, "a prior of half-lives belongs to F2 or F3u")
    let count = curve.points.count
    let p = model.parameterCount
    let terms = count + (prior?.count(for: model) ?? 0)
    guard terms >= p else {
      throw KineticsError(
        "too-few-points",
        "\(model.rawValue) has \(p) parameters, region “\(curve.region)” has \(count) "
          + (count == 1 ? "point." : "points."),
        remedy: "Measure more points or choose a model with fewer parameters.")
    }
    var problem = try CurveProblem(model, curve, weighting: weighting, prior: prior)
    let noMinimum = KineticsError(
      "no-minimum", "\(model.rawValue) could not be fitted to region “\(curve.region)”.",
      remedy: "Look at the points, or choose another model.")
    guard var best = problem.minimised() else { throw noMinimum }
    var robustWeights = [Double](repeating: 1, count: count)
    if isRobust {
      guard let (found, weights) = problem.makeRobust(from: best, isAbsolute: weighting.isAbsolute) else {
        throw noMinimum
      }
      (best, robustWeights) = (found, weights)
    }

    self.init(
      problem, theta: best.parameters, chiSquared: best.sumOfSquares, covariance: best.covariance,
      degreesOfFreedom: terms - p, isAbsolute: weighting.isAbsolute, robustWeights: robustWeights, isTied: false)
  }

  /// A fit that was found.
  ///
  /// - Parameter covariance: (JᵀWJ)⁻¹, not scaled.
  init(
    _ problem: CurveProblem, theta: [Double], chiSquared: Double, covariance unscaled: SquareMatrix,
    degreesOfFreedom: Int, isAbsolute: Bool, robustWeights: [Double], isTied: Bool
  ) {
    let model = problem.model
    let covariance: SquareMatrix? =
      if isAbsolute {
        unscaled
      } else if degreesOfFreedom > 0 {
        unscaled.scaled(by: chiSquared / Double(degreesOfFreedom))
      } else {
        nil
      }
    let fitted = model.terms(theta, physical: problem.physical)
    let (times, values, sigmas) = (problem.times, problem.values, problem.sigmas)
    self.model = model
    self.robustWeights = robustWeights
    self.theta = theta
    self.covariance = covariance
    self.problem = problem
    self.pointCount = times.count
    self.chiSquared = chiSquared
    self.degreesOfFreedom = degreesOfFreedom
    self.isAbsolute = isAbsolute
    self.isTied = isTied
    self.prior = problem.prior
    self.function = fitted.function
    self.residuals = times.indices.map { (values[$0] - fitted.value(at: times[$0])) / sigmas[$0] }
    self.parameters = Self.parameters(of: problem, theta, covariance)
    self.largestCorrelation = Self.largestCorrelation(
      unscaled, model.natural(theta, physical: problem.physical).derivatives)
  }

  private static func parameters(
    of problem: CurveProblem, _ theta: [Double], _ covariance: SquareMatrix?
  ) -> [Parameter] {
    let (natural, derivatives) = problem.model.natural(theta, physical: problem.physical)
    return problem.model.parameterNames.enumerated().map { k, name in
      Parameter(
        name: name, value: natural[k],
        // A parameter that no point depends on has no variance in the covariance, which is not certainty.
        standardUncertainty: covariance.flatMap {
          $0[k, k] > 0 ? $0.standardUncertainty(along: derivatives[k]) : nil
        },
        unit: name.hasPrefix("A") ? "MBq" : "1/h")
    }
  }

  /// The same fit, its parameters known with another covariance.
  func replacing(covariance: SquareMatrix) -> CurveFit {
    var fit = self
    fit.covariance = covariance
    fit.parameters = Self.parameters(of: problem, theta, covariance)
    return fit
  }

  private static func largestCorrelation(_ covariance: SquareMatrix, _ derivatives: [[Double]]) -> Double {
    var largest = 0.0
    for a in derivatives.indices {
      for b in derivatives.indices where b < a {
        let sum = zip(derivatives[a], derivatives[b]).map { $0 + $1 }
        let (va, vb) = (covariance.quadraticForm(derivatives[a]), covariance.quadraticForm(derivatives[b]))
        let correlation = (covariance.quadraticForm(sum) - va - vb) / (2 * (va * vb).squareRoot())
        if correlation.isFinite, correlation.magnitude > largest.magnitude { largest = correlation }
      }
    }
    return largest
  }

  /// The probability of a χ² at least as large; `nil` without absolute uncertainties or degrees of freedom.
  public var goodness: Double? {
    guard isAbsolute, degreesOfFreedom > 0 else { return nil }
    return ChiSquared.survival(chiSquared, degreesOfFreedom: degreesOfFreedom)
  }

  /// Ã = Σ Aᵢ/Lᵢ with the uncertainty of the fit alone, u² = gᵀVg.
  public var timeIntegratedActivity: Uncertain<TimeIntegratedActivity> {
    integral(from: .zero)
  }

  /// The integral from a time on, with the uncertainty of the fit alone.
  public func integral(from t: Time) -> Uncertain<TimeIntegratedActivity> {
    let gradient = model.terms(theta, physical: physical).integralGradient(from: t.hours).prefix(theta.count)
    return Uncertain(
      function.integral(from: t),
      standardUncertainty: covariance?.standardUncertainty(along: gradient)
        .map { .megabecquerelHours($0) })
  }

  /// f(t) with the uncertainty of the fit alone.
  public func activity(at t: Time) -> Uncertain<Activity> {
    let gradient = model.terms(theta, physical: physical).gradient(at: t.hours).prefix(theta.count)
    return Uncertain(
      function.value(at: t),
      standardUncertainty: covariance?.standardUncertainty(along: gradient)
        .map { .megabecquerels($0) })
  }

  /// A curve drawn from the parameters' joint normal distribution; the best curve when there is no covariance.
  ///
  /// The distribution is that of θ, but of the slowest biological rate itself, not below 0, where no prior speaks of its
  /// logarithm: points cannot tell slow clearance from none, which a logarithm would rule out.
  func sample(_ stream: inout RandomStream, factor: SquareMatrix?) -> ExponentialSum {
    guard let factor else { return function }
    let z = theta.map { _ in stream.normal() }
    var drawn = theta.indices.map { row in
      theta[row] + (0...row).reduce(0) { $0 + factor[row, $1] * z[$1] }
    }
    if model != .F1, prior == nil {
      drawn[1] = theta[1] + log(max(1 + drawn[1] - theta[1], .leastNormalMagnitude))
    }
    return model.terms(drawn, physical: physical).function
  }
}
