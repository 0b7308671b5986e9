public import Quantities

/// A block of voxels filled with materials; around it is nothing.
public struct VoxelGeometry: Sendable {
  /// What happens to radiation at the faces of the block.
  public enum Walls: Sendable {
    /// It escapes.
    case open
    /// It comes in again at the opposite face.
    case periodic
    /// The medium goes on, which all voxels must share. What stays beyond the block counts as escaped; electrons do not
    /// come back.
    case unbounded
  }

  /// The numbers of voxels along x, y and z; x runs fastest in all lists of voxels.
  public let shape: SIMD3<Int>
  /// The edge lengths of a voxel along x, y and z.
  public let spacing: [Length]
  /// The materials.
  public let materials: [Material]
  /// The index of each voxel's material; `nil` when all are of the first.
  public let materialOfVoxel: [UInt8]?
  /// Each voxel's density in g/mL; `nil` when all have the nominal density of their material.
  public let densities: [Float]?
  public let walls: Walls

  /// The number of voxels.
  public var count: Int { shape.x * shape.y * shape.z }

  /// A block of one material at its nominal density.
  public init(shape: SIMD3<Int>, spacing: [Length], material: Material, walls: Walls = .open) throws(TransportError) {
    try self.init(
      shape: shape, spacing: spacing, materials: [material], materialOfVoxel: nil, densities: nil, walls: walls)
  }

  /// - Throws: ``TransportError`` for an empty or too large block, an edge that is not between 1 µm and 1 m, a list of
  ///   another length than there are voxels, an unknown material and a density outside 10⁻⁴ to 30 g/mL.
  public init(
    shape: SIMD3<Int>, spacing: [Length], materials: [Material], materialOfVoxel: [UInt8]?, densities: [Float]?,
    walls: Walls = .open
  ) throws(TransportError) {
    let sides = [shape.x, shape.y, shape.z]
    guard sides.allSatisfy((1...2048).contains), sides.reduce(1, *) <= 1 << 28 else {
      throw TransportError(
        "voxel-count", "The block has \(sides.map(String.init).joined(separator: " × ")) voxels.",
        remedy: "Use 1 to 2048 along each axis and at most 2²⁸ in all.")
    }
    guard spacing.count == 3, spacing.allSatisfy({ $0.millimetres >= 1e-3 && $0.millimetres <= 1e3 }) else {
      throw TransportError(
        "voxel-size", "The edges of a voxel are \(spacing).", remedy: "Give three edges of 0.001 to 1000 mm.")
    }
    let count = sides.reduce(1, *)
    guard (1...32).contains(materials.count) else {
      throw TransportError(
        "material-count", "There are \(materials.count) materials.", remedy: "Give 1 to 32 materials.")
    }
    guard materialOfVoxel.map({ $0.count == count }) ?? true, densities.map({ $0.count == count }) ?? true else {
      throw TransportError(
        "voxel-list", "A list of voxels does not have \(count) entries.", remedy: "Give one entry for each voxel.")
    }
    guard materialOfVoxel?.allSatisfy({ Int($0) < materials.count }) ?? true else {
      throw TransportError(
        "voxel-material", "A voxel's material is not among the \(materials.count) given.",
        remedy: "Use the index of a material of the list.")
    }
    let range: ClosedRange<Float> = 1e-4...30
    guard densities?.allSatisfy(range.contains) ?? true,
      materials.allSatisfy({ range.contains(Float($0.density.gramsPerMillilitre)) })
    else {
      throw TransportError(
        "density-range", "A density lies outside 0.0001 to 30 g/mL.", remedy: "Give densities within this range.")
    }
    if case .unbounded = walls {
      guard materials.count == 1, densities == nil else {
        throw TransportError(
          "unbounded-mixture", "A block in an unbounded medium has several materials or densities.",
          remedy: "Use one material at its nominal density.")
      }
    }
    self.shape = shape
    self.spacing = spacing
    self.materials = materials
    self.materialOfVoxel = materialOfVoxel
    self.densities = densities
    self.walls = walls
  }

  /// The volume of a voxel.
  public var voxelVolume: Volume {
    .millilitres(spacing.reduce(1) { $0 * $1.centimetres })
  }

  /// The density of a voxel.
  public func density(_ voxel: Int) -> Density {
    if let densities { return .gramsPerMillilitre(Double(densities[voxel])) }
    return materials[materialOfVoxel.map { Int($0[voxel]) } ?? 0].density
  }

  /// The mass of a voxel.
  public func mass(_ voxel: Int) -> Mass { voxelVolume * density(voxel) }

  /// The index of a voxel.
  public func index(_ x: Int, _ y: Int, _ z: Int) -> Int { x + shape.x * (y + shape.y * z) }

  /// The density of every voxel in g/mL where they differ.
  var densityList: [Float]? {
    if let densities { return densities }
    guard let materialOfVoxel, materials.count > 1 else { return nil }
    return materialOfVoxel.map { Float(materials[Int($0)].density.gramsPerMillilitre) }
  }
}
