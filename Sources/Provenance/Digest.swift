import CGLib

/// The SHA-256 digest of a sequence of bytes (FIPS 180-4).
public struct Digest: Hashable, Sendable, CustomStringConvertible {
  /// The digest as 64 lower-case hexadecimal digits.
  public let hexadecimal: String

  /// The digest of bytes in memory.
  public init(of bytes: some Sequence<UInt8>) {
    var hasher = Hasher()
    hasher.update(bytes)
    self = hasher.finalize()
  }

  init(hexadecimal: String) { self.hexadecimal = hexadecimal }

  /// The first eight digits in two groups, for people.
  public var short: String { "\(hexadecimal.prefix(4)) \(hexadecimal.dropFirst(4).prefix(4))" }

  public var description: String { hexadecimal }

  /// Takes bytes piece by piece.
  public struct Hasher: ~Copyable {
    private let checksum = g_checksum_new(G_CHECKSUM_SHA256)!

    public init() {}

    deinit { g_checksum_free(checksum) }

    /// Takes the next bytes.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
      let taken: Void? = bytes.withContiguousStorageIfAvailable { buffer in
        g_checksum_update(checksum, buffer.baseAddress, buffer.count)
      }
      if taken == nil { ContiguousArray(bytes).withUnsafeBufferPointer { update($0) } }
    }

    /// The digest of all bytes taken.
    public consuming func finalize() -> Digest {
      Digest(hexadecimal: String(cString: g_checksum_get_string(checksum)))
    }
  }

  /// One digest of many, independent of their order.
  public static func combining(_ digests: some Sequence<Digest>) -> Digest {
    Digest(of: digests.map(\.hexadecimal).sorted().joined(separator: "\n").utf8)
  }
}
