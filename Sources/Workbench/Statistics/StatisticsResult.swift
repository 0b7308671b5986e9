import Foundation
public import JSON
import Provenance
import Reports
import Statistics

/// What a statistic found, for machines and for people.
public struct StatisticsResult: Sendable {
  /// One JSON document: method, numbers, findings.
  public let document: JSONValue
  /// The same in plain text.
  public let summary: String
  /// The pictures of the result; most have none.
  let figures: [Figure]

  init(
    _ method: String, _ members: JSONObject, findings: [Finding] = [], summary: String, figures: [Figure] = []
  ) {
    self.figures = figures
    var document: JSONObject = ["format": "endora-statistics-1", "method": JSONValue(method)]
    for (key, value) in members { document[key] = value }
    document["findings"] = JSONValue(findings.worstFirst().map(\.document))
    self.document = .object(document)
    self.summary = summary + findings.worstFirst().map { "\($0.title) \($0.text)\n" }.joined()
  }
}

extension StatisticsResult {
  /// Writes the result's picture; its kind is that of the name: `.svg`, `.pdf` or `.png`.
  ///
  /// - Throws: ``CaseError`` for another ending, a result without a picture, or a file that cannot be written.
  public func writeFigure(to path: String) throws { try figures.write(to: path) }
}

extension [Figure] {
  /// Writes pictures, the first under a name and others under the name with a number.
  func write(to path: String) throws {
    let file = path as NSString
    guard let format = FigureFormat(rawValue: file.pathExtension.lowercased()) else {
      throw CaseError(
        "figure-format", "The picture \(fileName(path)) has no known ending.",
        remedy: "Name it with .svg, .pdf or .png.", category: .usage)
    }
    guard !isEmpty else {
      throw CaseError("figure-empty", "There is nothing to draw.", remedy: "Leave out --figure.")
    }
    for (index, figure) in enumerated() {
      let place = index == 0 ? path : "\(file.deletingPathExtension)-\(index + 1).\(file.pathExtension)"
      let bytes = try figure.file(format, title: figure.label)
      do { try Data(bytes).write(to: URL(filePath: place), options: .atomic) } catch {
        throw CaseError(
          "file-not-written", "The file \(fileName(place)) cannot be written.",
          remedy: "Check that its folder exists and can be written to.", category: .inputOutput)
      }
    }
  }
}

/// A probability as it stands beside a figure: three decimals, small ones as a bound.
func probabilityText(_ p: Double) -> String { p < 0.001 ? "p < 0.001" : String(format: "p = %.3f", p) }

extension Interval {
  var document: JSONValue { [JSONValue(lower), JSONValue(upper)] }
  var text: String { "\(short(lower)) to \(short(upper))" }
}

/// A number with four significant digits; whole numbers from 1000 on.
func short(_ value: Double) -> String {
  value.magnitude >= 1000 && value.magnitude < 1e15
    ? "\(Int(value.rounded()))" : String(format: "%.4g", value)
}

/// Says that rows were left out.
func leftOut(_ rows: Int, columns: String) -> [Finding] {
  guard rows > 0 else { return [] }
  return [
    Finding(
      .caution, code: "rows-left-out", title: "Rows left out.",
      "\(rows) \(rows == 1 ? "row lacks" : "rows lack") a value of \(columns) and took no part.", origin: "Workbench")
  ]
}

/// Says that a sample is too small for a test ever to come below 0.05.
func cannotReach(_ smallest: Double?) -> [Finding] {
  guard let smallest, smallest > 0.05 else { return [] }
  return [
    Finding(
      .caution, code: "test-cannot-reach", title: "Too few values for a test.",
      "Even the clearest difference gives p = \(short(smallest)) with so few values; describe them instead.",
      origin: "Statistics")
  ]
}
