import Glibc

/// The bytes of a file, mapped for reading for as long as the object lives.
final class MappedFile: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer

  /// - Throws: ``LaboratoryError`` when the file is not there or cannot be read.
  init(path: String) throws {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw LaboratoryError(
        "file-missing", "There is no file \(name) that can be opened.", remedy: "Check the path and its permissions.",
        category: errno == ENOENT ? .missing : .inputOutput)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw LaboratoryError(
        "file-unreadable", "\(name) is not a regular file.", remedy: "Give the path of a file.", category: .inputOutput)
    }
    guard status.st_size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0),
      start != MAP_FAILED
    else {
      throw LaboratoryError(
        "file-unreadable", "\(name) cannot be mapped into memory.", remedy: "Copy it to a local disk.",
        category: .inputOutput)
    }
    bytes = UnsafeRawBufferPointer(start: start, count: Int(status.st_size))
  }

  deinit {
    if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
  }
}
