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
    do {
      try database.run("VACUUM INTO ?", [.text(partial + "/archive.sqlite")])
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
      if let last = try copy.run("SELECT id, at, actor, action, subject, detail, previous, hash FROM audit ORDER BY id")
        .last.flatMap(AuditRow.init)
      {
        try AuditHead(path: partial + "/audit-head").write(last)
      }
      guard rename(partial, path) == 0 else { throw ArchiveError.failed(to: "put the backup in place", errno) }
    } catch {
      removeTree(partial)
      throw error
    }
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
    do {
      try copyTree(backup, to: partial + "/.endora")
      let report = try Archive(folder: partial).audit()
      guard report.problems.isEmpty else {
        throw ArchiveError(
          "damaged-backup", "The backup is damaged: \(report.problems[0].text)",
          remedy: "Use another backup, or index the case folders afresh.")
      }
      guard rename(partial + "/.endora", storage) == 0 else {
        throw ArchiveError.failed(to: "put the archive in place", errno)
      }
      removeTree(partial)
    } catch {
      removeTree(partial)
      throw error
    }
    try Archive(folder: folder).note(action: "restore", subject: "", actor: actor, at: moment)
  }
}

/// Copies a folder of regular files and folders; links are left out.
private func copyTree(_ source: String, to target: String) throws {
  try makeFolders(target)
  for name in fileNames(in: source) {
    var status = stat()
    guard lstat(source + "/" + name, &status) == 0 else { continue }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: try copyTree(source + "/" + name, to: target + "/" + name)
    case S_IFREG:
      guard let bytes = FlushedFile.read(source + "/" + name) else {
        throw ArchiveError.failed(to: "read the backup", EIO)
      }
      try FlushedFile.write(bytes, to: target + "/" + name)
    default: continue
    }
  }
}

private func makeFolders(_ path: String) throws {
  for end in path.indices.dropFirst() where path[end] == "/" { mkdir(String(path[..<end]), 0o755) }
  guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw ArchiveError.failed(to: "make a folder", errno) }
}

private func removeTree(_ path: String) {
  for name in fileNames(in: path) {
    var status = stat()
    guard lstat(path + "/" + name, &status) == 0 else { continue }
    if status.st_mode & S_IFMT == S_IFDIR { removeTree(path + "/" + name) } else { unlink(path + "/" + name) }
  }
  rmdir(path)
}

func fileNames(in folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: UInt8.self, capacity: 256) { String(decodingCString: $0, as: UTF8.self) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}
