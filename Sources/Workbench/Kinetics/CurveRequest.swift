import Foundation
public import JSON
import Kinetics
import Provenance
import Quantities
import Radionuclides

/// What `tac fit` is asked for.
public struct CurveRequest: Sendable {
  /// A model by name, or the choice among all.
  public enum Model: String, CaseIterable, Sendable { case auto, F1, F2, F3u, F3p }

  /// A population by name.
  public enum Prior: String, CaseIterable, Sendable { case kidney, tumour }

  private let table: String
  private let nuclide: String
  private let administered: String?
  private let model: Model
  private let weights: CaseFile.Curves.Weights?
  private let relativeUncertainty: Double
  private let prior: Prior?

  /// - Parameters:
  ///   - table: the path of a ``CurveTable``.
  ///   - administered: a number with its unit, Bq, kBq, MBq or GBq.
  ///   - relativeUncertainty: between 0 and 1.
  public init(
    table: String, nuclide: String, administered: String?, model: Model, weights: CaseFile.Curves.Weights?,
    relativeUncertainty: Double, prior: Prior?
  ) {
    self.table = table
    self.nuclide = nuclide
    self.administered = administered
    self.model = model
    self.weights = weights
    self.relativeUncertainty = relativeUncertainty
    self.prior = prior
  }

  /// Fits every region of the table.
  ///
  /// A region that cannot be fitted is a result with its reason; a table or option that cannot be used is an error.
  public func fit() throws -> CurveResults {
    guard relativeUncertainty > 0, relativeUncertainty < 1 else {
      throw CaseError(
        "uncertainty-out-of-range", "The relative uncertainty is \(relativeUncertainty).",
        remedy: "Give a fraction between 0 and 1, such as 0.05.", category: .usage)
    }
    let activity = try administered.map(Self.activity)
    let nuclide = try NuclideTable.icrp107().nuclide(self.nuclide)
    let table = try CurveTable(path: self.table)
    if weights == .given, !table.hasUncertainties {
      throw CaseError(
        "uncertainty-missing", "The table \(fileName(self.table)) states no uncertainties.",
        remedy: "Add the column u_MBq, or weight by --weights relative or equal.")
    }
    let weighting: Weighting =
      switch weights ?? (table.hasUncertainties ? .given : .relative) {
      case .given: .given
      case .relative: .relative(relativeUncertainty)
      case .equal: .equal
      }
    let settings = AnalysisSettings(
      weighting: weighting, fixedModel: CurveModel(rawValue: model.rawValue),
      prior: prior.flatMap { prior in PopulationPrior.named.first { $0.name == prior.rawValue } })
    let regions = try table.regions.map { name, points in
      let curve = try TimeActivityCurve(region: name, points: points, physicalDecay: nuclide.decayConstant)
      do {
        return (curve, Analysis.Outcome.estimate(try curve.analysed(with: settings)))
      } catch let error as KineticsError {
        return (curve, Analysis.Outcome.refused(error))
      }
    }
    return CurveResults(nuclide: nuclide, administered: activity, weighting: weighting, regions: regions)
  }

  /// Reads `7210.4 MBq`.
  static func activity(_ text: String) throws -> Activity {
    let factors: [(unit: String, factor: Double)] = [("GBq", 1e9), ("MBq", 1e6), ("kBq", 1e3), ("Bq", 1)]
    let plain = text.trimmingCharacters(in: .whitespaces)
    for (unit, factor) in factors where plain.hasSuffix(unit) {
      let number = plain.dropLast(unit.count).trimmingCharacters(in: .whitespaces)
      guard let value = Double(number), value.isFinite, value > 0 else { break }
      return .becquerels(value * factor)
    }
    throw CaseError(
      "activity-invalid", "“\(text.prefix(40))” is no activity.",
      remedy: "Write a number above 0 and its unit, such as \"7210.4 MBq\".", category: .usage)
  }
}

/// The results of `tac fit`.
public struct CurveResults: Sendable {
  let nuclide: Nuclide
  let administered: Activity?
  let weighting: Weighting
  let regions: [(curve: TimeActivityCurve, outcome: Analysis.Outcome)]

  /// `{"regions": [...]}` as the contract has it.
  public var document: JSONValue {
    let weights =
      switch weighting {
      case .given: "given"
      case .relative(let fraction): "relative \(fraction)"
      case .equal: "equal"
      }
    return [
      "nuclide": JSONValue(nuclide.name), "weights": JSONValue(weights),
      "administered": administered.map { amount($0.megabecquerels, "MBq") } ?? nil,
      "regions": JSONValue(regions.map { $0.outcome.document($0.curve, administered: administered) }),
    ]
  }

  /// A table for people.
  public var summary: String {
    var table = TextTable(
      ["Region", "Model", "TIA / MBq h", "±", "TIAC / h", "T_eff / h", "beyond"], numbers: [2, 3, 4, 5, 6])
    var notes: [String] = []
    for (curve, outcome) in regions {
      switch outcome {
      case .estimate(let estimate):
        let tia = estimate.timeIntegratedActivity
        table.add([
          curve.region, estimate.modelName, shortNumber(tia.value.megabecquerelHours),
          tia.standardUncertainty.map { shortNumber($0.megabecquerelHours) } ?? "not estimated",
          administered.map { shortNumber((tia.value / $0).hours) } ?? "-", shortNumber(estimate.lateHalfLife.hours),
          shortNumber(estimate.extrapolatedFraction * 100) + " %",
        ])
        notes += estimate.findings.filter { $0.severity != .info }.map { "\($0.title) \($0.text)" }
      case .refused(let error):
        table.add([curve.region, "refused", "-", "-", "-", "-", "-"])
        let bound = error.bound.map { " At most \(shortNumber($0.megabecquerelHours)) MBq h." } ?? ""
        notes.append("\(error.reason) \(error.remedy)\(bound)")
      }
    }
    return ([table.text] + notes.map { $0 + "\n" }).joined()
  }
}
