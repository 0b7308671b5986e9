import Foundation
import Glibc

/// A certificate with its private key: what a server shows to prove its name.
public struct TLSIdentity: Sendable {
  let certificate: [UInt8]
  let key: [UInt8]

  /// Reads two PEM files: the certificate with those above it, and its key without a password.
  ///
  /// - Throws: ``HTTPError`` when one cannot be read or is something else, or when others than the owner and the group
  ///   may read the key.
  public init(certificate: String, key: String) throws(HTTPError) {
    self.certificate = try Self.read(certificate, what: "certificate", mark: "-----BEGIN CERTIFICATE-----")
    var status = stat()
    guard stat(key, &status) != 0 || status.st_mode & S_IROTH == 0 else {
      throw HTTPError(
        "key-open", "Everybody on this machine may read the key.", remedy: "Run: chmod 600 on its file.",
        category: .input)
    }
    self.key = try Self.read(key, what: "key", mark: "PRIVATE KEY-----")
  }

  private static func read(_ path: String, what: String, mark: String) throws(HTTPError) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 20 else {
      throw HTTPError(
        "\(what)-missing", "The file with the \(what) cannot be read.", remedy: "Check its path and permissions.",
        category: .missing)
    }
    guard data.range(of: Data(mark.utf8)) != nil, !data.contains(0) else {
      throw HTTPError(
        "\(what)-format", "The file holds no \(what) in PEM.", remedy: "Convert it with openssl, without a password.",
        category: .input)
    }
    return Array(data) + [0]
  }
}
