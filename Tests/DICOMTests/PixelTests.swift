@testable import DICOM
import Testing

@Suite struct PixelTests {
  private func file(
    _ allocated: UInt16, _ stored: UInt16, _ high: UInt16, _ sign: UInt16, pixels: [UInt8], rows: UInt16 = 2,
    syntax: String = "1.2.840.10008.1.2.1"
  ) -> ByteFile {
    var file = ByteFile(transferSyntax: syntax)
    file.explicit(0x0028, 0x0002, "US", le(UInt16(1)))
    file.explicit(0x0028, 0x0004, "CS", text("MONOCHROME2"))
    file.explicit(0x0028, 0x0010, "US", le(rows))
    file.explicit(0x0028, 0x0011, "US", le(UInt16(2)))
    file.explicit(0x0028, 0x0100, "US", le(allocated))
    file.explicit(0x0028, 0x0101, "US", le(stored))
    file.explicit(0x0028, 0x0102, "US", le(high))
    file.explicit(0x0028, 0x0103, "US", le(sign))
    file.explicit(0x7FE0, 0x0010, "OW", pixels)
    return file
  }

  @Test("Sixteen bits are read with and without sign")
  func words() throws {
    let pixels = [UInt16(0), 1, 0x8000, 0xFFFF].flatMap(le)
    guard case .signed16(let signed) = try DICOMFile(bytes: file(16, 16, 15, 1, pixels: pixels).bytes).samples(),
      case .unsigned16(let unsigned) = try DICOMFile(bytes: file(16, 16, 15, 0, pixels: pixels).bytes).samples()
    else {
      Issue.record("samples of another kind")
      return
    }
    #expect(signed == [0, 1, -32768, -1])
    #expect(unsigned == [0, 1, 32768, 65535])
  }

  @Test("Bits that are not stored are dropped and the sign is extended")
  func stored() throws {
    let pixels = [UInt16(0xF001), 0x0800, 0x0FFF, 0x17FF].flatMap(le)
    guard case .signed16(let low) = try DICOMFile(bytes: file(16, 12, 11, 1, pixels: pixels).bytes).samples(),
      case .unsigned16(let high) = try DICOMFile(bytes: file(16, 12, 15, 0, pixels: pixels).bytes).samples()
    else {
      Issue.record("samples of another kind")
      return
    }
    #expect(low == [1, -2048, -1, 2047])
    #expect(high == [0xF00, 0x080, 0x0FF, 0x17F])
  }

  @Test("Eight and thirty-two bits are read")
  func otherWidths() throws {
    guard case .unsigned8(let bytes) = try DICOMFile(bytes: file(8, 8, 7, 0, pixels: [1, 2, 3, 255]).bytes).samples(),
      case .signed32(let words) = try DICOMFile(
        bytes: file(32, 32, 31, 1, pixels: [Int32(-5), 6, 7, .max].flatMap(le)).bytes
      ).samples()
    else {
      Issue.record("samples of another kind")
      return
    }
    #expect(bytes == [1, 2, 3, 255])
    #expect(words == [-5, 6, 7, .max])
  }

  @Test("Fewer pixels than declared are refused before anything is allocated")
  func short() throws {
    let bytes = file(16, 16, 15, 0, pixels: [1, 2, 3, 4], rows: 65535).bytes
    let error = #expect(throws: DICOMError.self) { try DICOMFile(bytes: bytes).samples() }
    #expect(error?.code == "short-pixel-data")
  }

  @Test(
    "A layout that contradicts itself is refused",
    arguments: [(UInt16(16), UInt16(17), UInt16(16)), (16, 12, 10), (16, 12, 16), (12, 12, 11), (16, 0, 0)])
  func contradictions(_ allocated: UInt16, _ stored: UInt16, _ high: UInt16) throws {
    let bytes = file(allocated, stored, high, 0, pixels: [UInt8](repeating: 0, count: 16)).bytes
    let error = #expect(throws: DICOMError.self) { try DICOMFile(bytes: bytes).samples() }
    #expect(error?.code == "pixel-layout")
  }

  @Test("A JPEG 2000 stream that is none is refused")
  func jpeg2000() throws {
    var file = ByteFile(transferSyntax: "1.2.840.10008.1.2.4.90")
    let prefix = ByteFile(transferSyntax: "1.2.840.10008.1.2.1").bytes.count
    file.raw(Array(self.file(16, 16, 15, 0, pixels: []).bytes.dropLast(12)[prefix...]))
    file.open(0x7FE0, 0x0010, "OB")
    file.raw(le(UInt16(0xFFFE)) + le(UInt16(0xE000)) + le(UInt32(0)))
    file.raw(le(UInt16(0xFFFE)) + le(UInt16(0xE000)) + le(UInt32(4)) + [0xFF, 0x4F, 0xFF, 0x51])
    file.close(0xE0DD)
    let bytes = file.bytes
    let error = #expect(throws: DICOMError.self) { try DICOMFile(bytes: bytes).samples() }
    #expect(error?.code == "pixel-layout")
  }

  @Test("Double-precision pixels are read")
  func doubles() throws {
    var file = ByteFile()
    file.explicit(0x0028, 0x0002, "US", le(UInt16(1)))
    file.explicit(0x0028, 0x0010, "US", le(UInt16(1)))
    file.explicit(0x0028, 0x0011, "US", le(UInt16(2)))
    file.explicit(0x0028, 0x0100, "US", le(UInt16(64)))
    file.explicit(0x7FE0, 0x0009, "OD", le(1.25.bitPattern) + le((-1e-300).bitPattern))
    guard case .double(let samples) = try DICOMFile(bytes: file.bytes).samples() else {
      Issue.record("samples of another kind")
      return
    }
    #expect(samples == [1.25, -1e-300])
  }

  /// Two by two pixels 0x0102, 0x0102, 0x0304, 0x0506 in two RLE segments, high bytes first (PS3.5 G).
  private func compressed(cut: Int = 0) -> [UInt8] {
    let high: [UInt8] = [0xFF, 0x01, 0x01, 0x03, 0x05, 0x80]
    let low: [UInt8] = [0xFF, 0x02, 0x01, 0x04, 0x06, 0x80]
    var header = le(UInt32(2)) + le(UInt32(64)) + le(UInt32(64 + high.count))
    header += [UInt8](repeating: 0, count: 64 - header.count)
    let frame = Array((header + high + low).dropLast(cut))
    var file = file(16, 16, 15, 0, pixels: [], syntax: "1.2.840.10008.1.2.5")
    let bytes = file.bytes.dropLast(12)
    file = ByteFile(transferSyntax: "1.2.840.10008.1.2.5")
    let prefix = file.bytes.count
    file.raw(Array(bytes[prefix...]))
    file.open(0x7FE0, 0x0010, "OB")
    file.raw(le(UInt16(0xFFFE)) + le(UInt16(0xE000)) + le(UInt32(0)))
    file.raw(le(UInt16(0xFFFE)) + le(UInt16(0xE000)) + le(UInt32(frame.count)) + frame)
    file.close(0xE0DD)
    return file.bytes
  }

  @Test("The first pixel of a frame of bits stands in the lowest bit, and frames follow without a gap")
  func bits() throws {
    var draft = DataSetDraft()
    draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.66.4")
    draft.put(.sopInstanceUID, "2.25.1")
    let first = [true, false, false, true, true, false], second = [false, true, true, true, false, false]
    draft.put(bits: first + second, rows: 2, columns: 3, frames: 2)
    let path = try TemporaryFolder()
    try draft.write(to: path.path + "/bits.dcm")
    let file = try DICOMFile(path: path.path + "/bits.dcm")
    // 1 0 0 1 1 0 | 0 1 1 1 0 0 from the lowest bit on.
    #expect(file.bytes.suffix(2) == [0b1001_1001, 0b0000_0011])
    let frames = try file.bitFrames()
    #expect([frames.frame(0), frames.frame(1)] == [first, second])
  }

  @Test("Run-length encoded pixels are decoded")
  func runLength() throws {
    guard case .unsigned16(let samples) = try DICOMFile(bytes: compressed()).samples() else {
      Issue.record("samples of another kind")
      return
    }
    #expect(samples == [0x0102, 0x0102, 0x0304, 0x0506])
  }

  @Test("Damaged run-length encoding is refused")
  func damaged() throws {
    let bytes = compressed(cut: 6)
    let error = #expect(throws: DICOMError.self) { try DICOMFile(bytes: bytes).samples() }
    #expect(error?.code == "pixel-layout")
  }
}
