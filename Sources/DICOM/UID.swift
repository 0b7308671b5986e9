public import Provenance

/// Makes UIDs that depend on nothing but a seed.
public struct UIDSeed: Hashable, Sendable {
  private let seed: Digest

  /// A seed from a digest of what the objects are made of.
  public init(_ seed: Digest) { self.seed = seed }

  /// A seed from two numbers of a random stream.
  public init(_ first: UInt64, _ second: UInt64) {
    seed = Digest(of: "\(first) \(second)".utf8)
  }

  /// The UID of the object of this name: a UUID of version 8 as a decimal number under 2.25 (PS3.5 B.2, RFC 9562).
  ///
  /// Different names give different UIDs but for a chance of 2⁻¹²².
  public func uid(_ name: String) -> String {
    let digits = Digest(of: "\(seed.hexadecimal) \(name)".utf8).hexadecimal.prefix(32)
    var number = UInt128(digits, radix: 16) ?? 0
    number = number & ~(0xF << 76) | 0x8 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return "2.25.\(number)"
  }
}
