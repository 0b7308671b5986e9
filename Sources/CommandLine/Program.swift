import Provenance

/// A program: a tree of commands with help, version and completions.
public struct Program: Sendable {
  /// The word that calls it.
  public let name: String
  /// One line.
  public let summary: String
  /// Its version.
  public let version: String
  let root: Command

  /// - Parameter everywhere: parameters that every command takes, such as `--json`.
  public init(
    _ name: String, _ summary: String, version: String, example: String, everywhere: [any Parameter] = [],
    commands: [Command]
  ) {
    self.name = name
    self.summary = summary
    self.version = version
    root = Command(name, summary, example: example, commands: commands.map { $0.taking(everywhere) })
  }

  /// What a command line asks for.
  public enum Request: Sendable {
    /// Text for standard output: help, the version, a completion script.
    case text(String)
    /// A command with its arguments.
    case command(Command, path: [String], ParsedArguments)
  }

  /// Reads the words after the program's name.
  public func parse(_ words: [String]) throws(UsageError) -> Request {
    var (command, path, remaining) = (root, [name], words[...])
    while !command.commands.isEmpty, let word = remaining.first, !word.hasPrefix("-") {
      guard let next = command.commands.first(where: { $0.name == word }) else {
        throw unknown(word, below: command, path: path.joined(separator: " "))
      }
      (command, path) = (next, path + [word])
      remaining.removeFirst()
    }
    let spoken = path.joined(separator: " ")
    let asksForHelp = remaining.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
    if asksForHelp || (path.count == 1 && remaining.isEmpty) { return .text(help(of: command, path: path)) }
    if path.count == 1, let text = try rootOption(Array(remaining)) { return .text(text) }
    guard command.action != nil else {
      if let word = remaining.first { throw unknown(word, below: command, path: spoken) }
      throw UsageError(
        "missing-command", "'\(spoken)' needs a command.",
        remedy: "Add one of \(command.commands.map(\.name).joined(separator: ", ")).")
    }
    return .command(command, path: path, try ParsedArguments(Array(remaining), for: command, path: spoken))
  }

  private func rootOption(_ words: [String]) throws(UsageError) -> String? {
    if words == ["--version"] { return "\(name) \(version)\n" }
    guard let first = words.first, first.hasPrefix("--completions") else { return nil }
    let value = first.hasPrefix("--completions=") ? String(first.dropFirst(14)) : words.dropFirst().first
    guard let shell = value.flatMap({ Shell(rawValue: $0) }) else {
      throw UsageError(
        "unknown-shell", "There are completions for \(Shell.names) only.",
        remedy: "Write '\(name) --completions bash', for example.")
    }
    return completions(for: shell)
  }

  private func unknown(_ word: String, below command: Command, path: String) -> UsageError {
    let isOption = word.hasPrefix("-")
    let known = isOption ? rootOptions(of: command) : command.commands.map(\.name)
    let near = Suggestion.nearest(to: word, among: known)
    return UsageError(
      isOption ? "unknown-option" : "unknown-command",
      "'\(path)' has no \(isOption ? "option" : "command") '\(word)'.",
      remedy: near.map { "Did you mean '\($0)'?" } ?? "Choose from \(known.joined(separator: ", ")).")
  }

  func rootOptions(of command: Command) -> [String] {
    command.name == root.name ? ["--help", "--version", "--completions"] : ["--help"]
  }

  /// Reads the words and does what they ask for.
  ///
  /// A refusal goes to standard error in two lines: what was found, what to do. A reader that closes standard output
  /// early, such as `head`, ends the program in silence.
  /// - Returns: the exit code of sysexits; 0 when all went well.
  public func run(_ words: [String], output: OutputStream, errors: OutputStream) -> Int32 {
    do {
      switch try parse(words) {
      case .text(let text): try output.write(text)
      case .command(let command, _, let arguments): try command.action?(arguments)
      }
      return 0
    } catch let error as OutputError where error.isClosedPipe {
      return 0
    } catch let error as any Refusal {
      try? errors.write("\(error.description)\n")
      return error.category.rawValue
    } catch {
      try? errors.write("Something failed that has no name: \(type(of: error)).\nReport this fault.\n")
      return RefusalCategory.internalFault.rawValue
    }
  }
}
