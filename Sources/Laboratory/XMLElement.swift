/// An element of an XML document, with local names only.
struct XMLElement {
  let name: String
  /// Attributes by local name.
  var attributes: [String: String] = [:]
  var children: [XMLElement] = []
  var text = ""

  /// The children of a name.
  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
  /// The first child of a name.
  func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  /// Reads a document without document type declarations, at most 64 elements deep.
  ///
  /// - Throws: ``LaboratoryError`` with the offset for anything that is not well formed.
  init(document bytes: [UInt8]) throws {
    var parser = XMLParser(bytes)
    self = try parser.document()
  }

  fileprivate init(name: String) { self.name = name }
}

private struct XMLParser {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  mutating func document() throws -> XMLElement {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw refusal("is not UTF-8 text") }
    try skipMisc()
    guard peek("<") else { throw refusal("has no element") }
    let root = try element(depth: 1)
    try skipMisc()
    guard index == bytes.count else { throw refusal("goes on after its root element") }
    return root
  }

  private func refusal(_ what: String) -> LaboratoryError {
    LaboratoryError("xml-invalid", "The XML document \(what) (byte \(index)).", remedy: "Export the document again.")
  }

  private func peek(_ text: StaticString) -> Bool {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    return bytes.count - index >= wanted.count && bytes[index..<(index + wanted.count)].elementsEqual(wanted)
  }

  private mutating func skip(past end: StaticString) throws {
    while index < bytes.count {
      if peek(end) {
        index += end.utf8CodeUnitCount
        return
      }
      index += 1
    }
    throw refusal("ends inside a comment or instruction")
  }

  private mutating func skipSpace() {
    while index < bytes.count, [9, 10, 13, 32].contains(bytes[index]) { index += 1 }
  }

  private mutating func skipMisc() throws {
    while true {
      skipSpace()
      if peek("<!--") {
        try skip(past: "-->")
      } else if peek("<?") {
        try skip(past: "?>")
      } else if peek("<!") {
        throw refusal("has a document type declaration, which is not read")
      } else {
        return
      }
    }
  }

  private mutating func name() throws -> String {
    let first = index
    while index < bytes.count, !" \t\r\n=/><\"'".utf8.contains(bytes[index]) { index += 1 }
    guard first < index else { throw refusal("lacks a name") }
    return String(decoding: bytes[first..<index], as: UTF8.self)
  }

  private static func local(_ name: String) -> String { name.split(separator: ":").last.map(String.init) ?? name }

  private mutating func element(depth: Int) throws -> XMLElement {
    guard depth <= 64 else { throw refusal("is nested more than 64 deep") }
    index += 1
    let tag = try name()
    var element = XMLElement(name: Self.local(tag))
    while true {
      skipSpace()
      if peek("/>") {
        index += 2
        return element
      }
      if peek(">") {
        index += 1
        break
      }
      let key = try name()
      skipSpace()
      guard peek("=") else { throw refusal("has an attribute without value") }
      index += 1
      skipSpace()
      guard index < bytes.count, bytes[index] == 34 || bytes[index] == 39 else {
        throw refusal("has an attribute without quotes")
      }
      let quote = bytes[index]
      index += 1
      let first = index
      while index < bytes.count, bytes[index] != quote { index += 1 }
      guard index < bytes.count else { throw refusal("ends inside an attribute") }
      if key != "xmlns", !key.hasPrefix("xmlns:") {
        element.attributes[Self.local(key)] = try unescaped(bytes[first..<index])
      }
      index += 1
    }
    while true {
      guard index < bytes.count else { throw refusal("ends inside <\(tag)>") }
      if peek("</") {
        index += 2
        guard try name() == tag else { throw refusal("closes another element than <\(tag)>") }
        skipSpace()
        guard peek(">") else { throw refusal("has a closing tag that is not closed") }
        index += 1
        return element
      } else if peek("<!--") {
        try skip(past: "-->")
      } else if peek("<![CDATA[") {
        let first = index + 9
        try skip(past: "]]>")
        element.text += String(decoding: bytes[first..<(index - 3)], as: UTF8.self)
      } else if peek("<?") {
        try skip(past: "?>")
      } else if peek("<") {
        element.children.append(try self.element(depth: depth + 1))
      } else {
        let first = index
        while index < bytes.count, bytes[index] != 60 { index += 1 }
        element.text += try unescaped(bytes[first..<index])
      }
    }
  }

  private func unescaped(_ slice: ArraySlice<UInt8>) throws -> String {
    let text = String(decoding: slice, as: UTF8.self)
    guard text.contains("&") else { return text }
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      guard let end = rest[start...].firstIndex(of: ";") else { throw refusal("has an ampersand alone") }
      let entity = rest[rest.index(after: start)..<end]
      switch entity {
      case "amp": result += "&"
      case "lt": result += "<"
      case "gt": result += ">"
      case "quot": result += "\""
      case "apos": result += "'"
      default:
        let number = entity.hasPrefix("#x") ? UInt32(entity.dropFirst(2), radix: 16) : UInt32(entity.dropFirst())
        guard entity.hasPrefix("#"), let number, let scalar = Unicode.Scalar(number) else {
          throw refusal("uses an entity that is not declared")
        }
        result.unicodeScalars.append(scalar)
      }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
