import CommandLine
import Foundation
import Quantities
import Workbench

private let folder = Argument<FolderPath>("folder", "The folder that holds the case folders.")
private let name = Argument<String>("name", "The account; it signs and stands in the audit trail.")
private let actor = Option<String?>("actor", "Who does it, for the audit trail; the name of the login when left out.")
private let role = Option(
  "role", "What its holder may do: look, change and plan too, sign too.", default: Allowed.reader)

private enum Allowed: String, CaseIterable, ArgumentValue {
  case reader, editor, signer
  var role: AccountRole {
    switch self {
    case .reader: .reader
    case .editor: .editor
    case .signer: .signer
    }
  }
}

let accountCommands = Command(
  "user", "The accounts of those who work through a server.",
  example: "endora archive user add cases \"A. Physicist\" --role signer",
  commands: [
    Command(
      "add", "Add an account; the password is asked for, or is the first line of standard input.",
      example: "endora archive user add cases \"A. Physicist\" --role signer", takes: [folder, name, role, actor]
    ) { arguments in
      let password = try typedPassword("Password")
      try ArchiveAccounts(folder: arguments[folder].path).add(
        arguments[name], arguments[role].role, password: password, actor: arguments[actor] ?? NSUserName(),
        at: presentMoment)
    },
    Command(
      "list", "The accounts and what their holders may do.", example: "endora archive user list cases",
      takes: [folder, json]
    ) { arguments in
      let list = try ArchiveAccounts(folder: arguments[folder].path).list()
      try show(list.document, as: arguments, text: list.summary)
    },
    Command(
      "password", "Give an account another password; whoever has signed in with it signs in again.",
      example: "endora archive user password cases \"A. Physicist\"", takes: [folder, name, actor]
    ) { arguments in
      let password = try typedPassword("New password")
      try ArchiveAccounts(folder: arguments[folder].path).setPassword(
        of: arguments[name], password, actor: arguments[actor] ?? NSUserName(), at: presentMoment)
    },
    Command(
      "role", "Give an account another role.", example: "endora archive user role cases \"A. Physicist\" --role editor",
      takes: [folder, name, role, actor]
    ) { arguments in
      try ArchiveAccounts(folder: arguments[folder].path).setRole(
        of: arguments[name], arguments[role].role, actor: arguments[actor] ?? NSUserName(), at: presentMoment)
    },
    Command(
      "remove", "Remove an account; what its holder did stays in the audit trail.",
      example: "endora archive user remove cases \"A. Physicist\"", takes: [folder, name, actor]
    ) { arguments in
      try ArchiveAccounts(folder: arguments[folder].path).remove(
        arguments[name], actor: arguments[actor] ?? NSUserName(), at: presentMoment)
    },
  ])
