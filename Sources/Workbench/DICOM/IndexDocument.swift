public import JSON
import Provenance
public import Studies

/// What `endora dicom index` tells of a folder: its studies and series, and the files that were refused.
public struct IndexDocument: Sendable {
  private let index: StudyIndex
  private let folder: String

  /// Scans a folder, a zip archive, what a DICOMDIR lists, or one file.
  ///
  /// - Parameter progress: told of how many files of all are done.
  public init(folder: String, progress: ScanProgress? = nil) throws {
    self.folder = folder
    index = try StudyIndex.scan(folder: folder, progress: progress)
  }

  /// The document of the contract.
  public var document: JSONValue {
    [
      "studies": .array(studies.map { ["uid": JSONValue($0.uid), "series": .array($0.series.map(Self.document))] }),
      "refusedFiles": .array(
        index.refused.map {
          [
            "file": JSONValue(relative($0.path)), "code": JSONValue($0.code), "reason": JSONValue($0.reason),
          ]
        }),
      "otherFiles": JSONValue(index.ignored), "findings": .array(index.findings.map(\.document)),
    ]
  }

  /// One line a series, its findings below, then what was refused.
  public var summary: String {
    var lines: [String] = []
    for study in studies {
      lines.append("Study \(study.uid)")
      for one in study.series {
        let size = one.files[0].size.map { " · \($0.columns) × \($0.rows) × \(one.frames)" } ?? ""
        let name = one.description.map { " · \(printable($0))" } ?? ""
        lines.append(
          "  \(one.kind.rawValue)\(name)\(size) · \(one.files.count) \(one.files.count == 1 ? "file" : "files") · \(one.uid)"
        )
        lines += one.findings.map { "    \($0.severity.rawValue): \($0.text)" }
      }
    }
    if studies.isEmpty { lines.append("No DICOM files were found.") }
    lines += index.findings.map { "\($0.severity.rawValue): \($0.text)" }
    lines += index.refused.map { "refused: \(printable(relative($0.path))): \($0.reason)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private var studies: [(uid: String, series: [IndexedSeries])] {
    Dictionary(grouping: index.series) { $0.files[0].studyUID }.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
  }

  private func relative(_ path: String) -> String {
    path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : fileName(path)
  }

  private static func document(_ series: IndexedSeries) -> JSONValue {
    let first = series.files[0]
    let starts = series.files.compactMap(\.acquisition).sorted()
    return [
      "uid": JSONValue(series.uid), "modality": series.modality.map { JSONValue($0) } ?? .null,
      "kind": JSONValue(series.kind.rawValue), "description": series.description.map { JSONValue($0) } ?? .null,
      "instances": JSONValue(series.files.count), "frames": JSONValue(series.frames),
      "rows": first.size.map { JSONValue($0.rows) } ?? .null,
      "columns": first.size.map { JSONValue($0.columns) } ?? .null,
      "spacingMm": .array(series.spacing.map { JSONValue($0) }),
      "times": [
        "firstAcquisition": starts.first.map { JSONValue("\($0)") } ?? .null,
        "lastAcquisition": starts.last.map { JSONValue("\($0)") } ?? .null,
      ],
      "transferSyntaxes": .array(Set(series.files.map(\.transferSyntaxUID)).sorted().map { JSONValue($0) }),
      "findings": .array(series.findings.map(\.document)),
    ]
  }
}
