/// Rows of a CSV file, one at a time.
struct CSVReader {
  let bytes: [UInt8]
  private(set) var line = 0
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The next row; `nil` at the end.
  mutating func row(_ file: String) throws -> [String]? {
    guard position < bytes.count else { return nil }
    line += 1
    var row: [String] = []
    while true {
      row.append(try cell(file))
      guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { break }
      position += 1
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\r") { position += 1 }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
    return row
  }

  private mutating func cell(_ file: String) throws -> String {
    let quote = UInt8(ascii: "\"")
    guard position < bytes.count, bytes[position] == quote else {
      let start = position
      while position < bytes.count, !",\r\n".utf8.contains(bytes[position]) { position += 1 }
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
      guard position == bytes.count || ",\r\n".utf8.contains(bytes[position]) else { break }
      return String(decoding: text, as: UTF8.self)
    }
    throw CaseError(
      "quote-open", "Line \(first) of \(file) has a quote that is not closed or is followed by text.",
      remedy: "Close it, and double quotes within a quoted cell.")
  }
}
