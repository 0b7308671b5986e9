import Provenance

/// The values that a command line gives to a command's parameters.
public struct ParsedArguments: Sendable {
  private var options: [String: String] = [:]
  private var flags: Set<String> = []
  private var positions: [String: [String]] = [:]
  private let declarations: [Declaration]

  /// The value of an option, or its default. Throws when the command does not take it.
  public subscript<Value>(option: Option<Value>) -> Value {
    get throws(UsageError) { try value(option.read(options[option.declaration.name]), of: option) }
  }

  /// Whether a flag was given. Throws when the command does not take it.
  public subscript(flag: Flag) -> Bool {
    get throws(UsageError) { try value(flags.contains(flag.declaration.name), of: flag) }
  }

  /// The value of an argument. Throws when the command does not take it.
  public subscript<Value>(argument: Argument<Value>) -> Value {
    get throws(UsageError) { try value(argument.read(positions[argument.declaration.name]?.first), of: argument) }
  }

  /// The values of the rest. Throws when the command does not take them.
  public subscript<Value>(rest: Rest<Value>) -> [Value] {
    get throws(UsageError) {
      try value((positions[rest.declaration.name] ?? []).compactMap { Value(argument: $0) }, of: rest)
    }
  }

  private func value<Value>(_ value: Value?, of parameter: any Parameter) throws(UsageError) -> Value {
    guard let value, declarations.contains(where: { $0.name == parameter.declaration.name }) else {
      throw UsageError(
        "undeclared-parameter", "The command read '\(parameter.declaration.name)', which it does not take.",
        remedy: "Report this fault.", category: .internalFault)
    }
    return value
  }

  // MARK: Parsing

  /// Reads the words after the command's name.
  init(_ words: [String], for command: Command, path: String) throws(UsageError) {
    declarations = command.declarations
    var places = declarations.filter { $0.form == .argument }[...]
    let rest = declarations.first { $0.form == .rest }
    var remaining = words[...]
    var onlyPositions = false
    while let first = remaining.popFirst() {
      // The one short form, which every compiler and converter has.
      let isOutput = first == "-o" && declarations.contains { $0.form == .option && $0.name == "output" }
      let word = isOutput && !onlyPositions ? "--output" : first
      if !onlyPositions, word == "--" {
        onlyPositions = true
      } else if !onlyPositions, word == "-o", declarations.contains(where: { $0.name == "output" }) {
        try takeNamed("--output", &remaining, path: path)
      } else if !onlyPositions, word.hasPrefix("--") {
        try takeNamed(word, &remaining, path: path)
      } else if !onlyPositions, word.hasPrefix("-"), word != "-", Double(argument: word) == nil {
        throw UsageError(
          "short-option", "'\(path)' has no option '\(word)'.",
          remedy: "Options are written in full, such as --help; write -- before a name that begins with a hyphen.")
      } else if let place = places.popFirst() ?? rest {
        try Self.check(word, place, label: place.valueName)
        positions[place.name, default: []].append(word)
      } else {
        throw UsageError(
          "surplus-argument", "'\(path)' does not take the argument '\(word)'.",
          remedy: "Remove it; '\(path) --help' tells what the command takes.")
      }
    }
    try checkRequired(path: path)
  }

  private mutating func takeNamed(
    _ word: String, _ remaining: inout ArraySlice<String>, path: String
  ) throws(UsageError) {
    let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let (name, label) = (parts[0], "--\(parts[0])")
    let named = declarations.filter { $0.form == .option || $0.form == .flag }
    guard let declaration = named.first(where: { $0.name == name }) else {
      let near = Suggestion.nearest(to: name, among: named.map(\.name) + ["help"])
      throw UsageError(
        "unknown-option", "'\(path)' has no option '\(label)'.",
        remedy: near.map { "Did you mean '--\($0)'?" } ?? "'\(path) --help' lists its options.")
    }
    guard options[name] == nil, !flags.contains(name) else {
      throw UsageError("repeated-option", "The option '\(label)' is given twice.", remedy: "Give it once.")
    }
    if declaration.form == .flag {
      guard parts.count == 1 else {
        throw UsageError("flag-value", "The option '\(label)' takes no value.", remedy: "Write '\(label)' alone.")
      }
      flags.insert(name)
      return
    }
    let next = remaining.first.flatMap { $0.hasPrefix("--") ? nil : $0 }
    guard let value = parts.count == 2 ? parts[1] : next else {
      throw UsageError(
        "missing-value", "The option '\(label)' has no value.",
        remedy: "Write '\(label) \(declaration.valueName)' with \(declaration.kind).")
    }
    if parts.count == 1 { remaining.removeFirst() }
    try Self.check(value, declaration, label: label)
    options[name] = value
  }

  private static func check(_ word: String, _ declaration: Declaration, label: String) throws(UsageError) {
    guard !declaration.accepts(word) else { return }
    var near: String?
    if case .words(let words) = declaration.completion { near = Suggestion.nearest(to: word, among: words) }
    throw UsageError(
      "wrong-value", "The value '\(word)' of '\(label)' is not \(declaration.kind).",
      remedy: near.map { "Did you mean '\($0)'?" } ?? "Give \(declaration.kind).")
  }

  private func checkRequired(path: String) throws(UsageError) {
    for declaration in declarations where declaration.isRequired {
      let isOption = declaration.form == .option
      guard (isOption ? options[declaration.name] : positions[declaration.name]?.first) == nil else { continue }
      let label = isOption ? "--\(declaration.name) \(declaration.valueName)" : declaration.valueName
      throw UsageError(
        "missing-argument", "'\(path)' needs \(label): \(declaration.summary)",
        remedy: "Add it; '\(path) --help' shows an example.")
    }
  }
}
