/// The members of a JSON object in their order. Two objects with the same members are equal in any order.
public struct JSONObject: Hashable, Sendable {
  /// The keys in the order in which they were written.
  public private(set) var keys: [String] = []
  private var values: [String: JSONValue] = [:]

  public init() {}

  /// Members in order; of a key that comes twice the last value stays.
  public init(_ members: some Sequence<(String, JSONValue)>) {
    for (key, value) in members { self[key] = value }
  }

  /// The value of a key. A new key goes to the end; `nil` removes it.
  public subscript(key: String) -> JSONValue? {
    get { values[key] }
    set {
      let old = values[key]
      values[key] = newValue
      if old == nil && newValue != nil { keys.append(key) }
      if old != nil && newValue == nil { keys.removeAll { $0 == key } }
    }
  }

  public static func == (a: JSONObject, b: JSONObject) -> Bool { a.values == b.values }
  public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

extension JSONObject: RandomAccessCollection {
  public var startIndex: Int { keys.startIndex }
  public var endIndex: Int { keys.endIndex }
  public subscript(position: Int) -> (key: String, value: JSONValue) {
    (keys[position], values[keys[position], default: .null])
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral members: (String, JSONValue)...) { self.init(members) }
}
