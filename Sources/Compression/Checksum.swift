import CZlib

/// Checksums that tell damaged bytes from sound ones.
public enum Checksum {
  /// The CRC-32 of bytes as zip and gzip use it (RFC 1952, section 8).
  public static func crc32(_ bytes: some Collection<UInt8>) -> UInt32 {
    func sum(_ buffer: UnsafeBufferPointer<UInt8>) -> UInt32 {
      UInt32(truncatingIfNeeded: crc32_z(0, buffer.baseAddress, buffer.count))
    }
    return bytes.withContiguousStorageIfAvailable(sum) ?? Array(bytes).withUnsafeBufferPointer(sum)
  }
}
