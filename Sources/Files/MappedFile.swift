import CMapping
import Glibc

/// A regular file, read in pieces or mapped into memory page by page as it is touched.
///
/// A file that another program writes or cuts short meanwhile, or whose drive goes away, is refused; the process goes on.
public final class MappedFile: Sendable {
  /// The state of the file when it was opened.
  public let stamp: FileStamp
  private let descriptor: Int32
  private let isReadWhole: Bool

  /// Opens a file.
  ///
  /// - Parameter isReadWhole: whether all of it will be touched; it is then fetched at once.
  /// - Throws: ``FileError`` for what is not there, is no regular file or cannot be mapped.
  public init(path: String, isReadWhole: Bool = false) throws(FileError) {
    self.isReadWhole = isReadWhole
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT
        ? FileError("no-such-file", "The file is not there.", remedy: "Name a file that exists.", category: .missing)
        : Self.unreadable(errno)
    }
    do {
      stamp = try Self.stamp(of: descriptor)
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// What `body` makes of the bytes, which must not leave it.
  ///
  /// - Throws: ``FileError`` of code `changed` when the file is no longer what was opened; else what `body` throws.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    guard let mapping = try Self.mapping(of: descriptor, stamp.size, isReadWhole) else {
      return try body(UnsafeRawBufferPointer(start: nil, count: 0))
    }
    defer { endora_unmap(mapping.number) }
    let result = Swift.Result {
      try body(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: mapping.start), count: stamp.size))
    }
    try requireUnchanged(endora_mapping_is_whole(mapping.number))
    return try result.get()
  }

  /// At most `limit` bytes from a place on.
  ///
  /// - Throws: ``FileError`` of code `changed` when the file is no longer what was opened.
  public func bytes(_ limit: Int, at start: Int = 0) throws(FileError) -> [UInt8] {
    let count = min(limit, stamp.size - start)
    guard count > 0 else { return [] }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, start + filled)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        guard got > 0 else { break }
        filled += got
      }
    }
    guard failure == 0 else { throw Self.unreadable(failure) }
    try requireUnchanged()
    return bytes
  }

  private func requireUnchanged(_ isWhole: Bool = true) throws(FileError) {
    guard isWhole, try Self.stamp(of: descriptor) == stamp else {
      throw FileError(
        "changed", "The file was written or cut short while it was read, or its drive failed.",
        remedy: "Wait until it is written whole, then read it again.")
    }
  }

  private static func stamp(of descriptor: Int32) throws(FileError) -> FileStamp {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw unreadable(EINVAL) }
    return FileStamp(status)
  }

  private static func mapping(
    of descriptor: Int32, _ size: Int, _ isReadWhole: Bool
  ) throws(FileError) -> (start: UInt, number: Int32)? {
    guard size > 0 else { return nil }
    var start: UnsafeRawPointer?
    let number = endora_map(descriptor, size, isReadWhole, &start)
    guard number >= 0 else { throw unreadable(-number) }
    return (UInt(bitPattern: start), number)
  }

  private static func unreadable(_ code: Int32) -> FileError {
    FileError(
      "unreadable", "The file cannot be read: \(String(cString: strerror(code))).",
      remedy: "Check that it is a regular file and that you may read it.")
  }
}
