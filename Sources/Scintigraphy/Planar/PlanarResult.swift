public import Provenance
public import Quantities

/// One line of an uncertainty budget.
public struct BudgetComponent: Hashable, Sendable {
  /// What shares one error.
  public enum Scope: String, Hashable, Sendable {
    /// This region at this time alone.
    case point
    /// All times of the region.
    case region
    /// All regions at this time.
    case time
    /// All regions and times.
    case all
  }

  public let name: String
  /// The relative standard uncertainty that it gives the activity.
  public let relative: Double
  public let scope: Scope

  public init(_ name: String, _ relative: Double, _ scope: Scope) {
    self.name = name
    self.relative = relative
    self.scope = scope
  }
}

extension [BudgetComponent] {
  /// The root of the sum of squares: the components are independent of one another.
  public var relative: Double { reduce(0) { $0 + $1.relative * $1.relative }.squareRoot() }
}

/// What planar images show of a region at one time.
public struct PlanarMeasurement: Hashable, Sendable {
  /// When the region passed the detectors, after the administration.
  public let time: Time
  /// With the whole uncertainty; `nil` where no more was counted than background.
  public let activity: Uncertain<Activity>?
  /// What its uncertainty is made of; empty without an activity.
  public let budget: [BudgetComponent]
  /// The net rates of both views.
  public let front: CountRate
  public let back: CountRate
  /// The part of the region that another one covers, at most.
  public let overlap: Double
  public let findings: [Finding]
}

extension PlanarMeasurement {
  /// As a hybrid takes it; `nil` without an activity.
  public var hybridPoint: HybridScaling.Point? {
    activity.map { activity in
      HybridScaling.Point(
        time: time, activity: Uncertain(activity.value, relative: budget.filter { $0.scope == .point }.relative),
        shared: Dictionary(
          budget.filter { $0.scope == .region }.map { ($0.name, $0.relative) }, uniquingKeysWith: +))
    }
  }
}

/// A region at all times.
public struct PlanarActivity: Hashable, Sendable {
  public let name: String
  public let measurements: [PlanarMeasurement]
}

/// All regions with what lies between the times.
public struct PlanarActivities: Sendable {
  public let regions: [PlanarActivity]
  /// How each scan lies against the one on which the regions were drawn; `nil` for that one itself.
  public let shifts: [PlanarShift?]
  /// What concerns all regions.
  public let findings: [Finding]
}
