import Archive
public import JSON
public import Provenance
public import Quantities

/// What `endora archive index` did: every case folder below a folder is in the archive as it is now.
public struct ArchiveIndexing: Sendable {
  private let changed: [String]
  private let forgotten: [String]
  private let worklist: ArchiveWorklist

  /// Indexes the case folders below a folder; makes the archive when there is none.
  public init(folder: String, actor: String, at moment: Timestamp) throws {
    let archive = try Archive(folder: folder, creates: true)
    let indexing = CaseIndexing(folder: folder)
    let paths = indexing.caseFolders()
    changed = try paths.filter { try archive.index(indexing.record($0), actor: actor, at: moment.description) }
    forgotten = try archive.forget(except: Set(paths), actor: actor, at: moment.description)
    worklist = try ArchiveWorklist(archive)
  }

  public var document: JSONValue {
    [
      "changed": .array(changed.map { JSONValue($0) }), "forgotten": .array(forgotten.map { JSONValue($0) }),
      "cases": worklist.cases, "findings": worklist.findings,
    ]
  }

  public var summary: String {
    let changes = changed.map { "indexed \(printable($0))\n" } + forgotten.map { "forgotten \(printable($0))\n" }
    return changes.joined() + worklist.summary
  }
}

/// What `endora archive list` tells: the cases with the stage that each has reached.
public struct ArchiveWorklist: Sendable {
  private let entries: [WorklistEntry]
  private let archiveFindings: [Finding]

  public init(folder: String) throws { try self.init(Archive(folder: folder)) }

  init(_ archive: Archive) throws {
    entries = try archive.worklist()
    archiveFindings = archive.findings
  }

  var cases: JSONValue {
    .array(
      entries.map { entry in
        [
          "path": JSONValue(entry.path), "name": JSONValue(entry.name), "stage": JSONValue(entry.stage.rawValue),
          "series": JSONValue(entry.series), "findings": .array(entry.findings.map { JSONValue($0) }),
          "results": .array(
            entry.results.map { ["name": JSONValue($0.name), "sha256": JSONValue($0.digest)] }),
        ]
      })
  }

  var findings: JSONValue { .array(archiveFindings.map(\.document)) }

  public var document: JSONValue { ["cases": cases, "findings": findings] }

  public var summary: String {
    guard !entries.isEmpty else { return "The archive holds no cases.\n" }
    var table = TextTable(["Case", "Name", "Stage", "Series", "Findings"], numbers: [3, 4])
    for one in entries {
      table.add([
        printable(one.path), printable(one.name), one.stage.rawValue, String(one.series), String(one.findings.count),
      ])
    }
    return table.text + archiveFindings.map { "\($0.severity.rawValue): \($0.text)\n" }.joined()
  }
}

/// What `endora data audit` tells: whether everything in the archive is as it was written.
public struct ArchiveAudit: Sendable {
  private let report: AuditReport
  private let trail: [AuditRow]

  public init(folder: String) throws {
    let archive = try Archive(folder: folder)
    (report, trail) = (try archive.audit(), try archive.auditTrail())
  }

  /// The page of the trail: ``document`` and its last rows, the latest first.
  public func page(rows count: Int) -> JSONValue {
    var members = document.object ?? [:]
    members["trail"] = .array(
      trail.suffix(count).reversed().map {
        [
          "number": JSONValue($0.number), "at": JSONValue($0.at), "actor": JSONValue($0.actor),
          "action": JSONValue($0.action), "subject": JSONValue($0.subject),
        ]
      })
    return .object(members)
  }

  public var document: JSONValue {
    [
      "rows": JSONValue(report.rows), "head": JSONValue(report.head), "results": JSONValue(report.objects),
      "problems": .array(report.problems.map { ["code": JSONValue($0.code), "text": JSONValue($0.text)] }),
    ]
  }

  public var summary: String {
    let state = report.problems.isEmpty ? "All is as it was written." : "Not all is as it was written."
    return
      """
      \(report.rows) rows, \(report.objects) results. \(state)
      head \(report.head)

      """ + report.problems.map { "\($0.code): \($0.text)\n" }.joined()
  }

  /// The refusal when anything is not as it was written.
  public var refusal: (any Refusal)? {
    guard let first = report.problems.first else { return nil }
    return ArchiveError(
      first.code, first.text,
      remedy: "Restore a backup from before, or index the case folders afresh; keep this archive for whoever asks why.")
  }
}

/// Keeps and brings back a whole archive.
public enum ArchiveBackup {
  /// Copies the archive of a folder to a new folder.
  public static func write(of folder: String, to path: String) throws { try Archive(folder: folder).backUp(to: path) }

  /// Puts a backup into a folder that has no archive.
  public static func restore(from path: String, to folder: String, actor: String, at moment: Timestamp) throws {
    try Archive.restore(from: path, to: folder, actor: actor, at: moment.description)
  }
}
