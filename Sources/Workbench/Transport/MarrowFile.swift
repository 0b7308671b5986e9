import Foundation
public import JSON
import Provenance
import Transport

/// The absorbed fractions of marrow, made anew and written to a file.
public struct MarrowFile: Sendable {
  private let fractions: JSONValue
  private let file: String
  private let digest: Digest
  private let seconds: Int64

  /// - Parameters:
  ///   - histories: electrons for each kind of spongiosa, cellularity, source and energy.
  ///   - progress: called with each part that is done.
  /// - Throws: a refusal for counts out of range and a file that cannot be written.
  public init(histories: Int, seed: Int, threads: Int, output: String, progress: (String) -> Void) throws {
    guard (1000...100_000_000).contains(histories), seed >= 0, (1...256).contains(threads) else {
      throw CaseError(
        "fractions-invalid", "\(histories) histories, seed \(seed) and \(threads) threads do not go together.",
        remedy: "Give 1000 to 100000000 histories, a seed from 0 and 1 to 256 threads.", category: .usage)
    }
    let clock = ContinuousClock()
    let start = clock.now
    fractions = try MarrowFractions.generate(
      histories: histories, seed: UInt64(seed), threads: threads, progress: progress
    ).document
    seconds = (clock.now - start).components.seconds
    let data = Data((try fractions.text(indented: false) + "\n").utf8)
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
      "fractions": fractions, "file": JSONValue(file), "digest": JSONValue(digest.hexadecimal),
      "runTime": amount(Double(seconds), "s"),
    ]
  }

  /// The same as text.
  public var summary: String { "\(file)\n\(seconds) s\ndigest \(digest.hexadecimal)\n" }
}
