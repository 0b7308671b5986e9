import Foundation
public import JSON
import Provenance
import Quantities
import Transport

/// The absorbed fractions of a reference adult, made anew and written to a file.
public struct FractionFile: Sendable {
  private let table: FractionTable
  private let file: String
  private let digest: Digest
  private let seconds: Int64

  /// - Parameters:
  ///   - histories: photons for each source and energy.
  ///   - threads: how many threads work; the table depends on them no more than on the clock.
  ///   - progress: called with each part that is done.
  /// - Throws: a refusal for an unknown phantom, counts out of range and a file that cannot be written.
  public init(
    phantom: String, histories: Int, seed: Int, threads: Int, output: String, progress: (String) -> Void
  ) throws {
    guard (1000...100_000_000).contains(histories), seed >= 0, (1...256).contains(threads) else {
      throw CaseError(
        "fractions-invalid", "\(histories) histories, seed \(seed) and \(threads) threads do not go together.",
        remedy: "Give 1000 to 100000000 histories, a seed from 0 and 1 to 256 threads.", category: .usage)
    }
    let generator = try FractionGenerator(
      StylisedPhantom.named(phantom), effort: .init(histories: histories, seed: UInt64(seed), threads: threads))
    let clock = ContinuousClock()
    let start = clock.now
    table = try generator.table(progress: progress)
    seconds = (clock.now - start).components.seconds
    let data = try table.data()
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

  /// What was made.
  public var document: JSONValue {
    [
      "phantom": JSONValue(table.phantom), "sources": JSONValue(table.sources.map { JSONValue($0) }),
      "targets": JSONValue(table.targets.map { JSONValue($0) }), "origin": JSONValue(table.origin),
      "file": JSONValue(file), "digest": JSONValue(digest.hexadecimal), "runTime": amount(Double(seconds), "s"),
    ]
  }

  /// The same as text.
  public var summary: String {
    "\(table.phantom): \(table.sources.count) sources, \(table.targets.count) targets\n\(table.origin)\n\(seconds) s\n"
      + "digest \(digest.hexadecimal)\n"
  }
}
