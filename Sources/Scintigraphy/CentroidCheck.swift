public import Quantities
public import Volumes

/// How far the activity of a region has moved between times, for regions that are copied from one to the next.
public enum CentroidCheck {
  /// The middle of what an image holds in the voxels of a region grown by `margin`, above its mean outside the region
  /// there, in mm; `nil` when nothing is above it.
  public static func centroid(
    _ image: Image<ActivityConcentration>, of region: Mask, margin: Length
  ) throws -> SIMD3<Double>? {
    let grown = try region.dilated(by: margin)
    let around = try grown.subtracting(region).map { try image.statistics(in: $0).mean.becquerelsPerMillilitre } ?? 0
    var (sum, total) = (SIMD3<Double>.zero, 0.0)
    let grid = image.grid
    grown.box.forEachRow { j, k in
      for i in grown.box.columns where grown.contains(i, j, k) {
        let value = max(0, Double(image.values[grid.index(i, j, k)]) - around)
        total += value
        sum += value * grid.position(i, j, k)
      }
    }
    return total > 0 ? sum / total : nil
  }

  /// How far each centroid lies from the first: of a structure that is copied from one time to the next, on the images'
  /// own grids.
  public static func shifts(
    _ images: [Image<ActivityConcentration>], of structure: Structure, margin: Length
  ) throws -> [Length?] {
    var masks: [Grid: Mask] = [:]
    let centres = try images.map { image in
      let mask = try masks[image.grid] ?? Mask(of: structure, on: image.grid)
      masks[image.grid] = mask
      return try centroid(image, of: mask, margin: margin)
    }
    guard let first = centres.first, let origin = first else { return images.map { _ in nil } }
    return centres.map { $0.map { .millimetres(distance($0, origin)) } }
  }
}
