import Glibc
public import Provenance

/// A DICOM file whose structure was found sound.
public struct DICOMFile: Sendable {
  /// A larger file is refused.
  public static let sizeLimit = 2 << 30

  let bytes: [UInt8]
  let transferSyntax: TransferSyntax

  /// What the file holds beside its meta information.
  public let dataSet: DataSet

  /// The UID of the transfer syntax.
  public var transferSyntaxUID: String { transferSyntax.uid }

  /// The SHA-256 digest of the bytes that were read.
  public var digest: Digest { Digest(of: bytes) }

  /// Reads a file: explicit or implicit little endian, with the preamble of PS3.10.
  ///
  /// Refuses what is no DICOM file (`not-dicom`), ends early (`truncated`), is malformed, is encoded in another way
  /// (`transfer-syntax`), or is larger than ``sizeLimit``.
  public init(path: String) throws(DICOMError) { try self.init(bytes: Self.contents(of: path)) }

  /// Reads a file that is in memory.
  public init(bytes: [UInt8]) throws(DICOMError) {
    guard Self.beginsLikeDICOM(bytes) else {
      throw DICOMError(
        "not-dicom", "The file is no DICOM file: the letters DICM are not at byte 128.",
        remedy: "Name a file that a scanner or a planning system exported.")
    }
    var parser = Parser(bytes: bytes)
    var position = Self.preambleLength
    let meta = try parser.fileMeta(from: &position)
    guard let uid = try meta.uid(.transferSyntaxUID) else {
      throw DICOMError(
        "missing-transfer-syntax", "The file does not say how it is encoded: \(Tag.transferSyntaxUID) is missing.",
        remedy: "Export the study again.")
    }
    transferSyntax = TransferSyntax(uid: uid)
    if let name = transferSyntax.refusedName {
      throw DICOMError(
        "transfer-syntax", "The file is encoded as \(name), which Endora does not read.",
        remedy: "Export it as Explicit VR Little Endian.")
    }
    dataSet = try parser.dataSet(
      from: &position, to: bytes.count, isExplicit: transferSyntax.isExplicit, isDelimited: false, depth: 0)
    self.bytes = bytes
  }

  /// Whether the bytes have the mark of a DICOM file: the letters DICM after a preamble of 128 bytes.
  public static func beginsLikeDICOM(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.dropFirst(128).prefix(4).elementsEqual("DICM".utf8)
  }

  /// Whether a regular file has the mark of a DICOM file.
  public static func beginsLikeDICOM(path: String) -> Bool {
    guard let head = try? contents(of: path, atMost: preambleLength) else { return false }
    return beginsLikeDICOM(head)
  }

  private static let preambleLength = 132

  private static func contents(of path: String, atMost limit: Int? = nil) throws(DICOMError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT
        ? DICOMError("no-such-file", "The file is not there.", remedy: "Name a file that exists.", category: .missing)
        : unreadable(errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw unreadable(EINVAL) }
    let size = Int(status.st_size)
    guard size <= sizeLimit || limit != nil else {
      throw DICOMError(
        "too-large", "The file has \(size) bytes; at most \(sizeLimit) are read.",
        remedy: "Export the series as one file a slice.")
    }
    let wanted = min(limit ?? size, size)
    // An array of no bytes would write its count into storage that all empty arrays share.
    guard wanted > 0 else { return [] }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      while count < wanted {
        let got = read(descriptor, buffer.baseAddress! + count, wanted - count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        guard got > 0 else { break }
        count += got
      }
    }
    guard failure == 0 else { throw unreadable(failure) }
    return bytes
  }

  private static func unreadable(_ code: Int32) -> DICOMError {
    DICOMError(
      "unreadable", "The file cannot be read: \(String(cString: strerror(code))).",
      remedy: "Check that it is a regular file and that you may read it.", category: .inputOutput)
  }
}
