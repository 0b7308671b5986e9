import Foundation
public import JSON
import Kinetics
import Numerics
import Provenance
import Quantities

/// A patient simulated by the ligand model, what-ifs beside it: `tac simulate`.
public struct Simulation: Sendable {
  private let file: SimulationFile
  private let fit: LigandFit?
  private let result: LigandSimulation
  private let sinks: [(factor: Double, result: LigandSimulation)]
  private let acids: LigandSimulation?

  /// Reads the file, fits values where it asks for that, and simulates.
  public init(path: String) throws {
    let file = try SimulationFile(path: path)
    func simulate(_ model: LigandModel) throws -> LigandSimulation {
      try model.simulated(
        administered: file.administered, peptide: file.peptide, physicalDecay: file.nuclide.decayConstant,
        at: file.times)
    }
    fit = try file.fit.map { wanted in
      let table = try CurveTable(path: wanted.table)
      let curves = try table.regions.map { name, points in
        try TimeActivityCurve(region: name, points: points, physicalDecay: file.nuclide.decayConstant)
      }
      return try file.model.fitted(
        wanted.values, to: curves,
        weighting: table.hasUncertainties ? .given : .relative(wanted.relativeUncertainty),
        administered: file.administered, peptide: file.peptide)
    }
    let model = fit?.model ?? file.model
    self.file = file
    result = try simulate(model)
    sinks = try file.tumourSink.map { factor in
      var larger = model
      for k in larger.tissues.indices where larger.tissues[k].name == "tumour" {
        larger.tissues[k].receptors *= factor
        larger.tissues[k].exchange *= factor
        larger.tissues[k].volume *= factor
      }
      return (factor, try simulate(larger))
    }
    acids = try file.aminoAcids.map { factor in
      var protected = model
      protected.retained *= factor
      return try simulate(protected)
    }
  }

  /// The curves as a table for the other verbs, with log-normal noise where the file asks for it.
  public var table: String {
    var stream = RandomStream(seed: file.seed, stream: "simulation")
    var text = "region,time_h,activity_MBq\n"
    for (region, name) in result.regions.enumerated() where name != "excreted" {
      for (time, activity) in zip(result.times, result.activities[region]) {
        let noisy = activity.megabecquerels * exp(file.noise * stream.normal())
        text += "\(name),\(time.hours),\(max(0, noisy))\n"
      }
    }
    return text
  }

  /// Writes ``table``.
  ///
  /// - Throws: ``CaseError`` when the file cannot be written.
  public func write(to path: String) throws {
    do { try Data(table.utf8).write(to: URL(filePath: path), options: .atomic) } catch {
      throw CaseError(
        "table-not-written", "The file \(fileName(path)) cannot be written.",
        remedy: "Check that its folder exists and may be written.", category: .inputOutput)
    }
  }

  private func coefficient(_ result: LigandSimulation, _ region: Int) -> Double {
    (result.timeIntegrated[region] / file.administered).hours
  }

  private func comparison(_ other: LigandSimulation) -> JSONValue {
    JSONValue(
      result.regions.indices.map { region in
        [
          "name": JSONValue(result.regions[region]), "tiac": amount(coefficient(other, region), "h"),
          "ratio": JSONValue(other.timeIntegrated[region] / result.timeIntegrated[region]),
        ]
      })
  }

  /// Curves, integrals, occupancies, mass balance, what-ifs and fitted values.
  public var document: JSONValue {
    var whatIfs: [(String, JSONValue)] = []
    if !sinks.isEmpty {
      whatIfs.append(
        (
          "tumourSink",
          JSONValue(sinks.map { ["factor": JSONValue($0.factor), "regions": comparison($0.result)] as JSONValue })
        ))
    }
    if let acids, let factor = file.aminoAcids {
      whatIfs.append(("aminoAcids", ["retainedFactor": JSONValue(factor), "regions": comparison(acids)]))
    }
    let source = LigandModel.reference.source
    return [
      "nuclide": JSONValue(file.nuclide.name), "administered": amount(file.administered.megabecquerels, "MBq"),
      "peptide": amount(file.peptide, "nmol"), "times_h": JSONValue(result.times.map { JSONValue($0.hours) }),
      "regions": JSONValue(
        result.regions.indices.map { region in
          [
            "name": JSONValue(result.regions[region]),
            "activities_MBq": JSONValue(result.activities[region].map { JSONValue($0.megabecquerels) }),
            "tia": amount(result.timeIntegrated[region].megabecquerelHours, "MBq h"),
            "tiac": amount(coefficient(result, region), "h"),
            "largestOccupancy": result.occupancy[result.regions[region]].map { JSONValue($0) } ?? nil,
          ]
        }),
      "massImbalance": JSONValue(result.imbalance), "whatIf": .object(JSONObject(whatIfs)),
      "fit": fit.map { fit in
        [
          "values": JSONValue(
            fit.parameters.map {
              [
                "name": JSONValue($0.name), "value": JSONValue($0.value),
                "relativeUncertainty": JSONValue($0.relativeUncertainty),
              ] as JSONValue
            }), "chiSquared": JSONValue(fit.chiSquared), "degreesOfFreedom": JSONValue(fit.degreesOfFreedom),
        ]
      } ?? nil,
      "assumptions": file.usesReference ? JSONValue("\(source.citation) (unverified)") : nil,
    ]
  }

  /// A table for people.
  public var summary: String {
    let extra = sinks.map { "tumour × \(shortNumber($0.factor))" } + (acids == nil ? [] : ["amino acids"])
    let others = sinks.map(\.result) + (acids.map { [$0] } ?? [])
    var table = TextTable(
      ["Region", "TIAC / h", "occupied"] + extra, numbers: Set([1, 2] + extra.indices.map { $0 + 3 }))
    for (region, name) in result.regions.enumerated() {
      table.add(
        [
          name, shortNumber(coefficient(result, region)),
          result.occupancy[name].map { shortNumber($0 * 100) + " %" } ?? "-",
        ] + others.map { shortNumber(coefficient($0, region)) })
    }
    var notes: [String] = []
    if let fit {
      notes += fit.parameters.map {
        "\($0.name) \(shortNumber($0.value)) ± \(shortNumber($0.relativeUncertainty * 100)) %"
      }
      notes.append("χ² \(shortNumber(fit.chiSquared)) with \(fit.degreesOfFreedom) degrees of freedom.")
    }
    if file.usesReference {
      notes.append(
        "Values not stated are the reference patient's: \(LigandModel.reference.source.citation); unverified.")
    }
    return ([table.text] + notes.map { $0 + "\n" }).joined()
  }
}
