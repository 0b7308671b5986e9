import CLinux
import Glibc
public import Provenance

/// The index of a department's case folders, with an audit trail that cannot be edited unseen.
///
/// It lies in `.endora` below the folder: an SQLite database and the results as files named by their content. Several
/// processes may use it at once; each opens its own. A value serves one thread at a time. When a call that changes
/// something has returned, the change survives the end of the process and the loss of power.
public final class Archive {
  /// The folder that holds the case folders.
  public let folder: String
  /// What is worth knowing about where it lies.
  public let findings: [Finding]
  let database: Database
  let objects: ObjectStore
  let head: AuditHead

  static func storage(in folder: String) -> String { folder + "/.endora" }

  /// Opens the archive of a folder, or makes it.
  ///
  /// - Throws: ``ArchiveError`` when there is none and none is to be made, when it is damaged, is no archive or is of a
  ///   newer release.
  public init(folder: String, creates: Bool = false) throws {
    let storage = Self.storage(in: folder)
    let path = storage + "/archive.sqlite"
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw ArchiveError(
        "no-such-folder", "There is no folder at \(folder).", remedy: "Name the folder that holds your cases.",
        category: .missing)
    }
    let exists = stat(path, &status) == 0
    guard exists || creates else {
      throw ArchiveError(
        "no-archive", "The folder has no archive.", remedy: "Make one with: endora archive index FOLDER.",
        category: .missing)
    }
    if exists, status.st_size == 0, !creates {
      throw ArchiveError(
        "damaged-archive", "The archive's database is empty.",
        remedy: "Restore the last backup, then index the folder again; the case folders hold the truth.")
    }
    for path in [storage, storage + "/objects"] {
      guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw ArchiveError.failed(to: "make the archive", errno) }
    }
    self.folder = folder
    database = try Database(path: path, creates: creates)
    objects = ObjectStore(folder: storage + "/objects")
    head = AuditHead(path: storage + "/audit-head")
    findings = Self.placeFindings(storage)
    // An acknowledged change is on disk: the log is flushed at every commit.
    try database.run("PRAGMA journal_mode = WAL")
    try database.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
    try Layout.migrate(database)
    if creates { objects.removeAbandoned() }
  }

  /// SQLite's locks are not dependable on file systems of other machines.
  private static func placeFindings(_ path: String) -> [Finding] {
    // NFS, SMB, CIFS, SMB2, AFS, 9P, FUSE (sshfs): linux/magic.h.
    let remote: Set<UInt> = [
      0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x5346_414F, 0x0102_1997, 0x6573_5546,
    ]
    guard remote.contains(endora_file_system(path)) else { return [] }
    return [
      Finding(
        .serious, code: "network-file-system", title: "Archive on another machine",
        "The archive lies on a network file system, where locks may fail and damage it; keep it on a local disk.",
        origin: "Archive")
    ]
  }
}

extension Archive {
  /// Puts a case into the archive, in place of what was known of its folder; nothing happens when nothing has changed.
  ///
  /// - Returns: whether something had changed.
  @discardableResult
  public func index(_ record: CaseRecord, actor: String, at moment: String) throws -> Bool {
    let digests = try record.results.map { try objects.keep($0.bytes) }
    let digest = record.digest(results: digests)
    let row: AuditRow? = try database.transaction {
      let known = try database.run("SELECT digest FROM cases WHERE path = ?", [.text(record.path)]).first?[0].text
      guard known != digest else { return nil }
      try database.run("DELETE FROM cases WHERE path = ?", [.text(record.path)])
      try insert(record, digest: digest, results: digests)
      return try append(
        actor: actor, at: moment, action: known == nil ? "add" : "update", subject: record.path,
        detail: "{\"digest\":\"\(digest)\",\"stage\":\"\(record.stage.rawValue)\"}")
    }
    if let row { try head.write(row) }
    return row != nil
  }

  /// Forgets cases whose folders are no longer there; their rows of the audit trail stay.
  ///
  /// - Returns: their paths.
  @discardableResult
  public func forget(except present: Set<String>, actor: String, at moment: String) throws -> [String] {
    var last: AuditRow?
    let gone = try database.transaction {
      let paths = try database.run("SELECT path FROM cases ORDER BY path").compactMap { $0[0].text }
      let gone = paths.filter { !present.contains($0) }
      for path in gone {
        try database.run("DELETE FROM cases WHERE path = ?", [.text(path)])
        last = try append(actor: actor, at: moment, action: "forget", subject: path, detail: "{}")
      }
      return gone
    }
    if let last { try head.write(last) }
    return gone
  }

  /// Keeps bytes beside the results, such as a case before and after a change; they are found by their digest.
  public func keep(_ bytes: [UInt8]) throws -> String { try objects.keep(bytes) }

  /// Notes something that a person did.
  public func note(
    action: String, subject: String, detail: String = "{}", actor: String, at moment: String
  ) throws {
    let row = try database.transaction {
      try append(actor: actor, at: moment, action: action, subject: subject, detail: detail)
    }
    try head.write(row)
  }

  private func insert(_ record: CaseRecord, digest: String, results digests: [String]) throws {
    try database.run(
      "INSERT INTO cases (path, name, stage, digest, findings) VALUES (?, ?, ?, ?, ?)",
      [
        .text(record.path), .text(record.name), .text(record.stage.rawValue), .text(digest),
        .text(record.findings.joined(separator: "\n")),
      ])
    let id = Database.Value.integer(database.lastInserted)
    for one in record.series {
      try database.run(
        "INSERT INTO series (case_id, uid, modality, kind, instances) VALUES (?, ?, ?, ?, ?)",
        [id, .text(one.uid), one.modality.map { .text($0) } ?? .null, .text(one.kind), .integer(one.instances)])
    }
    for name in Set(record.regions).sorted() {
      try database.run("INSERT INTO regions (case_id, name) VALUES (?, ?)", [id, .text(name)])
    }
    for (name, value) in record.settings.sorted(by: { $0.key < $1.key }) {
      try database.run("INSERT INTO settings (case_id, name, value) VALUES (?, ?, ?)", [id, .text(name), .text(value)])
    }
    for (result, digest) in zip(record.results, digests) {
      try database.run(
        "INSERT INTO results (case_id, name, digest, size) VALUES (?, ?, ?, ?)",
        [id, .text(result.name), .text(digest), .integer(result.bytes.count)])
    }
  }

  func append(
    actor: String, at moment: String, action: String, subject: String, detail: String
  ) throws -> AuditRow {
    let last = try database.run("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").first
    let row = AuditRow(
      number: (last?[0].integer ?? 0) + 1, at: moment, actor: actor, action: action, subject: subject, detail: detail,
      previous: last?[1].text ?? AuditRow.origin)
    try database.run(
      "INSERT INTO audit (id, at, actor, action, subject, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(row.number), .text(row.at), .text(row.actor), .text(row.action), .text(row.subject),
        .text(row.detail), .text(row.previous), .text(row.hash),
      ])
    return row
  }
}
