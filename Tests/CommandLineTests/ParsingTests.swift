import CommandLine
import Provenance
import Testing

enum Model: String, CaseIterable, ArgumentValue { case auto, mono, biexp }

enum Sample {
  static let model = Option("model", "Kinetic model.", default: Model.auto)
  static let out = Option<FolderPath?>("out", "Folder of results.")
  static let draws = Option("draws", "Number of draws.", default: 100)
  static let mass = Option<Double>(required: "mass", "Mass in g.")
  static let json = Flag("json", "Write JSON.")
  static let caseFile = Argument<FilePath>("case", "Case file.")
  static let regions = Rest<String>("region", "Regions.")
  static let shift = Argument<Double?>("shift", "Shift in h.")

  static func program(_ fit: @escaping Command.Action = { _ in }) -> Program {
    Program(
      "endora", "A workbench.", version: "1.2.3", example: "endora demo", everywhere: [json],
      commands: [
        Command(
          "tac", "Time-activity curves.", example: "endora tac fit case.json",
          commands: [
            Command(
              "fit", "Fit curves.", example: "endora tac fit case.json --model mono",
              takes: [caseFile, regions, model, out, draws], run: fit),
            Command("plot", "Plot curves.", example: "endora tac plot case.json", takes: [caseFile]) { _ in },
          ]),
        Command("dose", "Dose.", example: "endora dose --mass 1", takes: [mass, shift]) { _ in },
      ])
  }

  static func arguments(_ sentence: String) throws -> ParsedArguments {
    guard case .command(_, _, let arguments) = try program().parse(words(sentence)) else {
      throw UsageError("no-command", "It is no command.", remedy: "Give one.")
    }
    return arguments
  }

  static func words(_ sentence: String) -> [String] { sentence.split(separator: " ").map(String.init) }
}

@Suite("Parsing")
struct ParsingTests {
  @Test(
    "A sentence gives its values",
    arguments: [
      ("tac fit c.json", "auto - 100 false c.json []"),
      ("tac fit c.json --model mono", "mono - 100 false c.json []"),
      ("tac fit --model=biexp c.json a b --json", "biexp - 100 true c.json [a b]"),
      ("tac fit --out x=y --draws=-3 c.json", "auto x=y -3 false c.json []"),
      ("tac fit --draws -3 c.json", "auto - -3 false c.json []"),
      ("tac fit -- --odd --model x", "auto - 100 false --odd [--model x]"),
      ("tac fit - a", "auto - 100 false - [a]"),
      ("tac fit c.json -2.5", "auto - 100 false c.json [-2.5]"),
      ("tac fit --out=--x c.json", "auto --x 100 false c.json []"),
    ])
  func sentences(sentence: String, values: String) throws {
    let arguments = try Sample.arguments(sentence)
    let model = try arguments[Sample.model].rawValue
    let out = try arguments[Sample.out]?.path ?? "-"
    let found = try
      "\(model) \(out) \(arguments[Sample.draws]) \(arguments[Sample.json]) \(arguments[Sample.caseFile].path)"
    #expect("\(found) [\(try arguments[Sample.regions].joined(separator: " "))]" == values)
  }

  @Test("A required option and an optional argument")
  func required() throws {
    #expect(try Sample.arguments("dose --mass 1.5")[Sample.mass] == 1.5)
    #expect(try Sample.arguments("dose --mass 1.5")[Sample.shift] == nil)
    #expect(try Sample.arguments("dose --mass 1e3 -4")[Sample.shift] == -4)
  }

  @Test(
    "A sentence that is wrong is refused in two lines",
    arguments: [
      ("tca", "'endora' has no command 'tca'.\nDid you mean 'tac'?"),
      ("tac fti", "'endora tac' has no command 'fti'.\nDid you mean 'fit'?"),
      ("tac xxxxxx", "'endora tac' has no command 'xxxxxx'.\nChoose from fit, plot."),
      ("tac", "'endora tac' needs a command.\nAdd one of fit, plot."),
      ("tac --fast", "'endora tac' has no option '--fast'.\nChoose from --help."),
      ("--verson", "'endora' has no option '--verson'.\nDid you mean '--version'?"),
      ("tac fit c --modle mono", "'endora tac fit' has no option '--modle'.\nDid you mean '--model'?"),
      ("tac fit c --model", "The option '--model' has no value.\nWrite '--model MODEL' with one of auto, mono, biexp."),
      (
        "tac fit c --model --json",
        "The option '--model' has no value.\nWrite '--model MODEL' with one of auto, mono, biexp."
      ),
      (
        "tac fit c --model mnoo",
        "The value 'mnoo' of '--model' is not one of auto, mono, biexp.\nDid you mean 'mono'?"
      ),
      ("tac fit c --draws 1.5", "The value '1.5' of '--draws' is not a whole number.\nGive a whole number."),
      ("tac fit c --json=1", "The option '--json' takes no value.\nWrite '--json' alone."),
      ("tac fit c --json --json", "The option '--json' is given twice.\nGive it once."),
      ("tac fit c --draws 1 --draws=2", "The option '--draws' is given twice.\nGive it once."),
      (
        "tac fit c -m mono",
        "'endora tac fit' has no option '-m'.\n"
          + "Options are written in full, such as --help; write -- before a name that begins with a hyphen."
      ),
      (
        "tac plot a b",
        "'endora tac plot' does not take the argument 'b'.\nRemove it; 'endora tac plot --help' tells what the command takes."
      ),
      ("tac plot", "'endora tac plot' needs CASE: Case file.\nAdd it; 'endora tac plot --help' shows an example."),
      ("dose", "'endora dose' needs --mass NUMBER: Mass in g.\nAdd it; 'endora dose --help' shows an example."),
      ("dose --mass nan", "The value 'nan' of '--mass' is not a number.\nGive a number."),
      ("dose --mass 0x10", "The value '0x10' of '--mass' is not a number.\nGive a number."),
      ("dose --mass 1e999", "The value '1e999' of '--mass' is not a number.\nGive a number."),
      (
        "--completions tcsh",
        "There are completions for bash, zsh, fish only.\nWrite 'endora --completions bash', for example."
      ),
    ])
  func refusals(sentence: String, message: String) {
    let error = #expect(throws: UsageError.self) { try Sample.program().parse(Sample.words(sentence)) }
    #expect(error?.description == message)
    #expect(error?.category == .usage)
  }

  @Test("-o is short for --output where a command takes that, and nothing elsewhere")
  func shortOutput() throws {
    let output = Option<FilePath?>("output", "The file.")
    let program = Program(
      "endora", "A workbench.", version: "1", example: "endora map",
      commands: [Command("map", "Maps.", example: "endora map -o maps", takes: [output]) { _ in }])
    guard case .command(_, _, let arguments) = try program.parse(["map", "-o", "maps"]) else {
      Issue.record("-o was not read")
      return
    }
    #expect(try arguments[output]?.path == "maps")
    #expect(throws: UsageError.self) { try Sample.arguments("tac fit case.json -o maps") }
    #expect(throws: UsageError.self) { try program.parse(["map", "-o"]) }
  }

  @Test("A command that reads what it does not take is our fault")
  func undeclared() throws {
    let arguments = try Sample.arguments("dose --mass 1")
    let error = #expect(throws: UsageError.self) { try arguments[Sample.model] }
    #expect(error?.category == .internalFault)
  }
}
