import DICOM
import Testing

/// The same attributes and pixels in every encoding of a data set.
@Suite("Encodings of a data set")
struct EncodingTests {
  private static let pixels: [UInt16] = [1, 0x0102, 0xFFFE, 0]

  /// A data set with text, numbers, a nested sequence and 16-bit pixels.
  private static func dataSet(bigEndian: Bool = false) -> [UInt8] {
    func number<N: FixedWidthInteger>(_ value: N) -> [UInt8] { bigEndian ? le(value).reversed() : le(value) }
    func element(_ group: UInt16, _ element: UInt16, _ vr: String, _ value: [UInt8]) -> [UInt8] {
      let isLong = ["OW", "SQ"].contains(vr)
      let length = isLong ? [0, 0] + number(UInt32(value.count)) : number(UInt16(value.count))
      return number(group) + number(element) + Array(vr.utf8) + length + value
    }
    let inner = element(0x0008, 0x0104, "LO", text("inside"))
    let item = number(UInt16(0xFFFE)) + number(UInt16(0xE000)) + number(UInt32(inner.count)) + inner
    return element(0x0008, 0x0060, "CS", text("NM")) + element(0x0018, 0x9999, "FD", number((-2.5).bitPattern))
      + element(0x0028, 0x0002, "US", number(UInt16(1))) + element(0x0028, 0x0010, "US", number(UInt16(2)))
      + element(0x0028, 0x0011, "US", number(UInt16(2))) + element(0x0028, 0x0100, "US", number(UInt16(16)))
      + element(0x0028, 0x0101, "US", number(UInt16(16))) + element(0x0028, 0x0102, "US", number(UInt16(15)))
      + element(0x0028, 0x0103, "US", number(UInt16(0))) + element(0x0040, 0x0555, "SQ", item)
      + element(0x7FE0, 0x0010, "OW", pixels.flatMap { number($0) })
  }

  /// One stored block (RFC 1951 3.2.4), so that no compressor is needed.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    [0x01] + le(UInt16(bytes.count)) + le(~UInt16(bytes.count)) + bytes
  }

  private func check(_ syntax: String, _ dataSet: [UInt8]) throws {
    var file = ByteFile(transferSyntax: syntax)
    file.raw(dataSet)
    let read = try DICOMFile(bytes: file.bytes)
    #expect(try read.dataSet.string(.modality) == "NM")
    #expect(try read.dataSet.decimal(Tag(0x0018, 0x9999)) == -2.5)
    #expect(try read.dataSet.item(Tag(0x0040, 0x0555))?.string(.codeMeaning) == "inside")
    guard case .unsigned16(let samples) = try read.samples() else {
      Issue.record("samples of another kind")
      return
    }
    #expect(samples == Self.pixels)
  }

  @Test("Little endian, big endian and deflated data sets read alike")
  func alike() throws {
    try check("1.2.840.10008.1.2.1", Self.dataSet())
    try check("1.2.840.10008.1.2.2", Self.dataSet(bigEndian: true))
    try check("1.2.840.10008.1.2.1.99", Self.stored(Self.dataSet()))
  }

  @Test("Bytes in big-endian words are put in order")
  func bytesInWords() throws {
    var file = ByteFile(transferSyntax: "1.2.840.10008.1.2.2")
    func us(_ element: UInt16, _ value: UInt16) -> [UInt8] {
      [0x00, 0x28] + le(element).reversed() + Array("US".utf8) + [0, 2] + le(value).reversed()
    }
    file.raw(us(0x0002, 1) + us(0x0010, 1) + us(0x0011, 3) + us(0x0100, 8) + us(0x0101, 8) + us(0x0102, 7))
    file.raw(us(0x0103, 0) + [0x7F, 0xE0, 0x00, 0x10] + Array("OW".utf8) + [0, 0, 0, 0, 0, 4, 2, 1, 0, 3])
    guard case .unsigned8(let samples) = try DICOMFile(bytes: file.bytes).samples() else {
      Issue.record("samples of another kind")
      return
    }
    #expect(samples == [1, 2, 3])
  }

  @Test("An unknown transfer syntax and a cut deflated data set are refused")
  func refused() throws {
    var unknown = ByteFile(transferSyntax: "1.2.3.4")
    unknown.raw(Self.dataSet())
    let unknownBytes = unknown.bytes
    #expect(#expect(throws: DICOMError.self) { try DICOMFile(bytes: unknownBytes) }?.code == "transfer-syntax")
    var cut = ByteFile(transferSyntax: "1.2.840.10008.1.2.1.99")
    cut.raw(Self.stored(Self.dataSet()).dropLast(3))
    let cutBytes = cut.bytes
    #expect(#expect(throws: DICOMError.self) { try DICOMFile(bytes: cutBytes) }?.code == "truncated-compression")
  }

  @Test("A header is read without its pixels, be it short or long, and pixels beyond the file are refused")
  func header() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/file.dcm"
    for filler in [0, 70_000] {
      var file = ByteFile()
      file.raw(Self.dataSet().dropLast(20))
      file.explicit(0x0043, 0x1001, "OB", [UInt8](repeating: 7, count: filler))
      let whole = file.bytes + Self.dataSet().suffix(20)
      try write(whole, to: path)
      let header = try #require(try DICOMHeader(path: path))
      #expect(header.stamp.size == whole.count)
      #expect(try header.dataSet.item(Tag(0x0040, 0x0555))?.string(.codeMeaning) == "inside")
      #expect(!header.dataSet.contains(.pixelData))
      try write(whole.dropLast(), to: path)
      #expect(#expect(throws: DICOMError.self) { try DICOMHeader(path: path) }?.code == "short-pixel-data")
    }
    try write(Array("a text".utf8), to: path)
    #expect(try DICOMHeader(path: path) == nil)
  }
}
