public import Quantities

/// Voxel S values: the mean dose to a voxel per decay in another one, in a uniform unbounded medium.
///
/// Values are the mean over all voxels that symmetry makes alike: 48 in general for cubes, 8 for other voxels.
public struct VoxelKernel: Hashable, Sendable {
  /// The nuclide; with its progeny when they are included.
  public let nuclide: String
  /// The material's name and density.
  public let material: String
  public let density: Density
  /// The edges of a voxel.
  public let spacing: [Length]
  /// How many voxels the kernel reaches from its centre to each side.
  public let reach: Int
  /// Histories of the component with the most energy, and the seed.
  public let histories: Int
  public let seed: UInt64
  /// The energy per decay of each kind of radiation, and how much of it stays within the kernel.
  public let emitted: [DosedRadiation: Energy]
  public let contained: [DosedRadiation: Energy]
  /// The largest |(deposited + escaped)/emitted − 1| of the simulations.
  public let imbalance: Double
  /// S values in Gy/(Bq s), in the order of ``VoxelOrbits``.
  let values: [DosedRadiation: [Double]]
  /// The standard error of the sum of ``values`` over it.
  let relativeUncertainties: [Double]

  init(
    nuclide: String, material: String, density: Density, spacing: [Length], reach: Int, histories: Int, seed: UInt64,
    emitted: [DosedRadiation: Energy], contained: [DosedRadiation: Energy], imbalance: Double,
    values: [DosedRadiation: [Double]], relativeUncertainties: [Double]
  ) {
    self.nuclide = nuclide
    self.material = material
    self.density = density
    self.spacing = spacing
    self.reach = reach
    self.histories = histories
    self.seed = seed
    self.emitted = emitted
    self.contained = contained
    self.imbalance = imbalance
    self.values = values
    self.relativeUncertainties = relativeUncertainties
  }

  /// The S value at an offset in voxels, of all radiation or of one kind; zero beyond the reach.
  public func sValue(_ dx: Int, _ dy: Int, _ dz: Int, _ radiation: DosedRadiation? = nil) -> SValue {
    guard let orbit = orbits.orbit(dx, dy, dz) else { return .zero }
    let kinds = radiation.map { [$0] } ?? DosedRadiation.allCases
    return .graysPerBecquerelSecond(kinds.reduce(0) { $0 + (values[$1]?[orbit] ?? 0) })
  }

  /// The relative standard error of the S value at an offset; `nil` beyond the reach and where nothing was scored.
  public func relativeUncertainty(_ dx: Int, _ dy: Int, _ dz: Int) -> Double? {
    guard let orbit = orbits.orbit(dx, dy, dz), sValue(dx, dy, dz) > .zero else { return nil }
    return relativeUncertainties[orbit]
  }

  /// The mass of a voxel.
  public var voxelMass: Mass { Volume.millilitres(spacing.reduce(1) { $0 * $1.centimetres }) * density }

  var orbits: VoxelOrbits { VoxelOrbits(reach: reach, isCubic: Set(spacing).count == 1) }
}

/// Offsets of voxels that symmetry makes alike, numbered.
struct VoxelOrbits {
  let reach: Int
  let isCubic: Bool

  var count: Int {
    let n = reach + 1
    return isCubic ? n * (n + 1) * (n + 2) / 6 : n * n * n
  }

  /// The number of an offset; `nil` beyond the reach. Cubes: a(a+1)(a+2)/6 + b(b+1)/2 + c of |offsets| a ≥ b ≥ c.
  func orbit(_ dx: Int, _ dy: Int, _ dz: Int) -> Int? {
    let (x, y, z) = (abs(dx), abs(dy), abs(dz))
    guard max(x, max(y, z)) <= reach else { return nil }
    guard isCubic else { return x + (reach + 1) * (y + (reach + 1) * z) }
    let sorted = [x, y, z].sorted()
    return sorted[2] * (sorted[2] + 1) * (sorted[2] + 2) / 6 + sorted[1] * (sorted[1] + 1) / 2 + sorted[0]
  }

  /// The orbit of every voxel of the block, and how many voxels each orbit has.
  func map() -> (regions: [UInt16], sizes: [Int]) {
    var regions: [UInt16] = []
    regions.reserveCapacity((2 * reach + 1) * (2 * reach + 1) * (2 * reach + 1))
    var sizes = [Int](repeating: 0, count: count)
    for z in -reach...reach {
      for y in -reach...reach {
        for x in -reach...reach {
          guard let orbit = orbit(x, y, z) else { continue }
          regions.append(UInt16(truncatingIfNeeded: orbit))
          sizes[orbit] += 1
        }
      }
    }
    return (regions, sizes)
  }
}
