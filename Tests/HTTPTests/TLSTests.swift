import Foundation
import HTTP
import LoopbackClient
import Testing

/// A certificate for 127.0.0.1 made with openssl, and openssl as a client.
private struct OwnCertificate {
  static let program = "/usr/bin/openssl"
  static var isThere: Bool { FileManager.default.isExecutableFile(atPath: program) }

  let folder = NSTemporaryDirectory() + UUID().uuidString
  var certificate: String { folder + "/certificate.pem" }
  var key: String { folder + "/key.pem" }

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try Self.run([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
      "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
    ])
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  static func run(_ words: [String], input: String = "") throws -> (output: String, status: Int32) {
    let process = Process()
    let (output, given) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: program)
    process.arguments = words
    (process.standardInput, process.standardOutput, process.standardError) = (given, output, FileHandle.nullDevice)
    try process.run()
    try given.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try given.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (text, process.terminationStatus)
  }

  /// What a server answers to a client that trusts this certificate alone.
  func get(_ port: UInt16, _ words: [String] = []) throws -> (output: String, status: Int32) {
    try Self.run(
      [
        "s_client", "-connect", "127.0.0.1:\(port)", "-quiet", "-CAfile", certificate, "-verify_return_error",
        "-verify_ip", "127.0.0.1",
      ] + words, input: "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
  }
}

@Suite(
  "The server over TLS", .serialized, .enabled(if: OwnCertificate.isThere, "the Debian package openssl is missing"))
struct TLSTests {
  private func serving<T>(_ own: OwnCertificate, _ use: (UInt16) throws -> T) throws -> T {
    let identity = try TLSIdentity(certificate: own.certificate, key: own.key)
    let server = try Server(port: 0, identity: identity) { Response(200, text: "over TLS \($0.path)") }
    defer { server.stop() }
    return try use(server.port)
  }

  @Test("A client that trusts the certificate is answered over TLS 1.3 and 1.2, over older ones and plainly it is not")
  func handshake() throws {
    let own = try OwnCertificate()
    defer { own.remove() }
    try serving(own) { port in
      for version in ["-tls1_3", "-tls1_2"] {
        #expect(try own.get(port, [version]).output.contains("over TLS /a"), "\(version)")
      }
      for version in ["-tls1_1", "-tls1"] {
        let old = try own.get(port, [version, "-cipher", "ALL:@SECLEVEL=0"])
        #expect(old.status != 0 && !old.output.contains("over TLS"), "\(version)")
      }
      let plain = try LoopbackClient.exchange(port, "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      #expect(!plain.contains("HTTP/1") && !plain.contains("over TLS"))
      #expect(try own.get(port).output.contains("over TLS /a"))
    }
  }

  @Test("A client that trusts another certificate goes away")
  func stranger() throws {
    let (own, other) = (try OwnCertificate(), try OwnCertificate())
    defer {
      own.remove()
      other.remove()
    }
    try serving(own) { port in
      let answer = try other.get(port)
      #expect(answer.status != 0 && !answer.output.contains("over TLS"))
    }
  }

  @Test("A key that is another's, is no key or may be read by all is refused before anything listens")
  func refused() throws {
    let (own, other) = (try OwnCertificate(), try OwnCertificate())
    defer {
      own.remove()
      other.remove()
    }
    func code(_ make: () throws -> Void) -> String? { #expect(throws: HTTPError.self) { try make() }?.code }
    let mixed = try TLSIdentity(certificate: own.certificate, key: other.key)
    #expect(code { _ = try Server(port: 0, identity: mixed) { _ in Response(200) } } == "certificate-refused")
    #expect(code { _ = try TLSIdentity(certificate: own.key, key: own.key) } == "certificate-format")
    #expect(chmod(own.certificate, 0o600) == 0)
    #expect(code { _ = try TLSIdentity(certificate: own.certificate, key: own.certificate) } == "key-format")
    #expect(code { _ = try TLSIdentity(certificate: own.folder + "/none", key: own.key) } == "certificate-missing")
    #expect(chmod(own.key, 0o644) == 0)
    #expect(code { _ = try TLSIdentity(certificate: own.certificate, key: own.key) } == "key-open")
  }

  @Test("500 connections that never finish a handshake do not keep others from being answered")
  func slow() throws {
    let own = try OwnCertificate()
    defer { own.remove() }
    try serving(own) { port in
      let slow = try (0..<500).map { _ in
        let client = try LoopbackClient(port: port)
        client.send("\u{16}\u{3}\u{1}")
        return client
      }
      #expect(try own.get(port).output.contains("over TLS /a"))
      #expect(slow.count == 500)
    }
  }
}
