/// Reads one document. It goes through the bytes once and looks at most three bytes ahead.
struct JSONParser {
  static let deepest = 64

  let bytes: [UInt8]
  let dialect: JSONDialect
  var position = 0
  private let lineStarts: [Int]

  init(bytes: [UInt8], dialect: JSONDialect, limit: Int) throws(JSONError) {
    guard bytes.count <= limit else {
      throw JSONError(
        "too-large", "The document has \(bytes.count) bytes; the limit is \(limit).",
        remedy: "Check that it is the right file, or split it.")
    }
    self.bytes = bytes
    self.dialect = dialect
    lineStarts = Self.lineStarts(in: bytes)
    if let invalid = Self.firstInvalidUTF8(in: bytes) {
      throw refusal("invalid-utf8", "the bytes are not UTF-8", "Save the file as UTF-8.", at: invalid)
    }
    if let zero = bytes.firstIndex(of: 0) {
      throw refusal("nul", "there is a NUL byte", "Check that the file is text, and remove it.", at: zero)
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  mutating func document() throws(JSONError) -> JSONNode {
    try skipSpace()
    let (value, lines) = try parseValue(depth: 0)
    try skipSpace()
    guard position == bytes.count else {
      throw refusal(
        "unexpected", "\(found) follows the end of the document", "Keep one value in a document; check the brackets.")
    }
    return JSONNode(value: value, lines: lines)
  }

  private mutating func parseValue(depth: Int) throws(JSONError) -> (JSONValue, JSONLines) {
    let start = position
    let (value, children) = try parseContent(depth: depth)
    return (value, JSONLines(line: line(of: start), start: start, bytes: start..<position, children: children))
  }

  private mutating func parseContent(depth: Int) throws(JSONError) -> (JSONValue, [JSONLines]) {
    switch peek {
    case UInt8(ascii: "{"): return try parseObject(depth: depth)
    case UInt8(ascii: "["): return try parseArray(depth: depth)
    case UInt8(ascii: "\""): return (.string(try parseString()), [])
    case UInt8(ascii: "'") where dialect == .json5: return (.string(try parseString()), [])
    case let byte? where byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == 0x2E:
      return (.number(try parseNumber()), [])
    case let byte? where byte.isIdentifierStart: return (try parseWord(), [])
    default: throw refusal("unexpected", "found \(found) where a value begins", "Write a value there.")
    }
  }

  private mutating func parseWord() throws(JSONError) -> JSONValue {
    let start = position
    switch identifier() {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "NaN", "Infinity":
      throw notFinite(at: start)
    default:
      throw refusal(
        "unexpected", "found a word where a value begins", "Put text in quotes; write true, false or null.", at: start)
    }
  }

  private mutating func parseArray(depth: Int) throws(JSONError) -> (JSONValue, [JSONLines]) {
    var values: [JSONValue] = []
    var places: [JSONLines] = []
    try parseItems(closing: UInt8(ascii: "]"), of: "list", depth: depth) { parser throws(JSONError) in
      let (value, place) = try parser.parseValue(depth: depth + 1)
      values.append(value)
      places.append(place)
    }
    return (.array(values), places)
  }

  private mutating func parseObject(depth: Int) throws(JSONError) -> (JSONValue, [JSONLines]) {
    var members = JSONObject()
    var places: [JSONLines] = []
    try parseItems(closing: UInt8(ascii: "}"), of: "object", depth: depth) { parser throws(JSONError) in
      let start = parser.position
      let key = try parser.parseKey()
      guard members[key] == nil else {
        throw parser.refusal(
          "duplicate-key", "the key '\(key.shown)' comes twice in one object", "Keep one of the two.", at: start)
      }
      try parser.skipSpace()
      guard parser.take(UInt8(ascii: ":")) else {
        throw parser.refusal("unexpected", "found \(parser.found) after a key", "Write a colon and a value there.")
      }
      try parser.skipSpace()
      let (value, place) = try parser.parseValue(depth: depth + 1)
      members[key] = value
      places.append(
        JSONLines(line: parser.line(of: start), start: start, bytes: place.bytes, children: place.children))
    }
    return (.object(members), places)
  }

  /// The items of a list or an object, with the brackets around and the commas between them.
  private mutating func parseItems(
    closing: UInt8, of kind: String, depth: Int, item: (inout JSONParser) throws(JSONError) -> Void
  ) throws(JSONError) {
    guard depth < Self.deepest else {
      throw refusal("too-deep", "more than \(Self.deepest) levels of brackets", "Write it with fewer levels.")
    }
    let start = position
    position += 1
    try skipSpace()
    if take(closing) { return }
    while true {
      try item(&self)
      try skipSpace()
      if take(closing) { return }
      let comma = position
      guard take(UInt8(ascii: ",")) else {
        throw refusal(
          "unexpected", "found \(found) in the \(kind) that begins on line \(line(of: start))",
          "Write a comma or '\(Character(Unicode.Scalar(closing)))' there.")
      }
      try skipSpace()
      if take(closing) {
        if dialect == .json5 { return }
        throw refusal("trailing-comma", "a comma follows the last item", "Remove it.", at: comma)
      }
    }
  }

  private mutating func parseKey() throws(JSONError) -> String {
    if peek == UInt8(ascii: "\"") || (peek == UInt8(ascii: "'") && dialect == .json5) { return try parseString() }
    if dialect == .json5, let byte = peek, byte.isIdentifierStart { return identifier() }
    throw refusal("unexpected", "found \(found) where a key begins", "Write a key in quotes there.")
  }
}

// MARK: - Places

extension JSONParser {
  private static func lineStarts(in bytes: [UInt8]) -> [Int] {
    var starts = [0]
    for (index, byte) in bytes.enumerated() {
      let isReturn = byte == 0x0D && (index + 1 == bytes.count || bytes[index + 1] != 0x0A)
      if byte == 0x0A || isReturn { starts.append(index + 1) }
    }
    return starts
  }

  private static func firstInvalidUTF8(in bytes: [UInt8]) -> Int? {
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .valid(let scalar) = decoder.parseScalar(from: &iterator) { offset += scalar.count }
    return offset
  }

  /// The line of a byte; the first is 1.
  func line(of offset: Int) -> Int {
    var (low, high) = (0, lineStarts.count)
    while low + 1 < high {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// A refusal that names line and column; the column counts characters of Unicode.
  func refusal(_ code: String, _ found: String, _ remedy: String, at offset: Int? = nil) -> JSONError {
    let offset = min(offset ?? position, bytes.count)
    let line = line(of: offset)
    var start = lineStarts[line - 1]
    if start == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = min(3, offset) }
    let column = bytes[start..<offset].count { $0 & 0xC0 != 0x80 } + 1
    return JSONError(code, "Line \(line), column \(column): \(found).", remedy: remedy)
  }

  /// What stands at the position, for a message.
  var found: String {
    guard position < bytes.count else { return "the end of the document" }
    let rest = bytes[position..<min(position + 4, bytes.count)]
    guard let scalar = String(decoding: rest, as: UTF8.self).unicodeScalars.first else { return "nothing" }
    return scalar.properties.generalCategory == .control || scalar.properties.isWhitespace
      ? "U+\(String(scalar.value, radix: 16, uppercase: true))" : "'\(scalar)'"
  }
}
