extension JSONSchema {
  /// One schema object: what it demands of a value.
  struct Rule: Sendable {
    var types: [ValueType] = []
    var allowed: [JSONValue]?
    var minimum: Double?
    var maximum: Double?
    var exclusiveMinimum: Double?
    var exclusiveMaximum: Double?
    var minLength: Int?
    var pattern: String?
    var format: TextFormat?
    var title: String?
    var properties: [(key: String, rule: Rule)] = []
    var required: [String] = []
    var additional = Additional.allowed
    var items: [Rule] = []
    var minItems: Int?
    var maxItems: Int?
    var uniqueItems = false
    var oneOf: [Rule] = []
    var anyOf: [Rule] = []
    var reference: String?

    /// What is said of keys that `properties` does not name.
    indirect enum Additional: Sendable {
      case allowed, refused
      case rule(Rule)
    }

    init(_ node: JSONNode) throws(JSONError) {
      if let allows = node.value.bool {
        if !allows { allowed = [] }
        return
      }
      guard node.value.object != nil else {
        throw node.refusal(
          "schema", found: "a schema is an object or true or false", remedy: "Write an object there.")
      }
      for (keyword, value) in node.members { try take(keyword, value) }
    }

    private mutating func take(_ keyword: String, _ node: JSONNode) throws(JSONError) {
      switch keyword {
      case "type": types = try Self.types(node)
      case "enum": allowed = try node.list().map(\.value)
      case "const": allowed = [node.value]
      case "minimum": minimum = try node.double()
      case "maximum": maximum = try node.double()
      case "exclusiveMinimum": exclusiveMinimum = try node.double()
      case "exclusiveMaximum": exclusiveMaximum = try node.double()
      case "minLength": minLength = try node.int()
      case "minItems": minItems = try node.int()
      case "maxItems": maxItems = try node.int()
      case "uniqueItems": uniqueItems = try node.bool()
      case "title": title = try node.string()
      case "pattern": pattern = try Self.pattern(node)
      case "format": format = try Self.format(node)
      case "items": items = [try Rule(node)]
      case "oneOf": oneOf = try Self.rules(node)
      case "anyOf": anyOf = try Self.rules(node)
      case "properties":
        for (key, value) in node.members { properties.append((key, try Rule(value))) }
      case "required":
        for name in try node.list() { required.append(try name.string()) }
      case "additionalProperties":
        switch node.value.bool {
        case true?: additional = .allowed
        case false?: additional = .refused
        case nil: additional = .rule(try Rule(node))
        }
      case "$ref":
        let text = try node.string()
        let prefix = "#/$defs/"
        guard text.hasPrefix(prefix), text.count > prefix.count else {
          throw node.refusal("schema", found: "the reference is not known", remedy: "Refer to #/$defs/NAME.")
        }
        reference = String(text.dropFirst(prefix.count))
      case "$defs" where node.path.steps.count == 1: break
      case "$schema", "$id", "$comment", "description", "default", "examples": break
      default:
        throw node.refusal(
          "schema-keyword", found: "the keyword '\(keyword)' is not known here",
          remedy: "Use only the keywords that JSONSchema lists.")
      }
    }

    /// The rules for the parts of a value.
    var inner: [Rule] {
      let others: [Rule] = if case .rule(let rule) = additional { [rule] } else { [] }
      return properties.map(\.rule) + items + others + oneOf + anyOf
    }

    private static func rules(_ node: JSONNode) throws(JSONError) -> [Rule] {
      var rules: [Rule] = []
      for branch in try node.list() { rules.append(try Rule(branch)) }
      return rules
    }

    private static func types(_ node: JSONNode) throws(JSONError) -> [ValueType] {
      var types: [ValueType] = []
      for name in node.value.array == nil ? [node] : node.elements {
        guard let type = ValueType(rawValue: try name.string()) else {
          throw name.refusal("schema", found: "the type is not known", remedy: "Use a type of JSON Schema.")
        }
        types.append(type)
      }
      return types
    }

    private static func pattern(_ node: JSONNode) throws(JSONError) -> String {
      let pattern = try node.string()
      guard (try? Regex(pattern)) != nil else {
        throw node.refusal("schema", found: "the pattern is no regular expression", remedy: "Correct it.")
      }
      return pattern
    }

    private static func format(_ node: JSONNode) throws(JSONError) -> TextFormat {
      guard let format = TextFormat(rawValue: try node.string()) else {
        throw node.refusal("schema", found: "the format is not known", remedy: "Use date or date-time.")
      }
      return format
    }
  }

  /// The types of JSON Schema.
  enum ValueType: String, Sendable {
    case null, boolean, number, integer, string, array, object

    func includes(_ value: JSONValue) -> Bool {
      switch (self, value) {
      case (.null, .null), (.boolean, .bool), (.number, .number), (.string, .string), (.array, .array),
        (.object, .object):
        true
      case (.integer, .number): value.int != nil
      default: false
      }
    }

    /// In words for people.
    var words: String {
      switch self {
      case .null: "null"
      case .boolean: "true or false"
      case .number: "a number"
      case .integer: "a whole number"
      case .string: "a text"
      case .array: "a list"
      case .object: "an object"
      }
    }
  }

  /// The formats of text that are checked.
  enum TextFormat: String, Sendable {
    case date
    case dateTime = "date-time"

    /// In words for people.
    var words: String {
      switch self {
      case .date: "a date like 2026-11-02"
      case .dateTime: "a time with its offset from UTC, like 2026-11-02T09:03:00+01:00"
      }
    }

    /// Whether a text is a date, or a date and time, of RFC 3339. Leap seconds are refused, seconds may be left out.
    func matches(_ text: String) -> Bool {
      guard text.utf8.count <= 64 else { return false }
      switch self {
      case .date:
        guard let parts = text.wholeMatch(of: /(\d{4})-(\d\d)-(\d\d)/.asciiOnlyDigits()) else { return false }
        return Self.isDay(parts.1, parts.2, parts.3)
      case .dateTime:
        let form =
          /(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))/
        guard let parts = text.wholeMatch(of: form.asciiOnlyDigits()) else { return false }
        return Self.isDay(parts.1, parts.2, parts.3)
      }
    }

    private static func isDay(_ year: Substring, _ month: Substring, _ day: Substring) -> Bool {
      guard let year = Int(year), let month = Int(month), let day = Int(day), (1...12).contains(month) else {
        return false
      }
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      return day >= 1 && day <= lengths[month - 1]
    }
  }
}
