import Glibc

/// A folder with all that lies below it.
struct Folder {
  let path: String

  /// The paths of all regular files, each once, in the order of their names; links are followed.
  func files() throws(StudyError) -> [String] {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw StudyError(
        "no-such-folder", "There is no folder at \(path).", remedy: "Name a folder with DICOM files.",
        category: .missing)
    }
    var visited: Set<Identity> = []
    var files: [String] = []
    var pending = [path]
    while let next = pending.popLast() {
      guard stat(next, &status) == 0, visited.insert(Identity(status)).inserted else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFREG: files.append(next)
      case S_IFDIR: pending += try names(in: next).sorted(by: >).map { next + "/" + $0 }
      default: continue
      }
    }
    return files
  }

  /// The path, when a regular file lies there and no folder.
  func regularFile() -> String? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return path
  }

  /// Makes the folder and those above it.
  func make() throws(StudyError) {
    for end in path.indices.dropFirst() where path[end] == "/" { mkdir(String(path[..<end]), 0o777) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw StudyError(
        "unwritable-folder", "The folder \(path) cannot be made: \(String(cString: strerror(errno))).",
        remedy: "Check that you may write there.", category: .inputOutput)
    }
  }

  /// The names in the folder itself.
  func names() throws(StudyError) -> [String] { try names(in: path) }

  private func names(in folder: String) throws(StudyError) -> [String] {
    guard let directory = opendir(folder) else {
      throw StudyError(
        "unreadable-folder", "The folder \(folder) cannot be read: \(String(cString: strerror(errno))).",
        remedy: "Check that you may read it.", category: .inputOutput)
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: UInt8.self, capacity: 256) { String(decodingCString: $0, as: UTF8.self) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  private struct Identity: Hashable {
    let device: UInt
    let node: UInt

    init(_ status: stat) {
      device = UInt(status.st_dev)
      node = UInt(status.st_ino)
    }
  }
}

/// Writes a file under a temporary name and renames it.
func writeWhole(_ bytes: [UInt8], to path: String) throws(StudyError) {
  func failed() -> StudyError {
    StudyError(
      "unwritable-file", "A file cannot be written: \(String(cString: strerror(errno))).",
      remedy: "Check that the folder may be written and has room.", category: .inputOutput)
  }
  let partial = path + ".partial"
  let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { throw failed() }
  var offset = 0
  while offset < bytes.count {
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + offset, $0.count - offset) }
    guard count > 0 else {
      let error = failed()
      close(descriptor)
      unlink(partial)
      throw error
    }
    offset += count
  }
  guard close(descriptor) == 0, rename(partial, path) == 0 else { throw failed() }
}
