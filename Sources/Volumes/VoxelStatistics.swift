public import Quantities

/// What the voxels of a region hold.
public struct VoxelStatistics<Q: Quantity>: Hashable, Sendable {
  /// Voxels in the region.
  public let count: Int
  /// The arithmetic mean.
  public let mean: Q
  /// The standard deviation of the voxels about their mean (divisor n − 1), zero for a single voxel.
  public let standardDeviation: Q
  /// The sum over the voxels.
  public let sum: Q
  /// The largest value.
  public let maximum: Q
}

extension Image {
  /// Mean, spread, sum and maximum over the voxels of a mask.
  ///
  /// - Throws: ``VolumeError`` when the mask lies on another grid or a voxel holds no finite number.
  public func statistics(in mask: Mask) throws(VolumeError) -> VoxelStatistics<Q> {
    guard mask.grid == grid else {
      throw VolumeError(
        "grids-differ", "The mask was made for another grid than the image's.", remedy: "Make the mask on this image.")
    }
    let indices = mask.gridIndices()
    let (sum, maximum) = values.withUnsafeBufferPointer { values in
      indices.reduce((sum: 0.0, maximum: -Float.infinity)) {
        ($0.sum + Double(values[$1]), max($0.maximum, values[$1]))
      }
    }
    guard sum.isFinite else {
      throw VolumeError(
        "voxel-not-finite", "The image holds a voxel in the region that is no finite number.",
        remedy: "Reconstruct or export the image again.")
    }
    let mean = sum / Double(indices.count)
    let squares = indices.reduce(0.0) { $0 + (Double(values[$1]) - mean) * (Double(values[$1]) - mean) }
    return VoxelStatistics(
      count: indices.count, mean: Q(base: mean),
      standardDeviation: Q(base: (squares / Double(max(1, indices.count - 1))).squareRoot()),
      sum: Q(base: sum), maximum: Q(base: Double(maximum)))
  }
}
