import Foundation
import Glibc

extension Archive {
  /// Copies the archive as it is at this moment into a new folder; others may go on writing.
  ///
  /// The folder appears when it is complete.
  public func backUp(to path: String) throws {
    var status = stat()
    guard lstat(path, &status) != 0 else {
      throw ArchiveError(
        "backup-exists", "There is something at \(path) already.", remedy: "Name a folder that does not exist yet.")
    }
    let partial = "\(path).partial-\(getpid())"
    guard mkdir(partial, 0o755) == 0, mkdir(partial + "/objects", 0o755) == 0 else {
      throw ArchiveError.failed(to: "make the backup", errno)
    }
    defer { try? FileManager.default.removeItem(atPath: partial) }
    try database.run("VACUUM INTO ?", [.text(partial + "/archive.sqlite")])
    // It may hold accounts.
    _ = chmod(partial + "/archive.sqlite", 0o600)
    let copy = try Database(path: partial + "/archive.sqlite")
    let store = ObjectStore(folder: partial + "/objects")
    for row in try copy.run("SELECT DISTINCT digest FROM results") {
      guard let digest = row[0].text, let bytes = objects.read(digest) else {
        throw ArchiveError(
          "object-damaged", "A result of the archive is missing or its content has changed.",
          remedy: "Index the folder again, then back up; endora data audit lists what is wrong.")
      }
      _ = try store.keep(bytes)
    }
    // Earlier texts of cases that the trail speaks of.
    let changes = "'change', 'undo', 'redo', 'gates-change', 'gates-undo', 'gates-redo'"
    for row in try copy.run("SELECT detail FROM audit WHERE action IN (\(changes))") {
      for part in row[0].text?.split(separator: "\"") ?? []
      where part.utf8.count == 64 && part.allSatisfy(\.isHexDigit) {
        if let bytes = objects.read(String(part)) { _ = try store.keep(bytes) }
      }
    }
    let last = "SELECT id, at, actor, action, subject, detail, previous, hash FROM audit ORDER BY id DESC LIMIT 1"
    if let row = try copy.run(last).first.flatMap(AuditRow.init) {
      try AuditHead(path: partial + "/audit-head").write(row)
    }
    guard rename(partial, path) == 0 else { throw ArchiveError.failed(to: "put the backup in place", errno) }
  }

  /// Puts a backup into a folder that has no archive; it is checked from end to end first.
  public static func restore(from backup: String, to folder: String, actor: String, at moment: String) throws {
    let storage = storage(in: folder)
    var status = stat()
    guard lstat(storage, &status) != 0 else {
      throw ArchiveError(
        "archive-exists", "The folder has an archive already.",
        remedy: "Move its .endora away first; nothing is overwritten.")
    }
    guard stat(backup + "/archive.sqlite", &status) == 0 else {
      throw ArchiveError(
        "no-backup", "There is no backup at \(backup).", remedy: "Name the folder that a backup was written to.",
        category: .missing)
    }
    let partial = "\(folder)/.endora.partial-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: partial) }
    try copy(backup, to: partial + "/.endora")
    let report = try Archive(folder: partial).audit()
    guard report.problems.isEmpty else {
      throw ArchiveError(
        "damaged-backup", "The backup is damaged: \(report.problems[0].text)",
        remedy: "Use another backup, or index the case folders afresh.")
    }
    guard rename(partial + "/.endora", storage) == 0 else {
      throw ArchiveError.failed(to: "put the archive in place", errno)
    }
    try Archive(folder: folder).note(action: "restore", subject: "", actor: actor, at: moment)
  }

  /// Copies regular files, each flushed to disk; links are left out.
  private static func copy(_ source: String, to target: String) throws {
    let files = FileManager.default
    for name in try files.subpathsOfDirectory(atPath: source) {
      let attributes = try files.attributesOfItem(atPath: source + "/" + name)
      guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
      guard let bytes = FlushedFile.read(source + "/" + name) else {
        throw ArchiveError.failed(to: "read the backup", EIO)
      }
      let path = target + "/" + name
      try files.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try FlushedFile.write(bytes, to: path)
      if name == "archive.sqlite" { _ = chmod(path, 0o600) }
    }
  }
}
