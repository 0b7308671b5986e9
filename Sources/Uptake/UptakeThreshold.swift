import Quantities
public import Volumes

/// Which voxels of a region belong to a lesion.
public enum UptakeThreshold: Hashable, Sendable {
  /// At least this uptake.
  case fixed(UptakeValue)
  /// At least this fraction of the region's largest voxel: 0.40, 0.41, 0.50.
  case fractionOfMaximum(Double)
  /// At least a times the mean above half of the maximum plus b times the background: A_thr = a·A_mean + b·BG.
  case contrastAdapted(a: Double, b: Double, background: UptakeValue)
  /// At least the uptake of the surface across which uptake falls steepest, between 15 and 85 % of the region's maximum.
  case gradient

  /// Which of the parts that hang together count.
  public enum Parts: String, CaseIterable, Hashable, Sendable {
    /// All.
    case all
    /// The one with the most voxels.
    case largest
    /// The one that holds the region's largest voxel.
    case hottest
  }

  /// The uptake from which on a voxel counts.
  ///
  /// - Throws: ``UptakeError`` for a threshold that is no positive number; `VolumeError` as `Image.statistics`.
  public func value(for image: Image<UptakeValue>, in region: Mask) throws -> UptakeValue {
    let value: UptakeValue
    switch self {
    case .fixed(let fixed): value = fixed
    case .fractionOfMaximum(let fraction): value = try image.statistics(in: region).maximum * fraction
    case .contrastAdapted(let a, let b, let background):
      let half = try image.statistics(in: region).maximum * 0.5
      guard let core = region.filter({ Double(image.values[$0]) >= half.base }) else {
        throw UptakeError(
          "threshold", "The region holds no uptake above zero.", remedy: "Choose another region.")
      }
      value = try image.statistics(in: core).mean * a + background * b
    case .gradient: value = try image.steepestSurface(in: region)
    }
    guard value.isFinite, value > .zero else {
      throw UptakeError(
        "threshold", "The threshold is an SUV of \(value.base).", remedy: "Choose one above zero.")
    }
    return value
  }

  /// The voxels of the region that count; `nil` when there are none.
  public func lesion(in image: Image<UptakeValue>, region: Mask, parts: Parts = .all) throws -> Mask? {
    let least = Float(try value(for: image, in: region).base)
    guard let all = region.filter({ image.values[$0] >= least }) else { return nil }
    switch parts {
    case .all: return all
    case .largest: return all.components().first
    case .hottest:
      return all.components().max { a, b in
        a.gridIndices().lazy.map { image.values[$0] }.max()! < b.gridIndices().lazy.map { image.values[$0] }.max()!
      }
    }
  }
}
