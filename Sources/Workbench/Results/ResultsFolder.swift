import CLinux
import Foundation
import Glibc

/// A folder of results that appears whole or not at all.
public struct ResultsFolder: Sendable {
  private let path: String

  /// The folder `results` of a case.
  public init(of folder: String) { path = folder + "/results" }

  /// A folder by its own path, its content written by Endora: it is not there, or holds files with these names only.
  ///
  /// - Throws: ``CaseError`` when it holds something else, which would be lost.
  public init(at folder: String, holding names: Set<String>) throws {
    path = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: path, isDirectory: &isFolder) else { return }
    let others =
      isFolder.boolValue ? ((try? manager.contentsOfDirectory(atPath: path)) ?? []).filter { !names.contains($0) } : []
    guard isFolder.boolValue, others.isEmpty else {
      throw CaseError(
        "folder-in-use", "\(fileName(path)) is there and holds other things than earlier results.",
        remedy: "Name a folder that is not there yet.", category: .usage)
    }
  }

  /// Replaces the folder's content by new files.
  ///
  /// The files are written and flushed beside the folder, which is then exchanged for the new one in a single step of
  /// the file system: whoever looks sees the old results or the new ones.
  ///
  /// - Throws: ``CaseError`` with exit code 74; earlier results are untouched.
  public func replace(with files: [(name: String, bytes: [UInt8])]) throws {
    let manager = FileManager.default
    removeAbandoned()
    let staging = path + ".new-\(getpid())"
    defer { try? manager.removeItem(atPath: staging) }
    guard mkdir(staging, 0o755) == 0 else { throw Self.failure("create the results", errno) }
    for file in files {
      let target = staging + "/" + file.name
      if file.name.contains("/") {
        try? manager.createDirectory(
          atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      }
      try Self.write(file.bytes, to: target)
    }
    if manager.fileExists(atPath: path) {
      guard endora_exchange(staging, path) == 0 else { throw Self.failure("put the results in place", errno) }
    } else {
      guard rename(staging, path) == 0 else { throw Self.failure("put the results in place", errno) }
    }
  }

  /// Removes what runs that were killed while writing have left: folders of processes that are no more.
  private func removeAbandoned() {
    let parent = (path as NSString).deletingLastPathComponent
    let prefix = fileName(path) + ".new-"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
      guard let process = Int32(name.dropFirst(prefix.count)) else { continue }
      if process == getpid() || (kill(process, 0) != 0 && errno == ESRCH) {
        try? FileManager.default.removeItem(atPath: parent + "/" + name)
      }
    }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("create \(fileName(path))", errno) }
    defer { close(descriptor) }
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw failure("write \(fileName(path))", errno) }
      offset += count
    }
    guard fsync(descriptor) == 0 else { throw failure("write \(fileName(path))", errno) }
  }

  private static func failure(_ what: String, _ number: Int32) -> CaseError {
    CaseError(
      "results-not-written", "Endora could not \(what): \(String(cString: strerror(number))).",
      remedy: "Free space or check the permissions of the folder; earlier results are as they were.",
      category: .inputOutput)
  }
}
