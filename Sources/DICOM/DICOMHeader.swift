public import Files

/// What a DICOM file says before its pixels, read without them.
///
/// A file whose pixel data are longer than the file is refused; what follows the pixel data is not looked at.
public struct DICOMHeader: Sendable {
  /// The attributes up to the pixel data.
  public let dataSet: DataSet
  /// The meta information of the file (PS3.10 7.1).
  public let meta: DataSet
  /// The UID of the transfer syntax.
  public let transferSyntaxUID: String
  /// The state of the file when it was read.
  public let stamp: FileStamp
  /// What stands in the 128 bytes before the mark, when it is the beginning of a program or of a page.
  public let preamble: Preamble

  /// What the preamble looks like to programs that are no DICOM readers.
  public enum Preamble: String, Sendable {
    case ordinary
    case executable
    case markup
  }

  /// Reads the beginning of a file, more of it when the header is long.
  ///
  /// - Throws: ``DICOMError`` as ``DICOMFile/init(path:)`` does; `nil` is no DICOM file at all.
  public init?(path: String) throws(DICOMError) {
    let file = try FileBytes(path: path)
    var length = 1 << 14
    while true {
      let bytes = try file.first(length)
      guard DICOMFile.beginsLikeDICOM(bytes) else { return nil }
      do {
        self = try Self(beginning: bytes, of: file.size, file.stamp)
        return
      } catch {
        guard error.code == "truncated", bytes.count < file.size, file.size <= FileBytes.sizeLimit else { throw error }
        length = length << 4
      }
    }
  }

  /// Reads the header of a file that is in memory, such as one of an archive with its stamp; `nil` is no DICOM file.
  public init?(bytes: [UInt8], stamp: FileStamp) throws(DICOMError) {
    guard DICOMFile.beginsLikeDICOM(bytes) else { return nil }
    try self.init(beginning: bytes, of: bytes.count, stamp)
  }

  private init(beginning bytes: [UInt8], of size: Int, _ stamp: FileStamp) throws(DICOMError) {
    var position = 0
    let syntax: TransferSyntax
    (meta, syntax) = try DICOMFile.meta(of: bytes, from: &position)
    transferSyntaxUID = syntax.uid
    self.stamp = stamp
    preamble = Preamble(bytes)
    guard !syntax.isDeflated else {
      guard bytes.count == size else {
        throw DICOMError("truncated", "The header is longer than what was read.", remedy: "Read more.")
      }
      dataSet = try DICOMFile(bytes: bytes).dataSet
      return
    }
    var parser = Parser(bytes: bytes, order: syntax.order, beginningOf: size)
    dataSet = try parser.dataSet(
      from: &position, to: bytes.count, isExplicit: syntax.isExplicit, isDelimited: false, depth: 0)
  }
}

extension DICOMHeader.Preamble {
  init(_ bytes: [UInt8]) {
    let text = String(decoding: bytes.prefix(128), as: UTF8.self).lowercased()
    if bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) || bytes.starts(with: [0x4D, 0x5A]) || text.hasPrefix("#!") {
      self = .executable
    } else if text.contains("<html") || text.contains("<script") || text.contains("<!doctype") {
      self = .markup
    } else {
      self = .ordinary
    }
  }
}
