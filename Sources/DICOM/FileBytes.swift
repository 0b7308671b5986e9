import Glibc

/// What changes when a file is written again.
public struct FileStamp: Hashable, Sendable {
  /// Bytes of the file.
  public let size: Int
  private let node: UInt64
  private let seconds: Int
  private let nanoseconds: Int

  init(_ status: stat) {
    size = Int(status.st_size)
    node = UInt64(status.st_ino)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}

/// A regular file whose bytes are read as they are wanted.
public struct FileBytes: ~Copyable {
  /// A larger file is refused.
  public static let sizeLimit = 2 << 30

  /// Its state when it was opened.
  let stamp: FileStamp
  private let descriptor: Int32

  /// Opens a file; refuses what is not there or no regular file.
  public init(path: String) throws(DICOMError) {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT
        ? DICOMError("no-such-file", "The file is not there.", remedy: "Name a file that exists.", category: .missing)
        : Self.unreadable(errno)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw Self.unreadable(EINVAL)
    }
    self.descriptor = descriptor
    stamp = FileStamp(status)
  }

  /// Bytes of the file.
  var size: Int { stamp.size }

  deinit { close(descriptor) }

  /// The whole file; refused when it is larger than ``sizeLimit``.
  public func all() throws(DICOMError) -> [UInt8] {
    guard size <= Self.sizeLimit else {
      throw DICOMError(
        "too-large", "The file has \(size) bytes; at most \(Self.sizeLimit) are read.",
        remedy: "Export smaller files, such as one a slice.")
    }
    return try first(size)
  }

  /// The first bytes, fewer when the file is shorter.
  public func first(_ limit: Int) throws(DICOMError) -> [UInt8] { try bytes(limit, at: 0) }

  /// Bytes from a place on, fewer when the file ends before.
  func bytes(_ limit: Int, at start: Int) throws(DICOMError) -> [UInt8] {
    let wanted = min(limit, size - start)
    // An array of no bytes would write its count into storage that all empty arrays share.
    guard wanted > 0 else { return [] }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      while count < wanted {
        let got = pread(descriptor, buffer.baseAddress! + count, wanted - count, start + count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        guard got > 0 else { break }
        count += got
      }
    }
    guard failure == 0 else { throw Self.unreadable(failure) }
    return bytes
  }

  private static func unreadable(_ code: Int32) -> DICOMError {
    DICOMError(
      "unreadable", "The file cannot be read: \(String(cString: strerror(code))).",
      remedy: "Check that it is a regular file and that you may read it.", category: .inputOutput)
  }
}
