import Compression
import Testing

@Suite("Unpacking DEFLATE")
struct InflationTests {
  /// `echo -n hello` through gzip -n: RFC 1952 header, one fixed block, CRC-32 3610a686, size 5.
  static let hello: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x86, 0xa6,
    0x10, 0x36, 0x05, 0x00, 0x00, 0x00,
  ]
  static let bounds = Inflation.Bounds(size: 1 << 30, ratio: 100)

  @Test("A gzip member unpacks to its text, and bytes behind it are left alone")
  func gzip() throws {
    let inflation = try Inflation((Self.hello + [1, 2, 3])[...], wrapper: .gzip, bounds: Self.bounds)
    #expect(String(decoding: inflation.bytes, as: UTF8.self) == "hello")
    #expect(inflation.consumed == Self.hello.count)
  }

  @Test("A bare stream unpacks without a header")
  func raw() throws {
    let inflation = try Inflation(Self.hello[10..<17], wrapper: .none, bounds: Self.bounds)
    #expect(String(decoding: inflation.bytes, as: UTF8.self) == "hello")
  }

  @Test("A stream cut at any byte is refused as truncated", arguments: 0..<25)
  func truncated(length: Int) {
    let error = #expect(throws: CompressionError.self) {
      try Inflation(Self.hello[..<length], wrapper: .gzip, bounds: Self.bounds)
    }
    #expect(error?.code == "truncated-compression")
  }

  @Test("A wrong checksum is refused as damage")
  func damaged() {
    var bytes = Self.hello
    bytes[17] ^= 1
    let error = #expect(throws: CompressionError.self) {
      try Inflation(bytes[...], wrapper: .gzip, bounds: Self.bounds)
    }
    #expect(error?.code == "damaged-compression")
  }

  @Test("More bytes than the bound on the size are refused")
  func boundedBySize() {
    let stored: [UInt8] = [0x00, 0xff, 0xff, 0x00, 0x00] + [UInt8](repeating: 0, count: 65_535)
    let error = #expect(throws: CompressionError.self) {
      try Inflation((stored + stored)[...], wrapper: .none, bounds: .init(size: 100_000, ratio: 100))
    }
    #expect(error?.code == "compression-bomb")
  }

  @Test("A stream of ratio 158 is unpacked at a bound of 200 and refused at 100")
  func boundedByRatio() throws {
    let repeats = 70_000
    let bytes = Self.zeros(repeats: repeats)
    let inflation = try Inflation(bytes[...], wrapper: .none, bounds: .init(size: 1 << 30, ratio: 200))
    #expect(inflation.bytes.count == 1 + 258 * repeats)
    let error = #expect(throws: CompressionError.self) {
      try Inflation(bytes[...], wrapper: .none, bounds: .init(size: 1 << 30, ratio: 100))
    }
    #expect(error?.code == "compression-bomb")
  }

  /// A final block with fixed codes (RFC 1951 3.2.6): a zero, then "258 bytes from 1 back" (13 bits) again and again.
  static func zeros(repeats: Int) -> [UInt8] {
    let again: [UInt8] = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]
    var bits: [UInt8] = [1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0]
    for _ in 0..<repeats { bits += again }
    bits += [0, 0, 0, 0, 0, 0, 0]
    var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
    for (index, bit) in bits.enumerated() { bytes[index / 8] |= bit << UInt8(index % 8) }
    return bytes
  }
}
