import Foundation
import Glibc
import Provenance

/// Files named by the digest of their content, written whole or not at all.
struct ObjectStore {
  let folder: String

  /// Where the object with a digest lies.
  func path(of digest: String) -> String { "\(folder)/\(digest.prefix(2))/\(digest.dropFirst(2))" }

  /// Keeps bytes and gives their digest; what is there already is not written again.
  ///
  /// The bytes are flushed to disk under a name of their own and then renamed, and the folder is flushed too: a name
  /// stands for all of its bytes or is not there.
  func keep(_ bytes: [UInt8]) throws(ArchiveError) -> String {
    let digest = Digest(of: bytes).hexadecimal
    let path = path(of: digest)
    guard access(path, F_OK) != 0 else { return digest }
    let parent = "\(folder)/\(digest.prefix(2))"
    guard mkdir(parent, 0o755) == 0 || errno == EEXIST else { throw .failed(to: "make a folder of the archive", errno) }
    try FlushedFile.write(bytes, to: path)
    try FlushedFile.flush(folder: folder)
    return digest
  }

  /// Removes what processes that were killed while writing have left.
  func removeAbandoned() {
    for path in (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? [] {
      let parts = path.split(separator: "-")
      guard parts.count == 3, parts[0].hasSuffix(".partial"), let process = Int32(parts[1]) else { continue }
      if kill(process, 0) != 0, errno == ESRCH { unlink("\(folder)/\(path)") }
    }
  }

  /// The bytes of an object, or `nil` where it is missing or its content is not what its name says.
  func read(_ digest: String) -> [UInt8]? {
    guard let bytes = FlushedFile.read(path(of: digest)), Digest(of: bytes).hexadecimal == digest else { return nil }
    return bytes
  }
}

/// Files that are on disk when a call returns.
enum FlushedFile {
  /// Writes bytes beside the path, flushes and renames them.
  static func write(_ bytes: [UInt8], to path: String) throws(ArchiveError) {
    let partial = "\(path).partial-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .failed(to: "write a file of the archive", errno) }
    var offset = 0
    var failure: Int32 = 0
    while offset < bytes.count, failure == 0 {
      let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { offset += count } else if errno != EINTR { failure = errno }
    }
    if failure == 0, fsync(descriptor) != 0 { failure = errno }
    close(descriptor)
    if failure == 0, rename(partial, path) != 0 { failure = errno }
    guard failure == 0 else {
      unlink(partial)
      throw .failed(to: "write a file of the archive", failure)
    }
    try flush(folder: String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
  }

  /// Makes the names in a folder durable.
  static func flush(folder: String) throws(ArchiveError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .failed(to: "open a folder of the archive", errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .failed(to: "flush a folder of the archive", errno) }
  }

  /// The bytes of a regular file; `nil` where there is none or it cannot be read.
  static func read(_ path: String) -> [UInt8]? {
    let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    guard type == .typeRegular, let data = FileManager.default.contents(atPath: path) else { return nil }
    return Array(data)
  }
}
