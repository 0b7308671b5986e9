public import Quantities

extension Image {
  /// The voxels of a search region that hold at least a value; `nil` when there are none.
  public func voxels(atLeast value: Q, in search: Mask) -> Mask? {
    let least = Float(value.base)
    return values.withUnsafeBufferPointer { values in search.filter { values[$0] >= least } }
  }

  /// The connected part of the voxels between two values that holds a seed; `nil` when the seed is not between them.
  ///
  /// Region growing from a seed: neighbours share a face, an edge or a corner.
  public func region(grownFrom seed: (i: Int, j: Int, k: Int), within range: ClosedRange<Q>, in search: Mask) -> Mask? {
    let (low, high) = (Float(range.lowerBound.base), Float(range.upperBound.base))
    let candidates = values.withUnsafeBufferPointer { values in
      search.filter { values[$0] >= low && values[$0] <= high }
    }
    return candidates?.components().first { $0.contains(seed.i, seed.j, seed.k) }
  }

  /// The voxels above a threshold that lies a fraction of the way from the background to the mean of the region itself.
  ///
  /// The threshold T = b + f·(m − b) is found by repetition, m being the mean above it and b the mean of the voxels
  /// from 1 to 2.5 times `width` outside; with f = 0.5 the outline of a large uniform object in a uniform surrounding is
  /// its true border, whatever the contrast. Starts at half of the maximum; at most 50 rounds, and the largest connected part
  /// counts.
  /// - Throws: ``VolumeError`` when the fraction is not between 0 and 1, or no object stands out of its surroundings.
  public func adaptiveThreshold(fraction: Double, width: Length, in search: Mask) throws(VolumeError) -> (
    mask: Mask, threshold: Q
  ) {
    guard fraction > 0, fraction < 1 else {
      throw VolumeError(
        "fraction-out-of-range", "A threshold cannot lie \(fraction) of the way from background to object.",
        remedy: "Give a fraction between 0 and 1, such as 0.5.")
    }
    let nothing = VolumeError(
      "nothing-stands-out", "No object in the search region stands out of its surroundings.",
      remedy: "Move the search region over the organ, or draw the outline by hand.")
    var threshold = try statistics(in: search).maximum * 0.5
    var found: Mask?
    for _ in 0..<50 {
      guard let object = voxels(atLeast: threshold, in: search)?.components().first else { throw nothing }
      guard object != found else { break }
      found = object
      guard let around = try object.shell(from: width, to: width * 2.5)?.intersection(search) else { throw nothing }
      let (inside, outside) = (try statistics(in: object).mean, try statistics(in: around).mean)
      guard inside > outside else { throw nothing }
      threshold = outside + (inside - outside) * fraction
    }
    guard let found else { throw nothing }
    return (found, threshold)
  }
}
