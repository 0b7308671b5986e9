import Files

/// A regular file whose bytes are read as they are wanted.
public struct FileBytes {
  /// A larger file is refused.
  public static let sizeLimit = 2 << 30

  private let file: MappedFile

  /// Opens a file; refuses what is not there or no regular file.
  public init(path: String) throws(DICOMError) {
    file = try Self.refused { () throws(FileError) in try MappedFile(path: path) }
  }

  /// Its state when it was opened.
  var stamp: FileStamp { file.stamp }

  /// Bytes of the file.
  var size: Int { stamp.size }

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
    try Self.refused { () throws(FileError) in try file.bytes(limit, at: start) }
  }

  private static func refused<Result>(_ body: () throws(FileError) -> Result) throws(DICOMError) -> Result {
    do {
      return try body()
    } catch {
      throw DICOMError(error.code, error.reason, remedy: error.remedy, category: error.category)
    }
  }
}
