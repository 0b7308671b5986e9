public import Quantities

/// The activity of one region at several times after administration, as it was at those times (not decay-corrected).
public struct TimeActivityCurve: Hashable, Sendable {
  /// One measurement.
  public struct Point: Hashable, Sendable {
    /// Time after administration.
    public let time: Time
    /// The activity in the region at that time.
    public let activity: Activity
    /// The part of its standard uncertainty that is independent between times; `nil` when not stated.
    public let standardUncertainty: Activity?

    public init(time: Time, activity: Activity, standardUncertainty: Activity? = nil) {
      self.time = time
      self.activity = activity
      self.standardUncertainty = standardUncertainty
    }
  }

  /// The region's name.
  public let region: String
  /// At least one point, at strictly increasing times.
  public let points: [Point]
  /// The nuclide's physical decay constant λp.
  public let physicalDecay: RateConstant

  /// Checks and keeps the points.
  ///
  /// - Throws: ``KineticsError`` when there is no point, a time is negative, above 100 000 h, repeated or out of order, or
  ///   an activity or uncertainty is negative, above 1 PBq or NaN.
  public init(region: String, points: [Point], physicalDecay: RateConstant) throws {
    guard !points.isEmpty else {
      throw KineticsError(
        "no-points", "Region “\(region)” has no measurement.", remedy: "Give at least one time and activity.")
    }
    for (index, point) in points.enumerated() {
      let place = "Point \(index + 1) of region “\(region)”"
      guard (0...Self.latest.base).contains(point.time.base) else {
        throw KineticsError(
          "time-invalid", "\(place) has the time \(point.time.hours) h.",
          remedy: "Give the time after administration in hours, from 0 to 100 000.")
      }
      guard (0...Self.largest.base).contains(point.activity.base) else {
        throw KineticsError(
          "activity-invalid", "\(place) has the activity \(point.activity.megabecquerels) MBq.",
          remedy: "Give an activity from 0 to a million GBq in MBq, or leave the point out.")
      }
      if let u = point.standardUncertainty, !(u.base > 0 && u <= Self.largest) {
        throw KineticsError(
          "uncertainty-invalid", "\(place) has the standard uncertainty \(u.megabecquerels) MBq.",
          remedy: "Give an uncertainty above 0 MBq, or leave it out for all points of the region.")
      }
      if index > 0, point.time <= points[index - 1].time {
        throw KineticsError(
          "times-out-of-order", "\(place) at \(point.time.hours) h does not come after the point before it.",
          remedy: "Give the times of a region in strictly increasing order.")
      }
    }
    guard points.contains(where: { $0.activity.base > 0 }) else {
      throw KineticsError(
        "all-zero", "Region “\(region)” has no activity at any time.", remedy: "Leave the region out.")
    }
    self.region = region
    self.points = points
    self.physicalDecay = physicalDecay
  }

  /// What no patient holds, 1 PBq, and no measurement waits for: what lies beyond is a slip of units.
  private static let largest = Activity.gigabecquerels(1e6)
  private static let latest = Time.hours(1e5)

  /// The last measurement.
  public var last: Point { points[points.count - 1] }
}

/// Which standard uncertainty each point of a curve carries in a fit.
public enum Weighting: Hashable, Sendable {
  /// The uncertainty stated with each point.
  case given
  /// A fraction of each activity, at least that fraction of a hundredth of the largest.
  case relative(Double)
  /// The same for all points and unknown: ordinary least squares.
  case equal
  /// That of counts: σ² grows with the activity, at least as of a hundredth of the largest, by a factor that is unknown.
  case poisson

  /// Whether the uncertainties are absolute, so that χ² has a meaning by itself.
  public var isAbsolute: Bool { self != .equal && self != .poisson }

  /// The standard uncertainties in MBq, one a point.
  func standardUncertainties(of curve: TimeActivityCurve) throws -> [Double] {
    switch self {
    case .given:
      return try curve.points.map { point in
        guard let u = point.standardUncertainty else {
          throw KineticsError(
            "uncertainty-missing",
            "Region “\(curve.region)” has no standard uncertainty at \(point.time.hours) h.",
            remedy: "Give it at every time, or weight by a relative uncertainty.")
        }
        return u.megabecquerels
      }
    case .relative(let fraction):
      let largest = curve.points.map(\.activity.megabecquerels).max()!
      return curve.points.map { fraction * max($0.activity.megabecquerels, 0.01 * largest) }
    case .equal:
      return Array(repeating: 1, count: curve.points.count)
    case .poisson:
      let largest = curve.points.map(\.activity.megabecquerels).max()!
      return curve.points.map { max($0.activity.megabecquerels, 0.01 * largest).squareRoot() }
    }
  }
}
