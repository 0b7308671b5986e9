public import JSON
import Kinetics
import Provenance
import Quantities
import Radionuclides

/// The curves of a table as another nuclide with the same biology would show them: `tac translate`.
public struct CurveTranslation: Sendable {
  /// What came of one region.
  private struct Row: Sendable {
    let region: String
    let result: Result<(estimate: CurveEstimate, translation: Translation), any Error>
  }

  private let from: Nuclide
  private let to: Nuclide
  private let administered: Activity?
  private let rows: [Row]

  /// Fits every region and translates it.
  ///
  /// - Throws: a refusal when the table, an option or a nuclide cannot be used.
  public init(_ request: CurveRequest, to nuclide: String) throws {
    let input = try request.read()
    let target = try NuclideTable.icrp107().nuclide(nuclide)
    from = input.nuclide
    to = target
    administered = input.administered
    rows = input.curves.map { curve in
      Row(
        region: curve.region,
        result: Result {
          let estimate = try curve.analysed(with: input.settings(for: curve))
          return (estimate, try estimate.translated(to: target.decayConstant))
        })
    }
  }

  /// `{"from", "to", "regions": [...]}`.
  public var document: JSONValue {
    [
      "from": JSONValue(from.name), "to": JSONValue(to.name),
      "administered": administered.map { amount($0.megabecquerels, "MBq") } ?? nil,
      "regions": JSONValue(
        rows.map { row in
          switch row.result {
          case .failure(let error):
            return ["name": JSONValue(row.region), "refused": AnyRefusal(anyError: error).document]
          case .success((let estimate, let translation)):
            let tia = translation.timeIntegratedActivity
            return [
              "name": JSONValue(row.region), "model": JSONValue(estimate.average.best.model.rawValue),
              "models": JSONValue(estimate.modelName),
              "effectiveHalfLife": amount(translation.lateHalfLife.hours, "h"),
              "tia": amount(tia.value.megabecquerelHours, "MBq h", tia.standardUncertainty?.megabecquerelHours),
              "tiac": administered.map {
                amount((tia.value / $0).hours, "h", tia.standardUncertainty.map { u in (u / administered!).hours })
              } ?? nil,
              "ratio": JSONValue(tia.value / estimate.timeIntegratedActivity.value),
              "findings": JSONValue(estimate.findings.map(\.document)),
            ]
          }
        }),
    ]
  }

  /// A table for people.
  public var summary: String {
    var table = TextTable(
      ["Region", "Model", "\(from.name) T_eff / h", "\(to.name) T_eff / h", "\(to.name) TIA / MBq h", "±", "ratio"],
      numbers: [2, 3, 4, 5, 6])
    var notes: [String] = []
    for row in rows {
      switch row.result {
      case .failure(let error):
        table.add([row.region, "refused", "-", "-", "-", "-", "-"])
        notes.append(AnyRefusal(anyError: error).text)
      case .success((let estimate, let translation)):
        let tia = translation.timeIntegratedActivity
        table.add([
          row.region, estimate.modelName, shortNumber(estimate.lateHalfLife.hours),
          shortNumber(translation.lateHalfLife.hours), shortNumber(tia.value.megabecquerelHours),
          tia.standardUncertainty.map { shortNumber($0.megabecquerelHours) } ?? "not estimated",
          shortNumber(tia.value / estimate.timeIntegratedActivity.value),
        ])
      }
    }
    return ([table.text] + notes.map { $0 + "\n" }).joined()
  }
}
