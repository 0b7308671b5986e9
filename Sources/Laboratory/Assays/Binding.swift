import Glibc
import Numerics

/// An estimate with its standard uncertainty.
public struct BindingParameter: Hashable, Sendable {
  public let value: Double
  public let standardUncertainty: Double
  /// By Student's t; of a constant above 0 on its logarithm, so that it stays above 0.
  public var interval95: ClosedRange<Double>?
}

/// A fitted curve at one concentration.
public struct BindingCurvePoint: Hashable, Sendable {
  public let value: Double
  /// The 95 % interval of the curve, by Student's t.
  public let interval: ClosedRange<Double>
}

/// A saturation binding: B = Bmax·L/(Kd + L) + n·L with the free ligand L.
///
/// Where unspecific binding was measured, it is fitted with the same n. Points weigh alike; the uncertainties come from
/// their scatter. Valid without depletion of the ligand and with one class of sites.
public struct SaturationBinding: Sendable {
  /// The dissociation constant, in nmol/L.
  public let kd: BindingParameter
  /// The number of sites, in the unit of the bound amounts.
  public let bmax: BindingParameter
  /// Unspecific binding per nmol/L.
  public let unspecific: BindingParameter
  private let fit: BindingFit

  /// Total binding at a concentration of the ligand, with the 95 % interval of the curve.
  public func total(at ligand: MolarConcentration) -> BindingCurvePoint {
    let l = ligand.nanomolar
    let share = l / (kd.value + l)
    return fit.point(
      bmax.value * share + unspecific.value * l,
      gradient: [-bmax.value * share * kd.value / (kd.value + l), bmax.value * share, l])
  }

  /// - Throws: ``LaboratoryError`` for fewer points than parameters and one, amounts below 0, or without a minimum.
  public init(ligand: [MolarConcentration], total: [Double], unspecific measured: [Double?]) throws {
    let l = ligand.map(\.nanomolar)
    guard l.count == total.count, l.count == measured.count, l.count >= 4, Set(l).count >= 4,
      l.allSatisfy({ $0 >= 0 && $0.isFinite }), total.allSatisfy({ $0 >= 0 && $0.isFinite }),
      let top = total.max(), top > 0, let far = l.max(), far > 0
    else { throw BindingFit.tooFew }
    let pairs = measured.enumerated().compactMap { index, value in value.map { (l[index], $0) } }
    let slope = pairs.isEmpty ? 0 : pairs.reduce(0) { $0 + $1.1 } / max(pairs.reduce(0) { $0 + $1.0 }, 1e-300)
    // Kd and Bmax stay above 0 as exponentials.
    let half = zip(l, total).first { $0.1 - slope * $0.0 >= (top - slope * far) / 2 && $0.0 > 0 }?.0 ?? far / 4
    let start = [log(half), log(max(top - slope * far, top / 10)), slope]
    fit = try BindingFit(
      start: start, count: l.count + pairs.count, scale: top,
      residuals: { p, r in
        let (kd, bmax) = (exp(p[0]), exp(p[1]))
        for i in l.indices { r[i] = (bmax * l[i] / (kd + l[i]) + p[2] * l[i] - total[i]) / top }
        for (i, pair) in pairs.enumerated() { r[l.count + i] = (p[2] * pair.0 - pair.1) / top }
      },
      jacobian: { p, j in
        let (kd, bmax) = (exp(p[0]), exp(p[1]))
        for i in l.indices {
          let share = l[i] / (kd + l[i])
          j[3 * i] = -bmax * share * kd / (kd + l[i]) / top
          j[3 * i + 1] = bmax * share / top
          j[3 * i + 2] = l[i] / top
        }
        for (i, pair) in pairs.enumerated() {
          let row = 3 * (l.count + i)
          (j[row], j[row + 1], j[row + 2]) = (0, 0, pair.0 / top)
        }
      })
    kd = fit.exponential(0)
    bmax = fit.exponential(1)
    unspecific = fit.plain(2)
    guard kd.value < 100 * far else {
      throw LaboratoryError(
        "binding-not-saturated", "The binding does not saturate: Kd would be far above the highest concentration.",
        remedy: "Measure at higher concentrations.")
    }
  }
}

/// A competition binding: B = bottom + (top − bottom)/(1 + C/IC50).
public struct CompetitionBinding: Sendable {
  /// The concentration that displaces half, in nmol/L.
  public let ic50: BindingParameter
  public let top: BindingParameter
  public let bottom: BindingParameter
  private let fit: BindingFit

  /// Bound ligand at a concentration of the competitor, with the 95 % interval of the curve.
  public func bound(at competitor: MolarConcentration) -> BindingCurvePoint {
    let ratio = competitor.nanomolar / ic50.value
    let share = 1 / (1 + ratio)
    let span = top.value - bottom.value
    return fit.point(bottom.value + span * share, gradient: [span * share * share * ratio, share, 1 - share])
  }

  /// - Throws: ``LaboratoryError`` for fewer than five concentrations, or without a minimum.
  public init(competitor: [MolarConcentration], bound: [Double]) throws {
    let c = competitor.map(\.nanomolar)
    guard c.count == bound.count, Set(c).count >= 5, c.allSatisfy({ $0 >= 0 && $0.isFinite }),
      bound.allSatisfy(\.isFinite), let high = bound.max(), let low = bound.min(), high > low
    else { throw BindingFit.tooFew }
    let scale = high - low
    let middle = (high + low) / 2
    let positive = c.indices.filter { c[$0] > 0 }
    let half = positive.min { abs(bound[$0] - middle) < abs(bound[$1] - middle) }.map { c[$0] } ?? 1
    fit = try BindingFit(
      start: [log(half), high, low], count: c.count, scale: scale,
      residuals: { p, r in
        let half = exp(p[0])
        for i in c.indices { r[i] = (p[2] + (p[1] - p[2]) / (1 + c[i] / half) - bound[i]) / scale }
      },
      jacobian: { p, j in
        let half = exp(p[0])
        for i in c.indices {
          let share = 1 / (1 + c[i] / half)
          j[3 * i] = (p[1] - p[2]) * share * share * c[i] / half / scale
          j[3 * i + 1] = share / scale
          j[3 * i + 2] = (1 - share) / scale
        }
      })
    ic50 = fit.exponential(0)
    top = fit.plain(1)
    bottom = fit.plain(2)
  }

  /// The inhibition constant Ki = IC50/(1 + L/Kd) (Cheng and Prusoff 1973).
  ///
  /// - Throws: ``LaboratoryError`` unless L ≥ 0 and Kd > 0.
  public func inhibitionConstant(ligand: MolarConcentration, kd: MolarConcentration) throws -> BindingParameter {
    guard ligand >= .zero, kd > .zero, ligand.isFinite, kd.isFinite else {
      throw LaboratoryError(
        "binding-ligand", "The ligand has \(ligand) with Kd \(kd).", remedy: "Give both in nmol/L, Kd above 0.")
    }
    let factor = 1 + ligand.nanomolar / kd.nanomolar
    return BindingParameter(
      value: ic50.value / factor, standardUncertainty: ic50.standardUncertainty / factor,
      interval95: ic50.interval95.map { ($0.lowerBound / factor)...($0.upperBound / factor) })
  }
}

private struct BindingFit {
  private let solution: LeastSquaresSolution
  private let variance: Double
  private let freedom: Double

  static let tooFew = LaboratoryError(
    "binding-points", "The table has too few different concentrations, or amounts that cannot be.",
    remedy: "Give at least five concentrations from well below to well above the half-way point.")

  init(
    start: [Double], count: Int, scale: Double, residuals: @escaping LeastSquaresProblem.Residuals,
    jacobian: @escaping LeastSquaresProblem.Jacobian
  ) throws {
    let problem = LeastSquaresProblem(
      parameterCount: start.count, residualCount: count, residuals: residuals, jacobian: jacobian)
    guard let found = problem.minimise(from: start),
      (0..<start.count).allSatisfy({ found.covariance[$0, $0].isFinite && found.covariance[$0, $0] >= 0 })
    else {
      throw LaboratoryError(
        "binding-fit", "No binding curve fits the points.", remedy: "Check the table, and measure over a wider range.")
    }
    solution = found
    freedom = Double(max(1, count - start.count))
    variance = found.sumOfSquares / freedom
  }

  func plain(_ index: Int) -> BindingParameter {
    let (value, error) = (solution.parameters[index], (solution.covariance[index, index] * variance).squareRoot())
    let half = StudentT.critical(0.05, degreesOfFreedom: freedom) * error
    return BindingParameter(value: value, standardUncertainty: error, interval95: (value - half)...(value + half))
  }

  /// A value of the curve whose derivatives by the fitted parameters are given.
  func point(_ value: Double, gradient: [Double]) -> BindingCurvePoint {
    var square = 0.0
    for i in gradient.indices {
      for j in gradient.indices { square += gradient[i] * solution.covariance[i, j] * variance * gradient[j] }
    }
    let half = StudentT.critical(0.05, degreesOfFreedom: freedom) * max(0, square).squareRoot()
    return BindingCurvePoint(value: value, interval: (value - half)...(value + half))
  }

  func exponential(_ index: Int) -> BindingParameter {
    let logarithm = plain(index)
    let value = exp(logarithm.value)
    return BindingParameter(
      value: value, standardUncertainty: value * logarithm.standardUncertainty,
      interval95: logarithm.interval95.map { exp($0.lowerBound)...exp($0.upperBound) })
  }
}
