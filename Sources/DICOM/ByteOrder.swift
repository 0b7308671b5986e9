/// Which byte of a number comes first (PS3.5 7.3).
enum ByteOrder: Sendable {
  case little
  case big

  /// The number whose bytes begin at a position that was checked.
  func number<N: FixedWidthInteger>(_ bytes: [UInt8], at position: Int, _: N.Type) -> N {
    let word = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: N.self) }
    return converted(word)
  }

  /// A number as it lies in memory, turned to the host's order.
  @inline(__always)
  func converted<N: FixedWidthInteger>(_ word: N) -> N {
    switch self {
    case .little: N(littleEndian: word)
    case .big: N(bigEndian: word)
    }
  }
}
