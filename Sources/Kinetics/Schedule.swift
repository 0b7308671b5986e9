import Foundation
import Numerics
public import Quantities

/// Times of measurement and what they would say of a time-integrated activity.
public struct Schedule: Hashable, Sendable {
  /// When to measure, in rising order.
  public let times: [Time]
  /// The standard uncertainty of Ã from the fit that is to be expected.
  public let standardUncertainty: TimeIntegratedActivity
}

/// What measurements of one region would be worth, if the region goes on as a fit says.
///
/// The figure of merit is the variance of the time-integrated activity, cᵀ V c (c-optimality), which is local: it holds
/// near the heaviest fit and for its model. For one exponential and relative uncertainties every schedule whose mean time
/// is T_eff/ln 2 is equally good.
public struct ScanPlanning: Sendable {
  private let fit: CurveFit
  private let covariance: SquareMatrix
  private let relativeUncertainty: Double
  private let largest: Double
  private let goal: [Double]

  /// - Parameter relativeUncertainty: of a measurement to come, above 0 and below 1; at least that fraction of a hundredth of the
  ///   curve's maximum.
  /// - Throws: ``KineticsError`` when the uncertainty of the fit is not known.
  public init(_ estimate: CurveEstimate, relativeUncertainty: Double) throws {
    precondition(relativeUncertainty > 0 && relativeUncertainty < 1, "a relative uncertainty between 0 and 1")
    fit = estimate.average.best
    guard let covariance = fit.covariance else {
      throw KineticsError(
        "no-uncertainty",
        "Region “\(estimate.curve.region)” has no uncertainties at its points and no degree of freedom.",
        remedy: "Weight by a relative uncertainty, or state one at every point.")
    }
    self.covariance = covariance
    self.relativeUncertainty = relativeUncertainty
    largest = fit.function.peak.activity.megabecquerels
    goal = fit.model.terms(fit.theta, physical: fit.physical).integralGradient(from: 0).prefix(fit.theta.count)
  }

  /// The standard uncertainty of Ã with the measurements that were made.
  public var standardUncertainty: TimeIntegratedActivity {
    .megabecquerelHours(covariance.quadraticForm(goal).squareRoot())
  }

  /// The standard uncertainty of Ã with more measurements.
  public func standardUncertainty(withScansAt times: [Time]) -> TimeIntegratedActivity {
    let covariance = fit.covariance(withScansAt: times, relativeUncertainty: relativeUncertainty, largest: largest)
    return .megabecquerelHours(max(0, covariance?.quadraticForm(goal) ?? .infinity).squareRoot())
  }

  /// The best times for more measurements.
  ///
  /// - Parameters:
  ///   - count: 1 to 8.
  ///   - candidates: the times among which to choose; a time may be chosen once.
  /// - Returns: `nil` when there are fewer candidates than measurements.
  public func bestScans(_ count: Int, among candidates: [Time]) -> Schedule? {
    schedule(count, among: candidates) { standardUncertainty(withScansAt: $0) }
  }

  /// The best times for a whole schedule for a region like this one, nothing measured yet.
  ///
  /// - Returns: `nil` when there are fewer candidates than measurements, or fewer measurements than parameters.
  public func bestSchedule(_ count: Int, among candidates: [Time]) -> Schedule? {
    guard count >= fit.theta.count else { return nil }
    return schedule(count, among: candidates) { times in
      let information = fit.information(
        ofScansAt: times, relativeUncertainty: relativeUncertainty, largest: largest)
      guard let solved = information.solved(for: goal) else { return .megabecquerelHours(.infinity) }
      return .megabecquerelHours(zip(goal, solved).reduce(0) { $0 + $1.0 * $1.1 }.squareRoot())
    }
  }

  private func schedule(
    _ count: Int, among candidates: [Time], _ merit: ([Time]) -> TimeIntegratedActivity
  ) -> Schedule? {
    Self.best(count, among: candidates) { merit($0).megabecquerelHours }.map {
      Schedule(times: $0.times, standardUncertainty: .megabecquerelHours($0.merit))
    }
  }

  /// The times with the least of a merit: exchanges one time after the other for a better one until none is left, from several
  /// starts.
  ///
  /// - Parameter count: 1 to 8.
  /// - Returns: `nil` when there are fewer candidates than measurements, or no choice has a finite merit.
  public static func best(
    _ count: Int, among candidates: [Time], _ merit: ([Time]) -> Double
  ) -> (times: [Time], merit: Double)? {
    guard (1...8).contains(count), count <= candidates.count else { return nil }
    var best: (chosen: [Int], merit: Double)?
    for start in 0..<4 {
      // Spread over the candidates, crowded towards the early ones by more and more.
      var chosen = (0..<count).map { k in
        Int(pow((Double(k) + 0.5) / Double(count), 1 + Double(start)) * Double(candidates.count - 1))
      }
      for k in chosen.indices.dropFirst() { chosen[k] = max(chosen[k], chosen[k - 1] + 1) }
      let excess = max(0, chosen[count - 1] - (candidates.count - 1))
      if excess > 0 { chosen = Array((candidates.count - count)..<candidates.count) }
      var current = merit(chosen.map { candidates[$0] })
      var hasImproved = true
      while hasImproved {
        hasImproved = false
        for k in chosen.indices {
          for other in candidates.indices where !chosen.contains(other) {
            var exchanged = chosen
            exchanged[k] = other
            let value = merit(exchanged.map { candidates[$0] })
            if value < current * (1 - 1e-9) { (chosen, current, hasImproved) = (exchanged, value, true) }
          }
        }
      }
      if best.map({ current < $0.merit }) ?? true { best = (chosen, current) }
    }
    guard let best, best.merit.isFinite else { return nil }
    return (best.chosen.sorted().map { candidates[$0] }, best.merit)
  }
}
