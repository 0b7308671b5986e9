import Foundation
import Testing

@testable import Archive

@Suite("Accounts")
struct AccountTests {
  private let folder: TemporaryFolder
  private let archive: Archive

  init() throws {
    folder = try TemporaryFolder()
    archive = try Archive(folder: folder.path, creates: true)
    try archive.addAccount(
      "A. Müller", .editor, Password("correct horse battery".utf8), actor: "root", at: moment)
  }

  @Test("An account opens with its password alone, and is found however its name is composed")
  func opens() throws {
    let opened = try #require(try archive.account("A. Mu\u{308}ller", Password("correct horse battery".utf8)))
    #expect(opened.name == "A. Müller" && opened.role == .editor)
    for wrong in ["", "correct horse batter", "correct horse battery ", "Correct horse battery"] {
      #expect(try archive.account("A. Müller", Password(wrong.utf8)) == nil)
    }
    #expect(try archive.account("a. müller", Password("correct horse battery".utf8)) == nil)
    #expect(try archive.account("' OR 1=1 --", Password("correct horse battery".utf8)) == nil)
  }

  @Test("What is stored is argon2id with a salt of its own, and the decoy costs as much")
  func hashes() throws {
    let (a, b) = (try Password("twelve bytes".utf8).hash(), try Password("twelve bytes".utf8).hash())
    #expect(a != b)
    func cost(_ hash: String) -> [Substring] { Array(hash.split(separator: "$").prefix(3)) }
    #expect(cost(a) == ["argon2id", "v=19", "m=65536,t=2,p=1"])
    #expect(cost(a) == cost(Password.decoy))
    let isDecoy = Password("twelve bytes".utf8).matches(Password.decoy)
    #expect(!isDecoy)
    let bytes = try Data(contentsOf: URL(filePath: folder.path + "/.endora/archive.sqlite"))
    let log = try Data(contentsOf: URL(filePath: folder.path + "/.endora/archive.sqlite-wal"))
    for stored in [bytes, log] { #expect(stored.range(of: Data("correct horse".utf8)) == nil) }
  }

  @Test("A password that is too short or too long is refused, and none is cut")
  func lengths() throws {
    for text in ["", "eleven byte", String(repeating: "x", count: 1025)] {
      let refused = #expect(throws: ArchiveError.self) {
        try archive.addAccount("B", .reader, Password(text.utf8), actor: "root", at: moment)
      }
      #expect(refused?.code == "password-length")
    }
    let longest = String(repeating: "x", count: 1024)
    try archive.addAccount("B", .reader, Password(longest.utf8), actor: "root", at: moment)
    #expect(try archive.account("B", Password(longest.utf8)) != nil)
    #expect(try archive.account("B", Password((longest + "x").utf8)) == nil)
  }

  @Test("Roles, passwords and removals are kept, told apart and in the audit trail")
  func changes() throws {
    let first = try #require(try archive.account("A. Müller"))
    try archive.setRole(of: "A. Müller", .signer, actor: "root", at: moment)
    try archive.setPassword(of: "A. Müller", Password("another long one".utf8), actor: "root", at: moment)
    let second = try #require(try archive.account("A. Müller", Password("another long one".utf8)))
    #expect(second.role == .signer && second.stamp != first.stamp)
    #expect(try archive.account("A. Müller", Password("correct horse battery".utf8)) == nil)
    try archive.removeAccount("A. Müller", actor: "root", at: moment)
    #expect(try archive.accounts().isEmpty)
    for refused in [
      #expect(throws: ArchiveError.self) { try archive.removeAccount("A. Müller", actor: "root", at: moment) },
      #expect(throws: ArchiveError.self) { try archive.setRole(of: "C", .reader, actor: "root", at: moment) },
    ] { #expect(refused?.code == "no-such-account") }
    let trail = try archive.auditTrail()
    #expect(trail.map(\.action) == ["account", "account", "account", "account"])
    #expect(trail.map(\.detail).joined().contains("\"removed\""))
    #expect(!trail.map(\.detail).joined().contains("argon2"))
    #expect(try archive.audit().problems.isEmpty)
  }

  @Test(
    "Names that could be mistaken or written elsewhere are refused",
    arguments: ["", " ", " A", "A ", "a/b", "a\nb", "<b>", "a\"b", String(repeating: "a", count: 65), "a\u{202E}b"])
  func names(_ name: String) {
    let refused = #expect(throws: ArchiveError.self) {
      try archive.addAccount(name, .reader, Password("correct horse battery".utf8), actor: "root", at: moment)
    }
    #expect(refused?.code == "account-name")
  }

  @Test("Nobody but the owner reads the database, its copy or its backup; an archive from before has no accounts")
  func files() throws {
    func mode(_ path: String) throws -> Int? {
      (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }
    #expect(try mode(folder.path + "/.endora/archive.sqlite") == 0o600)
    try archive.backUp(to: folder.path + "/backup")
    #expect(try mode(folder.path + "/backup/archive.sqlite") == 0o600)
    let other = try TemporaryFolder()
    try Archive.restore(from: folder.path + "/backup", to: other.path, actor: "root", at: moment)
    #expect(try mode(other.path + "/.endora/archive.sqlite") == 0o600)
    #expect(try Archive(folder: other.path).account("A. Müller", Password("correct horse battery".utf8)) != nil)

    let earlier = try TemporaryFolder()
    try Archive(folder: earlier.path, creates: true).index(record("p"), actor: "a", at: moment)
    try sqlite(earlier.path + "/.endora/archive.sqlite", "DROP TABLE accounts; PRAGMA user_version = 1")
    let opened = try Archive(folder: earlier.path)
    #expect(try opened.accounts().isEmpty)
    #expect(try opened.worklist().map(\.path) == ["p"])
  }
}
