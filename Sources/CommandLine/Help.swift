extension Program {
  /// The help of a command: usage, what it takes with defaults and allowed values, an example.
  func help(of command: Command, path: [String]) -> String {
    let spoken = path.joined(separator: " ")
    var text = "\(command.summary)\n\nUsage: \(spoken)\(usage(of: command))\n"
    let named = command.declarations.filter { $0.form == .option || $0.form == .flag }
    let places = command.declarations.filter { $0.form == .argument || $0.form == .rest }
    text += section("Commands", command.commands.map { ($0.name, $0.summary) })
    text += section("Arguments", places.map { ($0.helpLabel, $0.helpText) })
    text += section("Options", named.map { ($0.helpLabel, $0.helpText) } + general(of: command))
    text += "\nExample:\n  \(command.example)\n"
    if !command.commands.isEmpty { text += "\n'\(spoken) COMMAND --help' tells more of a command.\n" }
    return text
  }

  private func usage(of command: Command) -> String {
    if !command.commands.isEmpty { return " COMMAND" }
    let named = command.declarations.filter { $0.form == .option || $0.form == .flag }
    let places = command.declarations.filter { $0.form == .argument || $0.form == .rest }
    return (named + places).map { " " + ($0.isRequired ? $0.helpLabel : "[\($0.helpLabel)]") }.joined()
  }

  private func general(of command: Command) -> [(String, String)] {
    let help = ("--help", "Show this help.")
    guard command.name == root.name else { return [help] }
    return [
      help, ("--version", "Show the version."),
      ("--completions SHELL", "Write completions for a shell. One of \(Shell.names)."),
    ]
  }

  private func section(_ title: String, _ rows: [(String, String)]) -> String {
    guard !rows.isEmpty else { return "" }
    let width = rows.map(\.0.count).max() ?? 0
    return "\n\(title):\n"
      + rows.map { label, text in
        "  " + label + String(repeating: " ", count: width - label.count + 2) + text + "\n"
      }.joined()
  }
}

extension Declaration {
  /// `--model MODEL`, `--json`, `CASE`, `REGION ...`.
  var helpLabel: String {
    switch form {
    case .option: (name == "output" ? "-o|" : "") + "--\(name) \(valueName)"
    case .flag: "--\(name)"
    case .argument: valueName
    case .rest: "\(valueName) ..."
    }
  }

  var helpText: String {
    var text = summary
    if case .words(let words) = completion { text += " One of \(words.joined(separator: ", "))." }
    if let defaultWord { text += " Default: \(defaultWord)." }
    if isRequired && form == .option { text += " Required." }
    return text
  }
}
