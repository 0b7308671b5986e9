import Foundation
public import JSON
import Quantities
import Radionuclides

/// The nuclides that Endora knows, or one of them.
public struct NuclideListing: Sendable {
  private let nuclides: [Nuclide]

  /// - Throws: a refusal with the nearest names when there is no such nuclide.
  public init(_ name: String?) throws {
    let table = try NuclideTable.icrp107()
    nuclides = try name.map { [try table.nuclide($0)] } ?? table.nuclides
  }

  /// Half-lives, energies and lines with their units and source.
  public var document: JSONValue {
    [
      "nuclides": JSONValue(
        nuclides.map { nuclide in
          [
            "name": JSONValue(nuclide.name),
            "halfLife": amount(nuclide.halfLife.hours, "h"),
            "meanEnergyPerDecay": .object(
              JSONObject(
                [
                  ("electrons", amount(nuclide.emitted.electrons.megaelectronvolts, "MeV")),
                  ("photons", amount(nuclide.emitted.photons.megaelectronvolts, "MeV")),
                ]
                  + Radiation.allCases.filter { nuclide.emitted[$0].base > 0 }.map {
                    ($0.rawValue, amount(nuclide.emitted[$0].megaelectronvolts, "MeV"))
                  })),
            "photonLines": JSONValue(
              nuclide.photonLines.map {
                ["energy": amount($0.energy.kiloelectronvolts, "keV"), "yield": JSONValue($0.yield)]
              }),
            "products": JSONValue(
              nuclide.products.map { ["name": JSONValue($0.name), "branching": JSONValue($0.branching)] }),
            "source": JSONValue(nuclide.source.citation),
          ]
        })
    ]
  }

  /// A table for people.
  public var summary: String {
    var table = TextTable(
      ["Nuclide", "Half-life / h", "Electrons / keV", "Photons / keV", "Alpha / keV"], numbers: [1, 2, 3, 4])
    for nuclide in nuclides {
      table.add([
        nuclide.name, String(format: "%.6g", nuclide.halfLife.hours),
        String(format: "%.4g", nuclide.emitted.electrons.kiloelectronvolts),
        String(format: "%.4g", nuclide.emitted.photons.kiloelectronvolts),
        nuclide.emitted[.alpha].base > 0 ? String(format: "%.5g", nuclide.emitted[.alpha].kiloelectronvolts) : "-",
      ])
    }
    return table.text + "Mean energy per decay, without progeny. Source: \(nuclides.first?.source.citation ?? "").\n"
  }
}
