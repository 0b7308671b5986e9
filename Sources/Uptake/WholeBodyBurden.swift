public import Quantities
public import Volumes

/// The burden of a whole body, found by threshold where uptake is not physiological.
public struct WholeBodyBurden: Sendable {
  /// Which voxels make a lesion.
  public struct Rule: Hashable, Sendable {
    /// A voxel belongs to a lesion from this uptake on.
    public let threshold: UptakeValue
    /// Smaller parts are noise.
    public let leastVolume: Volume
    /// How far beyond an organ's edge its uptake spills over and is left out too.
    public let margin: Length

    /// - Throws: ``UptakeError`` for a threshold that is not positive, or a volume or margin that is negative or absurd.
    public init(
      threshold: UptakeValue, leastVolume: Volume = .millilitres(1), margin: Length = .millimetres(5)
    ) throws(UptakeError) {
      guard threshold.isFinite, threshold > .zero, leastVolume >= .zero, leastVolume < .millilitres(1e5),
        margin >= .zero, margin < .millimetres(200)
      else {
        throw UptakeError(
          "burden-rule",
          "The rule is an SUV of \(text(threshold.base)), \(text(leastVolume.millilitres)) mL and a margin of "
            + "\(text(margin.millimetres)) mm.",
          remedy: "Give a threshold above 0, and volume and margin of 0 or more.")
      }
      (self.threshold, self.leastVolume, self.margin) = (threshold, leastVolume, margin)
    }
  }

  /// A part that hangs together.
  public struct Lesion: Sendable {
    /// What it holds.
    public let uptake: RegionUptake
    /// Its hottest voxel in mm of the patient's coordinates.
    public let hottest: SIMD3<Double>
    /// Whether more than half of it lies in the skeleton; `nil` when no skeleton is known.
    public let isSkeletal: Bool?
  }

  /// The rule.
  public let rule: Rule
  /// The lesions, largest total uptake first.
  public let lesions: [Lesion]
  /// Volume and total uptake of all of them.
  public let burden: LesionBurden
  /// The volume that was left out as physiological, margin included.
  public let excluded: Volume

  /// TV = Σ V_j and TL = Σ V_j · SUVmean_j over all parts above the threshold outside the organs (SCIENCE 1.3).
  ///
  /// - Parameters:
  ///   - organs: where uptake is physiological or excretory: kidneys, bladder, spleen, liver, bowel, adrenals.
  ///   - skeleton: what tells marrow from other lesions.
  /// - Throws: `VolumeError` when a mask lies on another grid or the grid is not rectangular.
  public init(
    _ image: Image<UptakeValue>, rule: Rule, excluding organs: [Mask], skeleton: Mask? = nil
  ) throws {
    guard (organs + [skeleton].compactMap { $0 }).allSatisfy({ $0.grid == image.grid }) else {
      throw VolumeError(
        "grids-differ", "A mask was made for another grid than the image's.", remedy: "Make the masks on this image.")
    }
    var isPhysiological = [Bool](repeating: false, count: image.grid.count)
    // An organ ends half a voxel beyond the centres of its outermost voxels.
    let edge = Length.millimetres(image.grid.spacing.max() / 2)
    for organ in organs {
      let grown = rule.margin > .zero ? try organ.dilated(by: rule.margin + edge) : organ
      for i in grown.gridIndices() { isPhysiological[i] = true }
    }
    let least = Float(rule.threshold.base)
    let hot = image.values.indices.map { image.values[$0] >= least && !isPhysiological[$0] }
    let parts = Mask(grid: image.grid, box: VoxelBox(all: image.grid), members: hot)?.components() ?? []
    lesions = try parts.filter { $0.volume >= rule.leastVolume }.map { part in
      try Lesion(
        uptake: RegionUptake(image, in: part), hottest: image.hottest(in: part),
        isSkeletal: skeleton.map { bone in
          2 * (part.intersection(bone)?.count ?? 0) > part.count
        })
    }.sorted { $1.uptake.total < $0.uptake.total }
    self.rule = rule
    burden = try LesionBurden(lesions.map { ($0.uptake.volume, $0.uptake.mean) })
    excluded = image.grid.voxelVolume * Double(isPhysiological.count { $0 })
  }
}

extension Image where Q == UptakeValue {
  /// The middle of the hottest voxel of a region in mm of the patient's coordinates, the first of equals.
  public func hottest(in region: Mask) -> SIMD3<Double> {
    var (place, largest) = (SIMD3<Int>.zero, -Float.infinity)
    region.box.forEachRow { j, k in
      for i in region.box.columns where region.contains(i, j, k) {
        let value = values[grid.index(i, j, k)]
        if value > largest { (place, largest) = (SIMD3(i, j, k), value) }
      }
    }
    return grid.position(place.x, place.y, place.z)
  }
}
