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
