public import Provenance

/// A table with one row a subject or measurement, read from CSV (RFC 4180).
///
/// An empty cell, `NA`, `NaN` and `.` say that a value is missing.
public struct DataTable: Sendable {
  /// The names of the columns in their order.
  public let columns: [String]
  /// How many rows.
  public let count: Int
  /// Of the file's bytes.
  public let digest: Digest
  private let cells: [String]
  private let file: String

  /// Reads a table.
  ///
  /// - Throws: ``CaseError`` with the line for a row with another number of cells than the header, a header with a name
  ///   twice, a quote that is not closed, no rows, or text that is not UTF-8.
  public static func read(_ path: String) throws -> DataTable { try DataTable(readFile(path), file: fileName(path)) }

  init(_ bytes: [UInt8], file: String) throws {
    self.file = file
    digest = Digest(of: bytes)
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw CaseError("table-not-text", "The table \(file) is not UTF-8 text.", remedy: "Save it as UTF-8 CSV.")
    }
    var reader = CSVReader(bytes: bytes)
    columns = try reader.row(file)?.map { $0.filter { $0 != "\u{FEFF}" } } ?? []
    guard !columns.isEmpty, Set(columns).count == columns.count else {
      throw CaseError(
        "table-header", "The header of \(file) is empty or names a column twice.",
        remedy: "Begin the file with one line of different names.")
    }
    var cells: [String] = []
    while let row = try reader.row(file) {
      if row == [""] { continue }
      guard row.count == columns.count else {
        throw CaseError(
          "table-line", "Line \(reader.line) of \(file) has \(row.count) cells where the header has \(columns.count).",
          remedy: "Give every column its cell.")
      }
      cells += row
    }
    guard !cells.isEmpty else {
      throw CaseError("table-empty", "The table \(file) has no rows.", remedy: "Add one line a subject.")
    }
    self.cells = cells
    count = cells.count / columns.count
  }

  /// The texts of a column, `nil` where missing.
  ///
  /// - Throws: ``CaseError`` when there is no such column, with the nearest name.
  public func texts(_ column: String) throws -> [String?] {
    guard let place = columns.firstIndex(of: column) else {
      let near = Suggestion.nearest(to: column, among: columns)
      throw CaseError(
        "column-missing", "The table \(file) has no column “\(column)”.",
        remedy: near.map { "Did you mean “\($0)”?" } ?? "It has \(columns.prefix(20).joined(separator: ", ")).")
    }
    return (0..<count).map { row in
      let text = cells[row * columns.count + place]
      return ["", "NA", "NaN", "."].contains(text) ? nil : text
    }
  }

  /// The numbers of a column, `nil` where missing.
  ///
  /// - Throws: ``CaseError`` with the row for a text that is no finite number.
  public func numbers(_ column: String) throws -> [Double?] {
    try texts(column).enumerated().map { row, text in
      guard let text else { return nil }
      guard let value = Double(text), value.isFinite else {
        throw CaseError(
          "number-invalid", "“\(column)” of row \(row + 1) in \(file) is “\(text.prefix(40))”.",
          remedy: "Give a finite number with a decimal point, or leave the cell empty.")
      }
      return value
    }
  }
}
