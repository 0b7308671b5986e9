import Foundation
public import Provenance
public import Quantities

/// The simulation of a voxel kernel.
public struct KernelSimulation: Sendable {
  public let source: NuclideSource
  public let material: Material
  public let spacing: [Length]
  public let reach: Int
  public let histories: Int
  public let settings: TransportSettings

  /// The most voxels to each side.
  public static let mostReach = 39

  /// - Parameters:
  ///   - spacing: the edges of a voxel, 0.1 to 50 mm.
  ///   - reach: voxels from the centre to each side, 1 to ``mostReach``.
  ///   - histories: of the component with the most energy; the others have less by the root of their energy.
  /// - Throws: ``TransportError`` for a value out of its range.
  public init(
    _ source: NuclideSource, material: Material, spacing: [Length], reach: Int = 25, histories: Int = 1_000_000,
    settings: TransportSettings = TransportSettings()
  ) throws(TransportError) {
    try Self.check(spacing: spacing, reach: reach)
    guard (1000...2_000_000_000).contains(histories) else {
      throw TransportError(
        "history-count", "There are \(histories) histories.", remedy: "Choose 1000 to 2000000000.")
    }
    self.source = source
    self.material = material
    self.spacing = spacing
    self.reach = reach
    self.histories = histories
    self.settings = try settings.checked()
  }

  /// - Throws: ``TransportError`` for edges or a reach out of range.
  static func check(spacing: [Length], reach: Int) throws(TransportError) {
    let edges = Length.millimetres(0.1)...Length.millimetres(50)
    guard spacing.count == 3, spacing.allSatisfy({ $0.isFinite && edges.contains($0) }) else {
      throw TransportError(
        "voxel-size", "The edges of a voxel are \(spacing.map(\.description).joined(separator: ", ")).",
        remedy: "Give edges of 0.1 to 50 mm.")
    }
    guard (1...mostReach).contains(reach) else {
      throw TransportError(
        "kernel-size", "The kernel reaches \(reach) voxels to each side.", remedy: "Choose 1 to \(mostReach).")
    }
  }

  /// A digest of all that the kernel depends on.
  public var identity: Digest {
    Digest(
      of: Data(
        "\(source.name) \(material) \(spacing) \(reach) \(histories) \(settings.fingerprint) \(Release.version)".utf8))
  }

  /// Simulates all components and adds them up.
  ///
  /// - Parameter progress: called with the share of the work that is done; stops the simulation by `false`.
  /// - Returns: `nil` when it was stopped.
  /// - Throws: ``TransportError`` when energy is not conserved to 10⁻⁵.
  public func run(progress: ((Double) -> Bool)? = nil) throws -> VoxelKernel? {
    let side = 2 * reach + 1
    let geometry = try VoxelGeometry(
      shape: SIMD3(side, side, side), spacing: spacing, material: material, walls: .unbounded)
    let orbits = VoxelOrbits(reach: reach, isCubic: Set(spacing).count == 1)
    let (regions, sizes) = orbits.map()
    let tables = try TransportTables(
      [material], settings: settings, highest: source.highest, positrons: source.hasPositrons,
      elements: try .standard())
    let centre = VoxelSource(voxel: geometry.index(reach, reach, reach))
    let mass = geometry.mass(0)
    var values: [DosedRadiation: [Double]] = [:]
    var contained: [DosedRadiation: Energy] = [:]
    var variances = [Double](repeating: 0, count: orbits.count)
    var imbalance = 0.0
    for (index, part) in source.parts.enumerated() {
      let run = try TransportRun(
        part.emission, in: .voxels(geometry, centre, regions: regions), tables: tables,
        histories: part.histories(of: histories, in: source))
      var isStopped = false
      let result = try run.run { state in
        guard let progress else { return true }
        let within = Double(state.batches) / Double(state.ofBatches)
        isStopped = !progress((Double(index) + within) / Double(source.parts.count))
        return !isStopped
      }
      if isStopped { return nil }
      imbalance = max(imbalance, abs(result.imbalance))
      let radiation = part.component.radiation
      // Per energy that the histories emitted, times the energy per decay: the energies drawn leave no error then.
      let scale = part.energyPerDecay / (result.meanEmitted + result.meanFromRestEnergy)
      contained[radiation, default: .zero] =
        contained[radiation, default: .zero] + .kiloelectronvolts(result.deposited.kiloelectronvolts * scale)
      var sums = values[radiation] ?? [Double](repeating: 0, count: orbits.count)
      for orbit in sums.indices {
        let value = scale * DosePerEnergy.grays(result.energy(orbit), in: mass) / Double(sizes[orbit])
        sums[orbit] += value
        let error = value * (result.relativeUncertainty(orbit) ?? 0)
        variances[orbit] += error * error
      }
      values[radiation] = sums
    }
    guard imbalance < 1e-5 else {
      throw TransportError(
        "energy-balance", "The simulation lost or made energy, \(imbalance) of all.",
        remedy: "Report this with the command.", category: .internalFault)
    }
    let relative = variances.indices.map { orbit in
      let sum = DosedRadiation.allCases.reduce(0) { $0 + (values[$1]?[orbit] ?? 0) }
      return sum > 0 ? variances[orbit].squareRoot() / sum : 0
    }
    return VoxelKernel(
      nuclide: source.name, material: material.name, density: material.density, spacing: spacing, reach: reach,
      histories: histories, seed: settings.seed,
      emitted: Dictionary(uniqueKeysWithValues: values.keys.map { ($0, source.energyPerDecay($0)) }),
      contained: contained, imbalance: imbalance, values: values, relativeUncertainties: relative)
  }
}

/// Absorbed energy over mass.
enum DosePerEnergy {
  /// The mean dose in Gy of an energy in a mass, with 1 MeV = 1.602176634·10⁻¹³ J (SI, 2019).
  static func grays(_ energy: Energy, in mass: Mass) -> Double {
    energy.megaelectronvolts * 1.602176634e-13 / mass.kilograms
  }
}
