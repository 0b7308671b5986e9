import Foundation
import JSON
import Laboratory
import Provenance
import Reports
import Statistics

/// Expression of a transcript against that on the surface from a table `sample,transcript,surface`, both above 0, such as
/// relative expression and fluorescence ratio.
///
/// Pearson's coefficient is of the logarithms with Fisher's 95 % interval, Spearman's of the ranks.
public func transcriptReport(path: String) throws -> LaboratoryReport {
  let table = try DataTable.export(path)
  let sample = try table.required("sample", "patient")
  let (transcript, surface) = (try table.required("transcript"), try table.required("surface"))
  var pairs: [(name: String, x: Double, y: Double)] = []
  for row in table.rows {
    guard let x = try table.number(row, transcript), let y = try table.number(row, surface) else { continue }
    guard x > 0, y > 0 else {
      throw LaboratoryError(
        "expression-invalid", "Row \(row + 1) has an expression that is not above 0.",
        remedy: "Leave the cell empty where nothing was detected.")
    }
    pairs.append((table[row, sample], x, y))
  }
  let (x, y) = (pairs.map { log2($0.x) }, pairs.map { log2($0.y) })
  let (pearson, spearman) = (try Correlation.pearson(x, y), try Correlation.spearman(x, y))
  let trend = try LinearTrend(x, y)
  let findings = leftOut(table.count - pairs.count, columns: "both expressions")
  func entry(_ c: Correlation) -> JSONValue {
    [
      "coefficient": JSONValue(c.coefficient), "interval95": c.interval?.document ?? nil, "p": JSONValue(c.p),
      "method": JSONValue(c.method.rawValue),
    ]
  }
  let text =
    "Pearson r \(short(pearson.coefficient)) of the logarithms"
    + (pearson.interval.map { " (95 % \($0.text))" } ?? "") + (pearson.p.map { ", p = \(short($0))" } ?? "")
    + "; Spearman ρ \(short(spearman.coefficient))"
    + (spearman.p.map { ", p = \(short($0)) (\(spearman.method.rawValue))" } ?? "")
    + "; \(pairs.count) pairs."
  let (low, high) = (x.min() ?? 0, x.max() ?? 1)
  let line = (0...40).map { step -> CorrelationPlot.LinePoint in
    let place = low + (high - low) * Double(step) / 40
    let interval = trend.interval(at: place)
    return .init(x: place, y: trend.value(at: place), lower: interval?.lower, upper: interval?.upper)
  }
  let reach = y + line.compactMap(\.lower) + line.compactMap(\.upper)
  let (bottom, top) = (reach.min() ?? 0, reach.max() ?? 1)
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "n": JSONValue(pairs.count), "pearson": entry(pearson),
      "spearman": entry(spearman), "slope": JSONValue(trend.slope), "slopeInterval95": trend.interval?.document ?? nil,
      "findings": JSONValue(findings.map(\.document)),
    ], [text] + findingLines(findings),
    figures: [
      (
        "transcript",
        .correlation(
          CorrelationPlot(
            title: "Transcript and surface expression",
            x: PlotAxis(title: "log₂ transcript", low: low - 0.05 * (high - low), high: high + 0.05 * (high - low)),
            y: PlotAxis(title: "log₂ surface", low: bottom - 0.05 * (top - bottom), high: top + 0.05 * (top - bottom)),
            pairs: zip(x, y).map { EventPlot.Point($0, $1) }, line: line,
            note: text + " Line of least squares with its 95 % interval."))
      )
    ],
    tables: [
      ("transcript", csvText([["sample", "transcript", "surface"]] + pairs.map { [$0.name, "\($0.x)", "\($0.y)"] }))
    ])
}
