/// A table in plain text with columns of even width.
struct TextTable: Sendable {
  private var rows: [[String]]
  private let numbers: Set<Int>

  /// - Parameter numbers: the columns that are set flush right.
  init(_ header: [String], numbers: Set<Int>) {
    rows = [header]
    self.numbers = numbers
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines, header first, a rule below it.
  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
    func line(_ row: [String]) -> String {
      let cells = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return numbers.contains(column) ? space + row[column] : row[column] + space
      }
      return trimmed(cells.joined(separator: "  "))
    }
    let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
    return ([line(rows[0]), trimmed(rule)] + rows.dropFirst().map(line)).joined(separator: "\n") + "\n"
  }

  private func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }
}
