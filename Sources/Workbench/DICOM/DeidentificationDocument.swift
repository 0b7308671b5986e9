import DICOM
public import JSON
import Provenance
import Studies

/// What `endora dicom deidentify` did: counts of what changed, never a value that was there.
public struct DeidentificationDocument: Sendable {
  private let report: Deidentification.Report
  private let folder: String

  /// Writes the files of a folder without what tells who the patient is.
  ///
  /// - Parameter secret: a text that makes the same names and dates in every run; a new one each time without it.
  public init(folder: String, output: String, secret: String?) throws {
    var generator = SystemRandomNumberGenerator()
    let key = secret ?? (0..<4).map { _ in String(generator.next()) }.joined(separator: " ")
    let index = try StudyIndex.scan(folder: folder)
    report = try Deidentification(secret: Digest(of: key.utf8)).write(index, to: output)
    self.folder = folder
    guard report.written > 0 else {
      throw CaseError(
        "nothing-written", "No file could be written without what tells who the patient is.",
        remedy: report.skipped.first.map { "The first was left out: \($0.reason)" } ?? "Name a folder with DICOM files."
      )
    }
  }

  /// `{"patients", "files", "uids", "changes": [{"tag", "change", "count"}], "skipped", "findings"}`.
  public var document: JSONValue {
    [
      "patients": JSONValue(report.patients), "files": JSONValue(report.written), "uids": JSONValue(report.uids),
      "changes": .array(
        report.changes.sorted { ($0.key.tag, $0.key.kind) < ($1.key.tag, $1.key.kind) }.map {
          [
            "tag": JSONValue($0.key.tag.description), "change": JSONValue($0.key.kind), "count": JSONValue($0.value),
          ]
        }),
      "skipped": .array(
        report.skipped.map {
          ["file": JSONValue(fileName($0.path)), "code": JSONValue($0.code), "reason": JSONValue($0.reason)]
        }),
      "findings": .array(report.findings.map(\.document)),
    ]
  }

  /// What was done in all, one line a kind of change.
  public var summary: String {
    var lines = ["\(report.written) files of \(report.patients) patients, \(report.uids) UIDs replaced"]
    for kind in ["removed", "emptied", "replaced", "uid", "date"] {
      let changes = report.changes.filter { $0.key.kind == kind }
      if !changes.isEmpty {
        lines.append("\(kind): \(changes.count) attributes, \(changes.values.reduce(0, +)) times")
      }
    }
    lines += report.skipped.map { "left out: \(printable(fileName($0.path))): \($0.reason)" }
    lines += report.findings.map { "\($0.severity.rawValue): \($0.text)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
