import Foundation
public import JSON
import Numerics
import Quantities

/// Absorbed fractions of electrons in marrow, endosteum and trabeculae, from transport through ``TrabecularGeometry``.
public struct MarrowFractions: Sendable {
  /// Where electrons start.
  public enum Source: String, CaseIterable, Sendable {
    case activeMarrow = "active marrow"
    case boneSurfaces = "bone surfaces"
  }
  /// What absorbs them.
  public enum Target: String, CaseIterable, Sendable {
    case activeMarrow = "active marrow"
    case endosteum
    case trabeculae
  }

  static let cellularities = [0.15, 0.3, 0.5, 0.7, 1.0]

  /// In keV, rising.
  let energies: [Double]
  /// By kind of spongiosa, cellularity, source, target and energy, in spongiosa without end.
  let values: [Double]
  /// By source and target, the root mean square of the relative standard uncertainties of all values above 0.01.
  let relativeUncertainties: [Double]
  /// By skeletal site and energy: the share that stays in the spongiosa of the site.
  let kept: [[Double]]

  private static func offset(_ kind: Int, _ cellularity: Int, _ source: Int, _ target: Int, _ energies: Int) -> Int {
    (((kind * cellularities.count + cellularity) * Source.allCases.count + source) * Target.allCases.count + target)
      * energies
  }

  /// The relative standard uncertainty of a fraction.
  func relativeUncertainty(_ source: Source, _ target: Target) -> Double {
    guard let s = Source.allCases.firstIndex(of: source), let t = Target.allCases.firstIndex(of: target) else {
      return 0
    }
    return relativeUncertainties[s * Target.allCases.count + t]
  }

  /// The fraction at one of the energies, the mean of all sites by their share of the active marrow.
  ///
  /// - Parameter cellularity: times the reference cellularity of every site; held within 0.15 and 1 at each.
  func fraction(energy: Int, _ source: Source, _ target: Target, cellularity: Double) -> Double {
    guard let s = Source.allCases.firstIndex(of: source), let t = Target.allCases.firstIndex(of: target) else {
      return 0
    }
    var sum = 0.0
    var total = 0.0
    for (index, site) in SkeletalSite.all.enumerated() {
      let wanted = min(max(site.cellularity * cellularity, Self.cellularities[0]), 1)
      let high = Self.cellularities.dropFirst().firstIndex { wanted <= $0 } ?? Self.cellularities.count - 1
      let (a, b) = (Self.cellularities[high - 1], Self.cellularities[high])
      let part = (wanted - a) / (b - a)
      func value(_ c: Int) -> Double { values[Self.offset(site.spongiosa, c, s, t, energies.count) + energy] }
      sum += site.marrowShare * ((1 - part) * value(high - 1) + part * value(high)) * kept[index][energy]
      total += site.marrowShare
    }
    return sum / total
  }

  /// Makes the fractions anew.
  ///
  /// - Parameters:
  ///   - histories: electrons for each kind, cellularity, source and energy.
  ///   - progress: called after each kind and cellularity.
  public static func generate(
    histories: Int, seed: UInt64, threads: Int, progress: (String) -> Void
  ) throws -> MarrowFractions {
    let energies = FractionGenerator.electronEnergies
    let elements = try ElementTable.standard()
    let settings = TransportSettings(electronCut: .kiloelectronvolts(2), seed: seed, threads: threads)
    let materials = [Material.trabecularBone, .redMarrow, .yellowMarrow]
    let tables = try TransportTables(
      materials, settings: settings, highest: .kiloelectronvolts(3000), positrons: false, elements: elements)
    let shape = SIMD3(repeating: TrabecularGeometry.count)
    let spacing = [Length](repeating: TrabecularGeometry.edge, count: 3)
    var values: [Double] = []
    let pairs = Source.allCases.count * Target.allCases.count
    var variances = [(sum: Double, count: Double)](repeating: (0, 0), count: pairs)
    for (k, kind) in TrabecularGeometry.kinds.enumerated() {
      for cellularity in cellularities {
        let spongiosa = TrabecularGeometry(kind, cellularity: cellularity, seed: seed)
        let geometry = try VoxelGeometry(
          shape: shape, spacing: spacing, materials: materials,
          materialOfVoxel: spongiosa.cells.map { $0.isBone ? 0 : $0.isActive ? 1 : 2 }, densities: nil,
          walls: .periodic)
        for (s, source) in Source.allCases.enumerated() {
          let place = TransportRun.Place.voxels(
            geometry, try VoxelSource(weights: spongiosa.cells.map { source.holds($0) ? 1 : 0 }),
            regions: spongiosa.cells.map { UInt16($0.rawValue) })
          var runs: [TransportResult] = []
          for (e, energy) in energies.enumerated() {
            let emission = Emission(
              .electron, try .monoenergetic(.kiloelectronvolts(energy)),
              component: UInt32(10_000 + 1000 * k + 100 * s + e))
            runs.append(try TransportRun(emission, in: place, tables: tables, histories: histories).run())
          }
          for (t, target) in Target.allCases.enumerated() {
            for (energy, result) in zip(energies, runs) {
              var (value, variance) = (0.0, 0.0)
              for cell in TrabecularGeometry.Cell.allCases where target.holds(cell) && cell.rawValue < result.cells {
                let part = result.energy(Int(cell.rawValue)).kiloelectronvolts / energy
                let u = part * (result.relativeUncertainty(Int(cell.rawValue)) ?? 0)
                value += part
                variance += u * u
              }
              values.append(value)
              guard value > 0.01 else { continue }
              variances[s * Target.allCases.count + t].sum += variance / (value * value)
              variances[s * Target.allCases.count + t].count += 1
            }
          }
        }
        progress("\(kind.name), cellularity \(cellularity)")
      }
    }
    let kernel = try ElectronPointKernel(
      energies: energies, histories: 40_000, elements: elements,
      settings: TransportSettings(seed: seed, threads: threads))
    let kept = SkeletalSite.all.map { site in
      energies.indices.map { kernel.shareKept(energy: $0, inSlabOf: site.thickness.centimetres, density: 1.15) }
    }
    return MarrowFractions(
      energies: energies, values: values,
      relativeUncertainties: variances.map { ($0.sum / max(1, $0.count)).squareRoot() }, kept: kept)
  }
}

extension MarrowFractions.Source {
  fileprivate func holds(_ cell: TrabecularGeometry.Cell) -> Bool {
    switch self {
    case .activeMarrow: cell.isActive
    case .boneSurfaces: cell.isEndosteum || cell == .boneSurface
    }
  }
}

extension MarrowFractions.Target {
  fileprivate func holds(_ cell: TrabecularGeometry.Cell) -> Bool {
    switch self {
    case .activeMarrow: cell.isActive
    case .endosteum: cell.isEndosteum
    case .trabeculae: cell.isBone
    }
  }
}

extension ElectronPointKernel {
  /// The share of the energy that stays in a slab in which electrons start evenly: at a distance r from the start the
  /// slab holds 1 − r/2t of all directions, t/2r beyond r = t.
  func shareKept(energy: Int, inSlabOf thickness: Double, density: Double) -> Double {
    var sum = 0.0
    var before = 0.0
    for (a, b) in zip(Self.edges, Self.edges.dropFirst()) {
      let within = share(energy: energy, within: b)
      let r = (a + b) / 2 / density
      sum += (within - before) * (r < thickness ? 1 - r / (2 * thickness) : thickness / (2 * r))
      before = within
    }
    return sum
  }
}

extension MarrowFractions {
  /// The fractions that come with this release.
  ///
  /// - Throws: ``TransportError`` when the file is missing or altered.
  public static func standard() throws(TransportError) -> MarrowFractions {
    do {
      let root = try JSONDocument(try TransportResource.bytes("marrow-fractions", "json"), dialect: .strict).root
      let energies = try root.required("energies_keV").numbers()
      let values = try root.required("values").numbers()
      let kept = try root.required("kept").list().map { try $0.numbers() }
      let count = offset(TrabecularGeometry.kinds.count, 0, 0, 0, energies.count)
      let uncertainties = try root.required("relativeUncertainties").numbers()
      guard values.count == count, uncertainties.count == Source.allCases.count * Target.allCases.count,
        kept.count == SkeletalSite.all.count,
        kept.allSatisfy({ $0.count == energies.count })
      else { throw root.refusal("count", found: "it holds \(values.count) values", remedy: "Write \(count).") }
      return MarrowFractions(energies: energies, values: values, relativeUncertainties: uncertainties, kept: kept)
    } catch {
      throw TransportResource.broken("marrow-fractions", error)
    }
  }

  /// The fractions as a document.
  public var document: JSONValue {
    func rounded(_ list: [Double]) -> JSONValue { JSONValue(list.map { JSONValue(($0 * 1e5).rounded() / 1e5) }) }
    return [
      "format": "endora-marrow-fractions-1",
      "kinds": JSONValue(TrabecularGeometry.kinds.map { JSONValue($0.name) }),
      "cellularities": JSONValue(Self.cellularities.map { JSONValue($0) }),
      "sources": JSONValue(Source.allCases.map { JSONValue($0.rawValue) }),
      "targets": JSONValue(Target.allCases.map { JSONValue($0.rawValue) }),
      "energies_keV": JSONValue(energies.map { JSONValue($0) }),
      "relativeUncertainties": rounded(relativeUncertainties),
      "values": rounded(values), "kept": JSONValue(kept.map { rounded($0) }),
    ]
  }
}
