import Foundation
import Numerics
public import Quantities

/// A ligand model whose values were fitted to curves of a patient.
public struct LigandFit: Sendable {
  /// A value that was fitted.
  public struct Parameter: Hashable, Sendable {
    /// `receptors.marrow`, `retained`, ...
    public let name: String
    /// In its unit.
    public let value: Double
    /// The standard uncertainty of its logarithm.
    public let relativeUncertainty: Double
  }

  /// The model with the best values.
  public let model: LigandModel
  /// The fitted values.
  public let parameters: [Parameter]
  /// Σ ((y − f)/σ)².
  public let chiSquared: Double
  /// Points less parameters.
  public let degreesOfFreedom: Int
}

extension LigandModel {
  /// The names of the values that can be fitted.
  public var parameterNames: [String] {
    ["plasma", "filtration", "retained", "kidneyRelease"]
      + tissues.flatMap { tissue in
        ["exchange", "receptors", "internalisation", "release"].map { "\($0).\(tissue.name)" }
      }
  }

  subscript(name: String) -> Double? {
    get {
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      if parts.count == 2 {
        guard let tissue = tissues.first(where: { $0.name == parts[1] }) else { return nil }
        switch parts[0] {
        case "exchange": return tissue.exchange
        case "receptors": return tissue.receptors
        case "internalisation": return tissue.internalisation
        case "release": return tissue.release
        default: return nil
        }
      }
      switch name {
      case "plasma": return plasma
      case "filtration": return filtration
      case "retained": return retained
      case "kidneyRelease": return kidneyRelease
      default: return nil
      }
    }
    set {
      guard let newValue else { return }
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      if parts.count == 2, let k = tissues.firstIndex(where: { $0.name == parts[1] }) {
        switch parts[0] {
        case "exchange": tissues[k].exchange = newValue
        case "receptors": tissues[k].receptors = newValue
        case "internalisation": tissues[k].internalisation = newValue
        case "release": tissues[k].release = newValue
        default: break
        }
      }
      switch name {
      case "plasma": plasma = newValue
      case "filtration": filtration = newValue
      case "retained": retained = newValue
      case "kidneyRelease": kidneyRelease = newValue
      default: break
      }
    }
  }

  /// Fits some values to curves by weighted least squares in their logarithms, derivatives by central differences.
  ///
  /// - Parameters:
  ///   - names: of the values, from ``parameterNames``, each above 0 to begin with.
  ///   - curves: regions named like the model's; all of one nuclide.
  /// - Throws: ``KineticsError`` for a name or region that is unknown, fewer points than values, or no minimum.
  public func fitted(
    _ names: [String], to curves: [TimeActivityCurve], weighting: Weighting, administered: Activity, peptide: Double
  ) throws -> LigandFit {
    let regions = ["blood"] + tissues.map(\.name) + ["kidneys", "excreted"]
    if let unknown = names.first(where: { self[$0].map { $0 <= 0 } ?? true }) {
      throw KineticsError(
        "ligand-parameter", "“\(unknown)” is no value of the ligand model above 0.",
        remedy: "Choose from \(parameterNames.joined(separator: ", ")).")
    }
    let rows = try curves.map { curve in
      guard let region = regions.firstIndex(of: curve.region) else {
        throw KineticsError(
          "ligand-region", "The ligand model has no region “\(curve.region)”.",
          remedy: "It has \(regions.joined(separator: ", ")).")
      }
      return (region: region, curve: curve, sigmas: try weighting.standardUncertainties(of: curve))
    }
    let count = rows.reduce(0) { $0 + $1.curve.points.count }
    guard !names.isEmpty, count > names.count, weighting.isAbsolute, Set(names).count == names.count else {
      throw KineticsError(
        "ligand-points", "There are \(count) points for \(names.count) values of the ligand model.",
        remedy: "Fit fewer values than there are points, each once, with absolute or relative uncertainties.")
    }
    let decay = curves[0].physicalDecay
    let times = Set(rows.flatMap { $0.curve.points.map(\.time) }).sorted()
    let start = names.map { log(self[$0]!) }
    @Sendable func model(_ theta: [Double]) -> LigandModel {
      var changed = self
      for (name, value) in zip(names, theta) {
        changed[name] = name == "retained" ? min(1, exp(value)) : exp(min(13, value))
      }
      return changed
    }
    @Sendable func residuals(_ theta: [Double], _ result: inout [Double]) {
      guard
        let found = try? model(theta).simulated(
          administered: administered, peptide: peptide, physicalDecay: decay, at: times)
      else {
        for j in result.indices { result[j] = .nan }
        return
      }
      var j = 0
      for row in rows {
        for (point, sigma) in zip(row.curve.points, row.sigmas) {
          let value = found.activities[row.region][times.firstIndex(of: point.time)!].megabecquerels
          result[j] = (value - point.activity.megabecquerels) / sigma
          j += 1
        }
      }
    }
    let problem = LeastSquaresProblem(
      parameterCount: names.count, residualCount: count, residuals: residuals,
      jacobian: { theta, derivatives in
        for k in theta.indices {
          var (up, down) = (theta, theta)
          up[k] += 1e-3
          down[k] -= 1e-3
          var (a, b) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
          residuals(up, &a)
          residuals(down, &b)
          for j in 0..<count { derivatives[j * theta.count + k] = (a[j] - b[j]) / 2e-3 }
        }
      })
    guard let best = problem.minimise(from: start, tolerance: 1e-7) else {
      throw KineticsError(
        "no-minimum", "The ligand model could not be fitted.",
        remedy: "Fit fewer values, or begin with others.")
    }
    return LigandFit(
      model: model(best.parameters),
      parameters: names.indices.map {
        .init(
          name: names[$0], value: model(best.parameters)[names[$0]]!,
          relativeUncertainty: max(0, best.covariance[$0, $0]).squareRoot())
      },
      chiSquared: best.sumOfSquares, degreesOfFreedom: count - names.count)
  }
}
