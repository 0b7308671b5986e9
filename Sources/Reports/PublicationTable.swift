import Foundation
import Provenance
import Wording

/// A table as papers print it: one row a patient, summaries below, notes.
public struct PublicationTable: Sendable {
  /// What stands in a cell.
  public enum Cell: Hashable, Sendable {
    case text(String)
    /// A number with so many decimals.
    case number(Double, decimals: Int)
    /// Not known; printed as a dash, never as 0.
    case missing

    /// As it is printed, with a true minus.
    public var text: String {
      switch self {
      case .text(let text): text
      case .number(let value, let decimals):
        value.isFinite
          ? String(format: "%.\(max(0, min(9, decimals)))f", value).replacingOccurrences(of: "-", with: "−") : "–"
      case .missing: "–"
      }
    }

    /// As a file holds it: all digits, nothing where missing.
    var fileText: String {
      switch self {
      case .text(let text): text
      case .number(let value, _): value.isFinite ? String(format: "%.12g", value) : ""
      case .missing: ""
      }
    }
  }

  /// A column with a name for machines, and words with a unit for people.
  public struct Column: Hashable, Sendable {
    public let key: String
    public let title: String
    public let isNumber: Bool

    public init(_ key: String, _ title: String, isNumber: Bool = true) {
      (self.key, self.title, self.isNumber) = (key, title, isNumber)
    }
  }

  public let id: String
  public let title: String
  public let columns: [Column]
  public let rows: [[Cell]]
  /// Rows below the patients, such as medians with ranges.
  public let summaries: [[Cell]]
  public let notes: [String]

  public init(
    id: String, title: String, columns: [Column], rows: [[Cell]], summaries: [[Cell]], notes: [String]
  ) {
    (self.id, self.title, self.columns, self.rows) = (id, title, columns, rows)
    (self.summaries, self.notes) = (summaries, notes)
  }

  /// One row a patient with all digits (RFC 4180); summaries are left out, since they are no patients.
  public var csv: String {
    let lines = [columns.map(\.key)] + rows.map { $0.map(\.fileText) }
    return lines.map { $0.map(Self.quoted).joined(separator: ",") }.joined(separator: "\r\n") + "\r\n"
  }

  /// A `table` environment for LaTeX with the package booktabs.
  public var latex: String {
    func line(_ cells: [String]) -> String { cells.map(Self.latexText).joined(separator: " & ") + " \\\\" }
    let alignment = columns.map { $0.isNumber ? "r" : "l" }.joined()
    var lines = [
      "% Endora \(Release.version). \(Release.disclaimer)", "\\begin{table}", "  \\caption{\(Self.latexText(title))}",
      "  \\begin{tabular}{\(alignment)}", "    \\toprule", "    " + line(columns.map(\.title)), "    \\midrule",
    ]
    lines += rows.map { "    " + line($0.map(\.text)) }
    if !summaries.isEmpty { lines += ["    \\midrule"] + summaries.map { "    " + line($0.map(\.text)) } }
    lines += ["    \\bottomrule", "  \\end{tabular}"]
    lines += notes.map { "  \\par\\footnotesize " + Self.latexText($0) }
    return (lines + ["\\end{table}"]).joined(separator: "\n") + "\n"
  }

  /// The table as a part of a page.
  var html: String {
    func row(_ cells: [String], _ element: String, _ name: String = "") -> String {
      "<tr\(name)>"
        + zip(cells, columns).map { cell, column in
          "<\(element)\(column.isNumber ? " class=\"n\"" : "")>\(rich(cell))</\(element)>"
        }.joined() + "</tr>"
    }
    return
      "<section><h2>\(rich(title))</h2><div class=\"wide\"><table><thead>\(row(columns.map(\.title), "th"))</thead><tbody>"
      + rows.map { row($0.map(\.text), "td") }.joined()
      + summaries.map { row($0.map(\.text), "td", " class=\"sum\"") }.joined() + "</tbody></table></div>"
      + notes.map { "<p class=\"note\">\(rich($0))</p>" }.joined() + "</section>"
  }

  /// Tables as a page of its own, light or dark as the viewer prefers, without script.
  public static func page(_ tables: [PublicationTable], title: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="\(Language.current.rawValue)"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>\(escaped(said(title)))</title><style>\(Figure.styles)\(styles)</style></head>
    <body><header><h1>\(rich(title))</h1><p class="note">Endora \(escaped(Release.version)). \(rich(Release.disclaimer))</p></header>
    \(tables.map(\.html).joined(separator: "\n"))
    </body></html>

    """
  }

  private static let styles = """
    body{margin:24px;background:var(--surface);color:var(--ink);font:13px/1.45 "Liberation Sans",Arial,sans-serif}\
    h1{font-size:18px;margin:0}h2{font-size:15px;margin:24px 0 8px}.note{color:var(--ink-3);font-size:12px;margin:4px 0}\
    .wide{overflow-x:auto}table{border-collapse:collapse;font-size:12px;font-variant-numeric:tabular-nums}\
    th,td{text-align:left;padding:5px 10px;border-bottom:1px solid var(--line);white-space:nowrap}\
    th{color:var(--ink-2);font-weight:600;border-bottom-color:var(--line-2);vertical-align:bottom}\
    .n{text-align:right}.sum td{font-weight:600}@page{size:A4 landscape;margin:13mm}
    """

  private static func quoted(_ cell: String) -> String {
    // A text that a spreadsheet would take for a formula is set off by an apostrophe.
    let safe = Double(cell) == nil && ["=", "+", "-", "@"].contains(cell.prefix(1)) ? "'" + cell : cell
    guard safe.contains(where: { ",\"\r\n".contains($0) }) else { return safe }
    return "\"" + safe.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  private static func latexText(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&", "%", "$", "#", "_", "{", "}": result += "\\\(character)"
      case "\\": result += "\\textbackslash{}"
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "−": result += "$-$"
      case "±": result += "$\\pm$"
      case "–": result += "--"
      case "≥": result += "$\\geq$"
      case "≤": result += "$\\leq$"
      case "µ": result += "\\textmu{}"
      case "²": result += "\\textsuperscript{2}"
      case "\n", "\r": result += " "
      default: result.append(character)
      }
    }
    return result
  }
}
