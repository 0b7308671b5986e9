import DICOM
public import Quantities

/// An energy window of a gamma camera (PS3.3 C.8.4.10).
public struct EnergyWindow: Hashable, Sendable {
  /// The name that the camera gave it.
  public let name: String?
  /// The ranges of energy that count, most often one.
  public let ranges: [ClosedRange<Energy>]

  init(name: String?, ranges: [ClosedRange<Energy>]) { (self.name, self.ranges) = (name, ranges) }

  init(_ item: DataSet) throws {
    name = try item.string(.energyWindowName)
    ranges = try item.items(.energyWindowRange).map { range in
      guard let lower = try range.decimal(.energyWindowLower), let upper = try range.decimal(.energyWindowUpper),
        lower >= 0, lower < upper
      else {
        throw StudyError(
          "energy-window", "An energy window has no lower and upper limit, or they are out of order.",
          remedy: "Export the acquisition again, or correct the window at the camera's workstation.")
      }
      return .kiloelectronvolts(lower)...(.kiloelectronvolts(upper))
    }
  }
}
