/// Rows of a text of cells between delimiters (RFC 4180), one at a time.
public struct DelimitedReader {
  let bytes: [UInt8]
  let delimiter: UInt8
  /// The line on which the last row ended.
  public private(set) var line = 0
  private var position = 0

  public init(bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ",")) {
    (self.bytes, self.delimiter) = (bytes, delimiter)
  }

  /// The next row; `nil` at the end. An empty line is a row of one empty cell.
  ///
  /// - Parameter file: the file's name, for messages.
  /// - Throws: ``StatisticsError`` for a quote that is not closed or is followed by text.
  public mutating func row(_ file: String) throws -> [String]? {
    guard position < bytes.count else { return nil }
    line += 1
    var row: [String] = []
    while true {
      row.append(try cell(file))
      guard position < bytes.count, bytes[position] == delimiter else { break }
      position += 1
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\r") { position += 1 }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
    return row
  }

  private func endsCell(_ byte: UInt8) -> Bool {
    byte == delimiter || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
  }

  private mutating func cell(_ file: String) throws -> String {
    let quote = UInt8(ascii: "\"")
    guard position < bytes.count, bytes[position] == quote else {
      let start = position
      while position < bytes.count, !endsCell(bytes[position]) { position += 1 }
      var (from, to) = (start, position)
      while from < to, bytes[from] == UInt8(ascii: " ") { from += 1 }
      while from < to, bytes[to - 1] == UInt8(ascii: " ") { to -= 1 }
      return String(decoding: bytes[from..<to], as: UTF8.self)
    }
    let first = line
    var text: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte != quote {
        if byte == UInt8(ascii: "\n") { line += 1 }
        text.append(byte)
        continue
      }
      if position < bytes.count, bytes[position] == quote {
        text.append(quote)
        position += 1
        continue
      }
      guard position == bytes.count || endsCell(bytes[position]) else { break }
      return String(decoding: text, as: UTF8.self)
    }
    throw StatisticsError(
      "quote-open", "Line \(first) of \(file) has a quote that is not closed or is followed by text.",
      remedy: "Close it, and double quotes within a quoted cell.")
  }
}
