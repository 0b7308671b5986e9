import Foundation
public import Quantities

/// Makes the table of absorbed fractions of a reference adult anew.
///
/// Photons: transport through the voxels of the phantom, secondary electrons deposited where they arise. The fraction of a
/// pair of organs is the mean of both directions, weighted by their variances (reciprocity). Red marrow takes what the
/// marrow of each bone absorbs, weighted by its share of the active marrow. Electrons: point kernel and
/// ``DistanceDistribution``; those of marrow and bone surfaces come from ``MarrowFractions``.
public struct FractionGenerator: Sendable {
  /// How finely it works.
  public struct Effort: Sendable {
    /// The edge of a voxel.
    public var edge: Length
    /// Photons for each source and energy.
    public var histories: Int
    /// Places in each source for the distances of electrons.
    public var samples: Int
    public var seed: UInt64
    public var threads: Int

    public init(
      edge: Length = .millimetres(4), histories: Int = 500_000, samples: Int = 40_000, seed: UInt64 = 1,
      threads: Int = 2
    ) {
      (self.edge, self.histories, self.samples, self.seed, self.threads) = (edge, histories, samples, seed, threads)
    }
  }

  static let photonEnergies = [
    10.0, 15, 20, 30, 40, 50, 70, 100, 140, 200, 300, 400, 511, 700, 1000, 1500, 2000, 3000,
  ]
  static let electronEnergies = [10.0, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000]

  /// The sources beside organs.
  static let distributedSources = ["red marrow", "bone surfaces", "muscle", "total body"]
  /// Organs that are sources.
  static let organSources = [
    "kidneys", "liver", "spleen", "skin", "brain", "thyroid", "thymus", "lungs", "heart wall", "heart contents",
    "pancreas", "adrenals", "stomach contents", "small intestine", "upper large intestine contents",
    "lower large intestine contents", "gall bladder contents", "urinary bladder contents", "salivary glands",
    "breasts", "testes", "ovaries", "uterus",
  ]

  let phantom: StylisedPhantom
  let voxels: VoxelPhantom
  let effort: Effort

  public init(_ phantom: StylisedPhantom, effort: Effort = Effort()) throws(TransportError) {
    self.phantom = phantom
    self.effort = effort
    voxels = try VoxelPhantom(phantom, edge: effort.edge)
  }

  /// The table.
  ///
  /// - Parameter progress: called after each source with its name.
  public func table(progress: (String) -> Void) throws -> FractionTable {
    let sources = (Self.organSources.filter(phantom.regions.contains) + Self.distributedSources)
    let organTargets = phantom.organs.filter { $0.tissue != .skeleton }.map(\.region)
    let targets = organTargets + Self.distributedSources
    let elements = try ElementTable.standard()

    let settings = TransportSettings(
      followsSecondaryElectrons: false, seed: effort.seed, threads: effort.threads)
    let tables = try TransportTables(
      voxels.geometry.materials, settings: settings, highest: .kiloelectronvolts(3000), positrons: false,
      elements: elements)
    let phantomMasses = targets.map { mass(of: $0) }
    var photons = Estimates(sources: sources, targets: targets, energies: Self.photonEnergies.count)
    for (s, source) in sources.enumerated() {
      let place = TransportRun.Place.voxels(
        voxels.geometry, try VoxelSource(weights: weights(of: source)), regions: voxels.regionOfVoxel.map(UInt16.init))
      for (e, energy) in Self.photonEnergies.enumerated() {
        let run = try TransportRun(
          Emission(
            .photon, try .monoenergetic(.kiloelectronvolts(energy)), component: UInt32(1000 + 100 * s + e)),
          in: place, tables: tables, histories: effort.histories)
        let result = try run.run()
        for (t, target) in targets.enumerated() {
          let (value, uncertainty) = absorbed(result, energy, in: target)
          photons[s, t, e] = (value / phantomMasses[t] * 1e3, uncertainty)
        }
      }
      progress(source)
    }
    photons.useReciprocity()

    let kernel = try ElectronPointKernel(
      energies: Self.electronEnergies, histories: 40_000, elements: elements,
      settings: TransportSettings(seed: effort.seed, threads: effort.threads))
    progress("point kernel")
    var masses: [String: [Double]] = [:]
    var electrons: [String: [Float]] = [:]
    let distances = try sources.map { source in
      try phantom.organs.firstIndex { $0.region == source }.map {
        try DistanceDistribution(from: $0, in: phantom, samples: effort.samples, seed: effort.seed)
      }
    }
    for convention in MassConvention.allCases {
      let reference = targets.enumerated().map { t, target in
        phantom.referenceMass(of: target, convention)?.grams ?? phantomMasses[t]
      }
      masses[convention.rawValue] = reference
      electrons[convention.rawValue] = electronFractions(sources, targets, reference, phantomMasses, distances, kernel)
    }
    return FractionTable(
      phantom: phantom.name, sources: sources, targets: targets, masses: masses, photonEnergies: Self.photonEnergies,
      electronEnergies: Self.electronEnergies, photons: photons.values.map(Float.init),
      photonUncertainties: photons.uncertainties.map(Float.init), electrons: electrons, phantomMasses: phantomMasses,
      origin: "seed \(effort.seed), \(effort.histories) photons a source and energy, voxels of "
        + "\(effort.edge.millimetres) mm, \(effort.samples) places for electrons")
  }

  /// Electrons of an organ from its distances, of muscle and total body as if none left the body or entered an organ.
  private func electronFractions(
    _ sources: [String], _ targets: [String], _ reference: [Double], _ phantomMasses: [Double],
    _ distances: [DistanceDistribution?], _ kernel: ElectronPointKernel
  ) -> [Float] {
    let body = targets.firstIndex(of: "total body").map { reference[$0] } ?? 0
    var list: [Float] = []
    for (s, source) in sources.enumerated() {
      let own = targets.firstIndex(of: source)
      let stretch = own.map { cbrt(reference[$0] / phantomMasses[$0]) } ?? 1
      for (t, target) in targets.enumerated() {
        let organ = phantom.organs.firstIndex { $0.region == target }
        for e in kernel.energies.indices {
          let fraction: Double
          if let distances = distances[s] {
            fraction =
              target == "total body"
              ? kernel.share(energy: e, within: .infinity)
              : organ.map { distances.fraction(to: $0, kernel: kernel, energy: e, stretch: stretch) } ?? 0
          } else if source == "total body" {
            // Electron equilibrium: each region absorbs as much as is emitted in it.
            fraction = target == "total body" ? kernel.share(energy: e, within: .infinity) : reference[t] / body
          } else {
            fraction = target == "total body" || (source == "muscle" && target == "muscle") ? 1 : 0
          }
          list.append(Float(fraction))
        }
      }
    }
    return list
  }

  private var sites: [SkeletalSite] { SkeletalSite.all }

  private func indices(_ name: String, marrow: Bool) -> [Int] {
    voxels.regions.indices.filter { voxels.regions[$0].name == name && voxels.regions[$0].isMarrow == marrow }
  }

  /// The mass in the voxels of what a target absorbs in, in g.
  private func mass(of target: String) -> Double {
    switch target {
    case "total body": voxels.masses.dropFirst().map(\.grams).reduce(0, +)
    case "muscle": voxels.masses[1].grams
    case "red marrow", "bone surfaces": 1000
    default: indices(target, marrow: false).reduce(0) { $0 + voxels.masses[$1].grams }
    }
  }

  /// The energy absorbed per emitted energy and its relative uncertainty; for marrow in 1 kg of it.
  private func absorbed(_ result: TransportResult, _ emitted: Double, in target: String) -> (Double, Double) {
    func sum(_ parts: [(cell: Int, weight: Double)]) -> (Double, Double) {
      var energy = 0.0
      var variance = 0.0
      for part in parts where part.cell < result.cells {
        let value = result.energy(part.cell).kiloelectronvolts * part.weight / emitted
        energy += value
        let u = value * (result.relativeUncertainty(part.cell) ?? 0)
        variance += u * u
      }
      return (energy, energy > 0 ? variance.squareRoot() / energy : 0)
    }
    switch target {
    case "total body": return sum((1..<voxels.regions.count).map { ($0, 1) })
    case "muscle": return sum([(1, 1)])
    case "red marrow", "bone surfaces":
      return sum(
        sites.flatMap { site in
          indices(site.region, marrow: true).map {
            (cell: $0, weight: site.marrowShare * 1000 / voxels.masses[$0].grams)
          }
        })
    default: return sum(indices(target, marrow: false).map { ($0, 1) })
    }
  }

  /// The share of the decays of each voxel: organs by volume, total body by mass, marrow by its share in each bone.
  private func weights(of source: String) -> [Double] {
    var ofRegion = [Double](repeating: 0, count: voxels.regions.count)
    switch source {
    case "total body":
      let materials = voxels.geometry.materials.map(\.density.gramsPerMillilitre)
      return zip(voxels.regionOfVoxel, voxels.geometry.materialOfVoxel ?? []).map {
        $0 == 0 ? 0 : materials[Int($1)]
      }
    case "muscle": ofRegion[1] = 1
    case "red marrow":
      for site in sites {
        for index in indices(site.region, marrow: true) {
          ofRegion[index] = site.marrowShare / voxels.masses[index].grams
        }
      }
    case "bone surfaces":
      for site in sites { for index in indices(site.region, marrow: false) { ofRegion[index] = 1 } }
    default: for index in indices(source, marrow: false) { ofRegion[index] = 1 }
    }
    return voxels.regionOfVoxel.map { ofRegion[Int($0)] }
  }
}

/// Estimates of specific fractions and their relative uncertainties by source, target and energy.
private struct Estimates {
  let sources: [String]
  let targets: [String]
  let energies: Int
  var values: [Double]
  var uncertainties: [Double]

  init(sources: [String], targets: [String], energies: Int) {
    (self.sources, self.targets, self.energies) = (sources, targets, energies)
    values = [Double](repeating: 0, count: sources.count * targets.count * energies)
    uncertainties = values
  }

  subscript(s: Int, t: Int, e: Int) -> (Double, Double) {
    get {
      let k = (s * targets.count + t) * energies + e
      return (values[k], uncertainties[k])
    }
    set {
      let k = (s * targets.count + t) * energies + e
      (values[k], uncertainties[k]) = newValue
    }
  }

  /// Puts the variance-weighted mean of both directions in place of each pair of organs of soft tissue.
  mutating func useReciprocity() {
    for s in sources.indices {
      guard let own = targets.firstIndex(of: sources[s]) else { continue }
      for other in sources.indices where other > s {
        let names = [sources[s], sources[other]]
        guard let t = targets.firstIndex(of: sources[other]),
          !names.contains(where: FractionGenerator.distributedSources.contains)
        else { continue }
        for e in 0..<energies {
          let (a, ua) = self[s, t, e]
          let (b, ub) = self[other, own, e]
          guard a > 0, b > 0, ua > 0, ub > 0 else {
            let best = max(a, b)
            let u = a > b ? ua : ub
            self[s, t, e] = (best, u > 0 ? u : 1)
            self[other, own, e] = self[s, t, e]
            continue
          }
          // One sample's relative variance guides the weights; a scarce one must not pull by its own luck.
          let (wa, wb) = (1 / (ua * ua), 1 / (ub * ub))
          let mean = (wa * a + wb * b) / (wa + wb)
          let merged = (mean, 1 / (wa + wb).squareRoot())
          self[s, t, e] = merged
          self[other, own, e] = merged
        }
      }
    }
  }
}
