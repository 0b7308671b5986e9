/// A line of the worklist.
public struct WorklistEntry: Hashable, Sendable {
  /// The folder of the case below the folder of the archive.
  public let path: String
  /// The name of the case.
  public let name: String
  /// How far the work has come.
  public let stage: CaseRecord.Stage
  /// Findings that deserve a look, worst first.
  public let findings: [String]
  /// How many series it has.
  public let series: Int
  /// Its results: path below the case's results and digest of the content.
  public let results: [(name: String, digest: String)]

  public static func == (a: WorklistEntry, b: WorklistEntry) -> Bool {
    a.path == b.path && a.name == b.name && a.stage == b.stage && a.findings == b.findings && a.series == b.series
      && a.results.map(\.digest) == b.results.map(\.digest)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(path) }
}

extension Archive {
  /// All cases, by path.
  public func worklist() throws -> [WorklistEntry] {
    try database.run(
      """
      SELECT id, path, name, stage, findings, (SELECT count(*) FROM series WHERE case_id = cases.id) FROM cases
      ORDER BY path
      """
    ).map { row in
      guard let id = row[0].integer, let path = row[1].text, let name = row[2].text, let stageText = row[3].text,
        let stage = CaseRecord.Stage(rawValue: stageText), let findings = row[4].text, let series = row[5].integer
      else {
        throw ArchiveError(
          "damaged-archive", "A case of the archive cannot be read.",
          remedy: "Index the folder again; the case folders hold the truth.")
      }
      let results = try database.run(
        "SELECT name, digest FROM results WHERE case_id = ? ORDER BY name", [.integer(id)])
      return WorklistEntry(
        path: path, name: name, stage: stage,
        findings: findings.isEmpty ? [] : findings.split(separator: "\n").map(String.init), series: series,
        results: results.compactMap { columns in columns[0].text.flatMap { name in columns[1].text.map { (name, $0) } }
        })
    }
  }

  /// A result as it was archived; `nil` when its file is missing or damaged.
  public func result(_ digest: String) -> [UInt8]? { objects.read(digest) }

  /// Whether a case has a result with this name and content.
  public func hasResult(named name: String, digest: String) throws -> Bool {
    try !database.run("SELECT 1 FROM results WHERE digest = ? AND name = ?", [.text(digest), .text(name)]).isEmpty
  }

  /// The audit trail, oldest row first.
  public func auditTrail() throws -> [AuditRow] {
    try database.run(
      "SELECT id, at, actor, action, subject, detail, previous, hash FROM audit ORDER BY id"
    ).compactMap(AuditRow.init)
  }
}
