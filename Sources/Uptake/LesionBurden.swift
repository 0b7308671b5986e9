public import Quantities
public import Volumes

/// The burden of all lesions: volume, total uptake and mean.
public struct LesionBurden: Hashable, Sendable {
  /// TV = Σ V_j.
  public let volume: Volume
  /// TL = Σ V_j · SUVmean_j.
  public let total: TotalUptake
  /// How many lesions there are.
  public let lesions: Int

  /// The sum over lesions; zero for none (SCIENCE 1.3, WE-1.6).
  ///
  /// - Throws: ``UptakeError`` for a lesion without volume or with a mean that is no finite number.
  public init(_ lesions: [(volume: Volume, mean: UptakeValue)]) throws(UptakeError) {
    guard lesions.allSatisfy({ $0.volume.isFinite && $0.volume > .zero && $0.mean.isFinite && $0.mean >= .zero })
    else {
      throw UptakeError(
        "lesion", "A lesion has no volume, or an uptake that is no number.", remedy: "Outline it again.")
    }
    volume = lesions.map(\.volume).total()
    total = lesions.map { $0.mean * $0.volume }.total()
    self.lesions = lesions.count
  }

  /// SUVmean_TV = TL / TV; `nil` without lesions.
  public var mean: UptakeValue? {
    volume > .zero ? UptakeValue(base: total.base / volume.millilitres) : nil
  }
}

/// The burden of the marrow above a reference.
public struct MarrowBurden: Hashable, Sendable {
  /// The uptake from which on marrow counts as involved.
  public let reference: UptakeValue
  /// The skeleton's volume.
  public let skeleton: Volume
  /// The volume above the reference.
  public let volume: Volume
  /// Σ max(0, SUV − SUV_ref) · V_voxel.
  public let excess: TotalUptake

  /// The share of the skeleton above the reference.
  public var fraction: Double { volume / skeleton }

  /// The burden of a skeleton, of which what is excluded (kidneys, bladder, spleen, liver, bowel, adrenals) is no part.
  ///
  /// The reference comes from controls or from a site of the patient that is not involved: marrow takes the tracer up
  /// physiologically, so that no fixed threshold holds (SCIENCE 1.3).
  /// - Throws: ``UptakeError`` for a reference that is not positive or when everything is excluded; `VolumeError`
  ///   when the masks lie on other grids.
  public init(
    _ image: Image<UptakeValue>, skeleton: Mask, excluding excluded: [Mask] = [], reference: UptakeValue
  ) throws {
    guard reference.isFinite, reference > .zero else {
      throw UptakeError(
        "marrow-reference", "The reference is an SUV of \(reference.base).",
        remedy: "Take it from controls or from a site that is not involved.")
    }
    guard ([skeleton] + excluded).allSatisfy({ $0.grid == image.grid }) else {
      throw VolumeError(
        "grids-differ", "A mask was made for another grid than the image's.", remedy: "Make the masks on this image.")
    }
    var rest: Mask? = skeleton
    for mask in excluded { rest = rest?.subtracting(mask) }
    guard let rest else {
      throw UptakeError(
        "nothing-left", "All of the skeleton is excluded.", remedy: "Check what is excluded.")
    }
    _ = try image.statistics(in: rest)
    let voxel = image.grid.voxelVolume
    var (count, sum) = (0, 0.0)
    for i in rest.gridIndices() where Double(image.values[i]) > reference.base {
      count += 1
      sum += Double(image.values[i]) - reference.base
    }
    self.reference = reference
    self.skeleton = rest.volume
    volume = voxel * Double(count)
    excess = TotalUptake(base: sum * voxel.millilitres)
  }
}
