import Foundation
import JSON
import Provenance

/// A table of the transport, made anew and written to a file: how long it took and what it is known by.
struct GeneratedTable<Table: Sendable>: Sendable {
  let table: Table
  let file: String
  let digest: Digest
  let seconds: Int64

  /// - Parameters:
  ///   - make: works the table out; it depends on the number of threads no more than on the clock.
  ///   - bytes: the content of the file.
  /// - Throws: ``CaseError`` for counts out of range and a file that cannot be written; what `make` throws.
  init(
    histories: Int, seed: Int, threads: Int, output: String, make: (UInt64) throws -> Table,
    bytes: (Table) throws -> Data
  ) throws {
    guard (1000...100_000_000).contains(histories), seed >= 0, (1...256).contains(threads) else {
      throw CaseError(
        "counts-invalid", "\(histories) histories, seed \(seed) and \(threads) threads do not go together.",
        remedy: "Give 1000 to 100000000 histories, a seed from 0 and 1 to 256 threads.", category: .usage)
    }
    let clock = ContinuousClock()
    let start = clock.now
    table = try make(UInt64(seed))
    seconds = (clock.now - start).components.seconds
    let data = try bytes(table)
    digest = Digest(of: data)
    file = output
    do {
      try data.write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch {
      throw CaseError(
        "not-written", "The file '\(output)' cannot be written.", remedy: "Check the folder and its rights.",
        category: .inputOutput)
    }
  }

  /// A document with where the file is, its digest and how long it took.
  func document(_ content: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(
      JSONObject(
        content.map { ($0.key, $0.value) } + [
          ("file", JSONValue(file)), ("digest", JSONValue(digest.hexadecimal)),
          ("runTime", amount(Double(seconds), "s")),
        ]))
  }

  /// The last lines of a summary.
  var lines: String { "\(seconds) s\ndigest \(digest.hexadecimal)\n" }
}
