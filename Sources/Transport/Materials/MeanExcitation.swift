import Foundation
import Provenance
import Quantities

extension Material {
  /// A material whose mean excitation energy follows from its elements.
  ///
  /// Bragg's rule: ln I = Σ wᵢ (Zᵢ/Aᵢ) ln Iᵢ / Σ wᵢ Zᵢ/Aᵢ, with Iᵢ of elements in solid and liquid compounds: H 19.2, C
  /// 81, N 82, O 106, F 112, Cl 180 eV, all others 1.13 times the value of the element (ICRU Report 37).
  /// The shares are parts by mass in any unit.
  init(_ name: String, _ density: Density, _ shares: [Int: Double], _ source: Source) {
    // In one order: the last bits of a sum depend on it, and with them every result and digest.
    let parts = shares.sorted { $0.key < $1.key }
    let total = parts.reduce(0) { $0 + $1.value }
    let composition = parts.map { Constituent(atomicNumber: $0.key, massFraction: $0.value / total) }
    var electrons = 0.0
    var logarithm = 0.0
    for part in composition {
      let (weight, excitation) = Self.elements[part.atomicNumber] ?? (2.5 * Double(part.atomicNumber), 0)
      guard excitation > 0 else { continue }
      let share = part.massFraction * Double(part.atomicNumber) / weight
      electrons += share
      logarithm += share * log(Self.inCompounds[part.atomicNumber] ?? 1.13 * excitation)
    }
    self.init(
      name: name, density: density, composition: composition,
      meanExcitationEnergy: .kiloelectronvolts(exp(logarithm / electrons) * 1e-3), source: source)
  }

  /// Relative atomic mass and I/eV of the elements (ICRU Report 37).
  private static let elements: [Int: (weight: Double, excitation: Double)] = [
    1: (1.00794, 19.2), 2: (4.0026, 41.8), 3: (6.941, 40), 4: (9.0122, 63.7), 5: (10.811, 76), 6: (12.011, 78),
    7: (14.00674, 82), 8: (15.9994, 95), 9: (18.9984, 115), 10: (20.1797, 137), 11: (22.98977, 149),
    12: (24.305, 156), 13: (26.98154, 166), 14: (28.0855, 173), 15: (30.97376, 173), 16: (32.066, 180),
    17: (35.4527, 174), 18: (39.948, 188), 19: (39.0983, 190), 20: (40.078, 191), 21: (44.95591, 216),
    22: (47.88, 233), 23: (50.9415, 245), 24: (51.9961, 257), 25: (54.93805, 272), 26: (55.847, 286),
    27: (58.9332, 297), 28: (58.69, 311), 29: (63.546, 322), 30: (65.39, 330), 53: (126.90447, 491),
  ]

  private static let inCompounds = [1: 19.2, 6: 81.0, 7: 82, 8: 106, 9: 112, 17: 180, 18: 188]
}
