import Foundation

/// The bremsstrahlung that electrons give off while they slow down in soft tissue, as a spectrum of energy.
///
/// From an energy E the share of E that is radiated at k is ∫ S_rad/S (E′) g(E′, k) dE′/E from k to E, with the shape g of
/// ``Bremsstrahlung``. Photons start where the electron did.
struct RadiatedEnergy: Sendable {
  /// A narrow band of photons: its energy in keV and its share of the electron's energy.
  struct Band: Sendable {
    let energy: Double
    let share: Double
  }

  /// By electron energy.
  let bands: [[Band]]

  private static let lowest = 10.0
  private static let steps = 24

  init(electronEnergies: [Double], elements: ElementTable) throws(TransportError) {
    let data = try MaterialData(.phantomSoftTissue, elements: elements)
    let shape = Bremsstrahlung(threshold: Self.lowest, atomicNumber: data.radiativeAtomicNumber)
    let top = electronEnergies[electronEnergies.count - 1]
    let width = log(top / Self.lowest) / Double(3 * Self.steps)
    let grid = (0..<(3 * Self.steps)).map { Self.lowest * exp((Double($0) + 0.5) * width) }
    // Per keV that an electron of each energy of the grid loses: the share radiated in each band.
    let radiated = grid.map { energy -> [Double] in
      let rate = data.radiativePower(energy) / (data.radiativePower(energy) + data.collisionPower(energy, .electron))
      let values = grid.map { $0 < energy ? shape.shape(energy: energy, photon: $0) * $0 * width : 0 }
      // Below the first band the energy k dσ/dk is about even in k.
      let below = shape.shape(energy: energy, photon: min(Self.lowest, energy / 2)) * min(Self.lowest, energy)
      let total = values.reduce(below, +)
      return values.map { total > 0 ? rate * $0 / total : 0 }
    }
    bands = electronEnergies.map { energy in
      grid.indices.compactMap { k in
        guard grid[k] < energy else { return nil }
        var sum = 0.0
        for e in grid.indices where grid[e] < energy { sum += radiated[e][k] * grid[e] * width }
        return sum > 0 ? Band(energy: grid[k], share: sum / energy) : nil
      }
    }
  }
}
