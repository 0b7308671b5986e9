public import Quantities

/// A patient in voxels: the decays in each and what each is made of.
public struct PatientVoxels: Sendable {
  /// The numbers of voxels along x, y and z; x runs fastest in all lists of voxels.
  public let shape: SIMD3<Int>
  /// The edges of a voxel along x, y and z.
  public let spacing: [Length]
  /// The number of decays in each voxel.
  public let decays: [Float]
  /// Each voxel's density in g/mL.
  public let densities: [Float]
  /// The index of each voxel's material.
  public let materialOfVoxel: [UInt8]
  public let materials: [Material]

  /// Below this density a voxel is air or next to it: its dose says nothing about tissue and is left at 0.
  public static let leastDensity = Density.gramsPerMillilitre(0.1)

  /// A patient on whose CT density and material are read, or one of soft tissue throughout.
  ///
  /// - Parameters:
  ///   - decays: Ã in each voxel as a number of decays, 0 and above.
  ///   - hounsfieldUnits: the CT on the same grid; without it all voxels are of `tissue`.
  ///   - tissues: into which CT numbers are sorted; densities follow Schneider 2000.
  /// - Throws: ``TransportError`` for lists of another length, a CT number that is not finite, decays that are negative, not
  ///   finite or nowhere, and what ``VoxelGeometry`` refuses.
  public init(
    shape: SIMD3<Int>, spacing: [Length], decays: [Float], hounsfieldUnits: [Float]? = nil,
    tissues: TissueSet = .schneider, tissue: Material = .softTissue
  ) throws(TransportError) {
    let count = shape.x * shape.y * shape.z
    guard decays.count == count, hounsfieldUnits.map({ $0.count == count }) ?? true else {
      throw TransportError(
        "voxel-list", "A list of voxels does not have \(count) entries.", remedy: "Give one entry for each voxel.")
    }
    guard decays.allSatisfy({ $0 >= 0 && $0.isFinite }), decays.contains(where: { $0 > 0 }) else {
      throw TransportError(
        "source-weights", "The time-integrated activity is nowhere, negative or no number.",
        remedy: "Give activities of zero and above, at least one above.")
    }
    if let hounsfieldUnits {
      var densities = [Float](repeating: 0, count: count)
      var material = [UInt8](repeating: 0, count: count)
      // Each whole CT number once.
      let table = try (-1024...3072).map { number throws(TransportError) in
        let number = CTNumber.hounsfield(Double(number))
        return (Float(try number.density().gramsPerMillilitre), UInt8(tissues.index(of: number)))
      }
      for voxel in 0..<count {
        guard hounsfieldUnits[voxel].isFinite else {
          throw TransportError("ct-number", "A CT number is not finite.", remedy: "Check the CT series.")
        }
        let entry = table[Int(max(-1024, min(3072, hounsfieldUnits[voxel])).rounded()) + 1024]
        (densities[voxel], material[voxel]) = entry
      }
      // Materials that do not occur would cost tables and steps.
      let used = Set(material).sorted()
      let place = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, UInt8($0)) })
      materials = used.map { tissues.materials[Int($0)] }
      materialOfVoxel = material.map { place[$0] ?? 0 }
      self.densities = densities
    } else {
      materials = [tissue]
      materialOfVoxel = [UInt8](repeating: 0, count: count)
      densities = [Float](repeating: Float(tissue.density.gramsPerMillilitre), count: count)
    }
    (self.shape, self.spacing, self.decays) = (shape, spacing, decays)
    _ = try geometry()
  }

  /// The block of voxels that radiation is followed through.
  func geometry() throws(TransportError) -> VoxelGeometry {
    try VoxelGeometry(
      shape: shape, spacing: spacing, materials: materials, materialOfVoxel: materialOfVoxel, densities: densities)
  }

  /// The volume of a voxel.
  public var voxelVolume: Volume { .millilitres(spacing.reduce(1) { $0 * $1.centimetres }) }

  /// Whether the dose of a voxel is told.
  public func isTissue(_ voxel: Int) -> Bool { densities[voxel] >= Float(Self.leastDensity.gramsPerMillilitre) }

  /// The decays in all voxels.
  public var totalDecays: Double { decays.reduce(0) { $0 + Double($1) } }
}
