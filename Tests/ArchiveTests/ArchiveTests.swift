import Archive
import Foundation
import TestFolders
import Testing

typealias TemporaryFolder = TestFolders.TemporaryFolder

func record(_ path: String, stage: CaseRecord.Stage = .dosed, report: String = "report") -> CaseRecord {
  CaseRecord(
    path: path, name: "Case \(path)", stage: stage, findings: ["saturated-model"],
    series: [.init(uid: "1.2.3", modality: "PT", kind: "PET", instances: 3)], regions: ["kidneys", "spleen"],
    settings: ["marrowShare": "0.073"], results: [.init(name: "report.html", bytes: Array(report.utf8))])
}

let moment = "2026-11-02T09:00:00+01:00"

@Suite("The archive")
struct ArchiveTests {
  @Test("What is indexed comes back, and the same again changes nothing")
  func index() throws {
    let folder = try TemporaryFolder()
    let archive = try Archive(folder: folder.path, creates: true)
    #expect(try archive.index(record("p2"), actor: "a", at: moment))
    #expect(try archive.index(record("p1"), actor: "a", at: moment))
    #expect(try !archive.index(record("p1"), actor: "a", at: moment))
    #expect(try archive.index(record("p1", stage: .prescribed), actor: "b", at: moment))
    let worklist = try archive.worklist()
    #expect(worklist.map(\.path) == ["p1", "p2"])
    #expect(worklist.map(\.stage) == [.prescribed, .dosed])
    #expect(worklist[0].findings == ["saturated-model"])
    let result = try #require(worklist[0].results.first)
    #expect(archive.result(result.digest) == Array("report".utf8))
    #expect(try archive.auditTrail().map(\.action) == ["add", "add", "update"])
    #expect(try archive.audit().problems.isEmpty)
  }

  @Test("Cases whose folders are gone are forgotten, their audit rows are not")
  func forget() throws {
    let folder = try TemporaryFolder()
    let archive = try Archive(folder: folder.path, creates: true)
    for path in ["p1", "p2", "p3"] { try archive.index(record(path), actor: "a", at: moment) }
    #expect(try archive.forget(except: ["p2"], actor: "a", at: moment) == ["p1", "p3"])
    #expect(try archive.worklist().map(\.path) == ["p2"])
    #expect(try archive.audit().rows == 5)
    #expect(try archive.audit().problems.isEmpty)
  }

  @Test("An archive is opened again, and one that is not there is not made unasked")
  func reopen() throws {
    let folder = try TemporaryFolder()
    #expect(#expect(throws: ArchiveError.self) { try Archive(folder: folder.path) }?.code == "no-archive")
    try Archive(folder: folder.path, creates: true).index(record("p"), actor: "a", at: moment)
    #expect(try Archive(folder: folder.path).worklist().count == 1)
    let none = #expect(throws: ArchiveError.self) { try Archive(folder: folder.path + "/none", creates: true) }
    #expect(none?.category == .missing)
  }

  @Test("A backup holds everything, is checked before it is restored, and overwrites nothing")
  func backup() throws {
    let folder = try TemporaryFolder()
    let department = folder.path + "/a"
    let other = folder.path + "/b"
    for path in [department, other] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    let archive = try Archive(folder: department, creates: true)
    try archive.index(record("p"), actor: "a", at: moment)
    let backup = folder.path + "/backup"
    try archive.backUp(to: backup)
    #expect(#expect(throws: ArchiveError.self) { try archive.backUp(to: backup) }?.code == "backup-exists")
    try Archive.restore(from: backup, to: other, actor: "b", at: moment)
    let restored = try Archive(folder: other)
    #expect(try restored.worklist() == archive.worklist())
    #expect(try restored.audit().problems.isEmpty)
    #expect(try restored.auditTrail().map(\.action) == ["add", "restore"])
    #expect(
      #expect(throws: ArchiveError.self) {
        try Archive.restore(from: backup, to: other, actor: "b", at: moment)
      }?.code == "archive-exists")

    let object = try #require(try archive.worklist().first?.results.first).digest
    try Data("other".utf8).write(
      to: URL(filePath: "\(backup)/objects/\(object.prefix(2))/\(object.dropFirst(2))"))
    let third = folder.path + "/c"
    try FileManager.default.createDirectory(atPath: third, withIntermediateDirectories: false)
    let error = #expect(throws: ArchiveError.self) {
      try Archive.restore(from: backup, to: third, actor: "b", at: moment)
    }
    #expect(error?.code == "damaged-backup")
    #expect(try FileManager.default.contentsOfDirectory(atPath: third).isEmpty)
  }

  @Test("Several writers at once lose nothing, and every case is there once")
  func writers() async throws {
    let folder = try TemporaryFolder()
    _ = try Archive(folder: folder.path, creates: true)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          let archive = try Archive(folder: folder.path)
          for number in 0..<5 { try archive.index(record("p\(number)-\(writer % 4)"), actor: "\(writer)", at: moment) }
        }
      }
      try await group.waitForAll()
    }
    let archive = try Archive(folder: folder.path)
    #expect(try archive.worklist().count == 20)
    #expect(try archive.audit().rows == 20)
    #expect(try archive.audit().problems.isEmpty)
  }

  @Test("What is no archive, a newer one and a damaged one are refused")
  func refused() throws {
    let folder = try TemporaryFolder()
    let storage = folder.path + "/.endora"
    let path = storage + "/archive.sqlite"
    try FileManager.default.createDirectory(atPath: storage, withIntermediateDirectories: false)
    try Data().write(to: URL(filePath: path))
    #expect(#expect(throws: ArchiveError.self) { try Archive(folder: folder.path) }?.code == "damaged-archive")
    try Data("a text, not a database, long enough to be looked at".utf8).write(to: URL(filePath: path))
    #expect(#expect(throws: ArchiveError.self) { try Archive(folder: folder.path) }?.code == "damaged-archive")
    try FileManager.default.removeItem(atPath: path)
    try sqlite(path, "CREATE TABLE other (id INTEGER)")
    #expect(#expect(throws: ArchiveError.self) { try Archive(folder: folder.path) }?.code == "not-an-archive")
    try FileManager.default.removeItem(atPath: path)
    _ = try Archive(folder: folder.path, creates: true)
    try sqlite(path, "PRAGMA user_version = 99")
    #expect(#expect(throws: ArchiveError.self) { try Archive(folder: folder.path) }?.code == "newer-archive")
  }
}

@Suite("The audit trail")
struct AuditTests {
  private func archive(in folder: TemporaryFolder) throws -> (archive: Archive, database: String) {
    let archive = try Archive(folder: folder.path, creates: true)
    for number in 1...5 { try archive.index(record("p\(number)"), actor: "a", at: moment) }
    return (archive, folder.path + "/.endora/archive.sqlite")
  }

  private static let unlock = "DROP TRIGGER audit_rows_stay; DROP TRIGGER audit_rows_do_not_change;"

  @Test(
    "An edit of any field of any row is found",
    arguments: ["at", "actor", "action", "subject", "detail"])
  func edited(_ field: String) throws {
    let folder = try TemporaryFolder()
    let (archive, database) = try archive(in: folder)
    try sqlite(database, "\(Self.unlock) UPDATE audit SET \(field) = \(field) || 'x' WHERE id = 3")
    #expect(try archive.audit().problems.map(\.code) == ["row-edited"])
  }

  @Test("A row sealed anew, a row taken out and rows cut off at the end are found")
  func rewritten() throws {
    let resealed = try TemporaryFolder()
    let (first, path) = try archive(in: resealed)
    let zeros = String(repeating: "a", count: 64)
    try sqlite(path, "\(Self.unlock) UPDATE audit SET detail = '[]', hash = '\(zeros)' WHERE id = 3")
    #expect(Set(try first.audit().problems.map(\.code)) == ["row-edited", "row-missing"])

    let shortened = try TemporaryFolder()
    let (second, other) = try archive(in: shortened)
    try sqlite(other, "\(Self.unlock) DELETE FROM audit WHERE id = 2")
    #expect(try second.audit().problems.contains { $0.code == "row-missing" })

    let cut = try TemporaryFolder()
    let (third, last) = try archive(in: cut)
    try sqlite(last, "\(Self.unlock) DELETE FROM audit WHERE id = 5")
    #expect(try third.audit().problems.map(\.code) == ["rows-cut-off"])
  }

  @Test("The database itself refuses to change or delete audit rows")
  func triggers() throws {
    let folder = try TemporaryFolder()
    let (archive, database) = try archive(in: folder)
    for change in ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"] {
      #expect(throws: SQLiteFailure.self) { try sqlite(database, change) }
    }
    #expect(try archive.audit().problems.isEmpty)
  }

  @Test("A result whose file is damaged or gone is found")
  func objects() throws {
    let folder = try TemporaryFolder()
    let (archive, _) = try archive(in: folder)
    let digest = try #require(try archive.worklist().first?.results.first).digest
    let path = "\(folder.path)/.endora/objects/\(digest.prefix(2))/\(digest.dropFirst(2))"
    try Data("changed".utf8).write(to: URL(filePath: path))
    #expect(try archive.audit().problems.map(\.code) == ["object-damaged"])
    #expect(archive.result(digest) == nil)
    try FileManager.default.removeItem(atPath: path)
    #expect(try archive.audit().problems.map(\.code) == ["object-damaged"])
  }
}
