public import Provenance
public import Quantities

/// What was found for one region at one time.
public struct RegionMeasurement: Hashable, Sendable {
  /// The mean concentration read in the image.
  public let measuredConcentration: ActivityConcentration
  /// The mean concentration around the region; `nil` when the correction does not use one.
  public let backgroundConcentration: ActivityConcentration?
  /// The measured over the corrected concentration. Above 1 when more activity spills in than out.
  public let recoveryCoefficient: Double
  /// The relative standard uncertainty by the voxels' noise; `nil` where the voxels do not tell it.
  ///
  /// From the scatter of the voxels read about what they should hold, as if neighbours were independent: a lower bound
  /// for an image whose noise is correlated.
  public let noise: Double?
  /// κ = d ln(counts)/d ln(volume) at this time: the more, the less the region stands out of its surroundings.
  public let countSensitivity: Double
  /// The activity at the image's reference time, with the part of the uncertainty that is independent from time to time.
  public let activity: Uncertain<Activity>
}

/// The activity of a region in a series of images.
public struct RegionActivity: Hashable, Sendable {
  /// The name of the region.
  public let name: String
  /// The planimetric volume of the emitting structure.
  public let volume: Uncertain<Volume>
  /// One measurement an image, in the order of the images.
  public let measurements: [RegionMeasurement]
  /// The uncertainties that all images share.
  public let common: CommonUncertainty
  /// What is worth knowing.
  public let findings: [Finding]
}
