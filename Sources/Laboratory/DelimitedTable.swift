/// A table of text: cells between tabs, semicolons or commas, else spaces, with a header.
///
/// The delimiter is the one of the three that occurs most often in the header. Cells may be quoted. Text is UTF-8 or
/// Latin-1.
public struct DelimitedTable: Sendable {
  /// The names of the columns.
  public let header: [String]
  /// The cells, as many a row as the header has columns.
  public let rows: [[String]]
  private let name: String

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - name: the file's name, for messages.
  ///   - isHeader: tells the header from lines before it, which are skipped.
  /// - Throws: ``LaboratoryError`` when there is no header or a row has other columns.
  public init(_ bytes: [UInt8], name: String, isHeader: ([String]) -> Bool = { _ in true }) throws {
    let text =
      (String(validating: bytes, as: UTF8.self) ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })))
      .replacing("\u{FEFF}", with: "")
    var header: [String] = []
    var rows: [[String]] = []
    var delimiter: Character = ","
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      if line.allSatisfy({ $0.isWhitespace }) || (header.isEmpty && line.hasPrefix("#")) { continue }
      if header.isEmpty {
        delimiter = ["\t", ";", ","].max { a, b in line.count { $0 == a } < line.count { $0 == b } } ?? ","
        if !line.contains(delimiter) { delimiter = " " }
        let cells = Self.cells(line, delimiter)
        if isHeader(cells) { header = cells }
        continue
      }
      var cells = Self.cells(line, delimiter)
      while cells.count > header.count, cells.last?.isEmpty ?? false { cells.removeLast() }
      while cells.count < header.count, cells.count + 2 >= header.count { cells.append("") }
      guard cells.count == header.count else {
        throw LaboratoryError(
          "table-line", "Line \(number + 1) of \(name) has \(cells.count) cells where the header has \(header.count).",
          remedy: "Give every column its cell.")
      }
      rows.append(cells)
    }
    guard !header.isEmpty else {
      throw LaboratoryError("table-header", "\(name) has no header that fits.", remedy: "See the command's page.")
    }
    (self.header, self.rows, self.name) = (header, rows, name)
  }

  private static func cells(_ line: Substring, _ delimiter: Character) -> [String] {
    var cells: [String] = []
    var cell = ""
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == delimiter, !isQuoted {
        cells.append(cell.trimming)
        cell = ""
      } else {
        cell.append(character)
      }
    }
    return cells + [cell.trimming]
  }

  /// The index of the first column of one of the names, without regard to case.
  public func column(_ names: String...) -> Int? {
    names.lazy.compactMap { name in header.firstIndex { $0.lowercased() == name.lowercased() } }.first
  }

  /// The index of a column that has to be there.
  public func required(_ names: String...) throws -> Int {
    for name in names { if let index = column(name) { return index } }
    throw LaboratoryError(
      "table-column", "\(name) has no column \(names.map { "“\($0)”" }.joined(separator: " or ")).",
      remedy: "Its columns are: \(header.prefix(20).joined(separator: ", ")).")
  }

  /// The number of a cell, `nil` where it is empty or says that there is none; a decimal comma is read.
  public func number(_ row: Int, _ column: Int) throws -> Double? {
    let text = rows[row][column]
    if text.isEmpty || ["na", "n/a", "#n/a", "nan", "undetermined", "no call", "-"].contains(text.lowercased()) {
      return nil
    }
    guard let value = Double(text) ?? Double(text.replacing(",", with: ".")), value.isFinite else {
      throw LaboratoryError(
        "table-number", "\(header[column]) of row \(row + 1) of \(name) is “\(text.prefix(20))”.",
        remedy: "Give a number, or leave the cell empty.")
    }
    return value
  }

  /// The number of a cell that has to have one.
  public func requiredNumber(_ row: Int, _ column: Int) throws -> Double {
    guard let value = try number(row, column) else {
      throw LaboratoryError(
        "table-number", "\(header[column]) of row \(row + 1) of \(name) is empty.", remedy: "Give a number.")
    }
    return value
  }
}
