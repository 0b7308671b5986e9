import CSodium

/// A password on its way to a hash or a comparison; its bytes are wiped when it is let go of.
///
/// Hashes are argon2id (RFC 9106) with a salt of their own, two passes over 64 MiB.
public struct Password: ~Copyable {
  /// The fewest bytes of a new password.
  public static let fewest = 12
  /// The most bytes of any password.
  public static let most = 1024

  private let bytes: UnsafeMutablePointer<CChar>
  /// How many bytes it has.
  public let count: Int

  /// Takes the bytes over; those beyond ``most`` + 1 are left out, so that it is never taken for a shorter one.
  public init(_ text: some Sequence<UInt8>) {
    bytes = .allocate(capacity: Self.most + 1)
    bytes.initialize(repeating: 0, count: Self.most + 1)
    var length = 0
    for byte in text {
      guard length <= Self.most else { break }
      bytes[length] = CChar(bitPattern: byte)
      length += 1
    }
    count = length
  }

  deinit {
    sodium_memzero(bytes, Self.most + 1)
    bytes.deallocate()
  }

  /// A hash with a new salt.
  ///
  /// - Throws: ``ArchiveError`` when it is too short or too long for a new password.
  borrowing func hash() throws(ArchiveError) -> String {
    guard (Self.fewest...Self.most).contains(count) else {
      throw ArchiveError(
        "password-length", "The password has \(count) bytes.",
        remedy: "Choose one of \(Self.fewest) to \(Self.most); several words are easiest to keep in mind.")
    }
    var text = [CChar](repeating: 0, count: Int(crypto_pwhash_strbytes()))
    guard sodium_init() >= 0,
      crypto_pwhash_str(
        &text, bytes, UInt64(count), UInt64(crypto_pwhash_opslimit_interactive()),
        crypto_pwhash_memlimit_interactive()) == 0
    else {
      throw ArchiveError(
        "no-memory", "There is no memory to hash a password.", remedy: "End other programs and try again.",
        category: .inputOutput)
    }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether it is the one of a hash; takes as long for a wrong one.
  borrowing func matches(_ hash: String) -> Bool {
    sodium_init() >= 0 && count <= Self.most
      && crypto_pwhash_str_verify(hash, bytes, UInt64(count)) == 0
  }

  /// The hash of a password that nobody knows: whoever names an account that is not there waits as long as others.
  static let decoy =
    "$argon2id$v=19$m=65536,t=2,p=1$fPTPgyZl8vA1wKVjSjtdWQ$DWifYNaHC/cJU+2/jHshnYoUerVhAqmgwstvFVtKHcc"
}
