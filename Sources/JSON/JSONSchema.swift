/// A schema that tells which documents are valid: the part of JSON Schema 2020-12 that Endora uses.
///
/// Keywords: `type`, `properties`, `required`, `additionalProperties`, `enum`, `const`, `minimum`, `maximum`,
/// `exclusiveMinimum`, `exclusiveMaximum`, `minLength`, `pattern`, `format` (`date`, `date-time` with an offset),
/// `items`, `minItems`, `maxItems`, `uniqueItems`, `oneOf`, `anyOf`, `$ref` to `#/$defs/...`, and the annotations
/// `$schema`, `$id`, `$comment`, `$defs`, `title`, `description`, `default`, `examples`.
public struct JSONSchema: Sendable {
  let root: Rule
  let definitions: [String: Rule]

  /// Reads a schema.
  ///
  /// - Throws: ``JSONError`` for a keyword, a type or a format that is not known, a value of the wrong kind, a `$ref`
  ///   that leads nowhere or back to itself: a schema that is half understood would let wrong documents pass.
  public init(_ document: JSONDocument) throws(JSONError) {
    root = try Rule(document.root)
    var definitions: [String: Rule] = [:]
    for (name, node) in document.root["$defs"]?.members ?? [] { definitions[name] = try Rule(node) }
    self.definitions = definitions
    try checkReferences()
  }

  /// Whether the document holds no violation; otherwise the first is thrown and the number of others named.
  ///
  /// - Parameter open: values that need not be as the schema wants them.
  public func check(_ document: JSONDocument, besides open: Set<JSONPath> = []) throws(JSONError) {
    let violations = violations(in: document).filter { !open.contains($0.path) }
    guard let first = violations.first else { return }
    let others = violations.count - 1
    throw JSONError(
      "schema", first.reason,
      remedy: first.remedy + (others == 0 ? "" : " There \(others == 1 ? "is 1 other" : "are \(others) others")."))
  }

  /// The violations in the order of the document's fields; of one list or object about a hundred.
  public func violations(in document: JSONDocument) -> [Violation] { violations(in: document.root) }

  /// The violations in one value of a document.
  public func violations(in node: JSONNode) -> [Violation] { violations(of: root, in: node) }

  /// One value that is not as the schema wants it.
  public struct Violation: Hashable, Sendable, CustomStringConvertible {
    /// The way to the value, such as `administrations[0].assay.value_MBq`.
    public let path: JSONPath
    /// The line of the value or of its key.
    public let line: Int
    /// What was found, such as `found a text`. Texts of the document are quoted only where a fixed word is expected.
    public let found: String
    /// What was expected, such as `a number above 0`.
    public let expected: String
    /// The known name that was probably meant.
    public let suggestion: String?
    let kind: Kind

    /// What went wrong, as far as the choice of the nearest branch needs it.
    enum Kind: Hashable, Sendable { case type, fixedValue, other }

    /// One sentence: what was found and where.
    public var reason: String { "Line \(line), \(path): \(found)." }
    /// One sentence: what to do.
    public var remedy: String { suggestion.map { "Did you mean '\($0)'?" } ?? "Expected \(expected)." }

    public var description: String { "\(reason) \(remedy)" }
  }
}

extension JSONSchema {
  /// Refuses references that lead nowhere, and rules that would apply themselves to the same value for ever.
  private func checkReferences() throws(JSONError) {
    var finished: Set<String> = []

    func visit(_ rule: Rule, above: [String]) throws(JSONError) {
      if let name = rule.reference {
        guard let target = definitions[name] else {
          throw JSONError(
            "schema-reference", "The schema refers to '#/$defs/\(name)', which it does not define.",
            remedy: "Define it under $defs.", category: .internalFault)
        }
        guard !above.contains(name) else {
          throw JSONError(
            "schema-cycle", "The definition '\(name)' in the schema refers to itself without end.",
            remedy: "Let it refer to itself only below a property or an item.", category: .internalFault)
        }
        if !finished.contains(name) { try visit(target, above: above + [name]) }
        finished.insert(name)
      }
      for branch in rule.oneOf + rule.anyOf { try visit(branch, above: above) }
    }

    func visitAll(_ rule: Rule) throws(JSONError) {
      try visit(rule, above: [])
      for inner in rule.inner { try visitAll(inner) }
    }

    try visitAll(root)
    for rule in definitions.values { try visitAll(rule) }
  }
}
