import Compression
public import Files
public import Provenance

/// A DICOM file whose structure was found sound.
public struct DICOMFile: Sendable {
  /// What the data set was read from: the file, unpacked when it is deflated.
  let bytes: [UInt8]
  let transferSyntax: TransferSyntax
  /// The meta information (PS3.10 7.1).
  let meta: DataSet

  /// What the file holds beside its meta information.
  public let dataSet: DataSet

  /// The UID of the transfer syntax.
  public var transferSyntaxUID: String { transferSyntax.uid }

  /// The SHA-256 digest of the file.
  public var digest: Digest { knownDigest ?? Digest(of: original) }
  private let original: [UInt8]
  private let knownDigest: Digest?

  /// The state of the file when it was read; `nil` when it was in memory.
  public let stamp: FileStamp?

  /// Reads a file in any byte order and encoding, deflated or not, with the preamble of PS3.10.
  ///
  /// Refuses what is no DICOM file (`not-dicom`), ends early (`truncated`), is malformed, is encoded in an unknown way
  /// (`transfer-syntax`), unpacks to more than images need (`compression-bomb`), or is larger than ``FileBytes/sizeLimit``.
  public init(path: String) throws(DICOMError) {
    let file = try FileBytes(path: path)
    try self.init(bytes: file.all(), stamp: file.stamp)
  }

  /// Reads a file that is in memory.
  public init(bytes: [UInt8]) throws(DICOMError) { try self.init(bytes: bytes, stamp: nil) }

  private init(bytes: [UInt8], stamp: FileStamp?) throws(DICOMError) {
    self.stamp = stamp
    knownDigest = nil
    var position = 0
    (meta, transferSyntax) = try Self.meta(of: bytes, from: &position)
    original = bytes
    self.bytes = transferSyntax.isDeflated ? try Self.unpacked(bytes[position...]) : bytes
    if transferSyntax.isDeflated { position = 0 }
    var parser = Parser(bytes: self.bytes, order: transferSyntax.order)
    dataSet = try parser.dataSet(
      from: &position, to: self.bytes.count, isExplicit: transferSyntax.isExplicit, isDelimited: false, depth: 0)
  }

  /// A part of a file, with the digest of the whole.
  init(showing dataSet: DataSet, of file: DICOMFile, digest: Digest) {
    self.dataSet = dataSet
    (bytes, transferSyntax, meta, stamp) = (file.bytes, file.transferSyntax, file.meta, file.stamp)
    (original, knownDigest) = ([], digest)
  }

  /// The meta information with the transfer syntax that it names; the data set begins behind it.
  static func meta(
    of bytes: [UInt8], from position: inout Int
  ) throws(DICOMError) -> (dataSet: DataSet, syntax: TransferSyntax) {
    guard beginsLikeDICOM(bytes) else {
      throw DICOMError(
        "not-dicom", "The file is no DICOM file: the letters DICM are not at byte 128.",
        remedy: "Name a file that a scanner or a planning system exported.")
    }
    position = preambleLength
    var parser = Parser(bytes: bytes, order: .little)
    let meta = try parser.fileMeta(from: &position)
    guard let uid = try meta.uid(.transferSyntaxUID) else {
      throw DICOMError(
        "missing-transfer-syntax", "The file does not say how it is encoded: \(Tag.transferSyntaxUID) is missing.",
        remedy: "Export the study again.")
    }
    let syntax = TransferSyntax(uid: uid)
    guard syntax.isKnown else {
      throw DICOMError(
        "transfer-syntax", "The file is encoded as unknown (\(uid)), which Endora does not read.",
        remedy: "Export it as Explicit VR Little Endian.")
    }
    return (meta, syntax)
  }

  private static func unpacked(_ deflated: ArraySlice<UInt8>) throws(DICOMError) -> [UInt8] {
    do {
      return try Inflation(deflated, wrapper: .none, bounds: .init(size: decodedSizeLimit, ratio: 100)).bytes
    } catch {
      throw DICOMError(error.code, error.reason, remedy: error.remedy)
    }
  }

  /// Whether the bytes have the mark of a DICOM file: the letters DICM after a preamble of 128 bytes.
  public static func beginsLikeDICOM(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.dropFirst(128).prefix(4).elementsEqual("DICM".utf8)
  }

  /// Whether a regular file has the mark of a DICOM file.
  public static func beginsLikeDICOM(path: String) -> Bool {
    guard let head = try? FileBytes(path: path).first(preambleLength) else { return false }
    return beginsLikeDICOM(head)
  }

  private static let preambleLength = 132
}
