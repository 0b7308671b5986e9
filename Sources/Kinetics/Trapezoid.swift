import Foundation
public import Quantities

/// Integration of a curve without a model.
public enum Trapezoid {
  /// How the piece between two points is integrated.
  public enum Rule: Sendable {
    /// Straight lines.
    case linear
    /// Straight lines where the curve rises, exponentials where it falls.
    case linearUpLogDown
  }

  /// ∫ from 0 to the last point, starting from zero activity at time 0.
  public static func integral(of curve: TimeActivityCurve, rule: Rule) -> TimeIntegratedActivity {
    var previous = (time: 0.0, activity: 0.0)
    var sum = 0.0
    for point in curve.points {
      let next = (time: point.time.base, activity: point.activity.base)
      let width = next.time - previous.time
      if rule == .linearUpLogDown, next.activity > 0, next.activity < previous.activity {
        sum += width * (previous.activity - next.activity) / log(previous.activity / next.activity)
      } else {
        sum += width * (previous.activity + next.activity) / 2
      }
      previous = next
    }
    return .becquerelSeconds(sum)
  }

  /// The tail after the last point if only physical decay remains: A_N/λp, the most there can be without new uptake.
  public static func physicalTail(of curve: TimeActivityCurve) -> TimeIntegratedActivity {
    .becquerelSeconds(curve.last.activity.base / curve.physicalDecay.base)
  }

  /// The tail with the slope of the last two points, not slower than physical decay; `nil` with fewer points.
  public static func lastPairTail(of curve: TimeActivityCurve) -> TimeIntegratedActivity? {
    guard curve.points.count >= 2, curve.last.activity.base > 0 else { return nil }
    let before = curve.points[curve.points.count - 2]
    let rate = log(before.activity / curve.last.activity) / (curve.last.time - before.time).base
    return .becquerelSeconds(curve.last.activity.base / max(rate, curve.physicalDecay.base))
  }

  /// What the time-integrated activity cannot exceed if nothing more is taken up after the last point.
  public static func bound(of curve: TimeActivityCurve) -> TimeIntegratedActivity {
    integral(of: curve, rule: .linear) + physicalTail(of: curve)
  }
}
