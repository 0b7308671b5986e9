import Glibc
import Numerics
public import Quantities

/// The uptake of a bound ligand into cells: internalised share over time, f = plateau·(1 − e^(−k·t)).
///
/// The share is internalised / (surface + internalised), as an acid wash parts them. Points weigh alike; uncertainties come
/// from their scatter.
public struct Internalisation: Sendable {
  /// The internalised shares, 0 to 1, one a point.
  public let shares: [Double]
  /// The share that would be internalised in the end.
  public let plateau: BindingParameter
  /// The rate constant with its standard uncertainty.
  public let rate: RateConstant
  public let rateUncertainty: RateConstant

  /// - Throws: ``LaboratoryError`` for fewer than four times, amounts below 0 or none, or shares that no curve fits.
  public init(times: [Time], surface: [Double], internalised: [Double]) throws {
    let refusal = LaboratoryError(
      "internalisation-points", "The table has too few different times, or amounts that cannot be.",
      remedy: "Give surface and internalised amounts of at least four times.")
    guard times.count == surface.count, times.count == internalised.count, Set(times.map(\.seconds)).count >= 4,
      times.allSatisfy({ $0 >= .zero && $0.isFinite }), (surface + internalised).allSatisfy({ $0 >= 0 && $0.isFinite }),
      zip(surface, internalised).allSatisfy({ $0 + $1 > 0 }), let last = times.map(\.seconds).max(), last > 0
    else { throw refusal }
    let shares = zip(surface, internalised).map { $1 / ($0 + $1) }
    guard let top = shares.max(), top > 0 else { throw refusal }
    let t = times.map { $0.seconds / last }
    let half = zip(t, shares).filter { $0.1 >= top / 2 && $0.0 > 0 }.map(\.0).min() ?? 0.5
    let problem = LeastSquaresProblem(
      parameterCount: 2, residualCount: t.count,
      residuals: { p, r in
        let k = exp(p[1])
        for i in t.indices { r[i] = -p[0] * expm1(-k * t[i]) - shares[i] }
      },
      jacobian: { p, j in
        let k = exp(p[1])
        for i in t.indices {
          j[2 * i] = -expm1(-k * t[i])
          j[2 * i + 1] = p[0] * k * t[i] * exp(-k * t[i])
        }
      })
    guard let found = problem.minimise(from: [top, log(0.69 / half)]),
      (0..<2).allSatisfy({ found.covariance[$0, $0].isFinite && found.covariance[$0, $0] >= 0 }),
      found.parameters[0] > 0, found.parameters[0] <= 1.5
    else {
      throw LaboratoryError(
        "internalisation-fit", "No internalisation curve with a plateau fits the points.",
        remedy: "Measure until the share no longer rises.")
    }
    let variance = found.sumOfSquares / Double(max(1, t.count - 2))
    let k = exp(found.parameters[1]) / last
    self.shares = shares
    plateau = BindingParameter(
      value: found.parameters[0], standardUncertainty: (found.covariance[0, 0] * variance).squareRoot())
    rate = .perSecond(k)
    rateUncertainty = .perSecond(k * (found.covariance[1, 1] * variance).squareRoot())
  }
}
