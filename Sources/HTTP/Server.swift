import CMicrohttpd
import Synchronization

/// A server on one interface of this machine: the loopback interface unless another one is named.
public final class Server: Sendable {
  /// Bounds on what a client may do.
  public struct Bounds: Sendable {
    /// The most bytes of a body; a longer one is answered 413.
    public var body = 8 << 20
    /// The most connections at once; further ones are closed.
    public var connections: UInt32 = 1024
    /// Seconds after which a silent connection is closed.
    public var silence: UInt32 = 15
    /// Threads that answer.
    public var threads: UInt32 = 4

    public init() {}
  }

  /// The port it listens on.
  public let port: UInt16
  private nonisolated(unsafe) let server: OpaquePointer
  private let service: Service

  private final class Service: Sendable {
    let fields: [String]
    let answer: @Sendable (Request) -> Response
    /// Streams that may still be open; `nil` once the server ends.
    let streams = Mutex<[WeakStream]?>([])

    init(fields: [String], answer: @escaping @Sendable (Request) -> Response) {
      self.fields = fields
      self.answer = answer
    }
  }

  private struct WeakStream: Sendable { weak let stream: EventStream? }

  private static let headers = ["host", "origin", "cookie", "content-type", "sec-fetch-site", "accept-language"]

  /// Listens and answers until ``stop()``.
  ///
  /// - Parameters:
  ///   - address: a numeric IPv4 address of this machine.
  ///   - port: 0 for any port that is free.
  ///   - identity: with it TLS alone is spoken.
  ///   - fields: the fields of queries that requests may have.
  ///   - answer: called on several threads at once.
  /// - Throws: ``HTTPError`` when the port cannot be had, or TLS not with this identity.
  public init(
    address: String = "127.0.0.1", port: UInt16, identity: TLSIdentity? = nil, fields: [String] = [],
    bounds: Bounds = Bounds(), answer: @escaping @Sendable (Request) -> Response
  ) throws(HTTPError) {
    service = Service(fields: fields, answer: answer)
    // The threads of the C side hold the service until they have ended.
    let held = Unmanaged.passRetained(service)
    var failure = cmicrohttpd_port_taken
    let started = address.withCString { address in
      (identity?.certificate ?? []).withUnsafeBytes { certificate in
        (identity?.key ?? []).withUnsafeBytes { key in
          var settings = cmicrohttpd_settings(
            address: address, port: port, threads: bounds.threads, connections: bounds.connections,
            silence: bounds.silence, body_limit: bounds.body,
            certificate: certificate.baseAddress?.assumingMemoryBound(to: CChar.self),
            key: key.baseAddress?.assumingMemoryBound(to: CChar.self))
          if identity == nil { (settings.certificate, settings.key) = (nil, nil) }
          return cmicrohttpd_start(
            &settings,
            { context, request in
              guard let context, let request else { return }
              Server.serve(request, with: Unmanaged<Service>.fromOpaque(context).takeUnretainedValue())
            }, held.toOpaque(), &failure)
        }
      }
    }
    guard let started else {
      held.release()
      throw failure == cmicrohttpd_no_tls
        ? HTTPError(
          "certificate-refused", "The certificate and the key do not serve for TLS.",
          remedy: "Check that they belong together and that the key has no password.", category: .input)
        : HTTPError(
          "port-taken", "Port \(port) of \(address) cannot be had.",
          remedy: "Choose another with --port, or 0 for any that is free; see that this machine has the address.")
    }
    server = started
    self.port = cmicrohttpd_port(started)
  }

  /// Waits for requests under way, ends streams of events and the server; later calls do nothing.
  public func stop() {
    let open = service.streams.withLock { streams in
      defer { streams = nil }
      return streams
    }
    guard let open else { return }
    for one in open { one.stream?.end() }
    cmicrohttpd_stop(server)
    Unmanaged.passUnretained(service).release()
  }

  deinit { stop() }

  private static func serve(_ raw: OpaquePointer, with service: Service) {
    func texts(_ names: [String], _ read: (String) -> UnsafePointer<CChar>?) -> [String: String] {
      var texts: [String: String] = [:]
      for name in names { if let text = read(name) { texts[name] = String(cString: text) } }
      return texts
    }
    var length = 0
    let body = cmicrohttpd_body(raw, &length)
    let request = Request(
      method: String(cString: cmicrohttpd_method(raw)), path: String(cString: cmicrohttpd_path(raw)),
      headers: texts(headers) { cmicrohttpd_header(raw, $0) },
      query: texts(service.fields) { cmicrohttpd_query(raw, $0) }.mapValues(decoded),
      body: Array(UnsafeBufferPointer(start: body, count: length)))
    let response = service.answer(request)
    if let events = response.events {
      let isServing = service.streams.withLock { streams in
        streams?.removeAll { $0.stream == nil }
        streams?.append(WeakStream(stream: events))
        return streams != nil
      }
      if !isServing { events.end() }
    }
    let pairs = response.headers.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    withCStrings(pairs) { pointers in
      if let events = response.events { return events.answer(raw, UInt32(response.status), pointers) }
      response.body.withUnsafeBufferPointer { body in
        cmicrohttpd_answer(raw, UInt32(response.status), pointers, pointers.count, body.baseAddress, body.count)
      }
    }
  }

  /// A field of a query with its escapes undone (RFC 3986 2.1); what is no escape stays as it is.
  private static func decoded(_ field: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(field.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      guard byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy(\.isHexDigit),
        let value = UInt8(digits, radix: 16)
      else {
        bytes.append(byte)
        continue
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func withCStrings(_ texts: [String], _ use: ([UnsafePointer<CChar>?]) -> Void) {
    let bytes = texts.map { Array($0.utf8CString) }
    let joined = bytes.flatMap(\.self)
    joined.withUnsafeBufferPointer { buffer in
      var start = 0
      use(
        bytes.map { text in
          defer { start += text.count }
          return buffer.baseAddress.map { $0 + start }
        })
    }
  }
}
