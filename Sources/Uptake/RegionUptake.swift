public import Provenance
public import Quantities
public import Volumes

/// What the voxels of a region hold, as IBSI and PERCIST define it.
public struct RegionUptake: Hashable, Sendable {
  /// Voxels whose centre lies in the region.
  public let voxels: Int
  /// Their volume.
  public let volume: Volume
  /// The largest voxel.
  public let maximum: UptakeValue
  /// The smallest voxel.
  public let minimum: UptakeValue
  /// The largest mean of a 1 mL sphere whose centre is a voxel of the region.
  public let peak: UptakeValue
  /// The arithmetic mean.
  public let mean: UptakeValue
  /// The standard deviation about the mean (divisor n, as IBSI).
  public let standardDeviation: UptakeValue
  /// The percentiles 10, 25, 50, 75 and 90, between neighbours by linear interpolation.
  public let percentiles: [Int: UptakeValue]
  /// The sum over the voxels times the volume of one: mean times volume.
  public let total: TotalUptake
  /// What is worth knowing about the numbers.
  public let findings: [Finding]

  /// The percentile 50.
  public var median: UptakeValue { percentiles[50] ?? mean }

  /// Measures a region.
  ///
  /// - Parameter peak: how the peak's sphere is laid. It may leave the region.
  /// - Throws: `VolumeError` when the region lies on another grid or a voxel holds no finite number.
  public init(
    _ image: Image<UptakeValue>, in region: Mask, peak search: PeakSearch = .voxels(.fractional)
  ) throws {
    let sums = try image.statistics(in: region)
    let sorted = image.values.withUnsafeBufferPointer { values in region.gridIndices().map { values[$0] }.sorted() }
    let mean = sums.mean.base
    let squares = sorted.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    voxels = sums.count
    volume = region.volume
    maximum = sums.maximum
    minimum = UptakeValue(base: Double(sorted[0]))
    self.mean = sums.mean
    standardDeviation = UptakeValue(base: (squares / Double(sorted.count)).squareRoot())
    percentiles = Dictionary(
      uniqueKeysWithValues: [10, 25, 50, 75, 90].map { ($0, Self.percentile(Double($0) / 100, sorted)) })
    total = TotalUptake(base: sums.sum.base * region.grid.voxelVolume.millilitres)
    peak =
      switch search {
      case .voxels(let weights): try image.peak(in: region, weights: weights)
      case .betweenVoxels: try image.subVoxelPeak(in: region)
      }
    findings =
      volume < .millilitres(1)
      ? [
        Finding(
          .caution, code: "region-smaller-than-peak", title: "Region smaller than the peak's sphere.",
          "The region has \(text(volume.millilitres)) mL; the peak is a mean over 1 mL.", origin: "Uptake · SUVpeak")
      ] : []
  }

  private static func percentile(_ fraction: Double, _ sorted: [Float]) -> UptakeValue {
    let place = fraction * Double(sorted.count - 1)
    let (low, rest) = (Int(place), place - place.rounded(.down))
    let high = min(low + 1, sorted.count - 1)
    return UptakeValue(base: Double(sorted[low]) * (1 - rest) + Double(sorted[high]) * rest)
  }
}
