import Foundation
import Quantities

/// The share of an electron's energy that stays within a distance of where it starts, in unbounded soft tissue.
///
/// Distances count as mass per area, so that one kernel serves every density. Bremsstrahlung that leaves the outermost
/// shell is not in it.
struct ElectronPointKernel: Sendable {
  /// The edges of the shells in g/cm², from 0.
  static let edges: [Double] = [0] + (0..<64).map { 1.1e-4 * pow(2.2e4, Double($0) / 63) }

  /// The energies in keV, rising.
  let energies: [Double]
  /// The share within each edge, by energy.
  private let within: [[Double]]

  init(energies: [Double], histories: Int, elements: ElementTable, settings: TransportSettings) throws {
    self.energies = energies
    let material = Material.phantomSoftTissue
    let density = material.density.gramsPerMillilitre
    let shells = try SphereGeometry(
      material: material, radii: Self.edges.dropFirst().map { .centimetres($0 / density) })
    let tables = try TransportTables(
      [material], settings: settings, highest: .kiloelectronvolts(energies[energies.count - 1]), positrons: false,
      elements: elements)
    within = try energies.enumerated().map { index, energy in
      let spectrum = try EnergySpectrum.monoenergetic(.kiloelectronvolts(energy))
      let run = try TransportRun(
        Emission(.electron, spectrum, component: UInt32(100 + index)), in: .shells(shells, .centre), tables: tables,
        histories: histories)
      let result = try run.run()
      var sum = 0.0
      return [0]
        + (0..<(Self.edges.count - 1)).map { shell in
          sum += result.energy(shell).kiloelectronvolts / energy
          return sum
        }
    }
  }

  /// The share that stays within a mass distance at one of ``energies``.
  func share(energy index: Int, within distance: Double) -> Double {
    let edges = Self.edges
    guard distance < edges[edges.count - 1] else { return within[index][edges.count - 1] }
    var low = 0
    var high = edges.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= distance { low = middle } else { high = middle }
    }
    let part = (distance - edges[low]) / (edges[high] - edges[low])
    return within[index][low] + part * (within[index][high] - within[index][low])
  }
}
