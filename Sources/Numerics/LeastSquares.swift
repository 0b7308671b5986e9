internal import CGSL

/// A nonlinear least-squares problem: residuals of parameters and their derivatives.
public struct LeastSquaresProblem: Sendable {
  /// Writes the residuals at the parameters, each already divided by its standard uncertainty.
  public typealias Residuals = @Sendable (_ parameters: [Double], _ residuals: inout [Double]) -> Void
  /// Writes the derivative of residual j by parameter k at `j·parameterCount + k`.
  public typealias Jacobian = @Sendable (_ parameters: [Double], _ derivatives: inout [Double]) -> Void

  /// The number of parameters p.
  public let parameterCount: Int
  /// The number of residuals N, at least p.
  public let residualCount: Int
  let residuals: Residuals
  let jacobian: Jacobian

  public init(
    parameterCount: Int, residualCount: Int, residuals: @escaping Residuals, jacobian: @escaping Jacobian
  ) {
    self.parameterCount = parameterCount
    self.residualCount = residualCount
    self.residuals = residuals
    self.jacobian = jacobian
  }
}

/// Where the sum of squares is smallest.
public struct LeastSquaresSolution: Sendable {
  /// The parameters, p of them.
  public let parameters: [Double]
  /// χ², the sum of the squared residuals.
  public let sumOfSquares: Double
  /// (JᵀJ)⁻¹ at the solution.
  public let covariance: SquareMatrix
  /// Iterations taken.
  public let iterations: Int
}

extension LeastSquaresProblem {
  /// Minimises from a starting point by the trust-region Levenberg-Marquardt method (GSL, scaling after Moré).
  ///
  /// - Returns: the minimum, or `nil` when the start or the minimum is not finite or no minimum was reached in 500
  ///   iterations.
  ///
  /// - Parameter tolerance: of the parameters and of the gradient; larger where the residuals are themselves approximate.
  public func minimise(from start: [Double], tolerance: Double = 1e-12) -> LeastSquaresSolution? {
    precondition(start.count == parameterCount, "a start has one value a parameter")
    guard residualCount >= parameterCount, start.allSatisfy(\.isFinite) else { return nil }
    gsl_set_error_handler_off()
    var options = gsl_multifit_nlinear_default_parameters()
    options.trs = endora_gsl_trs_lm()
    options.scale = endora_gsl_scale_more()
    options.solver = endora_gsl_solver_qr()
    guard
      let workspace = gsl_multifit_nlinear_alloc(
        endora_gsl_nlinear_trust(), &options, residualCount, parameterCount),
      let point = gsl_vector_alloc(parameterCount)
    else { return nil }
    defer {
      gsl_multifit_nlinear_free(workspace)
      gsl_vector_free(point)
    }
    for (k, value) in start.enumerated() { gsl_vector_set(point, k, value) }

    let evaluation = Evaluation(problem: self)
    var system = gsl_multifit_nlinear_fdf()
    system.f = { x, context, f in
      Unmanaged<Evaluation>.fromOpaque(context!).takeUnretainedValue().writeResiduals(at: x!, to: f!)
    }
    system.df = { x, context, j in
      Unmanaged<Evaluation>.fromOpaque(context!).takeUnretainedValue().writeJacobian(at: x!, to: j!)
    }
    system.n = residualCount
    system.p = parameterCount
    system.params = Unmanaged.passUnretained(evaluation).toOpaque()

    return withExtendedLifetime(evaluation) {
      guard gsl_multifit_nlinear_init(point, &system, workspace) == GSL_SUCCESS.code else { return nil }
      var reason: Int32 = 0
      let status = gsl_multifit_nlinear_driver(500, tolerance, tolerance, 0, nil, nil, &reason, workspace)
      // A start that is the minimum to machine precision ends as "no progress" in the first iteration.
      let isAtMinimum = status == GSL_EMAXITER.code && reason == GSL_ENOPROG.code
      guard status == GSL_SUCCESS.code || status == GSL_ENOPROG.code || isAtMinimum else { return nil }

      let solution = (0..<parameterCount).map { gsl_vector_get(gsl_multifit_nlinear_position(workspace), $0) }
      var residuals = [Double](repeating: 0, count: residualCount)
      self.residuals(solution, &residuals)
      let sumOfSquares = residuals.reduce(0) { $0 + $1 * $1 }
      guard solution.allSatisfy(\.isFinite), sumOfSquares.isFinite else { return nil }
      guard let matrix = gsl_matrix_alloc(parameterCount, parameterCount) else { return nil }
      defer { gsl_matrix_free(matrix) }
      gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(workspace), 1e-14, matrix)
      let covariance = SquareMatrix(size: parameterCount) { gsl_matrix_get(matrix, $0, $1) }
      return LeastSquaresSolution(
        parameters: solution, sumOfSquares: sumOfSquares, covariance: covariance,
        iterations: gsl_multifit_nlinear_niter(workspace))
    }
  }
}

/// The bridge between GSL's callbacks and the problem; lives for one minimisation on one thread.
private final class Evaluation {
  private let problem: LeastSquaresProblem
  private var parameters: [Double]
  private var residuals: [Double]
  private var derivatives: [Double]

  init(problem: LeastSquaresProblem) {
    self.problem = problem
    parameters = Array(repeating: 0, count: problem.parameterCount)
    residuals = Array(repeating: 0, count: problem.residualCount)
    derivatives = Array(repeating: 0, count: problem.residualCount * problem.parameterCount)
  }

  private func take(_ x: UnsafePointer<gsl_vector>) {
    for k in parameters.indices { parameters[k] = gsl_vector_get(x, k) }
  }

  func writeResiduals(at x: UnsafePointer<gsl_vector>, to f: UnsafeMutablePointer<gsl_vector>) -> Int32 {
    take(x)
    problem.residuals(parameters, &residuals)
    guard residuals.allSatisfy(\.isFinite) else { return GSL_EDOM.code }
    for j in residuals.indices { gsl_vector_set(f, j, residuals[j]) }
    return GSL_SUCCESS.code
  }

  func writeJacobian(at x: UnsafePointer<gsl_vector>, to matrix: UnsafeMutablePointer<gsl_matrix>) -> Int32 {
    take(x)
    problem.jacobian(parameters, &derivatives)
    guard derivatives.allSatisfy(\.isFinite) else { return GSL_EDOM.code }
    for j in residuals.indices {
      for k in parameters.indices { gsl_matrix_set(matrix, j, k, derivatives[j * parameters.count + k]) }
    }
    return GSL_SUCCESS.code
  }
}

extension Int {
  /// A GSL status as its functions return it.
  fileprivate var code: Int32 { Int32(self) }
}
