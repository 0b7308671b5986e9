import Foundation
public import JSON
import Quantities
import Transport

/// The dose to a sphere per decay in it.
public struct SphereReport: Sendable {
  private let sphere: SphereDose
  private let histories: Int
  private let seed: Int

  /// - Parameters:
  ///   - mass: a number and its unit, such as `10 g`.
  ///   - bone: the share of the mass that is cortical bone, the rest being the request's material.
  public init(_ request: TransportRequest, mass: String, bone: Double) throws {
    let grams = try TransportRequest.amount(mass, [("kg", 1000), ("mg", 0.001), ("g", 1)], "mass")
    let material = try Material.named(request.material).mixed(
      with: .corticalBone, share: bone, elements: try .standard())
    sphere = try SphereDose(
      of: try request.source(), mass: .grams(grams), material: material, histories: request.histories,
      settings: try request.settings())
    histories = request.histories
    seed = request.seed
  }

  /// S values and absorbed fractions with their statistical uncertainty.
  public var document: JSONValue {
    func value(_ radiation: DosedRadiation) -> JSONValue {
      JSONValue(sphere.parts[radiation]?.sValue.graysPerBecquerelSecond ?? 0)
    }
    return [
      "nuclide": JSONValue(sphere.nuclide), "mass": amount(sphere.mass.grams, "g"),
      "radius": amount(sphere.radius.millimetres, "mm"), "material": JSONValue(sphere.material.name),
      "density": amount(sphere.material.density.gramsPerMillilitre, "g/mL"),
      "value": JSONValue(sphere.sValue.graysPerBecquerelSecond), "unit": "Gy/(Bq s)",
      "electron": value(.electron), "photon": value(.photon), "alpha": value(.alpha),
      "relativeUncertainty": JSONValue(sphere.relativeUncertainty),
      "absorbedFractions": .object(
        JSONObject(
          DosedRadiation.allCases.compactMap { radiation in
            sphere.parts[radiation].map { part in
              (
                radiation.rawValue,
                [
                  "emitted": amount(part.emitted.megaelectronvolts, "MeV"),
                  "fraction": JSONValue(part.absorbedFraction),
                  "relativeUncertainty": JSONValue(part.relativeUncertainty),
                ]
              )
            }
          })),
      "energyImbalance": JSONValue(sphere.imbalance), "histories": JSONValue(histories),
      "seed": JSONValue(String(seed)),
    ]
  }

  /// The same for people.
  public var summary: String {
    var text = String(
      format: "%@ in a sphere of %.4g g %@ (%.4g g/mL), radius %.4g mm\n\n", sphere.nuclide, sphere.mass.grams,
      sphere.material.name, sphere.material.density.gramsPerMillilitre, sphere.radius.millimetres)
    var table = TextTable(
      ["Radiation", "keV per decay", "Absorbed fraction", "u / %", "mGy/(MBq s)"], numbers: [1, 2, 3, 4])
    for radiation in DosedRadiation.allCases {
      guard let part = sphere.parts[radiation] else { continue }
      table.add([
        radiation.rawValue.capitalized + "s", String(format: "%.5g", part.emitted.kiloelectronvolts),
        String(format: "%.4f", part.absorbedFraction), String(format: "%.2f", part.relativeUncertainty * 100),
        String(format: "%.4g", part.sValue.milligraysPerMegabecquerelSecond),
      ])
    }
    text += table.text
    return text
      + String(
        format: "\nS = %.4g mGy/(MBq s), %.2f %% statistical uncertainty; the medium around is of the same material.\n",
        sphere.sValue.milligraysPerMegabecquerelSecond, sphere.relativeUncertainty * 100)
  }
}
