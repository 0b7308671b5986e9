import Foundation
public import JSON
import Kinetics
import Provenance
import Quantities
import Radionuclides

/// The populations of every region in a folder of curve tables, one a patient: `tac population`.
public struct PopulationResults: Sendable {
  /// What is fitted to every patient.
  public enum Model: String, CaseIterable, Sendable { case F2, F3u }

  static let format = "endora-population-1"

  private let nuclide: Nuclide
  private let tables: Int
  private let digest: Digest
  private let regions: [(name: String, result: Result<PopulationFit, any Error>)]

  /// Reads every `.csv` of the folder and fits every region.
  ///
  /// - Throws: a refusal when a table cannot be used or no region has a population.
  public init(folder: String, nuclide: String, model: Model) throws {
    let nuclide = try NuclideTable.icrp107().nuclide(nuclide)
    let names = try Self.tables(in: folder)
    let tables = try names.map { try CurveTable(path: folder + "/" + $0) }
    var order: [String] = []
    var curves: [String: [TimeActivityCurve]] = [:]
    for table in tables {
      for (region, points) in table.regions {
        if curves[region] == nil { order.append(region) }
        curves[region, default: []].append(
          try TimeActivityCurve(region: region, points: points, physicalDecay: nuclide.decayConstant))
      }
    }
    self.nuclide = nuclide
    self.tables = tables.count
    digest = .combining(tables.map(\.digest))
    regions = order.map { region in
      (region, Result { try PopulationFit(curves[region]!, model: model == .F2 ? .F2 : .F3u) })
    }
    if let first = regions.first, regions.allSatisfy({ (try? $0.result.get()) == nil }) { _ = try first.result.get() }
  }

  private static func tables(in folder: String) throws -> [String] {
    guard let all = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw CaseError(
        "folder-missing", "There is no folder \(fileName(folder)).", remedy: "Check the path.", category: .missing)
    }
    let names = all.filter { $0.hasSuffix(".csv") && !$0.hasPrefix(".") }.sorted()
    guard !names.isEmpty else {
      throw CaseError(
        "cohort-empty", "The folder \(fileName(folder)) holds no curve table (.csv).",
        remedy: "Put one table a patient into it: region,time_h,activity_MBq.", category: .missing)
    }
    return names
  }

  /// Writes the populations for `--prior`.
  ///
  /// - Throws: ``CaseError`` when the file cannot be written.
  public func write(to path: String) throws {
    do { try Data((try document.text() + "\n").utf8).write(to: URL(filePath: path), options: .atomic) } catch {
      throw CaseError(
        "population-not-written", "The file \(fileName(path)) cannot be written.",
        remedy: "Check that its folder exists and may be written.", category: .inputOutput)
    }
  }

  /// `{"format", "nuclide", "patients", "regions": [...], "refused": [...]}`.
  public var document: JSONValue {
    func halfLife(_ found: PopulationFit.HalfLife) -> JSONValue {
      [
        "median": JSONValue(found.distribution.median.hours), "unit": "h",
        "relativeUncertainty": JSONValue(found.medianUncertainty),
        "logDeviation": JSONValue(found.distribution.logDeviation),
      ]
    }
    var fitted: [JSONValue] = []
    var refused: [JSONValue] = []
    for (name, result) in regions {
      switch result {
      case .failure(let error):
        refused.append(["name": JSONValue(name), "refused": AnyRefusal(anyError: error).document])
      case .success(let fit):
        fitted.append([
          "name": JSONValue(name), "model": JSONValue(fit.model.rawValue), "patients": JSONValue(fit.patientCount),
          "points": JSONValue(fit.pointCount), "effectiveHalfLife": halfLife(fit.clearance),
          "uptakeHalfLife": fit.uptake.map(halfLife) ?? nil, "correlation": JSONValue(fit.correlation),
          "residual": JSONValue(fit.residual), "findings": JSONValue(fit.findings.map(\.document)),
        ])
      }
    }
    return [
      "format": JSONValue(Self.format), "nuclide": JSONValue(nuclide.name), "patients": JSONValue(tables),
      "method": "nonlinear mixed effects by SAEM", "inputs": JSONValue(digest.description),
      "regions": JSONValue(fitted), "refused": JSONValue(refused),
    ]
  }

  /// A table for people.
  public var summary: String {
    var table = TextTable(
      ["Region", "Model", "patients", "T_eff / h", "spread", "T_uptake / h", "spread", "residual"],
      numbers: [2, 3, 4, 5, 6, 7])
    var notes: [String] = []
    func share(_ x: Double) -> String { shortNumber(x * 100) + " %" }
    for (name, result) in regions {
      switch result {
      case .failure(let error):
        table.add([name, "refused", "-", "-", "-", "-", "-", "-"])
        notes.append(AnyRefusal(anyError: error).text)
      case .success(let fit):
        func median(_ found: PopulationFit.HalfLife) -> String {
          let hours = found.distribution.median.hours
          return "\(shortNumber(hours)) ± \(shortNumber(hours * found.medianUncertainty))"
        }
        table.add([
          name, fit.model.rawValue, "\(fit.patientCount)", median(fit.clearance),
          share(fit.clearance.distribution.logDeviation), fit.uptake.map(median) ?? "-",
          fit.uptake.map { share($0.distribution.logDeviation) } ?? "-", share(fit.residual),
        ])
        notes += fit.findings.map { "\($0.title) \($0.text)" }
      }
    }
    return ([table.text] + notes.map { $0 + "\n" }).joined()
  }
}
