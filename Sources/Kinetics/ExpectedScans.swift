import Numerics
public import Quantities

/// What scans to come would leave of a fit's uncertainty, if the region goes on as the fit says.
///
/// The parameters' information grows by g gᵀ/σ² with every scan, g the derivative of f(t) by them. The values of a scan to
/// come move the fit, not its covariance, so that this is what is to be expected before it is made. Weights of models stay.
extension CurveFit {
  /// The gradient of f(t) by θ and the variance of a scan at that time: a fraction of f(t), at least of a hundredth of its
  /// maximum.
  func scan(at t: Time, relativeUncertainty: Double, largest: Double) -> (gradient: [Double], variance: Double) {
    let terms = model.terms(theta, physical: physical)
    let sigma = relativeUncertainty * max(terms.value(at: t.hours), 0.01 * largest)
    return (terms.gradient(at: t.hours).prefix(theta.count), sigma * sigma)
  }

  /// The covariance of θ with more scans, `nil` where it is not known without them.
  func covariance(withScansAt times: [Time], relativeUncertainty: Double, largest: Double) -> SquareMatrix? {
    guard var covariance else { return nil }
    for t in times {
      let (g, variance) = scan(at: t, relativeUncertainty: relativeUncertainty, largest: largest)
      let spread = g.indices.map { row in g.indices.reduce(0) { $0 + covariance[row, $1] * g[$1] } }
      let total = variance + zip(g, spread).reduce(0) { $0 + $1.0 * $1.1 }
      let before = covariance
      covariance = SquareMatrix(size: g.count) { before[$0, $1] - spread[$0] * spread[$1] / total }
    }
    return covariance
  }

  /// The information that scans alone hold on θ, nothing measured before.
  func information(ofScansAt times: [Time], relativeUncertainty: Double, largest: Double) -> SquareMatrix {
    var information = SquareMatrix(size: theta.count)
    for t in times {
      let (g, variance) = scan(at: t, relativeUncertainty: relativeUncertainty, largest: largest)
      for row in g.indices { for column in g.indices { information[row, column] += g[row] * g[column] / variance } }
    }
    return information
  }
}

extension CurveEstimate {
  /// The estimate that is to be expected with more scans.
  ///
  /// - Parameter relativeUncertainty: of a scan to come, above 0 and below 1.
  /// - Returns: `nil` when the uncertainty of a fit is not known.
  public func expecting(scansAt times: [Time], relativeUncertainty: Double) -> CurveEstimate? {
    replacingCovariances {
      $0.covariance(
        withScansAt: times, relativeUncertainty: relativeUncertainty,
        largest: $0.function.peak.activity.megabecquerels)
    }
  }

  /// The estimate that is to be expected of a schedule for a region like this one, nothing measured yet.
  ///
  /// - Returns: `nil` when the scans do not determine every model that takes part.
  public func expecting(onlyScansAt times: [Time], relativeUncertainty: Double) -> CurveEstimate? {
    replacingCovariances { fit in
      guard times.count >= fit.theta.count else { return nil }
      return fit.information(
        ofScansAt: times, relativeUncertainty: relativeUncertainty,
        largest: fit.function.peak.activity.megabecquerels
      ).inverted()
    }
  }

  /// The estimate that no scan could better: the fits known exactly, only the choice among them left.
  public var withExactFits: CurveEstimate {
    replacingCovariances { SquareMatrix(size: $0.theta.count) }!
  }

  private func replacingCovariances(_ covariance: (CurveFit) -> SquareMatrix?) -> CurveEstimate? {
    let members = average.members.map { ($0.weight, $0.fit, covariance($0.fit)) }
    guard members.allSatisfy({ $0.2 != nil }) else { return nil }
    let taking = ModelAverage(members.map { ($0.0, $0.1.replacing(covariance: $0.2!)) })
    return CurveEstimate(
      curve: curve, candidates: candidates, average: taking, alternative: alternative, findings: findings,
      weighting: weighting)
  }
}
