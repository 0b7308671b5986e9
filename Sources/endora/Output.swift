import CommandLine
import JSON

/// Prints one JSON document on standard output and nothing else.
let json = Flag("json", "Print one JSON document instead of text.")

/// Prints a document or, without `--json`, its text.
func show(_ document: JSONValue, as arguments: ParsedArguments, text: @autoclosure () throws -> String) throws {
  try OutputStream.standardOutput.write(try arguments[json] ? document.text() + "\n" : text())
}
