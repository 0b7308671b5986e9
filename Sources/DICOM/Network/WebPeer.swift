import CCurl
import Glibc

/// Another system that speaks DICOM over HTTP (PS3.18, DICOMweb).
public struct WebPeer: Hashable, Sendable {
  /// What it answered.
  public struct Answer: Sendable {
    /// The status of HTTP.
    public let status: Int
    /// The media type of the body with its parameters.
    public let contentType: String
    public let body: [UInt8]
  }

  /// Where its service begins, such as `https://pacs.example/dicom-web`, without a stroke at the end.
  public let url: String
  private let authorization: String?
  private let security: NetworkSecurity?

  /// - Parameters:
  ///   - authorization: sent with every request, such as `Bearer …` or `Basic …` (RFC 9110, 11.6.2).
  ///   - security: certificates to use instead of the system's.
  /// - Throws: ``DICOMError`` for what is no address over HTTP, or names a user and password.
  public init(url: String, authorization: String? = nil, security: NetworkSecurity? = nil) throws(DICOMError) {
    let scheme = ["https://", "http://"].first { url.lowercased().hasPrefix($0) }
    let rest = scheme.map { url.dropFirst($0.count) } ?? ""
    guard !rest.isEmpty, rest.first != "/", !rest.contains("@"), !rest.contains("?"), !rest.contains("#"),
      url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), url.utf8.count <= 2048
    else {
      throw DICOMError(
        "web-address", "The address of a DICOMweb service is no plain http or https address.",
        remedy: "Give it as https://host/dicom-web; a token comes from a file.", category: .usage)
    }
    guard authorization.map({ $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } }) ?? true else {
      throw DICOMError(
        "web-token", "The token or login holds characters that HTTP does not allow.",
        remedy: "Put it alone in its file.", category: .usage)
    }
    self.url = url.last == "/" ? String(url.dropLast()) : url
    (self.authorization, self.security) = (authorization, security)
  }

  /// Asks for what lies at a path below ``url``, or sends a body to it.
  ///
  /// - Parameter most: an answer of more bytes is refused as it comes.
  /// - Throws: ``DICOMError`` when there is no connection (`no-connection`), the system refuses (`web-refused`) or answers
  ///   too much.
  public func request(
    _ path: String, accepting type: String, sending body: (type: String, bytes: [UInt8])? = nil,
    most: Int = 64 << 20
  ) throws(DICOMError) -> Answer {
    var headers = ["Accept: \(type)", "Expect:"]
    if let body { headers.append("Content-Type: \(body.type)") }
    if let authorization { headers.append("Authorization: \(authorization)") }
    let sink = Sink(most: most)
    var (status, message, media) = (0, [CChar](repeating: 0, count: 256), [CChar](repeating: 0, count: 256))
    let isSent = Self.withStrings(
      headers + [body == nil ? "GET" : "POST", url + path]
        + [security?.trusted, security?.certificate, security?.key].map { $0 ?? "" }
    ) { strings in
      func optional(_ n: Int) -> UnsafePointer<CChar>? { strings[n].flatMap { $0.pointee == 0 ? nil : $0 } }
      let n = headers.count
      return strings.withUnsafeBufferPointer { all in
        (body?.bytes ?? []).withUnsafeBytes { bytes in
          var request = ccurl_request(
            method: strings[n], url: strings[n + 1], headers: all.baseAddress, header_count: n,
            body: body == nil ? nil : bytes.baseAddress, length: bytes.count, trusted: optional(n + 2),
            certificate: optional(n + 3), key: optional(n + 4))
          return ccurl_send(
            &request,
            { context, bytes, count in
              Unmanaged<Sink>.fromOpaque(context!).takeUnretainedValue()
                .take(UnsafeRawBufferPointer(start: bytes, count: count))
            }, Unmanaged.passUnretained(sink).toOpaque(), &status, &media, media.count, &message, message.count)
        }
      }
    }
    guard !sink.isFull else {
      throw DICOMError(
        "web-answer-too-large", "The other system answers with more than \(most) bytes.",
        remedy: "Ask for less, such as one study.", category: .inputOutput)
    }
    guard isSent else {
      throw DICOMError(
        "no-connection", "The other system cannot be reached: \(text(message)).",
        remedy: "Check address, network and certificates.", category: .inputOutput)
    }
    guard (200...299).contains(status) || status == 409 else {
      throw DICOMError(
        "web-refused", "The other system answers with status \(status).",
        remedy: status == 401 || status == 403
          ? "Give a token or login that may do this." : "Check the address of the service and look into its log.",
        category: status == 404 ? .missing : .inputOutput)
    }
    return Answer(status: status, contentType: text(media), body: sink.bytes)
  }

  /// The parts of an answer of several (RFC 2046, multipart/related), without their headers.
  ///
  /// - Throws: ``DICOMError`` when it is none.
  public static func parts(of answer: Answer) throws(DICOMError) -> [ArraySlice<UInt8>] {
    let type = answer.contentType
    guard type.lowercased().hasPrefix("multipart/related"),
      let mark = type.lowercased().firstRange(of: "boundary=")
    else {
      throw malformed("is not of several parts")
    }
    let rest = type[mark.upperBound...]
    let boundary = rest.first == "\"" ? rest.dropFirst().prefix { $0 != "\"" } : rest.prefix { $0 != ";" && $0 != " " }
    guard !boundary.isEmpty, boundary.utf8.count <= 70 else { throw malformed("has no boundary") }
    let line = Array("--\(boundary)".utf8)
    let body = answer.body
    var parts: [ArraySlice<UInt8>] = []
    guard var start = body.place(of: line, from: 0).map({ $0 + line.count }) else { throw malformed("has no part") }
    while body.count - start >= 2, body[start] != 0x2D {
      guard let head = body.place(of: [13, 10, 13, 10], from: start),
        let end = body.place(of: [13, 10] + line, from: head + 2), end >= head + 4
      else { throw malformed("ends within a part") }
      parts.append(body[head + 4..<end])
      start = end + 2 + line.count
    }
    return parts
  }

  /// A body of several files.
  public static func multipart(_ files: [[UInt8]], boundary: String) -> (type: String, bytes: [UInt8]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(files.reduce(256) { $0 + $1.count + 128 })
    for file in files {
      bytes += Array("--\(boundary)\r\nContent-Type: application/dicom\r\n\r\n".utf8) + file + [13, 10]
    }
    bytes += Array("--\(boundary)--\r\n".utf8)
    return ("multipart/related; type=\"application/dicom\"; boundary=\(boundary)", bytes)
  }

  private static func malformed(_ what: String) -> DICOMError {
    DICOMError(
      "web-answer", "The answer of the other system \(what).", remedy: "Check that the address is a DICOMweb service.",
      category: .inputOutput)
  }

  private static func withStrings<R>(_ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> R) -> R {
    let copies = texts.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies.map { UnsafePointer($0) })
  }

  /// Collects an answer up to a bound.
  private final class Sink {
    private(set) var bytes: [UInt8] = []
    private(set) var isFull = false
    private let most: Int

    init(most: Int) { self.most = most }

    func take(_ more: UnsafeRawBufferPointer) -> Bool {
      isFull = more.count > most - bytes.count
      if !isFull { bytes += more }
      return !isFull
    }
  }
}

extension [UInt8] {
  /// Where a pattern begins at or after a place.
  fileprivate func place(of pattern: [UInt8], from start: Int) -> Int? {
    withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var from = start
      while from + pattern.count <= bytes.count {
        guard let hit = memchr(base + from, Int32(pattern[0]), bytes.count - pattern.count + 1 - from) else {
          return nil
        }
        from = UnsafeRawPointer(hit) - base
        if memcmp(hit, pattern, pattern.count) == 0 { return from }
        from += 1
      }
      return nil
    }
  }
}
