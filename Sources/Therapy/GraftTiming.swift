public import Dosimetry
import Numerics
public import Quantities
import Statistics

/// When a graft may come after the therapy.
public enum GraftTiming {
  /// The time after which what remains of a dose falls to a limit: 0 when all of it is within the limit (SCIENCE 7.7).
  ///
  /// - Parameter remaining: the dose delivered after a time; falling.
  /// - Returns: `nil` when the limit is not reached within a year.
  public static func earliest(limit: AbsorbedDose, remaining: (Time) -> AbsorbedDose) -> Time? {
    guard remaining(.zero) > limit else { return .zero }
    let year = Time.days(365)
    return Root.bisect(0, year.seconds) { (remaining(.seconds($0)) - limit).grays }.map { .seconds($0) }
  }

  /// The best estimate of the earliest time for an organ at an activity.
  public static func bestEstimate(for limit: DoseLimit, at activity: Activity) -> Time? {
    earliest(limit: limit.available) {
      limit.organ.perActivity(after: $0).value * limit.conversionFactor * activity
    }
  }

  /// The earliest time for an organ at an activity, with its 95 % interval over joint draws.
  ///
  /// - Returns: `nil` when it is not reached within a year by the estimate or by 2.5 % of the draws.
  public static func earliest(
    for limit: DoseLimit, at activity: Activity, seed: UInt64
  ) throws -> (best: Time, interval: ClosedRange<Time>)? {
    guard let best = bestEstimate(for: limit, at: activity) else { return nil }
    let doses = JointDoses([limit.organ], count: 2000, seed: seed)
    let sample = try Sample(
      (0..<doses.count).map { draw in
        earliest(limit: limit.available) {
          doses.perActivity(0, draw: draw, after: $0) * limit.conversionFactor * activity
        }?.days ?? 366
      })
    guard sample.quantile(0.975) < 366 else { return nil }
    return (best, .days(sample.quantile(0.025)) ... .days(sample.quantile(0.975)))
  }

  /// What remains of a dose at a time, with its 95 % interval over joint draws, at several times.
  public static func remaining(
    of organ: OrganDose, activity: Activity, conversionFactor: Double, at times: [Time], seed: UInt64
  ) throws -> [(time: Time, dose: AbsorbedDose, interval: ClosedRange<AbsorbedDose>)] {
    let doses = JointDoses([organ], count: 2000, seed: seed)
    let factor = conversionFactor * activity.becquerels
    return try times.map { time in
      let sample = try Sample(doses.graysPerBecquerel(0, after: time).map { $0 * factor })
      return (
        time, organ.perActivity(after: time).value * conversionFactor * activity,
        .grays(sample.quantile(0.025)) ... .grays(sample.quantile(0.975))
      )
    }
  }
}
