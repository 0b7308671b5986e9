import Foundation
public import JSON
import Provenance
import Transport

/// The point kernels of the nuclides of therapy, made anew and written to a file.
public struct PointKernelFile: Sendable {
  private let nuclides: [String]
  private let file: String
  private let digest: Digest
  private let seconds: Int64

  /// - Parameters:
  ///   - histories: of the component with the most energy of each nuclide.
  ///   - progress: called with each nuclide that is done.
  /// - Throws: a refusal for counts out of range and a file that cannot be written.
  public init(histories: Int, seed: Int, threads: Int, output: String, progress: (String) -> Void) throws {
    guard (1000...100_000_000).contains(histories), seed >= 0, (1...256).contains(threads) else {
      throw CaseError(
        "kernels-invalid", "\(histories) histories, seed \(seed) and \(threads) threads do not go together.",
        remedy: "Give 1000 to 100000000 histories, a seed from 0 and 1 to 256 threads.", category: .usage)
    }
    let clock = ContinuousClock()
    let start = clock.now
    var done: [String] = []
    let table = try PointKernelTable.generate(histories: histories, seed: UInt64(seed), threads: threads) { name in
      done.append(name)
      progress(name)
    }
    seconds = (clock.now - start).components.seconds
    nuclides = done
    let data = Data((try table.document.text(indented: false) + "\n").utf8)
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
      "nuclides": JSONValue(nuclides.map { JSONValue($0) }), "file": JSONValue(file),
      "digest": JSONValue(digest.hexadecimal), "runTime": amount(Double(seconds), "s"),
    ]
  }

  /// The same as text.
  public var summary: String {
    "\(file)\n\(nuclides.joined(separator: "\n"))\n\(seconds) s\ndigest \(digest.hexadecimal)\n"
  }
}
