/// One change of a document's text: a value is set or a member is taken out, and all else stays as a person wrote it.
public struct JSONEdit: Hashable, Sendable {
  /// The members on the way from the root; elements of lists are found by their number, and the number after the last
  /// adds one.
  public let path: JSONPath
  /// What stands there afterwards; `nil` takes the member or the element out.
  public let value: JSONValue?

  public init(_ path: JSONPath, _ value: JSONValue?) {
    self.path = path
    self.value = value
  }

  /// The document's bytes with the change.
  ///
  /// Objects that are missing on the way are made. Taking out a member that is not there changes nothing.
  ///
  /// - Throws: ``JSONError`` when the document cannot be read, or the way leads through a value that is no object.
  public func applied(to bytes: [UInt8]) throws(JSONError) -> [UInt8] {
    let document = try JSONDocument(bytes)
    var node = document.root
    for (depth, step) in path.steps.enumerated() {
      let isLast = depth == path.steps.count - 1
      switch step {
      case .index(let index):
        if isLast, let value, let count = node.value.array?.count, count > 0, index == count {
          return try Self.adding(try value.text(indented: false), to: node, of: bytes)
        }
        if isLast, value == nil, node[index] != nil { return Self.removing(index, from: node, in: bytes) }
        guard let next = node[index] else { throw missing(node) }
        node = next
      case .key(let key):
        guard node.value.object != nil else { throw missing(node) }
        if let next = node[key] {
          if isLast, value == nil {
            return Self.removing(node.value.object!.keys.firstIndex(of: key)!, from: node, in: bytes)
          }
          node = next
        } else {
          guard let value else { return bytes }
          return try inserting(wrapped(value, from: depth + 1), as: key, into: node, of: bytes)
        }
      }
    }
    guard let value else { throw missing(node) }
    return Array(bytes[..<node.lines.bytes.lowerBound]) + Array(try value.text(indented: false).utf8)
      + bytes[node.lines.bytes.upperBound...]
  }

  private func missing(_ node: JSONNode) -> JSONError {
    node.refusal("no-such-place", found: "there is nothing at \(path)", remedy: "Read the document again.")
  }

  /// The value inside the objects that the rest of the way needs.
  private func wrapped(_ value: JSONValue, from depth: Int) throws(JSONError) -> JSONValue {
    var value = value
    for step in path.steps[depth...].reversed() {
      guard case .key(let key) = step else {
        throw JSONError("no-such-place", "There is nothing at \(path).", remedy: "Read the document again.")
      }
      value = .object(JSONObject([(key, value)]))
    }
    return value
  }

  private func inserting(
    _ value: JSONValue, as key: String, into node: JSONNode, of bytes: [UInt8]
  ) throws(JSONError) -> [UInt8] {
    let member = try JSONValue.string(key).text(indented: false) + ": " + value.text(indented: false)
    if let last = node.lines.children.last {
      return Array(bytes[..<last.bytes.upperBound]) + Array((", " + member).utf8) + bytes[last.bytes.upperBound...]
    }
    let inside = node.lines.bytes.lowerBound + 1
    return Array(bytes[..<inside]) + Array((" " + member + " ").utf8) + bytes[inside...]
  }

  /// An element more, behind what is said beside the last one, and laid out as that is.
  private static func adding(_ text: String, to node: JSONNode, of bytes: [UInt8]) throws(JSONError) -> [UInt8] {
    let last = node.lines.children[node.lines.children.count - 1]
    var parser = try JSONParser(bytes: bytes, dialect: .json5, limit: JSONDocument.defaultLimit)
    parser.position = last.bytes.upperBound
    try parser.skipSpace()
    let hasComma = parser.take(UInt8(ascii: ","))
    let close = node.lines.bytes.upperBound - 1
    func indentation(before place: Int) -> [UInt8]? {
      let start = bytes[..<place].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
      return bytes[start..<place].allSatisfy { $0 == 0x20 || $0 == 0x09 } ? Array(bytes[start..<place]) : nil
    }
    guard let own = indentation(before: last.start), let end = indentation(before: close) else {
      return Array(bytes[..<close]) + Array((hasComma ? "\(text), " : ", \(text)").utf8) + bytes[close...]
    }
    let comma: [UInt8] = hasComma ? [] : [UInt8(ascii: ",")]
    let line = own + Array((text + (hasComma ? ",\n" : "\n")).utf8)
    return Array(bytes[..<last.bytes.upperBound]) + comma + bytes[last.bytes.upperBound..<(close - end.count)] + line
      + bytes[(close - end.count)...]
  }

  /// A member or an element goes with the comma after it; the last one with the comma before it.
  private static func removing(_ index: Int, from node: JSONNode, in bytes: [UInt8]) -> [UInt8] {
    let places = node.lines.children
    if index + 1 < places.count { return Array(bytes[..<places[index].start]) + bytes[places[index + 1].start...] }
    let start = index > 0 ? places[index - 1].bytes.upperBound : places[index].start
    return Array(bytes[..<start]) + bytes[places[index].bytes.upperBound...]
  }
}
