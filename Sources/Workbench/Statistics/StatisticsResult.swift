import Foundation
public import JSON
import Provenance
import Statistics

/// What a statistic found, for machines and for people.
public struct StatisticsResult: Sendable {
  /// One JSON document: method, numbers, findings.
  public let document: JSONValue
  /// The same in plain text.
  public let summary: String

  init(_ method: String, _ members: JSONObject, findings: [Finding] = [], summary: String) {
    var document: JSONObject = ["format": "endora-statistics-1", "method": JSONValue(method)]
    for (key, value) in members { document[key] = value }
    document["findings"] = JSONValue(findings.worstFirst().map(\.document))
    self.document = .object(document)
    self.summary = summary + findings.worstFirst().map { "\($0.title) \($0.text)\n" }.joined()
  }
}

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
