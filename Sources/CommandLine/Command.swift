/// A command: either what it takes and what it does, or the commands below it.
///
///     let model = Option("model", "Kinetic model.", default: Model.auto)
///     let caseFile = Argument<FilePath>("case", "Case file.")
///     Command("fit", "Fit curves.", example: "endora tac fit case.json", takes: [model, caseFile]) { arguments in
///       try fit(arguments[caseFile], model: arguments[model])
///     }
public struct Command: Sendable {
  /// What a command does with its arguments.
  public typealias Action = @Sendable (ParsedArguments) throws -> Void

  /// The word that calls it.
  public let name: String
  /// One line.
  public let summary: String
  /// A full command line.
  public let example: String
  /// What it takes, in the order of help.
  public let parameters: [any Parameter]
  /// The commands below it.
  public let commands: [Command]
  let action: Action?

  /// A command that does something.
  public init(
    _ name: String, _ summary: String, example: String, takes parameters: [any Parameter] = [],
    run action: @escaping Action
  ) {
    self.init(name, summary, example: example, parameters: parameters, commands: [], action: action)
  }

  /// A command that has others below it.
  public init(_ name: String, _ summary: String, example: String, commands: [Command]) {
    self.init(name, summary, example: example, parameters: [], commands: commands, action: nil)
  }

  private init(
    _ name: String, _ summary: String, example: String, parameters: [any Parameter], commands: [Command],
    action: Action?
  ) {
    self.name = name
    self.summary = summary
    self.example = example
    self.parameters = parameters
    self.commands = commands
    self.action = action
  }

  /// The command with parameters that every command takes.
  func taking(_ common: [any Parameter]) -> Command {
    Command(
      name, summary, example: example, parameters: action == nil ? [] : parameters + common,
      commands: commands.map { $0.taking(common) }, action: action)
  }

  var declarations: [Declaration] { parameters.map(\.declaration) }
}
