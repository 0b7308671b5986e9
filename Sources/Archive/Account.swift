import Foundation
import Glibc
import Provenance

/// What the holder of an account may do; each may do what those before it may.
public enum Role: String, CaseIterable, Comparable, Sendable {
  /// Looks at cases.
  case reader
  /// Changes and plans them, too.
  case editor
  /// Signs prescriptions, too.
  case signer

  public static func < (a: Role, b: Role) -> Bool {
    (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
  }
}

/// Somebody who works with the archive through a server.
public struct Account: Hashable, Sendable {
  /// The name that signs and stands in the audit trail.
  public let name: String
  /// What its holder may do.
  public let role: Role
  /// Differs once the password was changed.
  public let stamp: String
}

extension Archive {
  /// All accounts by their names.
  public func accounts() throws -> [Account] {
    try database.run("SELECT name, role, password FROM accounts ORDER BY name").map(Self.account)
  }

  /// The account with a name.
  public func account(_ name: String) throws -> Account? {
    try database.run("SELECT name, role, password FROM accounts WHERE name = ?", [.text(name)]).first.map(Self.account)
  }

  /// Adds an account. From then on the database can be read by its owner alone.
  public func addAccount(
    _ name: String, _ role: Role, _ password: borrowing Password, actor: String, at moment: String
  ) throws {
    let name = name.precomposedStringWithCanonicalMapping
    guard (1...64).contains(name.count), name.first != " ", name.last != " ",
      name.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || "0123456789 ._-@".unicodeScalars.contains($0) })
    else {
      throw ArchiveError(
        "account-name", "An account cannot have this name.",
        remedy: "Use 1 to 64 letters, digits, spaces, dots, hyphens and @.")
    }
    let hash = try password.hash()
    try change(name, "added", role, actor, moment) {
      guard try account(name) == nil else {
        throw ArchiveError(
          "account-exists", "There is an account “\(name)” already.", remedy: "Choose another name, or change that one."
        )
      }
      try database.run(
        "INSERT INTO accounts (name, role, password) VALUES (?, ?, ?)",
        [.text(name), .text(role.rawValue), .text(hash)])
    }
    let path = Self.storage(in: folder) + "/archive.sqlite"
    for suffix in ["", "-wal", "-shm"] { _ = chmod(path + suffix, 0o600) }
  }

  /// Removes an account; what its holder did stays in the audit trail.
  public func removeAccount(_ name: String, actor: String, at moment: String) throws {
    try change(name, "removed", nil, actor, moment) {
      _ = try known(name)
      try database.run("DELETE FROM accounts WHERE name = ?", [.text(name)])
    }
  }

  /// Gives an account another password.
  public func setPassword(
    of name: String, _ password: borrowing Password, actor: String, at moment: String
  ) throws {
    let hash = try password.hash()
    try change(name, "password", nil, actor, moment) {
      _ = try known(name)
      try database.run("UPDATE accounts SET password = ? WHERE name = ?", [.text(hash), .text(name)])
    }
  }

  /// Gives an account another role.
  public func setRole(of name: String, _ role: Role, actor: String, at moment: String) throws {
    try change(name, "role", role, actor, moment) {
      _ = try known(name)
      try database.run("UPDATE accounts SET role = ? WHERE name = ?", [.text(role.rawValue), .text(name)])
    }
  }

  /// The account with a name and a password; `nil` where either is wrong, after the same time.
  public func account(_ name: String, _ password: borrowing Password) throws -> Account? {
    let row = try database.run(
      "SELECT name, role, password FROM accounts WHERE name = ?", [.text(name.precomposedStringWithCanonicalMapping)]
    ).first
    let isRight = password.matches(row?[2].text ?? Password.decoy)
    return isRight ? try row.map(Self.account) : nil
  }

  private func known(_ name: String) throws -> Account {
    guard let known = try account(name) else {
      throw ArchiveError(
        "no-such-account", "There is no account with this name.", remedy: "endora archive user list shows them.",
        category: .missing)
    }
    return known
  }

  private func change(
    _ name: String, _ what: String, _ role: Role?, _ actor: String, _ moment: String, _ work: () throws -> Void
  ) throws {
    let role = role.map { ",\"role\":\"\($0.rawValue)\"" } ?? ""
    let row = try database.transaction {
      try work()
      return try append(
        actor: actor, at: moment, action: "account", subject: name, detail: "{\"what\":\"\(what)\"\(role)}")
    }
    try head.write(row)
  }

  private static func account(_ columns: [Database.Value]) throws -> Account {
    guard let name = columns[0].text, let role = columns[1].text.flatMap(Role.init), let hash = columns[2].text else {
      throw ArchiveError(
        "damaged-archive", "An account of the archive cannot be read.", remedy: "Restore the last backup.")
    }
    return Account(name: name, role: role, stamp: Digest(of: hash.utf8).hexadecimal)
  }
}
