import Foundation
import JSON
import Laboratory
import Provenance

/// Which spillover counts as that of a file.
public enum CompensationChoice: Sendable {
  /// What the file states by $SPILLOVER, SPILL or the like.
  case stated
  /// $DFCiTOj or $COMP of older files.
  case legacy
  /// The first matrix of a Gating-ML document.
  case matrix(path: String)

  /// The first data set of a file with the spillover of choice, and what was found on the way.
  func dataset(of file: FCSFile) throws -> (dataset: FCSDataset, findings: [Finding]) {
    let dataset = file.datasets[0]
    switch self {
    case .stated: return (dataset, file.findings + dataset.statedSpillover.findings)
    case .legacy:
      guard let matrix = try dataset.legacySpillover() else {
        throw LaboratoryError(
          "legacy-compensation-missing", "A file states no $DFCiTOj and no $COMP.", remedy: "Leave out the option.")
      }
      return (
        try dataset.stating(matrix),
        file.findings + [
          Finding(
            .caution, code: "legacy-compensation-applied", title: "An older compensation was applied.",
            "Where the instrument has applied it already, it is now taken out twice.", origin: "Laboratory")
        ]
      )
    case .matrix(let path):
      return (try dataset.stating(SpilloverMatrix(gatingML: try readFile(path))), file.findings)
    }
  }
}

/// The spillover matrix from an unstained tube and tubes with one fluorochrome each.
///
/// - Parameters:
///   - detectors: names joined by commas; all fluorescences where `nil`.
///   - saved: where the matrix is written as Gating-ML.
public func compensationReport(
  unstained: String, controls: [String], detectors: String?, onlyBright: Bool, savingTo saved: String?
) throws -> LaboratoryReport {
  let dark = try FCSFile(path: unstained)
  let tubes = try controls.map { try FCSFile(path: $0) }
  let matrix = try SpilloverMatrix(
    controls: tubes.map { .init(dataset: $0.datasets[0]) }, unstained: dark.datasets[0],
    detectors: detectors?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) },
    events: onlyBright ? .bright : .all)
  if let saved { try writeText(matrix.gatingML(), to: saved) }
  let findings = ([dark] + tubes).flatMap(\.findings).worstFirst()
  let width = matrix.detectors.map(\.count).max() ?? 0
  func cell(_ text: String) -> String { String(repeating: " ", count: max(0, max(width, 8) - text.count)) + text }
  return LaboratoryReport(
    [
      "unstained": JSONValue(fileName(unstained)), "controls": JSONValue(controls.map { JSONValue(fileName($0)) }),
      "fluorochromes": JSONValue(matrix.fluorochromes.map { JSONValue($0) }),
      "detectors": JSONValue(matrix.detectors.map { JSONValue($0) }),
      "matrix": JSONValue(matrix.rows.map { JSONValue($0.map { JSONValue($0) }) }),
      "kind": JSONValue(matrix.fluorochromes.count < matrix.detectors.count ? "unmixing" : "compensation"),
      "findings": JSONValue(findings.map(\.document)),
    ],
    [([""] + matrix.detectors).map(cell).joined(separator: "  ")]
      + zip(matrix.fluorochromes, matrix.rows).map { name, row in
        ([name] + row.map { String(format: "%.4f", $0) }).map(cell).joined(separator: "  ")
      } + findingLines(findings))
}

/// Writes a text that is wanted beside the result.
func writeText(_ text: String, to path: String) throws {
  do {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  } catch {
    throw CaseError(
      "file-unwritable", "The file \(fileName(path)) cannot be written.",
      remedy: "Check the folder and its permissions.", category: .inputOutput)
  }
}
