public import Archive
public import JSON
import Provenance
public import Quantities

/// The accounts of an archive: `endora archive user`.
public struct ArchiveAccounts {
  private let archive: Archive

  /// Opens the archive of a folder, or makes it.
  public init(folder: String) throws { archive = try Archive(folder: folder, creates: true) }

  /// Adds an account.
  public func add(_ name: String, _ role: Role, password: [UInt8], actor: String, at moment: Timestamp) throws {
    try archive.addAccount(name, role, Password(password), actor: actor, at: moment.description)
  }

  /// Removes one.
  public func remove(_ name: String, actor: String, at moment: Timestamp) throws {
    try archive.removeAccount(name, actor: actor, at: moment.description)
  }

  /// Gives one another password.
  public func setPassword(of name: String, _ password: [UInt8], actor: String, at moment: Timestamp) throws {
    try archive.setPassword(of: name, Password(password), actor: actor, at: moment.description)
  }

  /// Gives one another role.
  public func setRole(of name: String, _ role: Role, actor: String, at moment: Timestamp) throws {
    try archive.setRole(of: name, role, actor: actor, at: moment.description)
  }

  /// `{"accounts": [{"name", "role"}]}` and the same as a table.
  public func list() throws -> (document: JSONValue, summary: String) {
    let accounts = try archive.accounts()
    var table = TextTable(["Account", "Role"], numbers: [])
    for one in accounts { table.add([printable(one.name), one.role.rawValue]) }
    return (
      [
        "accounts": .array(
          accounts.map { ["name": JSONValue($0.name), "role": JSONValue($0.role.rawValue)] })
      ], accounts.isEmpty ? "The archive has no accounts.\n" : table.text
    )
  }
}

/// What an account may do, as a person names it.
public typealias AccountRole = Role
