import CommandLine
import Foundation
import Quantities
import Workbench

private let folder = Argument<FolderPath>("folder", "The folder that holds the case folders.")
private let backup = Argument<FilePath>("backup", "The folder of the backup.")
private let actor = Option<String?>("actor", "Who does it, for the audit trail; the name of the login when left out.")

/// The moment of the command, by the clock and zone of this machine.
var presentMoment: Timestamp {
  let now = Date()
  return Timestamp(
    secondsSince1970: now.timeIntervalSince1970.rounded(.down), utcOffset: TimeZone.current.secondsFromGMT(for: now))
}

let archiveCommands = Command(
  "archive", "The index of a department's cases.", example: "endora archive index cases",
  commands: [
    Command(
      "index", "Bring the archive up to date with the case folders below a folder; make it when there is none.",
      example: "endora archive index cases --json", takes: [folder, actor, json]
    ) { arguments in
      let indexing = try ArchiveIndexing(
        folder: arguments[folder].path, actor: arguments[actor] ?? NSUserName(), at: presentMoment)
      try show(indexing.document, as: arguments, text: indexing.summary)
    },
    Command(
      "list", "The cases with the stage that each has reached.", example: "endora archive list cases --json",
      takes: [folder, json]
    ) { arguments in
      let list = try ArchiveWorklist(folder: arguments[folder].path)
      try show(list.document, as: arguments, text: list.summary)
    },
    Command(
      "backup", "Copy the archive as it is now to a new folder, while others go on working.",
      example: "endora archive backup cases backup-2026-11-20", takes: [folder, backup]
    ) { arguments in
      try ArchiveBackup.write(of: arguments[folder].path, to: arguments[backup].path)
    },
    Command(
      "restore", "Check a backup from end to end and put it into a folder that has no archive.",
      example: "endora archive restore backup-2026-11-20 cases", takes: [backup, folder, actor]
    ) { arguments in
      try ArchiveBackup.restore(
        from: arguments[backup].path, to: arguments[folder].path, actor: arguments[actor] ?? NSUserName(),
        at: presentMoment)
    },
    accountCommands,
  ])
