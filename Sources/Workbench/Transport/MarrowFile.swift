import Foundation
public import JSON
import Transport

/// The absorbed fractions of marrow, made anew and written to a file.
public struct MarrowFile: Sendable {
  private let made: GeneratedTable<JSONValue>

  /// - Parameters:
  ///   - histories: electrons for each kind of spongiosa, cellularity, source and energy.
  ///   - progress: called with each part that is done.
  /// - Throws: a refusal for counts out of range and a file that cannot be written.
  public init(histories: Int, seed: Int, threads: Int, output: String, progress: (String) -> Void) throws {
    made = try GeneratedTable(histories: histories, seed: seed, threads: threads, output: output) { seed in
      try MarrowFractions.generate(histories: histories, seed: seed, threads: threads, progress: progress).document
    } bytes: {
      Data((try $0.text(indented: false) + "\n").utf8)
    }
  }

  /// What was made.
  public var document: JSONValue { made.document(["fractions": made.table]) }

  /// The same as text.
  public var summary: String { "\(made.file)\n\(made.lines)" }
}
