import Quantities
import Volumes

/// The regions on one grid: everything that does not depend on the voxels' values.
struct RegionGeometry {
  /// Per region the voxels in which the concentration is read.
  let sampling: [Mask]
  /// Per region the voxels of the emitting structure, those just inside and those just outside its border.
  let emitting: [Mask]
  let innerBorder: [Mask]
  let outerBorder: [Mask?]
  /// Per region the part of the emitting structure's volume that another region claims, at most.
  let overlap: [Double]

  init(_ regions: [RegionOfInterest], on grid: Grid) throws {
    emitting = try regions.map { try Mask(of: $0.emitting, on: grid) }
    var sampling: [Mask] = []
    for (region, emitting) in zip(regions, emitting) {
      guard !region.sampledBy.isEmpty else {
        sampling.append(emitting)
        continue
      }
      let samples = try region.sampledBy.map { try Mask(of: $0, on: grid) }
      let union = samples.dropFirst().reduce(samples[0]) { $0.union($1) }
      if let outside = union.subtracting(emitting), outside.count * 10 > union.count {
        throw ScintigraphyError(
          "sample-outside-region",
          "\(outside.count) of \(union.count) voxels in which \(region.name) is sampled lie outside of it.",
          remedy: "Move the sampling structures into \(region.emitting.name), or make them smaller.")
      }
      sampling.append(union)
    }
    self.sampling = sampling
    innerBorder = emitting.map { $0.innerBorder() }
    outerBorder = emitting.map { $0.outerBorder() }
    let masks = emitting
    overlap = masks.indices.map { a in
      masks.indices.filter { $0 != a }.map { b in
        Double(masks[a].intersection(masks[b])?.count ?? 0) / Double(min(masks[a].count, masks[b].count))
      }.max() ?? 0
    }
  }
}
