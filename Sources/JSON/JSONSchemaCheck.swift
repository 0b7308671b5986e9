import Provenance

extension JSONSchema {
  func violations(of rule: Rule, in node: JSONNode) -> [Violation] {
    if let types = wrongType(rule, node) { return [types] }
    var found = fixedValue(rule, node)
    switch node.value {
    case .number(let value): found += range(rule, value, node)
    case .string(let value): found += text(rule, value, node)
    case .array(let values): found += list(rule, values, node)
    case .object(let members): found += object(rule, members, node)
    case .null, .bool: break
    }
    if let name = rule.reference, let target = definitions[name] { found += violations(of: target, in: node) }
    return found + oneOf(rule, node) + anyOf(rule, node)
  }

  private func violation(
    _ node: JSONNode, _ kind: Violation.Kind = .other, found: String, expected: String, suggestion: String? = nil
  ) -> Violation {
    Violation(
      path: node.path, line: node.line, found: found, expected: expected, suggestion: suggestion, kind: kind)
  }

  private func wrongType(_ rule: Rule, _ node: JSONNode) -> Violation? {
    if rule.types.isEmpty || rule.types.contains(where: { $0.includes(node.value) }) { return nil }
    let isFraction = node.value.double != nil && rule.types.contains(.integer)
    return violation(
      node, .type, found: "found \(isFraction ? "a number that is not whole" : node.value.kind)",
      expected: rule.types.map(\.words).joined(separator: " or "))
  }

  private func fixedValue(_ rule: Rule, _ node: JSONNode) -> [Violation] {
    guard let allowed = rule.allowed, !allowed.contains(node.value) else { return [] }
    let words = allowed.compactMap(\.string)
    return [
      violation(
        node, .fixedValue, found: "found \(shown(node.value))",
        expected: allowed.isEmpty ? "nothing there" : oneOfThese(allowed),
        suggestion: node.value.string.flatMap { Suggestion.nearest(to: $0, among: words) })
    ]
  }

  private func range(_ rule: Rule, _ value: Double, _ node: JSONNode) -> [Violation] {
    let isLow = rule.minimum.map { value < $0 } ?? false || rule.exclusiveMinimum.map { value <= $0 } ?? false
    let isHigh = rule.maximum.map { value > $0 } ?? false || rule.exclusiveMaximum.map { value >= $0 } ?? false
    guard isLow || isHigh else { return [] }
    let bounds = [
      rule.minimum.map { "at least \(JSONNumber.text($0))" },
      rule.exclusiveMinimum.map { "above \(JSONNumber.text($0))" },
      rule.maximum.map { "at most \(JSONNumber.text($0))" },
      rule.exclusiveMaximum.map { "below \(JSONNumber.text($0))" },
    ]
    return [
      violation(
        node, found: "found \(JSONNumber.text(value))",
        expected: "a number " + bounds.compactMap(\.self).joined(separator: " and "))
    ]
  }

  private func text(_ rule: Rule, _ value: String, _ node: JSONNode) -> [Violation] {
    let count = value.unicodeScalars.count
    if let least = rule.minLength, count < least {
      let found = value.isEmpty ? "found an empty text" : "found a text of \(count) characters"
      return [violation(node, found: found, expected: "at least \(least) character\(least == 1 ? "" : "s")")]
    }
    if let pattern = rule.pattern, !matches(value, pattern) {
      let form = rule.title.map { "\($0), of the form \(pattern)" } ?? "a text of the form \(pattern)"
      return [violation(node, found: "found a text of another form", expected: form)]
    }
    if let format = rule.format, !format.matches(value) {
      return [violation(node, found: "found a text of another form", expected: format.words)]
    }
    return []
  }

  /// Longer texts match no pattern: nothing that has a form is longer, and a search must end soon.
  private static let longestPatternText = 1024

  private func matches(_ text: String, _ pattern: String) -> Bool {
    guard text.utf8.count <= Self.longestPatternText, let expression = try? Regex(pattern) else { return false }
    return text.firstMatch(of: expression.asciiOnlyCharacterClasses()) != nil
  }

  /// After so many violations the rest of a list or an object is not looked at.
  private static let mostOfOneList = 100

  private func list(_ rule: Rule, _ values: [JSONValue], _ node: JSONNode) -> [Violation] {
    var found: [Violation] = []
    let isShort = rule.minItems.map { values.count < $0 } ?? false
    let isLong = rule.maxItems.map { values.count > $0 } ?? false
    if isShort || isLong {
      let bounds = [rule.minItems.map { "at least \($0)" }, rule.maxItems.map { "at most \($0)" }]
      found.append(
        violation(
          node, found: "found \(values.count) items",
          expected: bounds.compactMap(\.self).joined(separator: " and ") + " items"))
    }
    if rule.uniqueItems, Set(values).count < values.count {
      found.append(violation(node, found: "an item comes twice", expected: "items that differ"))
    }
    guard let items = rule.items.first else { return found }
    for index in values.indices where found.count < Self.mostOfOneList {
      if let element = node[index] { found += violations(of: items, in: element) }
    }
    return found
  }

  private func object(_ rule: Rule, _ members: JSONObject, _ node: JSONNode) -> [Violation] {
    let known = Dictionary(rule.properties.map { ($0.key, $0.rule) }) { first, _ in first }
    var found: [Violation] = []
    for (key, child) in node.members where found.count < Self.mostOfOneList {
      if let rule = known[key] {
        found += violations(of: rule, in: child)
        continue
      }
      switch rule.additional {
      case .allowed: break
      case .rule(let other): found += violations(of: other, in: child)
      case .refused:
        let free = rule.properties.map(\.key).filter { members[$0] == nil }
        found.append(
          violation(
            child, found: "the key '\(key.shown)' is not known here",
            expected: free.isEmpty ? "no further key" : "one of \(free.joined(separator: ", "))",
            suggestion: Suggestion.nearest(to: key, among: free)))
      }
    }
    for key in rule.required where members[key] == nil {
      found.append(violation(node, found: "'\(key)' is missing", expected: "'\(key)'"))
    }
    return found
  }
}

// MARK: - Branches

extension JSONSchema {
  private func oneOf(_ rule: Rule, _ node: JSONNode) -> [Violation] {
    guard !rule.oneOf.isEmpty else { return [] }
    let branches = rule.oneOf.map { violations(of: $0, in: node) }
    switch branches.count(where: \.isEmpty) {
    case 0: return nearest(branches, node)
    case 1: return []
    default:
      return [violation(node, found: "it is valid in more than one way", expected: "a value of exactly one form")]
    }
  }

  private func anyOf(_ rule: Rule, _ node: JSONNode) -> [Violation] {
    let branches = rule.anyOf.map { violations(of: $0, in: node) }
    return branches.contains(where: \.isEmpty) ? [] : nearest(branches, node)
  }

  /// The violations of the branch that was probably meant: of the right type, with the right discriminating word, with
  /// the fewest violations. Where no branch has the right type or word, one violation that names those of all.
  private func nearest(_ branches: [[Violation]], _ node: JSONNode) -> [Violation] {
    func mismatch(_ branch: [Violation]) -> (rank: Int, violation: Violation)? {
      if let type = branch.first(where: { $0.kind == .type && $0.path == node.path }) { return (2, type) }
      let word = branch.first { $0.kind == .fixedValue && $0.path.steps.count <= node.path.steps.count + 1 }
      return word.map { (1, $0) }
    }
    func isNearer(_ a: [Violation], _ b: [Violation]) -> Bool {
      (mismatch(a)?.rank ?? 0, a.count) < (mismatch(b)?.rank ?? 0, b.count)
    }
    guard let best = branches.min(by: isNearer) else { return [] }
    guard let (rank, first) = mismatch(best) else { return best }
    let alike = branches.compactMap(mismatch).filter { $0.rank == rank && $0.violation.path == first.path }
    guard alike.count > 1 else { return best }
    var expected: [String] = []
    for (_, violation) in alike where !expected.contains(violation.expected) { expected.append(violation.expected) }
    return [
      Violation(
        path: first.path, line: first.line, found: first.found, expected: expected.joined(separator: " or "),
        suggestion: alike.compactMap(\.violation.suggestion).first, kind: first.kind)
    ]
  }

  private func oneOfThese(_ values: [JSONValue]) -> String {
    values.map(shown).joined(separator: " or ")
  }

  /// Short texts in quotes, numbers and words as they are, anything else by its kind.
  private func shown(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let value): JSONNumber.text(value)
    case .string(let value): value.count <= 40 ? "'\(value)'" : "a text of \(value.count) characters"
    case .array, .object: value.kind
    }
  }
}
