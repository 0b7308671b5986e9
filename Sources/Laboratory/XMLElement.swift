import Foundation
import FoundationXML

/// An element of an XML document, with local names only.
struct XMLElement: Sendable {
  let name: String
  /// Attributes by local name.
  var attributes: [String: String] = [:]
  var children: [XMLElement] = []
  var text = ""

  /// The children of a name.
  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
  /// The first child of a name.
  func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }
  /// The elements of a name at any depth, in the order of the document.
  func descendants(_ name: String) -> [XMLElement] {
    children.flatMap { ($0.name == name ? [$0] : []) + $0.descendants(name) }
  }

  /// Reads a document in UTF-8 without document type declaration, at most 64 elements deep and a million in all.
  ///
  /// Entities are declared in document type declarations alone, so none can multiply or name a file.
  ///
  /// - Throws: ``LaboratoryError`` with the line for anything that is not well formed.
  init(document bytes: [UInt8]) throws { self = try XMLTree.read(bytes) }

  fileprivate init(name: String, attributes: [String: String]) { (self.name, self.attributes) = (name, attributes) }
}

/// Collects what Foundation's parser reports.
private final class XMLTree: NSObject, XMLParserDelegate {
  private static let deepest = 64
  private static let most = 1_000_000

  private var open: [XMLElement] = []
  private var root: XMLElement?
  private var count = 0
  private var objection: String?

  static func read(_ bytes: [UInt8]) throws -> XMLElement {
    func refusal(_ what: String) -> LaboratoryError {
      LaboratoryError("xml-invalid", "The XML document \(what).", remedy: "Export the document again as UTF-8.")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw refusal("is not UTF-8 text") }
    if let declared = text.prefix(200).firstMatch(of: /<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']/)?.1,
      !["utf-8", "us-ascii", "ascii"].contains(declared.lowercased())
    {
      throw refusal("says that it is encoded as \(declared.prefix(20))")
    }
    guard !bytes.contains("<!DOCTYPE".utf8), !bytes.contains(0) else {
      throw refusal("has a document type declaration, which is not read, or zero bytes")
    }
    let parser = XMLParser(data: Data(bytes))
    parser.shouldResolveExternalEntities = false
    let tree = XMLTree()
    parser.delegate = tree
    guard parser.parse(), tree.objection == nil, let root = tree.root else {
      throw refusal("\(tree.objection ?? "is not well formed") (line \(max(1, parser.lineNumber)))")
    }
    return root
  }

  private static func local(_ name: String) -> String { name.split(separator: ":").last.map(String.init) ?? name }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    count += 1
    if root != nil { objection = "goes on after its root element" }
    guard root == nil, open.count < Self.deepest, count <= Self.most else {
      objection =
        objection ?? "is nested more than \(Self.deepest) deep or has more than \(Self.most) elements"
      parser.abortParsing()
      return
    }
    var own: [String: String] = [:]
    for (key, value) in attributes where key != "xmlns" && !key.hasPrefix("xmlns:") { own[Self.local(key)] = value }
    open.append(XMLElement(name: Self.local(name), attributes: own))
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    guard let element = open.popLast() else { return }
    if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
    objection = objection ?? "is not well formed"
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if !open.isEmpty { open[open.count - 1].text += text }
  }

  func parser(_ parser: XMLParser, foundCDATA data: Data) {
    if !open.isEmpty { open[open.count - 1].text += String(decoding: data, as: UTF8.self) }
  }
}
