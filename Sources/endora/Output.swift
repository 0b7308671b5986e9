import CommandLine
import JSON
import Studies

/// Prints one JSON document on standard output and nothing else.
let json = Flag("json", "Print one JSON document instead of text.")

/// Prints a document or, without `--json`, its text.
func show(_ document: JSONValue, as arguments: ParsedArguments, text: @autoclosure () throws -> String) throws {
  try OutputStream.standardOutput.write(try arguments[json] ? document.text() + "\n" : text())
}

/// How far a scan of many files has come, on one line of the terminal; `nil` where standard error is none.
var scanProgress: ScanProgress? {
  guard OutputStream.standardError.isTerminal else { return nil }
  return { done, count in
    guard count > 1000 else { return }
    let end = done == count ? "\r\u{1B}[K" : ""
    try? OutputStream.standardError.write("\r\(done) of \(count) files" + end)
  }
}
