import CommandLine
import Glibc
import Provenance
import Testing

@Suite("Programs")
struct ProgramTests {
  private func text(_ sentence: String) throws -> String {
    guard case .text(let text) = try Sample.program().parse(Sample.words(sentence)) else { return "" }
    return text
  }

  @Test("The help of a command is golden text")
  func help() throws {
    #expect(
      try text("tac fit --model nonsense -h") == """
        Fit curves.

        Usage: endora tac fit [--model MODEL] [--out OUT] [--draws N] [--json] CASE [REGION ...]

        Arguments:
          CASE        Case file.
          REGION ...  Regions.

        Options:
          --model MODEL  Kinetic model. One of auto, mono, biexp. Default: auto.
          --out OUT      Folder of results.
          --draws N      Number of draws. Default: 100.
          --json         Write JSON.
          --help         Show this help.

        Example:
          endora tac fit case.json --model mono

        """)
  }

  @Test("Help stands at every level, and a bare call shows it", arguments: ["", "--help", "-h"])
  func rootHelp(sentence: String) throws {
    let help = try text(sentence)
    #expect(help.contains("\nCommands:\n  tac   Time-activity curves.\n  dose  Dose.\n"))
    #expect(help.contains("--version") && help.contains("Example:\n  endora demo\n"))
    #expect(try text("tac --help").contains("  plot  Plot curves.\n"))
  }

  @Test("After -- a word for help is an argument")
  func helpAsArgument() throws {
    #expect(try Sample.arguments("tac plot -- --help")[Sample.caseFile].path == "--help")
  }

  @Test("The version is one line")
  func version() throws { #expect(try text("--version") == "endora 1.2.3\n") }

  @Test(
    "A shell offers what the declarations say",
    arguments: [
      ("endora ''", "tac dose --help --version --completions"),
      ("endora tac ''", "fit plot --help"), ("endora tac fit --m", "--model"),
      ("endora tac fit --model ''", "auto mono biexp"), ("endora tac fit --model m", "mono"),
      ("endora --completions ''", "bash zsh fish"), ("endora dose --", "--mass --json --help"),
    ])
  func bash(words: String, offered: String) throws {
    let script = try text("--completions bash")
    let count = words.split(separator: " ").count
    let test = "COMP_WORDS=(\(words)); COMP_CWORD=\(count - 1); _endora; echo \"${COMPREPLY[*]}\""
    let found = try #require(run("\(script)\n\(test)"))
    #expect(found == "\(offered)\n")
  }

  @Test("zsh and fish scripts name every command and option")
  func otherShells() throws {
    let zsh = try text("--completions=zsh")
    #expect(zsh.hasPrefix("#compdef endora\n"))
    let fish = try text("--completions=fish")
    #expect(fish.contains("__endora_at \"tac fit\"' -l model -x -a 'auto mono biexp' -d 'Kinetic model.'"))
    #expect(fish.contains("__endora_at \"\"' -f -a tac -d 'Time-activity curves.'"))
    #expect(fish.contains("-l out -x -a '(__fish_complete_directories)'"))
  }

  @Test("A refusal gives two lines on standard error and the exit code of its kind")
  func refusal() throws {
    let (output, errors) = (try Pipe(), try Pipe())
    let program = Sample.program { _ in
      throw UsageError("no-file", "The file is not there.", remedy: "Name another.", category: .missing)
    }
    #expect(program.run(Sample.words("tac fit c"), output: output.stream, errors: errors.stream) == 66)
    #expect(program.run(Sample.words("tac fit"), output: output.stream, errors: errors.stream) == 64)
    #expect(program.run(Sample.words("--version"), output: output.stream, errors: errors.stream) == 0)
    #expect(output.read() == "endora 1.2.3\n")
    #expect(errors.read().hasPrefix("The file is not there.\nName another.\n'endora tac fit' needs CASE"))
  }

  @Test("A reader that closes early ends the program in silence, and a full disk does not")
  func closedPipe() throws {
    OutputStream.reportClosedPipes()
    let (output, errors) = (try Pipe(), try Pipe())
    output.closeReader()
    #expect(Sample.program().run(["--help"], output: output.stream, errors: errors.stream) == 0)
    #expect(errors.read() == "")
    let full = open("/dev/full", O_WRONLY)
    let errors2 = try Pipe()
    let code = Sample.program().run(["--help"], output: OutputStream(descriptor: full), errors: errors2.stream)
    close(full)
    #expect(code == RefusalCategory.inputOutput.rawValue)
    #expect(errors2.read().contains("could not be written"))
  }

  @Test("A text longer than a pipe holds arrives whole while the reader is slow")
  func longText() async throws {
    let pipe = try Pipe()
    let text = String(repeating: "0123456789abcde\n", count: 20_000)
    let (stream, reader) = (pipe.stream, pipe.reader)
    async let received = Task.detached { () -> Int in
      var total = 0
      var bytes = [UInt8](repeating: 0, count: 3000)
      while total < 320_000 {
        let count = Glibc.read(reader, &bytes, bytes.count)
        guard count > 0 else { break }
        total += count
      }
      return total
    }.value
    _ = fcntl(pipe.writer, F_SETFL, O_NONBLOCK)
    try stream.write(text)
    #expect(await received == text.utf8.count)
  }

  @Test("A pipe is no terminal and has no colours; COLUMNS gives its width")
  func terminal() throws {
    let pipe = try Pipe()
    let plain = Terminal(of: pipe.stream, environment: { $0 == "COLUMNS" ? "132" : nil })
    #expect(plain == Terminal(isTerminal: false, usesColour: false, width: 132))
    #expect(Terminal(of: pipe.stream, environment: { _ in "-1" }).width == 80)
  }

  @Test("NO_COLOR and a dumb terminal switch colours off")
  func colours() throws {
    let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    defer { close(descriptor) }
    try #require(isatty(descriptor) == 1)
    let stream = OutputStream(descriptor: descriptor)
    #expect(Terminal(of: stream, environment: { _ in nil }).usesColour)
    #expect(!Terminal(of: stream, environment: { $0 == "NO_COLOR" ? "1" : nil }).usesColour)
    #expect(Terminal(of: stream, environment: { $0 == "NO_COLOR" ? "" : nil }).usesColour)
    #expect(!Terminal(of: stream, environment: { $0 == "TERM" ? "dumb" : nil }).usesColour)
  }
}

/// A pipe whose writing end a program uses.
private final class Pipe {
  private var descriptors: [Int32] = [0, 0]
  var stream: OutputStream { OutputStream(descriptor: descriptors[1]) }

  var reader: Int32 { descriptors[0] }
  var writer: Int32 { descriptors[1] }

  init() throws { try #require(pipe(&descriptors) == 0) }

  func closeReader() {
    close(descriptors[0])
    descriptors[0] = -1
  }

  /// All that was written; closes the writing end.
  func read() -> String {
    close(descriptors[1])
    descriptors[1] = -1
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = Glibc.read(descriptors[0], &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  deinit { for descriptor in descriptors where descriptor >= 0 { close(descriptor) } }
}

/// What a bash script prints.
private func run(_ script: String) -> String? {
  var path = Array("/tmp/endora-completions-XXXXXX".utf8CString)
  let descriptor = mkstemp(&path)
  guard descriptor >= 0 else { return nil }
  let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer { unlink(name) }
  try? OutputStream(descriptor: descriptor).write(script)
  close(descriptor)
  guard let process = popen("bash \(name)", "r") else { return nil }
  defer { pclose(process) }
  var bytes = [UInt8](repeating: 0, count: 65536)
  let count = fread(&bytes, 1, bytes.count, process)
  return String(decoding: bytes.prefix(count), as: UTF8.self)
}
