import CommandLine
import Glibc
import Provenance

/// A password as a person types it at the terminal, unseen and twice, or as the first line of standard input.
///
/// - Throws: a refusal when both times differ or nothing comes.
func typedPassword(_ prompt: String) throws -> [UInt8] {
  guard isatty(STDIN_FILENO) == 1 else { return try line() }
  let first = try unseen(prompt + ": ")
  let second = try unseen("Once more: ")
  guard first == second else {
    throw UsageRefusal(
      "passwords-differ", "The two passwords differ.", remedy: "Type the same one twice.")
  }
  return first
}

private func unseen(_ prompt: String) throws -> [UInt8] {
  try OutputStream.standardError.write(prompt)
  var before = termios()
  tcgetattr(STDIN_FILENO, &before)
  var hidden = before
  hidden.c_lflag &= ~tcflag_t(ECHO)
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
  defer {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
    try? OutputStream.standardError.write("\n")
  }
  return try line()
}

private func line() throws -> [UInt8] {
  var bytes: [UInt8] = []
  var byte: UInt8 = 0
  while bytes.count < 4096, read(STDIN_FILENO, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
  guard !bytes.isEmpty else {
    throw UsageRefusal(
      "no-password", "No password came.", remedy: "Type it, or give it as the first line of standard input.")
  }
  return bytes
}

private struct UsageRefusal: Refusal {
  let code: String
  let reason: String
  let remedy: String
  let category = RefusalCategory.usage

  init(_ code: String, _ reason: String, remedy: String) {
    (self.code, self.reason, self.remedy) = (code, reason, remedy)
  }
}
