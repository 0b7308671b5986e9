import Foundation
public import JSON
import Transport

/// The point kernels of the nuclides of therapy, made anew and written to a file.
public struct PointKernelFile: Sendable {
  private let made: GeneratedTable<(nuclides: [String], kernels: PointKernelTable)>

  /// - Parameters:
  ///   - histories: of the component with the most energy of each nuclide.
  ///   - progress: called with each nuclide that is done.
  /// - Throws: a refusal for counts out of range and a file that cannot be written.
  public init(histories: Int, seed: Int, threads: Int, output: String, progress: (String) -> Void) throws {
    made = try GeneratedTable(histories: histories, seed: seed, threads: threads, output: output) { seed in
      var done: [String] = []
      let table = try PointKernelTable.generate(histories: histories, seed: seed, threads: threads) { name in
        done.append(name)
        progress(name)
      }
      return (done, table)
    } bytes: {
      Data((try $0.kernels.document.text(indented: false) + "\n").utf8)
    }
  }

  /// What was made.
  public var document: JSONValue { made.document(["nuclides": JSONValue(made.table.nuclides.map { JSONValue($0) })]) }

  /// The same as text.
  public var summary: String { "\(made.file)\n\(made.table.nuclides.joined(separator: "\n"))\n\(made.lines)" }
}
