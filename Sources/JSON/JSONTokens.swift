// Space, comments, names, strings and numbers.

extension JSONParser {
  /// The byte at the position.
  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Goes past a byte if it comes next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  /// Goes past white space and, in JSON5, comments.
  mutating func skipSpace() throws(JSONError) {
    while let byte = peek {
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      case 0x0B where dialect == .json5, 0x0C where dialect == .json5: position += 1
      case 0x80... where dialect == .json5:
        let rest = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
        guard let scalar = rest.unicodeScalars.first, scalar.isJSON5Space else { return }
        position += UTF8.width(scalar)
      case UInt8(ascii: "/"): try skipComment()
      default: return
      }
    }
  }

  private mutating func skipComment() throws(JSONError) {
    let start = position
    guard dialect == .json5 else {
      throw refusal("comment", "comments are not allowed here", "Remove the comment.")
    }
    position += 1
    if take(UInt8(ascii: "/")) {
      while let byte = peek, byte != 0x0A, byte != 0x0D { position += 1 }
    } else if take(UInt8(ascii: "*")) {
      while position < bytes.count {
        if take(UInt8(ascii: "*")) {
          if take(UInt8(ascii: "/")) { return }
        } else {
          position += 1
        }
      }
      throw refusal("open-comment", "the comment that begins here does not end", "Close it with */.", at: start)
    } else {
      throw refusal("unexpected", "found a single '/'", "Write // or /* for a comment.", at: start)
    }
  }

  /// A name without quotes.
  mutating func identifier() -> String {
    let start = position
    while let byte = peek, byte.isIdentifierPart { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  // MARK: Strings

  mutating func parseString() throws(JSONError) -> String {
    let start = position
    let quote = bytes[position]
    position += 1
    var text: [UInt8] = []
    var copied = position
    while let byte = peek {
      if byte == quote {
        text += bytes[copied..<position]
        position += 1
        return String(decoding: text, as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\") {
        text += bytes[copied..<position]
        text += try parseEscape()
        copied = position
      } else if byte == 0x0A || byte == 0x0D {
        break
      } else if byte < 0x20 && (dialect == .strict || byte != 0x09) {
        throw refusal("control-character", "a control character stands in a text", "Write it as \\u00XX.")
      } else {
        position += 1
      }
    }
    throw refusal("open-text", "the text that begins here does not end on its line", "Close the quotes.", at: start)
  }

  private mutating func parseEscape() throws(JSONError) -> [UInt8] {
    let start = position
    position += 1
    guard let byte = peek else { return [] }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return try parseUnicodeEscape(start: start)
    case _ where dialect == .strict: break
    case UInt8(ascii: "v"): return [0x0B]
    case UInt8(ascii: "x"): return try utf8(of: try hexadecimal(digits: 2, start: start), start: start)
    case 0x0A: return []
    case 0x0D:
      _ = take(0x0A)
      return []
    case _ where byte.isDigit: break
    default:
      position -= 1
      let rest = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
      guard let scalar = rest.unicodeScalars.first else { break }
      position += UTF8.width(scalar)
      let isLineSeparator = scalar == "\u{2028}" || scalar == "\u{2029}"
      return isLineSeparator ? [] : Array(String(scalar).utf8)
    }
    throw refusal("escape", "a backslash begins no known escape", "Write \\\\ for a backslash.", at: start)
  }

  private mutating func parseUnicodeEscape(start: Int) throws(JSONError) -> [UInt8] {
    let first = try hexadecimal(digits: 4, start: start)
    guard (0xD800...0xDBFF).contains(first) else { return try utf8(of: first, start: start) }
    guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw loneSurrogate(at: start) }
    let second = try hexadecimal(digits: 4, start: start)
    guard (0xDC00...0xDFFF).contains(second) else { throw loneSurrogate(at: start) }
    return try utf8(of: 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), start: start)
  }

  private func utf8(of value: UInt32, start: Int) throws(JSONError) -> [UInt8] {
    guard value != 0 else {
      throw refusal("nul", "an escape stands for NUL", "Remove it.", at: start)
    }
    guard let scalar = Unicode.Scalar(value) else { throw loneSurrogate(at: start) }
    return Array(String(scalar).utf8)
  }

  private func loneSurrogate(at start: Int) -> JSONError {
    refusal(
      "lone-surrogate", "an escape stands for half of a character", "Write both halves, or the character itself.",
      at: start)
  }

  private mutating func hexadecimal(digits: Int, start: Int) throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = peek?.hexadecimalDigit else {
        throw refusal("escape", "an escape has too few hexadecimal digits", "Write \(digits) digits.", at: start)
      }
      value = value << 4 | digit
      position += 1
    }
    return value
  }

  // MARK: Numbers

  mutating func parseNumber() throws(JSONError) -> Double {
    let start = position
    let isNegative = take(UInt8(ascii: "-"))
    if !isNegative && take(UInt8(ascii: "+")) && dialect == .strict { throw badNumber(at: start) }
    if let byte = peek, byte.isIdentifierStart { throw wordAfterSign(at: start) }
    let value = try parseMagnitude(start: start)
    if let byte = peek, byte.isIdentifierPart || byte == 0x2E { throw badNumber(at: start) }
    return isNegative ? -value : value
  }

  private mutating func wordAfterSign(at start: Int) -> JSONError {
    let word = identifier()
    return word == "Infinity" || word == "NaN" ? notFinite(at: start) : badNumber(at: start)
  }

  func notFinite(at start: Int) -> JSONError {
    refusal(
      "not-finite", "NaN and Infinity are no values", "Write a finite number, or null where it is allowed.", at: start)
  }

  private mutating func parseMagnitude(start: Int) throws(JSONError) -> Double {
    let first = position
    if dialect == .json5, take(UInt8(ascii: "0")) {
      if take(UInt8(ascii: "x")) || take(UInt8(ascii: "X")) { return try parseHexadecimal(start: start) }
      position = first
    }
    let whole = digits()
    var fraction = 0
    let hasPoint = take(0x2E)
    if hasPoint { fraction = digits() }
    let hasLeadingZero = whole > 1 && bytes[first] == UInt8(ascii: "0")
    guard whole + fraction > 0, !hasLeadingZero,
      dialect == .json5 || (whole > 0 && (!hasPoint || fraction > 0))
    else { throw badNumber(at: start) }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
      guard digits() > 0 else { throw badNumber(at: start) }
    }
    guard let value = JSONNumber.value(decimal: String(decoding: bytes[first..<position], as: UTF8.self)) else {
      throw outOfRange(at: start)
    }
    return value
  }

  private mutating func parseHexadecimal(start: Int) throws(JSONError) -> Double {
    let first = position
    var value = 0.0
    while let digit = peek?.hexadecimalDigit {
      value = value * 16 + Double(digit)
      position += 1
    }
    guard position > first else { throw badNumber(at: start) }
    guard position - first <= 13 || value <= JSONNumber.largestExactInteger / 2 else { throw outOfRange(at: start) }
    return value
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = peek, byte.isDigit { position += 1 }
    return position - start
  }

  private func badNumber(at start: Int) -> JSONError {
    refusal("number", "this is no number", "Write it like 12, 0.5 or 1.2e-3.", at: start)
  }

  private func outOfRange(at start: Int) -> JSONError {
    refusal(
      "number-range", "this number is too large, too small or has too many digits to be kept exactly",
      "Write a number within range, or a text in quotes.", at: start)
  }
}

extension Unicode.Scalar {
  /// White space of JSON5 beyond ASCII.
  fileprivate var isJSON5Space: Bool {
    switch value {
    case 0xA0, 0x2028, 0x2029, 0xFEFF: true
    default: properties.generalCategory == .spaceSeparator
    }
  }
}
