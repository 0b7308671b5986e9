/// A value in a document, with its place, so that a refusal can name line and field.
public struct JSONNode: Sendable {
  /// The value.
  public let value: JSONValue
  /// The way to it from the root.
  public let path: JSONPath
  let lines: JSONLines

  init(value: JSONValue, path: JSONPath = JSONPath(), lines: JSONLines) {
    self.value = value
    self.path = path
    self.lines = lines
  }

  /// The line of its key, or of itself where it has none; the first line is 1.
  public var line: Int { lines.line }

  /// Where the value itself stands in the bytes of its document.
  public var bytes: Range<Int> { lines.bytes }

  /// The member of an object; `nil` when there is none.
  public subscript(key: String) -> JSONNode? {
    guard let members = value.object, let child = members[key], let index = members.keys.firstIndex(of: key) else {
      return nil
    }
    return JSONNode(value: child, path: path.appending(key), lines: lines.children[index])
  }

  /// The element of an array; `nil` when there is none.
  public subscript(index: Int) -> JSONNode? {
    value[index].map { JSONNode(value: $0, path: path.appending(index), lines: lines.children[index]) }
  }

  /// The members of an object in order; none for another value.
  public var members: [(key: String, node: JSONNode)] {
    zip(value.object ?? [:], lines.children).map { member, lines in
      (member.key, JSONNode(value: member.value, path: path.appending(member.key), lines: lines))
    }
  }

  /// The elements of an array in order; none for another value.
  public var elements: [JSONNode] {
    zip(value.array ?? [], lines.children).enumerated().map { index, element in
      JSONNode(value: element.0, path: path.appending(index), lines: element.1)
    }
  }

  /// A refusal that names this line and field.
  public func refusal(_ code: String, found: String, remedy: String) -> JSONError {
    JSONError(code, "Line \(line), \(path): \(found).", remedy: remedy)
  }

  /// The member of this name; refused when it is not there.
  public func required(_ key: String) throws(JSONError) -> JSONNode {
    guard value.object != nil else { throw wrong("an object") }
    guard let node = self[key] else {
      throw refusal("missing-field", found: "'\(key)' is missing", remedy: "Add '\(key)'.")
    }
    return node
  }

  /// The number; another kind of value is refused.
  public func double() throws(JSONError) -> Double { try kind("a number", value.double) }

  /// The whole number; another value is refused.
  public func int() throws(JSONError) -> Int { try kind("a whole number", value.int) }

  /// The text; another kind of value is refused.
  public func string() throws(JSONError) -> String { try kind("a text", value.string) }

  /// The truth value; another kind of value is refused.
  public func bool() throws(JSONError) -> Bool { try kind("true or false", value.bool) }

  /// The elements; a value that is no list is refused.
  public func list() throws(JSONError) -> [JSONNode] {
    _ = try kind("a list", value.array)
    return elements
  }

  private func kind<T>(_ expected: String, _ value: T?) throws(JSONError) -> T {
    guard let value else { throw wrong(expected) }
    return value
  }

  private func wrong(_ expected: String) -> JSONError {
    refusal("wrong-type", found: "found \(value.kind), expected \(expected)", remedy: "Write \(expected) there.")
  }
}
