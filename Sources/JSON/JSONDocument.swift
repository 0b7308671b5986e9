/// A document that was read, with the line of each of its values.
public struct JSONDocument: Sendable {
  /// The value at the root with its place.
  public let root: JSONNode

  /// The value at the root.
  public var value: JSONValue { root.value }

  /// Reads a document from UTF-8 bytes.
  ///
  /// - Throws: ``JSONError`` with line and column: text that is not the dialect, a key that comes twice, more than 64
  ///   levels, more bytes than the limit, a number that `Double` does not hold, invalid UTF-8, NUL.
  public init(
    _ bytes: some Sequence<UInt8>, dialect: JSONDialect = .json5, limit: Int = JSONDocument.defaultLimit
  ) throws(JSONError) {
    var parser = try JSONParser(bytes: Array(bytes), dialect: dialect, limit: limit)
    root = try parser.document()
  }

  /// Reads a document from text.
  public init(_ text: String, dialect: JSONDialect = .json5) throws(JSONError) {
    try self.init(text.utf8, dialect: dialect)
  }

  /// The largest document in bytes unless the caller allows another: 16 MiB.
  public static let defaultLimit = 16 << 20

  /// The value at a path with its place; `nil` when there is none.
  public func node(at path: JSONPath) -> JSONNode? {
    path.steps.reduce(Optional(root)) { node, step in
      switch step {
      case .key(let key): node?[key]
      case .index(let index): node?[index]
      }
    }
  }

  /// The line of the value at a path; `nil` when there is none.
  public func line(of path: JSONPath) -> Int? { node(at: path)?.line }
}

/// How a document is written.
public enum JSONDialect: Sendable {
  /// JSON5: comments, trailing commas, single quotes, keys without quotes, more forms of numbers. For people.
  case json5
  /// RFC 8259 to the letter. For machines.
  case strict
}

/// Where a value and its elements or members stand, in their order.
struct JSONLines: Sendable {
  let line: Int
  /// The first byte of the value, or of its key where it has one.
  let start: Int
  /// The bytes of the value itself.
  let bytes: Range<Int>
  var children: [JSONLines] = []
}
