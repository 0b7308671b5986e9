extension JSONValue {
  /// The value as JSON (RFC 8259): members in their order, two spaces a level, the shortest numbers that read back as
  /// the same `Double`, lists of plain numbers on one line.
  ///
  /// - Throws: ``JSONError`` for NaN, infinity and more than 64 levels.
  public func text(indented: Bool = true) throws(JSONError) -> String {
    var writer = JSONWriter(indented: indented)
    try writer.write(self, path: JSONPath())
    return writer.text
  }
}

struct JSONWriter {
  let indented: Bool
  private(set) var text = ""

  init(indented: Bool) { self.indented = indented }

  mutating func write(_ value: JSONValue, path: JSONPath) throws(JSONError) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .string(let value): write(string: value)
    case .number(let value):
      guard value.isFinite else {
        throw JSONError(
          "not-finite", "The number at \(path) is \(value), which JSON cannot hold.",
          remedy: "Report this: a result that is not finite must be refused where it arises.",
          category: .internalFault)
      }
      text += JSONNumber.text(value)
    case .array(let values):
      let isPlain = values.allSatisfy { $0.double != nil }
      try writeItems("[", "]", count: values.count, oneLine: isPlain, path: path) { writer, index throws(JSONError) in
        try writer.write(values[index], path: path.appending(index))
      }
    case .object(let members):
      try writeItems("{", "}", count: members.count, oneLine: false, path: path) { writer, index throws(JSONError) in
        let (key, value) = members[index]
        writer.write(string: key)
        writer.text += writer.indented ? ": " : ":"
        try writer.write(value, path: path.appending(key))
      }
    }
  }

  private mutating func writeItems(
    _ open: String, _ close: String, count: Int, oneLine: Bool, path: JSONPath,
    item: (inout JSONWriter, Int) throws(JSONError) -> Void
  ) throws(JSONError) {
    guard path.steps.count < JSONParser.deepest else {
      throw JSONError(
        "too-deep", "The value has more than \(JSONParser.deepest) levels.", remedy: "Write it with fewer levels.",
        category: .internalFault)
    }
    let breaks = indented && !oneLine && count > 0
    text += open
    for index in 0..<count {
      if index > 0 { text += indented && oneLine ? ", " : "," }
      if breaks { breakLine(level: path.steps.count + 1) }
      try item(&self, index)
    }
    if breaks { breakLine(level: path.steps.count) }
    text += close
  }

  private mutating func breakLine(level: Int) { text += "\n" + String(repeating: "  ", count: level) }

  private mutating func write(string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{08}": text += "\\b"
      case "\u{0C}": text += "\\f"
      case "\u{00}"..."\u{1F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
