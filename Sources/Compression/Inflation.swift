import CZlib

/// Bytes that were compressed with DEFLATE (RFC 1951), unpacked within bounds.
public struct Inflation: Sendable {
  /// What stands around the compressed bytes.
  public enum Wrapper: Sendable {
    /// Nothing: DICOM's deflated transfer syntax, entries of zip archives.
    case none
    /// The header and checksum of a gzip member (RFC 1952).
    case gzip
  }

  /// How much may come out.
  public struct Bounds: Sendable {
    /// The most bytes.
    public let size: Int
    /// The most bytes for each compressed one, once more than ``free`` have come out.
    public let ratio: Int
    /// The bytes that any stream may give, whatever its ratio.
    public static let free = 16 << 20

    public init(size: Int, ratio: Int) {
      self.size = size
      self.ratio = ratio
    }
  }

  /// The bytes as they were before they were compressed.
  public let bytes: [UInt8]
  /// How many compressed bytes were used; what follows them is not part of the stream.
  public let consumed: Int

  /// Unpacks a whole stream. Memory grows with what comes out and never beyond the bounds.
  ///
  /// - Throws: ``CompressionError`` for a stream that is damaged (`damaged-compression`), ends early
  ///   (`truncated-compression`) or passes the bounds (`compression-bomb`).
  public init(
    _ compressed: ArraySlice<UInt8>, wrapper: Wrapper, bounds: Bounds
  ) throws(CompressionError) {
    let most = min(bounds.size, max(Bounds.free, compressed.count * bounds.ratio))
    let outcome = compressed.withUnsafeBufferPointer { input in
      Self.run(input, windowBits: wrapper == .gzip ? 31 : -15, most: most)
    }
    switch outcome {
    case .finished(let bytes, let consumed):
      self.bytes = bytes
      self.consumed = consumed
    case .damaged:
      throw CompressionError(
        "damaged-compression", "The compressed data are damaged.", remedy: "Copy or export the file again.")
    case .truncated:
      throw CompressionError(
        "truncated-compression", "The compressed data end early.", remedy: "Copy or export the file again.")
    case .beyondBounds:
      throw CompressionError(
        "compression-bomb",
        "\(compressed.count) compressed bytes would unpack to more than \(most), which is more than images need.",
        remedy: "Leave the file out, or export it uncompressed.")
    }
  }

  private enum Outcome {
    case finished([UInt8], consumed: Int)
    case damaged
    case truncated
    case beyondBounds
  }

  private static func run(_ input: UnsafeBufferPointer<UInt8>, windowBits: Int32, most: Int) -> Outcome {
    var stream = z_stream()
    guard czlib_inflate_init(&stream, windowBits) == Z_OK else { return .damaged }
    defer { inflateEnd(&stream) }
    var output: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 18)
    var consumed = 0
    while true {
      let given = min(input.count - consumed, 1 << 30)
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + consumed })
      stream.avail_in = UInt32(given)
      let (status, produced) = block.withUnsafeMutableBufferPointer { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        let status = inflate(&stream, Z_NO_FLUSH)
        return (status, buffer.count - Int(stream.avail_out))
      }
      consumed += given - Int(stream.avail_in)
      guard output.count + produced <= most else { return .beyondBounds }
      output += block[..<produced]
      switch status {
      case Z_STREAM_END: return .finished(output, consumed: consumed)
      case Z_OK where produced > 0 || given > Int(stream.avail_in): continue
      case Z_OK, Z_BUF_ERROR: return consumed == input.count ? .truncated : .damaged
      default: return .damaged
      }
    }
  }
}
