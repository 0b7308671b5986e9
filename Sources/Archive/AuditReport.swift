/// What was found when an archive was checked from end to end.
public struct AuditReport: Hashable, Sendable {
  /// Something that is not as it was written.
  public struct Problem: Hashable, Sendable {
    /// A stable name: `row-edited`, `row-missing`, `rows-cut-off`, `database`, `reference`, `object-damaged`.
    public let code: String
    /// One sentence.
    public let text: String
  }

  /// How many rows the audit trail has.
  public let rows: Int
  /// The seal of the last row: whoever noted it before can tell that nothing before it has changed.
  public let head: String
  /// How many results are kept.
  public let objects: Int
  /// What is wrong; empty when all is as it was written.
  public let problems: [Problem]
}

extension Archive {
  /// Checks the database's structure, its references, the chain of audit rows and the content of every result.
  public func audit() throws -> AuditReport {
    var problems: [AuditReport.Problem] = []
    for row in try database.run("PRAGMA integrity_check") where row[0].text != "ok" {
      problems.append(.init(code: "database", text: "The database is damaged: \(row[0].text ?? "no detail")."))
    }
    for row in try database.run("PRAGMA foreign_key_check") {
      problems.append(.init(code: "reference", text: "A row of \(row[0].text ?? "a table") belongs to no case."))
    }
    let trail = try auditTrail()
    problems += Self.problems(of: trail) + headProblems(trail)
    let kept = try database.run("SELECT DISTINCT digest FROM results ORDER BY digest").compactMap { $0[0].text }
    for digest in kept where objects.read(digest) == nil {
      problems.append(
        .init(code: "object-damaged", text: "The result \(digest.prefix(8)) is missing or its content has changed."))
    }
    return AuditReport(
      rows: trail.count, head: trail.last?.hash ?? AuditRow.origin, objects: kept.count, problems: problems)
  }

  private static func problems(of trail: [AuditRow]) -> [AuditReport.Problem] {
    var problems: [AuditReport.Problem] = []
    var previous = AuditRow.origin
    for (index, row) in trail.enumerated() {
      if row.number != index + 1 || row.previous != previous {
        problems.append(
          .init(code: "row-missing", text: "Row \(row.number) does not follow the row before it."))
      }
      if !row.isSealed {
        problems.append(.init(code: "row-edited", text: "Row \(row.number) is not what was written."))
      }
      previous = row.hash
    }
    return problems
  }

  private func headProblems(_ trail: [AuditRow]) -> [AuditReport.Problem] {
    guard !trail.isEmpty || head.read() != nil else { return [] }
    guard let (number, hash) = head.read() else {
      return [.init(code: "head-missing", text: "The file that knows the last row is missing or damaged.")]
    }
    guard trail.indices.contains(number - 1), trail[number - 1].hash == hash else {
      return [
        .init(code: "rows-cut-off", text: "Row \(number) was acknowledged and is not in the trail as it was.")
      ]
    }
    return []
  }
}
