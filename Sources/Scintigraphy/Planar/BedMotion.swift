public import Quantities

/// A bed that moves below the camera, so that every row has a time of its own.
public struct BedMotion: Hashable, Sendable {
  /// How fast it moves.
  public let speed: Speed
  /// Whether the scan begins at the feet, at the last row.
  public let beginsAtFeet: Bool

  /// - Throws: ``ScintigraphyError`` when the speed is not above 0 and at most 200 cm/min.
  public init(speed: Speed, beginsAtFeet: Bool = false) throws(ScintigraphyError) {
    guard speed > .zero, speed <= .centimetresPerMinute(200) else {
      throw ScintigraphyError(
        "bed-speed", "A bed does not move at \(speed.centimetresPerMinute) cm/min.",
        remedy: "Give the speed in cm/min, such as 12.")
    }
    self.speed = speed
    self.beginsAtFeet = beginsAtFeet
  }

  /// When a place is passed after the start of the scan: t = z/v.
  public func time(at distanceFromStart: Length) -> Time { distanceFromStart / speed }

  /// When a row of an image is passed after the start of the scan.
  public func time(atRow row: Double, rows: Int, height: Length) -> Time {
    time(at: height * (beginsAtFeet ? Double(rows - 1) - row : row))
  }
}
