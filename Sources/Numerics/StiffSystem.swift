internal import CGSL

/// An ordinary differential equation y′ = f(t, y) whose rates differ by orders of magnitude.
public struct StiffSystem: Sendable {
  /// Writes f at a time and state.
  public typealias Derivative =
    @Sendable (_ t: Double, _ y: UnsafePointer<Double>, _ dydt: UnsafeMutablePointer<Double>) -> Void
  /// Adds ∂fᵢ/∂yⱼ at `i·size + j` to a matrix that holds zeros; f has no explicit dependence on the time.
  public typealias Jacobian = @Sendable (_ y: UnsafePointer<Double>, _ dfdy: UnsafeMutablePointer<Double>) -> Void

  /// The number of states.
  public let size: Int
  private let derivative: Derivative
  private let jacobian: Jacobian

  public init(size: Int, derivative: @escaping Derivative, jacobian: @escaping Jacobian) {
    self.size = size
    self.derivative = derivative
    self.jacobian = jacobian
  }

  /// The states at times from 0 on, in rising order, by the variable-order backward differentiation formula (GSL msbdf).
  ///
  /// - Parameters:
  ///   - relative: the error of a step relative to the state.
  ///   - absolute: and at least this, in the state's unit.
  /// - Returns: `nil` when a state is not finite or the steps become too small or too many.
  public func solve(
    from start: [Double], at times: [Double], relative: Double = 1e-8, absolute: Double = 1e-12
  ) -> [[Double]]? {
    precondition(start.count == size, "a start has one value a state")
    gsl_set_error_handler_off()
    let context = Context(system: self)
    return withExtendedLifetime(context) {
      var system = gsl_odeiv2_system(
        function: { t, y, dydt, context in
          Unmanaged<Context>.fromOpaque(context!).takeUnretainedValue().system.derivative(t, y!, dydt!)
          return 0
        },
        jacobian: { _, y, dfdy, dfdt, context in
          let system = Unmanaged<Context>.fromOpaque(context!).takeUnretainedValue().system
          dfdt!.update(repeating: 0, count: system.size)
          dfdy!.update(repeating: 0, count: system.size * system.size)
          system.jacobian(y!, dfdy!)
          return 0
        },
        dimension: size, params: Unmanaged.passUnretained(context).toOpaque())
      guard
        let driver = gsl_odeiv2_driver_alloc_y_new(&system, endora_gsl_msbdf(), 1e-4, absolute, relative)
      else { return nil }
      defer { gsl_odeiv2_driver_free(driver) }
      gsl_odeiv2_driver_set_nmax(driver, 200_000)
      var (t, state) = (0.0, start)
      var states: [[Double]] = []
      for time in times {
        if time > t, gsl_odeiv2_driver_apply(driver, &t, time, &state) != 0 { return nil }
        guard state.allSatisfy(\.isFinite) else { return nil }
        states.append(state)
      }
      return states
    }
  }
}

/// What the solver's callbacks know; lives for one solution on one thread.
private final class Context {
  let system: StiffSystem

  init(system: StiffSystem) { self.system = system }
}
