/// A shell for which completions are written.
enum Shell: String, CaseIterable {
  case bash, zsh, fish

  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension Program {
  /// A script that teaches a shell the commands, options and values of this program.
  func completions(for shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: "#compdef \(name)\nautoload -U +X bashcompinit && bashcompinit\n" + bash
    case .fish: fish
    }
  }

  /// Every command with the words that lead to it.
  private var allCommands: [(path: [String], command: Command)] {
    func below(_ command: Command, _ path: [String]) -> [(path: [String], command: Command)] {
      [(path, command)] + command.commands.flatMap { below($0, path + [$0.name]) }
    }
    return below(root, [name])
  }

  private var bash: String {
    var steps: [String] = []
    var values: [String] = []
    var words: [String] = []
    for (path, command) in allCommands {
      let spoken = path.joined(separator: " ")
      if path.count > 1 { steps.append("\"\(spoken)\"") }
      for option in command.declarations where option.form == .option {
        values.append("    \"\(spoken) --\(option.name)\") COMPREPLY=(\(bashWords(option.completion))); return ;;")
      }
      if path.count == 1 {
        let shells = Completion.words(Shell.allCases.map(\.rawValue))
        values.append("    \"\(spoken) --completions\") COMPREPLY=(\(bashWords(shells))); return ;;")
      }
      let named = command.declarations.filter { $0.form == .option || $0.form == .flag }.map { "--\($0.name)" }
      let choices = command.declarations.flatMap { declaration -> [String] in
        guard declaration.form == .argument || declaration.form == .rest,
          case .words(let words) = declaration.completion
        else { return [] }
        return words
      }
      let offered = command.commands.map(\.name) + choices + named + rootOptions(of: command)
      words.append("    \"\(spoken)\") words=\"\(offered.joined(separator: " "))\" ;;")
    }
    return """
      _\(name)() {
        local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" path="\(name)" words="" i
        for ((i = 1; i < COMP_CWORD; i++)); do
          case "$path ${COMP_WORDS[i]}" in
            \(steps.joined(separator: "|"))) path="$path ${COMP_WORDS[i]}" ;;
          esac
        done
        case "$path $previous" in
      \(values.joined(separator: "\n"))
        esac
        case "$path" in
      \(words.joined(separator: "\n"))
        esac
        COMPREPLY=($(compgen -W "$words" -- "$current"))
      }
      complete -o default -F _\(name) \(name)

      """
  }

  private func bashWords(_ completion: Completion) -> String {
    switch completion {
    case .nothing: ""
    case .files: "$(compgen -f -- \"$current\")"
    case .folders: "$(compgen -d -- \"$current\")"
    case .words(let words): "$(compgen -W \"\(words.joined(separator: " "))\" -- \"$current\")"
    }
  }

  private var fish: String {
    let paths = allCommands.dropFirst().map { "'\($0.path.dropFirst().joined(separator: " "))'" }
    var lines: [String] = []
    for (path, command) in allCommands {
      let start = "complete -c \(name) -n '__\(name)_at \"\(path.dropFirst().joined(separator: " "))\"'"
      for next in command.commands { lines.append("\(start) -f -a \(next.name) -d \(quoted(next.summary))") }
      for declaration in command.declarations {
        let about = "-d \(quoted(declaration.summary))"
        switch declaration.form {
        case .flag: lines.append("\(start) -l \(declaration.name) \(about)")
        case .option: lines.append("\(start) -l \(declaration.name) \(fishWords(declaration.completion)) \(about)")
        case .argument, .rest:
          if case .words(let words) = declaration.completion {
            lines.append("\(start) -f -a \(quoted(words.joined(separator: " "))) \(about)")
          }
        }
      }
      for option in rootOptions(of: command) {
        let shells =
          option == "--completions" ? " -x -a '\(Shell.allCases.map(\.rawValue).joined(separator: " "))'" : ""
        lines.append("\(start) -l \(option.dropFirst(2))\(shells)")
      }
    }
    return """
      function __\(name)_at
        set -l path
        for word in (commandline -opc)[2..-1]
          contains -- (string join ' ' $path $word) \(paths.joined(separator: " ")); and set -a path $word
        end
        test "$path" = "$argv[1]"
      end
      \(lines.joined(separator: "\n"))

      """
  }

  private func fishWords(_ completion: Completion) -> String {
    switch completion {
    case .nothing: "-x"
    case .files: "-r -F"
    case .folders: "-x -a '(__fish_complete_directories)'"
    case .words(let words): "-x -a \(quoted(words.joined(separator: " ")))"
    }
  }

  /// Text in single quotes as fish reads them.
  private func quoted(_ text: String) -> String {
    var result = ""
    for character in text {
      if character == "'" || character == "\\" { result.append("\\") }
      result.append(character)
    }
    return "'\(result)'"
  }
}
