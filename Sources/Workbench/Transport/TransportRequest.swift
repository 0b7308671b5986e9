import Foundation
import Quantities
import Radionuclides
import Transport

/// What the commands for simulated dose have in common: nuclide, material, statistics.
public struct TransportRequest: Hashable, Sendable {
  let nuclide: String
  let withProgeny: Bool
  let material: String
  let histories: Int
  let seed: Int

  /// - Parameters:
  ///   - withProgeny: whether what follows in the same place is included, per decay of the nuclide.
  ///   - histories: of the component with the most energy.
  public init(nuclide: String, withProgeny: Bool, material: String, histories: Int, seed: Int) {
    self.nuclide = nuclide
    self.withProgeny = withProgeny
    self.material = material
    self.histories = histories
    self.seed = seed
  }

  /// The nuclide's emissions.
  func source() throws -> NuclideSource {
    let table = try NuclideTable.icrp107()
    let emissions = try EmissionTable.icrp107()
    let nuclide = try table.nuclide(nuclide)
    return withProgeny
      ? try NuclideSource(try table.chain(of: nuclide.name), emissions: emissions)
      : try NuclideSource(nuclide, emissions: emissions)
  }

  /// All of the machine's processors; the results do not depend on their number.
  func settings() throws -> TransportSettings {
    guard seed >= 0 else {
      throw CaseError("seed-negative", "The seed is \(seed).", remedy: "Give 0 or above.", category: .usage)
    }
    return TransportSettings(seed: UInt64(seed), threads: max(1, ProcessInfo.processInfo.activeProcessorCount))
  }

  /// Reads a number and its unit, such as `10 g`.
  static func amount(_ text: String, _ units: [(name: String, factor: Double)], _ kind: String) throws -> Double {
    let plain = text.trimmingCharacters(in: .whitespaces)
    for (unit, factor) in units where plain.hasSuffix(unit) {
      let number = plain.dropLast(unit.count).trimmingCharacters(in: .whitespaces)
      guard let value = Double(number), value.isFinite, value > 0 else { break }
      return value * factor
    }
    throw CaseError(
      "\(kind)-invalid", "“\(text.prefix(40))” is no \(kind).",
      remedy: "Write a number above 0 and its unit, one of \(units.map(\.name).joined(separator: ", ")).",
      category: .usage)
  }
}
