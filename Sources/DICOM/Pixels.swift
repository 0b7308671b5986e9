import CDCMTK
import COpenJPEG

/// The sample values of all frames of a file, frame after frame, row after row.
public enum Samples: Sendable {
  case unsigned8([UInt8])
  case signed8([Int8])
  case unsigned16([UInt16])
  case signed16([Int16])
  case unsigned32([UInt32])
  case signed32([Int32])
  case float([Float])
  case double([Double])
}

/// How the samples of a file are laid out (PS3.3 C.7.6.3).
public struct PixelFormat: Hashable, Sendable {
  /// Rows of a frame.
  public let rows: Int
  /// Samples of a row.
  public let columns: Int
  /// Frames in the file.
  public let frames: Int
  /// Bits that a sample takes.
  public let bitsAllocated: Int
  /// Bits of a sample that count.
  public let bitsStored: Int
  /// The highest bit that counts.
  public let highBit: Int
  /// Whether samples are in two's complement.
  public let isSigned: Bool
  /// Whether the values are in Float Pixel Data or Double Float Pixel Data.
  public let isFloat: Bool

  /// Samples in all frames.
  public var count: Int { rows * columns * frames }

  /// Bytes that the samples take.
  var byteCount: Int { count * bitsAllocated / 8 }
}

extension DICOMFile {
  /// Compressed pixel data that would take more bytes than this are refused.
  public static let decodedSizeLimit = 256 << 20

  /// The layout of the pixel data, checked against what the file holds.
  ///
  /// Refuses files without pixel data, with colours, with a layout that contradicts itself, and with fewer samples
  /// than declared.
  public func pixelFormat() throws(DICOMError) -> PixelFormat {
    let isFloat = pixelTag != .pixelData
    guard let element = dataSet[pixelTag] else {
      throw DICOMError(
        "no-pixel-data", "The file has no pixel data.", remedy: "Leave the file out, or copy or export it again.")
    }
    let allocated = try required(.bitsAllocated)
    let stored = isFloat ? allocated : try required(.bitsStored)
    let format = PixelFormat(
      rows: try required(.rows), columns: try required(.columns),
      frames: try dataSet.integer(.numberOfFrames) ?? 1, bitsAllocated: allocated, bitsStored: stored,
      highBit: isFloat ? stored - 1 : try required(.highBit),
      isSigned: isFloat ? true : try required(.pixelRepresentation) == 1, isFloat: isFloat)
    guard try required(.samplesPerPixel) == 1 else {
      throw layout("has colours", remedy: "Name a file whose pixels are measured values, not a picture.")
    }
    guard format.rows > 0, format.columns > 0, (1...1_000_000).contains(format.frames),
      isFloat ? allocated == (pixelTag == .floatPixelData ? 32 : 64) : [8, 16, 32].contains(allocated),
      (1...allocated).contains(stored),
      (stored - 1..<allocated).contains(format.highBit)
    else { throw layout("has a layout that contradicts itself") }
    try check(element, holds: format)
    return format
  }

  /// The name of a compression that may have changed the values; `nil` when nothing was lost.
  public var lossyCompression: String? {
    if case .lossy(let name) = transferSyntax.pixels { name } else { nil }
  }

  /// Whether files of a transfer syntax may hold other values than were measured.
  public static func isLossy(transferSyntaxUID: String) -> Bool {
    if case .lossy = TransferSyntax(uid: transferSyntaxUID).pixels { true } else { false }
  }

  /// The sample values of all frames, with the stored bits alone and their sign.
  ///
  /// RLE, JPEG, JPEG-LS and JPEG 2000 are decoded. What was compressed with loss is refused by name, unless the caller
  /// shows pictures and measures nothing.
  public func samples(allowingLoss: Bool = false) throws(DICOMError) -> Samples {
    let format = try pixelFormat()
    if let name = lossyCompression, !allowingLoss {
      throw DICOMError(
        "compression", "The pixel data are \(name): their values are not those that were measured.",
        remedy: "Export the study uncompressed or compressed without loss.")
    }
    guard case .bytes(let range)? = dataSet[pixelTag]?.content else {
      let order: ByteOrder = 1.littleEndian == 1 ? .little : .big
      return samples(in: try decoded(format), 0, format, order: order)
    }
    // Bytes in big-endian words come in swapped pairs (PS3.5 8.1.1).
    if transferSyntax.order == .big, format.bitsAllocated == 8, dataSet[pixelTag]?.representation == .otherWord {
      let swapped = (0..<range.count).map { bytes[range.lowerBound + min($0 ^ 1, range.count - 1)] }
      return samples(in: swapped, 0, format, order: .big)
    }
    return samples(in: bytes, range.lowerBound, format, order: transferSyntax.order)
  }

  var pixelTag: Tag {
    Tag.pixels.first(where: dataSet.contains) ?? .pixelData
  }

  private func check(_ element: Element, holds format: PixelFormat) throws(DICOMError) {
    switch (element.content, transferSyntax.pixels) {
    case (.bytes(let range), .native):
      guard range.count >= format.byteCount else {
        throw DICOMError(
          "short-pixel-data",
          "The pixel data have \(range.count) bytes where \(format.byteCount) are declared.",
          remedy: "Copy or export the file again.")
      }
    case (.fragments(let fragments), .lossless), (.fragments(let fragments), .lossy):
      guard fragments.count >= format.frames, format.byteCount <= Self.decodedSizeLimit else {
        throw layout("declares more frames or larger ones than it can hold")
      }
    case (_, .refused(let name)):
      throw DICOMError(
        "compression", "The pixel data are \(name), which Endora does not read.",
        remedy: "Export the study uncompressed.")
    default: throw layout("has pixel data that do not fit its transfer syntax")
    }
  }

  private func decoded(_ format: PixelFormat) throws(DICOMError) -> [UInt8] {
    guard !transferSyntax.isJPEG2000 else { return try decodedJPEG2000(format) }
    var message = [CChar](repeating: 0, count: 256)
    var isDecoded = false
    let pixels = [UInt8](unsafeUninitializedCapacity: format.byteCount) { buffer, count in
      isDecoded = cdcmtk_decode(bytes, bytes.count, buffer.baseAddress, format.byteCount, &message, message.count)
      count = isDecoded ? format.byteCount : 0
    }
    guard isDecoded else { throw layout("has compressed pixel data that cannot be decoded (\(text(message)))") }
    return pixels
  }

  /// One code stream a frame, in host byte order.
  private func decodedJPEG2000(_ format: PixelFormat) throws(DICOMError) -> [UInt8] {
    guard case .fragments(let fragments)? = dataSet[.pixelData]?.content else { return [] }
    let streams = codeStreams(fragments)
    guard streams.count == format.frames else { throw layout("holds \(streams.count) of \(format.frames) frames") }
    let frameSize = format.rows * format.columns
    var frame = [Int32](repeating: 0, count: frameSize)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(format.byteCount)
    for stream in streams {
      var message = [CChar](repeating: 0, count: 256)
      let isDecoded = stream.withUnsafeBufferPointer { stream in
        copenjpeg_decode(
          stream.baseAddress, stream.count, UInt32(format.columns), UInt32(format.rows), UInt32(format.bitsAllocated),
          &frame, &message, message.count)
      }
      guard isDecoded else { throw layout("has compressed pixel data that cannot be decoded (\(text(message)))") }
      switch format.bitsAllocated {
      case 8: pixels += frame.lazy.map { UInt8(truncatingIfNeeded: $0) }
      case 16: frame.forEach { word in withUnsafeBytes(of: UInt16(truncatingIfNeeded: word)) { pixels += $0 } }
      default: frame.withUnsafeBytes { pixels += $0 }
      }
    }
    return pixels
  }

  /// Fragments joined to code streams: each begins with the marker SOC SIZ or with the signature of JP2.
  private func codeStreams(_ fragments: [Range<Int>]) -> [[UInt8]] {
    let starts: [[UInt8]] = [[0xFF, 0x4F, 0xFF, 0x51], [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20]]
    var streams: [[UInt8]] = []
    for fragment in fragments {
      if streams.isEmpty || starts.contains(where: bytes[fragment].starts(with:)) {
        streams.append(Array(bytes[fragment]))
      } else {
        streams[streams.count - 1] += bytes[fragment]
      }
    }
    return streams
  }

  private func samples(in bytes: [UInt8], _ start: Int, _ format: PixelFormat, order: ByteOrder) -> Samples {
    func words<N: FixedWidthInteger>() -> [N] { self.words(in: bytes, start, format, order: order) }
    switch (format.bitsAllocated, format.isSigned) {
    case (32, _) where format.isFloat: return .float((words() as [UInt32]).map(Float.init(bitPattern:)))
    case (64, _): return .double((words() as [UInt64]).map(Double.init(bitPattern:)))
    case (8, false): return .unsigned8(words())
    case (8, true): return .signed8(words())
    case (16, false): return .unsigned16(words())
    case (16, true): return .signed16(words())
    case (_, false): return .unsigned32(words())
    case (_, true): return .signed32(words())
    }
  }

  /// Words whose bits beyond the stored ones are dropped: shifted out above, then below, so that the
  /// sign follows.
  private func words<N: FixedWidthInteger>(
    in bytes: [UInt8], _ start: Int, _ format: PixelFormat, order: ByteOrder
  ) -> [N] {
    let above = format.bitsAllocated - 1 - format.highBit
    let below = format.bitsAllocated - format.bitsStored
    return bytes.withUnsafeBytes { raw in
      [N](unsafeUninitializedCapacity: format.count) { buffer, count in
        let size = MemoryLayout<N>.size
        if below == 0 {
          for i in 0..<format.count {
            buffer[i] = order.converted(raw.loadUnaligned(fromByteOffset: start + i * size, as: N.self))
          }
        } else {
          for i in 0..<format.count {
            let word = order.converted(raw.loadUnaligned(fromByteOffset: start + i * size, as: N.self))
            buffer[i] = (word << above) >> below
          }
        }
        count = format.count
      }
    }
  }

  private func required(_ tag: Tag) throws(DICOMError) -> Int {
    guard let value = try dataSet.unsigned16(tag) else {
      throw layout("does not say how its pixels are laid out: \(tag) is missing")
    }
    return value
  }

  private func layout(_ what: String, remedy: String = "Export the study again.") -> DICOMError {
    DICOMError("pixel-layout", "The file \(what).", remedy: remedy)
  }
}

func text(_ message: [CChar]) -> String {
  String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
