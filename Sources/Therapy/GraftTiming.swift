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

  /// The earliest time for an organ at an activity, with its 95 % interval over joint draws.
  ///
  /// - Returns: `nil` when it is not reached within a year by the estimate or by 2.5 % of the draws.
  public static func earliest(
    for limit: DoseLimit, at activity: Activity, seed: UInt64
  ) throws -> (best: Time, interval: ClosedRange<Time>)? {
    let organ = limit.organ
    func remaining(_ d: AbsorbedDosePerActivity) -> AbsorbedDose { d * limit.conversionFactor * activity }
    guard
      let best = earliest(limit: limit.available, remaining: { remaining(organ.perActivity(after: $0).value) })
    else { return nil }
    var sampler = JointDoseSampler([organ], seed: seed)
    var days: [Double] = []
    for _ in 0..<2000 {
      let draw = sampler.next()[0]
      days.append(
        earliest(limit: limit.available) { remaining(draw.perActivity(after: $0)) }?.days ?? 366)
    }
    let sample = try Sample(days)
    guard sample.quantile(0.975) < 366 else { return nil }
    return (best, .days(sample.quantile(0.025)) ... .days(sample.quantile(0.975)))
  }

  /// What remains of a dose at a time, with its 95 % interval over joint draws, at several times.
  public static func remaining(
    of organ: OrganDose, activity: Activity, conversionFactor: Double, at times: [Time], seed: UInt64
  ) throws -> [(time: Time, dose: AbsorbedDose, interval: ClosedRange<AbsorbedDose>)] {
    var sampler = JointDoseSampler([organ], seed: seed)
    let draws = (0..<2000).map { _ in sampler.next()[0] }
    return try times.map { time in
      func dose(_ d: AbsorbedDosePerActivity) -> AbsorbedDose { d * conversionFactor * activity }
      let sample = try Sample(draws.map { dose($0.perActivity(after: time)).grays })
      return (
        time, dose(organ.perActivity(after: time).value),
        .grays(sample.quantile(0.025)) ... .grays(sample.quantile(0.975))
      )
    }
  }
}
