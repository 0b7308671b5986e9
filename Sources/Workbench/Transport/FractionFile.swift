public import JSON
import Transport

/// The absorbed fractions of a reference adult, made anew and written to a file.
public struct FractionFile: Sendable {
  private let made: GeneratedTable<FractionTable>

  /// - Parameters:
  ///   - histories: photons for each source and energy.
  ///   - threads: how many threads work; the table depends on them no more than on the clock.
  ///   - progress: called with each part that is done.
  /// - Throws: a refusal for an unknown phantom, counts out of range and a file that cannot be written.
  public init(
    phantom: String, histories: Int, seed: Int, threads: Int, output: String, progress: (String) -> Void
  ) throws {
    made = try GeneratedTable(histories: histories, seed: seed, threads: threads, output: output) { seed in
      try FractionGenerator(
        StylisedPhantom.named(phantom), effort: .init(histories: histories, seed: seed, threads: threads)
      ).table(progress: progress)
    } bytes: {
      try $0.data()
    }
  }

  private var table: FractionTable { made.table }

  /// What was made.
  public var document: JSONValue {
    made.document([
      "phantom": JSONValue(table.phantom), "sources": JSONValue(table.sources.map { JSONValue($0) }),
      "targets": JSONValue(table.targets.map { JSONValue($0) }), "origin": JSONValue(table.origin),
    ])
  }

  /// The same as text.
  public var summary: String {
    "\(table.phantom): \(table.sources.count) sources, \(table.targets.count) targets\n\(table.origin)\n\(made.lines)"
  }
}
