import Archive
import Foundation
import JSON
import Provenance
import Workbench

/// What the pages show of cases, read from the archive and the results in it.
struct CaseDocuments {
  private let folder: String
  private let archive: Archive

  init(folder: String) throws {
    self.folder = folder
    archive = try Archive(folder: folder)
  }

  /// All cases: path, name, stage, the worst finding, and the prescription where there is one.
  func worklist() throws -> JSONValue {
    let entries = try archive.worklist()
    return [
      "cases": .array(
        entries.map { entry in
          let results = document(of: entry)
          let findings = self.findings(of: entry, results)
          return [
            "path": JSONValue(entry.path), "name": JSONValue(entry.name), "stage": JSONValue(entry.stage.rawValue),
            "series": JSONValue(entry.series), "findings": JSONValue(findings.count),
            "worst": findings.first ?? .null, "activity": results?["prescription"]?["activity"] ?? .null,
            "governing": results?["prescription"]?["governing"] ?? .null,
          ]
        }),
      "findings": .array(
        archive.findings.map { ["severity": JSONValue($0.severity.rawValue), "text": JSONValue($0.text)] }),
    ]
  }

  /// One case: its prescription, organs, findings, results, what is still to be filled in of its file, and whether it asks
  /// anything at all.
  func detail(of path: String) throws -> JSONValue {
    guard let entry = try archive.worklist().first(where: { $0.path == path }) else {
      throw WebAppError(
        "no-such-case", "The archive has no such case.", remedy: "Index the folder again.")
    }
    let results = document(of: entry)
    let questions = try? CaseQuestions(folder: "\(folder)/\(entry.path)")
    return [
      "path": JSONValue(entry.path), "name": JSONValue(entry.name), "stage": JSONValue(entry.stage.rawValue),
      "prescription": results?["prescription"] ?? .null, "organs": results?["organs"] ?? [],
      "findings": .array(findings(of: entry, results)),
      "results": .array(entry.results.map { ["name": JSONValue($0.name), "sha256": JSONValue($0.digest)] }),
      "open": .array(
        (questions?.open ?? []).map {
          ["line": JSONValue($0.line), "field": JSONValue($0.path.description), "question": JSONValue($0.text)]
        }),
      "hasQuestions": JSONValue(questions?.all.isEmpty == false),
    ]
  }

  private func document(of entry: WorklistEntry) -> JSONValue? {
    guard let digest = entry.results.first(where: { $0.name == "results.json" })?.digest,
      let bytes = archive.result(digest)
    else { return nil }
    return try? JSONDocument(bytes).value
  }

  /// The findings of the results; for a case that could not be read, why.
  private func findings(of entry: WorklistEntry, _ results: JSONValue?) -> [JSONValue] {
    if let findings = results?["findings"]?.array { return findings }
    return entry.findings.map { ["severity": "serious", "title": JSONValue(nil as String?), "text": JSONValue($0)] }
  }
}
