import Volumes

extension Image where Q == UptakeValue {
  /// The uptake t of the surface across which uptake falls steepest.
  ///
  /// For every t from 15 to 85 % of the region's maximum in steps of 1 %, the slope |a − b|/d is averaged over all pairs
  /// of face neighbours of the region that lie on either side of t, d apart. The t with the greatest mean is taken, the
  /// lowest of equals. For a uniform object on a uniform background, blurred, that surface is its edge.
  /// - Throws: ``UptakeError`` when no uptake of the region is above zero or no pair lies on either side of a t;
  ///   `VolumeError` as `statistics(in:)`.
  func steepestSurface(in region: Mask) throws -> UptakeValue {
    let maximum = try statistics(in: region).maximum.base
    guard maximum > 0 else {
      throw UptakeError("threshold", "The region holds no uptake above zero.", remedy: "Choose another region.")
    }
    let steps = 15...85
    // Sums of slopes and counts of pairs that begin (+) or end (−) to hold a step between them.
    var slopes = [Double](repeating: 0, count: steps.upperBound + 2)
    var pairs = [Double](repeating: 0, count: steps.upperBound + 2)
    let (spacing, box) = (grid.spacing, region.box)
    func add(_ a: Float, _ b: Float, _ distance: Double) {
      let (low, high) = (Double(min(a, b)) / maximum * 100, Double(max(a, b)) / maximum * 100)
      // A pair lies on either side of t when low < t ≤ high.
      let first = max(Double(steps.lowerBound), low.rounded(.down) + 1)
      let last = min(Double(steps.upperBound), high.rounded(.down))
      guard first <= last else { return }
      let slope = (high - low) / distance
      slopes[Int(first)] += slope
      slopes[Int(last) + 1] -= slope
      pairs[Int(first)] += 1
      pairs[Int(last) + 1] -= 1
    }
    box.forEachRow { j, k in
      for i in box.columns where region.contains(i, j, k) {
        let value = values[grid.index(i, j, k)]
        if region.contains(i + 1, j, k) { add(value, values[grid.index(i + 1, j, k)], spacing.x) }
        if region.contains(i, j + 1, k) { add(value, values[grid.index(i, j + 1, k)], spacing.y) }
        if region.contains(i, j, k + 1) { add(value, values[grid.index(i, j, k + 1)], spacing.z) }
      }
    }
    var (slope, count, best) = (0.0, 0.0, (mean: 0.0, step: 0))
    for step in 0...steps.upperBound {
      slope += slopes[step]
      count += pairs[step]
      if count > 0.5, slope / count > best.mean * (1 + 1e-9) { best = (slope / count, step) }
    }
    guard best.step > 0 else {
      throw UptakeError(
        "no-gradient", "The uptake of the region does not fall.",
        remedy: "Draw the region around the lesion with some of its surroundings.")
    }
    return UptakeValue(base: maximum * Double(best.step) / 100)
  }
}
