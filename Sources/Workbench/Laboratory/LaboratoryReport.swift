public import JSON
import Reports

/// A result of the laboratory: its JSON document, its text, and the figures with the numbers behind them.
public struct LaboratoryReport: Sendable {
  public let document: JSONValue
  public let summary: String
  let figures: [(name: String, figure: Figure)]
  /// Tables of CSV, by name without ending.
  let tables: [(name: String, text: String)]

  init(
    _ document: JSONValue, _ lines: [String], figures: [(name: String, figure: Figure)] = [],
    tables: [(name: String, text: String)] = []
  ) {
    self.document = document
    summary = lines.joined(separator: "\n") + "\n"
    var seen: [String: Int] = [:]
    self.figures = figures.map { name, figure in
      seen[name, default: 0] += 1
      return (seen[name] == 1 ? name : "\(name)-\(seen[name] ?? 0)", figure)
    }
    self.tables = tables
  }

  /// Writes the figures and the tables behind them into a folder.
  ///
  /// - Throws: ``CaseError`` when the result has none or a file cannot be written.
  public func write(to folder: String, _ format: PictureFormat) throws {
    guard !figures.isEmpty else {
      throw CaseError("figure-empty", "There is nothing to draw.", remedy: "Leave out --figures.")
    }
    try PictureFolder(path: folder).write(
      format.files(figures) + tables.map { ("\($0.name).csv", Array($0.text.utf8)) })
  }
}

/// A cell of CSV, in quotes where it needs them.
func csvCell(_ text: String) -> String {
  text.contains { ",\"\n\r".contains($0) } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
}

/// Rows as CSV.
func csvText(_ rows: [[String]]) -> String { rows.map { $0.map(csvCell).joined(separator: ",") + "\n" }.joined() }
