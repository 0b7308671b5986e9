import Foundation
import Dosimetry
public import Quantities

/// How far one input moves the prescribed activity over its 95 % interval.
public struct Sensitivity: Hashable, Sendable {
  /// `calibration`, `volume of Kidneys`, `fit of Marrow`.
  public let input: String
  /// Its relative standard uncertainty.
  public let relativeUncertainty: Double
  /// The activity were the input found at the end of its interval that allows less.
  public let least: Activity
  /// The activity were it found at the other end.
  public let most: Activity
}

extension Prescription {
  /// The sensitivity of the activity to each uncertain input, the largest first.
  ///
  /// The estimate of an input is moved to either end of its 95 % interval, and all inputs keep their spread. Log-normal
  /// factors scale the activity that meets a limit by exp(∓1.96 σ). A fit is moved to the 2.5 % and 97.5 % quantiles of what
  /// it alone allows. A cap holds: where it lies below both ends, the input decides nothing.
  public func sensitivities() -> [Sensitivity] {
    let z = 1.959_963_985
    let allowed = joint.limits.indices.map { joint.allowed($0, graft: graft) }
    func activity(_ factors: [Double]) -> Activity {
      let least = least(of: zip(allowed, factors).map { values, factor in values.map { $0 * factor } })
      return Activity(base: quantile(least, acceptedRisk ?? 0.5))
    }
    let base = activity(joint.limits.map { _ in 1 })
    // Against what the limits allow, whether by risk or by best estimate.
    func result(_ input: String, _ relative: Double, _ low: [Double], _ high: [Double]) -> Sensitivity {
      let ends = [low, high].map { factors in
        let moved = uncapped * (activity(factors) / base)
        return cap.map { min($0, moved) } ?? moved
      }
      return Sensitivity(
        input: input, relativeUncertainty: relative, least: ends.min()!.roundedDown, most: ends.max()!.roundedDown)
    }
    var results: [Sensitivity] = []
    var seen: Set<String> = []
    for (index, limit) in joint.limits.enumerated() {
      for component in limit.organ.components {
        let name = component.isShared ? component.name : "\(component.name) of \(limit.organ.region.name)"
        guard component.relative > 0, seen.insert(name).inserted else { continue }
        let shifts = joint.limits.map { other -> Double in
          guard component.isShared || other.organ.region.name == limit.organ.region.name else { return 0 }
          let relative = other.organ.components.first { $0.name == component.name }?.relative ?? 0
          return z * log(1 + relative * relative).squareRoot()
        }
        results.append(
          result(name, component.relative, shifts.map { exp(-$0) }, shifts.map { exp($0) }))
      }
      let name = "fit of \(limit.organ.region.name)"
      guard seen.insert(name).inserted else { continue }
      let same = joint.limits.indices.map { joint.limits[$0].organ.region.name == limit.organ.region.name }
      let ends = [0.025, 0.975].map { p in
        joint.limits.indices.map { other -> Double in
          guard same[other] else { return 1 }
          let fits = joint.allowed(other, graft: graft, fitOnly: true)
          return quantile(fits, p) / quantile(fits, 0.5)
        }
      }
      let fits = joint.allowed(index, graft: graft, fitOnly: true)
      let spread = log(quantile(fits, 0.841_344_746) / quantile(fits, 0.158_655_254)) / 2
      guard spread > 0 else { continue }
      results.append(result(name, spread, ends[0], ends[1]))
    }
    return results.filter { $0.most > $0.least }.sorted {
      ($1.most - $1.least, $0.input) < ($0.most - $0.least, $1.input)
    }
  }
}
