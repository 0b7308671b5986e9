import Glibc
public import Numerics
public import Quantities

/// A recovery curve RC(V) = 1/(1 + (b/V)^g) fitted to spheres, with the covariance of its parameters.
public struct RecoveryCurve: Hashable, Sendable {
  /// One sphere of a NEMA phantom.
  public struct Sphere: Hashable, Sendable {
    public let volume: Volume
    /// The measured over the true concentration, in cold surroundings.
    public let recovery: Uncertain<Ratio>

    public init(volume: Volume, recovery: Uncertain<Ratio>) {
      self.volume = volume
      self.recovery = recovery
    }

    /// In warm surroundings, (C_m − C_bg)/(C_t − C_bg).
    ///
    /// - Throws: ``ScintigraphyError`` when the sphere is not warmer than its surroundings.
    public init(
      volume: Volume, measured: Uncertain<ActivityConcentration>, background: ActivityConcentration,
      truth: ActivityConcentration
    ) throws(ScintigraphyError) {
      guard truth > background, background >= .zero, measured.value > background else {
        throw ScintigraphyError(
          "sphere-not-hot", "A sphere of \(volume.millilitres) mL is not hotter than its surroundings.",
          remedy: "Check the concentrations, all at one time.")
      }
      self.init(
        volume: volume,
        recovery: Uncertain(
          Ratio(base: (measured.value - background) / (truth - background)),
          standardUncertainty: measured.standardUncertainty.map { Ratio(base: $0 / (truth - background)) }))
    }
  }

  public let b: Uncertain<Volume>
  public let g: Uncertain<Ratio>
  /// Of (ln b, ln g).
  public let logarithmicCovariance: SquareMatrix
  /// χ² over its degrees of freedom.
  public let reducedChiSquared: Double
  /// The volumes of the spheres: the curve holds between them.
  public let range: ClosedRange<Volume>
  /// The measured less the fitted recoveries, in the order of the spheres.
  public let residuals: [Double]
  /// The standard uncertainty that the form of the curve adds to a recovery.
  ///
  /// u² = Σ r²/(N − 2) − σ̄², at least 0: the scatter of the spheres about the curve beyond their stated uncertainties, none
  /// stated counting as 0. No g suits all volumes of blurred spheres: where they are small RC ∝ V, where they are large 1 − RC ∝
  /// V^(−1/3).
  public let formUncertainty: Double

  /// Fits the curve by weighted least squares on ln b and ln g.
  ///
  /// Spheres without uncertainties get 5 % each. Where the scatter about the curve is greater than the uncertainties say, the
  /// covariance is scaled by the reduced χ².
  /// - Throws: ``ScintigraphyError`` for fewer than three spheres, two of one volume, a recovery that is not above 0 and at most
  ///   1.1, or spheres that no such curve describes.
  public init(_ spheres: [Sphere]) throws(ScintigraphyError) {
    let volumes = spheres.map(\.volume.millilitres)
    guard spheres.count >= 3, Set(volumes).count == volumes.count, volumes.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw ScintigraphyError(
        "too-few-spheres", "A recovery curve needs at least three spheres of different volumes.",
        remedy: "Give all spheres of the phantom with their volumes in mL.")
    }
    let values = spheres.map(\.recovery.value.base)
    guard values.allSatisfy({ $0 > 0 && $0 <= 1.1 }) else {
      throw ScintigraphyError(
        "recovery-out-of-range", "A sphere has a recovery that is not above 0 and at most 1.1.",
        remedy: "Check the calibration factor and the true concentration.")
    }
    let sigma = zip(spheres, values).map { sphere, value in
      let stated = sphere.recovery.standardUncertainty?.base ?? 0
      return stated > 0 ? stated : 0.05 * value
    }
    let problem = LeastSquaresProblem(parameterCount: 2, residualCount: spheres.count) { p, residuals in
      for n in volumes.indices {
        residuals[n] = (1 / (1 + exp(exp(p[1]) * (p[0] - log(volumes[n])))) - values[n]) / sigma[n]
      }
    } jacobian: { p, derivatives in
      for n in volumes.indices {
        let g = exp(p[1])
        let x = g * (p[0] - log(volumes[n]))
        let rc = 1 / (1 + exp(x))
        let slope = -rc * (1 - rc) / sigma[n]
        derivatives[2 * n] = slope * g
        derivatives[2 * n + 1] = slope * x
      }
    }
    var best: LeastSquaresSolution?
    for logB in [-1.0, 0.5, 2] {
      for logG in [-0.7, 0, 0.5] {
        guard let found = problem.minimise(from: [logB, logG]) else { continue }
        if found.sumOfSquares < best?.sumOfSquares ?? .infinity { best = found }
      }
    }
    guard let best, best.parameters.allSatisfy({ $0.magnitude < 10 }) else {
      throw ScintigraphyError(
        "no-recovery-curve", "No curve 1/(1 + (b/V)^g) describes the spheres.",
        remedy: "Check that recovery rises with volume.")
    }
    let freedom = Double(spheres.count - 2)
    reducedChiSquared = best.sumOfSquares / freedom
    logarithmicCovariance = best.covariance.scaled(by: max(1, reducedChiSquared))
    let (b, g) = (exp(best.parameters[0]), exp(best.parameters[1]))
    let covariance = logarithmicCovariance
    self.b = Uncertain(.millilitres(b), relative: covariance.standardUncertainty(along: [1, 0]))
    self.g = Uncertain(Ratio(base: g), relative: covariance.standardUncertainty(along: [0, 1]))
    range = .millilitres(volumes.min()!)...(.millilitres(volumes.max()!))
    residuals = zip(volumes, values).map { $1 - 1 / (1 + pow(b / $0, g)) }
    let stated = spheres.reduce(0) { sum, sphere in
      let u = sphere.recovery.standardUncertainty?.base ?? 0
      return sum + u * u
    }
    formUncertainty = max(
      0, residuals.reduce(0) { $0 + $1 * $1 } / freedom - stated / Double(spheres.count)
    ).squareRoot()
  }

  /// RC of a volume with what the parameters' covariance, the curve's form and the volume's uncertainty give (WE-3.2).
  public func recovery(
    of volume: Uncertain<Volume>
  ) -> (value: Double, byCurve: Double, byForm: Double, byVolume: Double) {
    let (b, g) = (b.value, g.value.base)
    let rc = RecoveryCorrection.volumeCurve(volume.value, b: b, g: g)
    let slope = rc * (1 - rc)
    let gradient = [-slope * g, -slope * g * log(b / volume.value)]
    return (
      rc, logarithmicCovariance.standardUncertainty(along: gradient) ?? 0, formUncertainty,
      Self.volumePart(volume, b: b, g: g)
    )
  }

  /// u_RC = g·RC·(1 − RC)·u_V/V.
  public static func volumePart(_ volume: Uncertain<Volume>, b: Volume, g: Double) -> Double {
    let rc = RecoveryCorrection.volumeCurve(volume.value, b: b, g: g)
    return g * rc * (1 - rc) * (volume.relativeUncertainty ?? 0)
  }

  /// The true concentration of an object in warm surroundings, C_t = (C_m − C_bg·(1 − RC))/RC.
  public static func hotInWarm(
    measured: ActivityConcentration, background: ActivityConcentration, recovery: Double
  ) -> ActivityConcentration {
    (measured - background * (1 - recovery)) / recovery
  }
}

/// A number without a unit.
public struct Ratio: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "1" }
}
