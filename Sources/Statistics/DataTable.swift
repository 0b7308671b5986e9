public import Provenance

/// A table with one row a subject or measurement, read from CSV (RFC 4180) or from what an instrument exports.
///
/// An empty cell, `NA`, `NaN` and `.` say that a value is missing.
public struct DataTable: Sendable {
  /// The names of the columns in their order.
  public let columns: [String]
  /// How many rows.
  public let count: Int
  /// The places of the rows.
  public var rows: Range<Int> { 0..<count }
  /// Of the file's bytes.
  public let digest: Digest
  private let cells: [String]
  private let file: String

  /// Reads a CSV table: UTF-8, commas, every name once, every row complete.
  ///
  /// - Parameter file: the file's name, for messages.
  /// - Throws: ``StatisticsError`` with the line for a row with another number of cells than the header, a header with a
  ///   name twice, a quote that is not closed, no rows, or text that is not UTF-8.
  public init(_ bytes: [UInt8], file: String) throws {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw StatisticsError("table-not-text", "The table \(file) is not UTF-8 text.", remedy: "Save it as UTF-8 CSV.")
    }
    var reader = DelimitedReader(bytes: bytes)
    let columns = try reader.row(file)?.map { $0.filter { $0 != "\u{FEFF}" } } ?? []
    guard !columns.isEmpty, Set(columns).count == columns.count else {
      throw StatisticsError(
        "table-header", "The header of \(file) is empty or names a column twice.",
        remedy: "Begin the file with one line of different names.")
    }
    var cells: [String] = []
    while let row = try reader.row(file) {
      if row == [""] { continue }
      guard row.count == columns.count else { throw Self.incomplete(row, reader.line, columns, file) }
      cells += row
    }
    guard !cells.isEmpty else {
      throw StatisticsError("table-empty", "The table \(file) has no rows.", remedy: "Add one line a subject.")
    }
    self.init(columns: columns, cells: cells, digest: Digest(of: bytes), file: file)
  }

  /// Reads what an instrument exports: cells between tabs, semicolons or commas, else spaces, in UTF-8 or Latin-1.
  ///
  /// The delimiter is the one of the three that occurs most often in the header. Rows may lack up to two empty cells at
  /// their end or have further ones; a name may occur twice, the first counts.
  ///
  /// - Parameter isHeader: tells the header from lines before it, which are skipped.
  /// - Throws: ``StatisticsError`` when there is no header or a row has other columns.
  public init(export bytes: [UInt8], file: String, isHeader: ([String]) -> Bool = { _ in true }) throws {
    let text =
      String(validating: bytes, as: UTF8.self) ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    var rest = Array(text.replacing("\u{FEFF}", with: "").utf8)[...]
    var found: (columns: [String], delimiter: UInt8)?
    var skipped = 0
    while found == nil, !rest.isEmpty {
      let line = rest.prefix { $0 != 10 && $0 != 13 }
      let marks = Array("\t;,".utf8)
      let best = marks.max { a, b in line.count { $0 == a } < line.count { $0 == b } } ?? 44
      let delimiter = line.contains(best) ? best : 32
      rest = rest.dropFirst(line.count)
      if rest.starts(with: [13, 10]) { rest = rest.dropFirst() }
      rest = rest.dropFirst()
      skipped += 1
      if line.first == UInt8(ascii: "#") || line.allSatisfy({ $0 == 32 || $0 == 9 }) { continue }
      var reader = DelimitedReader(bytes: Array(line), delimiter: delimiter)
      guard let names = try? reader.row(file), isHeader(names) else { continue }
      found = (names, delimiter)
    }
    guard let (columns, delimiter) = found else {
      throw StatisticsError("table-header", "\(file) has no header that fits.", remedy: "See the command's page.")
    }
    var reader = DelimitedReader(bytes: Array(rest), delimiter: delimiter)
    var cells: [String] = []
    while var row = try reader.row(file) {
      if row.allSatisfy(\.isEmpty) { continue }
      while row.count > columns.count, row.last?.isEmpty ?? false { row.removeLast() }
      while row.count < columns.count, row.count + 2 >= columns.count { row.append("") }
      guard row.count == columns.count else { throw Self.incomplete(row, reader.line + skipped, columns, file) }
      cells += row
    }
    self.init(columns: columns, cells: cells, digest: Digest(of: bytes), file: file)
  }

  private init(columns: [String], cells: [String], digest: Digest, file: String) {
    (self.columns, self.cells, self.digest, self.file) = (columns, cells, digest, file)
    count = cells.count / columns.count
  }

  private static func incomplete(_ row: [String], _ line: Int, _ columns: [String], _ file: String) -> StatisticsError {
    StatisticsError(
      "table-line", "Line \(line) of \(file) has \(row.count) cells where the header has \(columns.count).",
      remedy: "Give every column its cell.")
  }

  // MARK: Columns by name

  /// The texts of a column, `nil` where missing.
  ///
  /// - Throws: ``StatisticsError`` when there is no such column, with the nearest name.
  public func texts(_ column: String) throws -> [String?] {
    guard let place = columns.firstIndex(of: column) else {
      let near = Suggestion.nearest(to: column, among: columns)
      throw StatisticsError(
        "column-missing", "The table \(file) has no column “\(column)”.",
        remedy: near.map { "Did you mean “\($0)”?" } ?? "It has \(columns.prefix(20).joined(separator: ", ")).")
    }
    return (0..<count).map { row in
      let text = self[row, place]
      return ["", "NA", "NaN", "."].contains(text) ? nil : text
    }
  }

  /// The numbers of a column, `nil` where missing.
  ///
  /// - Throws: ``StatisticsError`` with the row for a text that is no finite number.
  public func numbers(_ column: String) throws -> [Double?] {
    try texts(column).enumerated().map { row, text in
      guard let text else { return nil }
      guard let value = Double(text), value.isFinite else { throw notNumber(text, row, column) }
      return value
    }
  }

  // MARK: Cells

  /// The text of a cell.
  public subscript(row: Int, column: Int) -> String { cells[row * columns.count + column] }

  /// The index of the first column of one of the names, without regard to case.
  public func column(_ names: String...) -> Int? { place(names) }

  private func place(_ names: [String]) -> Int? {
    names.lazy.compactMap { name in columns.firstIndex { $0.lowercased() == name.lowercased() } }.first
  }

  /// The index of a column that has to be there, without regard to case.
  ///
  /// - Throws: ``StatisticsError`` when none of the names is there.
  public func required(_ names: String...) throws -> Int {
    if let index = place(names) { return index }
    throw StatisticsError(
      "column-missing", "\(file) has no column \(names.map { "“\($0)”" }.joined(separator: " or ")).",
      remedy: "Its columns are: \(columns.prefix(20).joined(separator: ", ")).")
  }

  /// The number of a cell, `nil` where it is empty or says that there is none; a decimal comma is read.
  ///
  /// - Throws: ``StatisticsError`` for a text that is no finite number.
  public func number(_ row: Int, _ column: Int) throws -> Double? {
    let text = self[row, column]
    if ["", ".", "na", "n/a", "#n/a", "nan", "undetermined", "no call", "-"].contains(text.lowercased()) { return nil }
    guard let value = Double(text) ?? Double(text.replacing(",", with: ".")), value.isFinite else {
      throw notNumber(text, row, columns[column])
    }
    return value
  }

  /// The number of a cell that has to have one.
  ///
  /// - Throws: ``StatisticsError`` for a text that is no finite number, or none.
  public func requiredNumber(_ row: Int, _ column: Int) throws -> Double {
    guard let value = try number(row, column) else {
      throw StatisticsError(
        "number-missing", "“\(columns[column])” of row \(row + 1) in \(file) is empty.", remedy: "Give a number.")
    }
    return value
  }

  /// The whole number of at least 0 of a cell that has to have one.
  ///
  /// - Throws: ``StatisticsError`` for anything else.
  public func requiredCount(_ row: Int, _ column: Int) throws -> Int {
    guard let count = Int(exactly: try requiredNumber(row, column)), count >= 0 else {
      throw StatisticsError(
        "count-invalid", "“\(columns[column])” of row \(row + 1) in \(file) is “\(self[row, column].prefix(40))”.",
        remedy: "Give a whole number of at least 0.")
    }
    return count
  }

  private func notNumber(_ text: String, _ row: Int, _ column: String) -> StatisticsError {
    StatisticsError(
      "number-invalid", "“\(column)” of row \(row + 1) in \(file) is “\(text.prefix(40))”.",
      remedy: "Give a finite number with a decimal point, or leave the cell empty.")
  }
}
