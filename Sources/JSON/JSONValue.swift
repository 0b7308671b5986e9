/// A JSON value (RFC 8259).
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  public init(_ value: Bool) { self = .bool(value) }
  public init(_ value: Int) { self = .number(Double(value)) }

  /// A number, or null for a value that is missing.
  public init(_ value: Double?) { self = value.map { .number($0) } ?? .null }

  /// A text, or null for a value that is missing.
  public init(_ value: String?) { self = value.map { .string($0) } ?? .null }

  public init(_ values: some Sequence<JSONValue>) { self = .array(Array(values)) }

  /// Whether it is null.
  public var isNull: Bool { self == .null }

  /// The truth value; `nil` when it is something else.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The number; `nil` when it is something else.
  public var double: Double? { if case .number(let value) = self { value } else { nil } }

  /// The number when it is whole and exactly known; `nil` otherwise.
  public var int: Int? {
    guard case .number(let value) = self, value.magnitude <= JSONNumber.largestExactInteger else { return nil }
    return Int(exactly: value)
  }

  /// The text; `nil` when it is something else.
  public var string: String? { if case .string(let value) = self { value } else { nil } }

  /// The elements; `nil` when it is something else.
  public var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }

  /// The members; `nil` when it is something else.
  public var object: JSONObject? { if case .object(let members) = self { members } else { nil } }

  /// The member of an object; `nil` when there is none or this is no object.
  public subscript(key: String) -> JSONValue? { object?[key] }

  /// The element of an array; `nil` when there is none or this is no array.
  public subscript(index: Int) -> JSONValue? {
    guard let array, array.indices.contains(index) else { return nil }
    return array[index]
  }

  /// The kind in words for people, such as `a number`.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral members: (String, JSONValue)...) { self = .object(JSONObject(members)) }
}
