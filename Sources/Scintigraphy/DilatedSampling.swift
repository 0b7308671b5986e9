public import Quantities
public import Volumes

/// The activity of a region from a larger one around it, which catches what spills out: no recovery coefficient.
public struct DilatedSampling: Hashable, Sendable {
  public let activity: Uncertain<Activity>
  public let background: ActivityConcentration

  /// A = Σ c·v over the grown region − b·(V_grown − V), b read in a shell of twice the width around it.
  ///
  /// - Parameters:
  ///   - volume: of the region itself.
  ///   - width: how far it is grown: at least the width of the point-spread function.
  ///   - others: regions whose surroundings do not count as background.
  /// - Throws: ``ScintigraphyError`` when another region lies in the grown one, or no background is left.
  public init(
    of region: Mask, volume: Volume, in image: Image<ActivityConcentration>, width: Length, others: [Mask]
  ) throws {
    let grown = try region.dilated(by: width)
    var shell = try grown.shell(from: width * 0.5, to: width * 2)
    for other in others {
      let around = try other.dilated(by: width)
      if let shared = grown.intersection(other), shared.count * 50 > other.count {
        throw ScintigraphyError(
          "dilated-overlap", "A region grown by \(width) holds a part of another one.",
          remedy: "Measure it as a whole organ with recovery correction.")
      }
      shell = shell?.subtracting(around)
    }
    guard let shell else {
      throw ScintigraphyError(
        "no-background", "Around the grown region there are no voxels in which a background can be read.",
        remedy: "Measure it as a whole organ with recovery correction.")
    }
    let around = try image.statistics(in: shell)
    let inside = try image.statistics(in: grown)
    background = around.mean
    let rest = grown.volume - volume
    let value = inside.mean * grown.volume - around.mean * rest
    let error = around.standardDeviation.becquerelsPerMillilitre / Double(around.count).squareRoot()
    activity = Uncertain(value, standardUncertainty: .becquerels(error * rest.millilitres.magnitude))
    guard value > .zero else {
      throw ScintigraphyError(
        "activity-not-positive", "A region holds no activity above its surroundings.",
        remedy: "Check its outline, or leave the region out.")
    }
  }
}
