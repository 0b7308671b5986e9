/// Decides who may ask: the person in front of this machine, through the page that this server gave.
///
/// Listening on the loopback interface is no boundary by itself: a page of another site may send requests there, under
/// another name for this machine (DNS rebinding). So the Host must be this machine's, the Origin this server's, and the
/// cookie the one that was handed out for the token of the start.
public struct Gate: Sendable {
  private let port: UInt16
  private let token: String
  private let session: String

  /// The address to open in a browser: it holds the token, which the server exchanges for a cookie.
  public var address: String { "http://127.0.0.1:\(port)/?token=\(token)" }

  /// - Parameters:
  ///   - token: what the address of the start holds.
  ///   - session: what the cookie holds.
  public init(port: UInt16, token: String, session: String) {
    self.port = port
    self.token = token
    self.session = session
  }

  /// 256 random bits as text.
  public static func secret() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<4).map { _ in
      let digits = String(generator.next(), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  private var cookieName: String { "endora-\(port)" }

  /// The answer to a request that is not let in, or `nil` when it is.
  public func refusal(of request: Request) -> Response? {
    guard isOurHost(request.headers["host"]) else {
      return Response(403, text: "This server answers to 127.0.0.1 and localhost only.")
    }
    guard ["GET", "POST"].contains(request.method) else {
      return Response(405, text: "Only GET and POST are answered.")
    }
    guard isOurs(origin: request.headers["origin"]),
      ["same-origin", "none", nil].contains(request.headers["sec-fetch-site"])
    else { return Response(403, text: "The request comes from another page.") }
    if request.path == "/", let given = request.query["token"] {
      guard Self.equal(given, token) else { return Response(403, text: "The token is not that of this start.") }
      let cookie = "\(cookieName)=\(session); Path=/; HttpOnly; SameSite=Strict"
      return Response(303, headers: ["Location": "/", "Set-Cookie": cookie])
    }
    guard let cookie = cookie(in: request.headers["cookie"]), Self.equal(cookie, session) else {
      return Response(401, text: "Open the address that Endora printed when it started.")
    }
    guard request.method == "POST" else { return nil }
    // Neither type is one that a form of another page can send.
    guard request.headers["origin"] != nil,
      ["application/json", "application/octet-stream"].contains(request.headers["content-type"])
    else { return Response(403, text: "Changes are asked for by Endora's own page only, as application/json.") }
    return nil
  }

  private func isOurHost(_ host: String?) -> Bool {
    host == "127.0.0.1:\(port)" || host == "localhost:\(port)"
  }

  private func isOurs(origin: String?) -> Bool {
    guard let origin else { return true }
    return origin == "http://127.0.0.1:\(port)" || origin == "http://localhost:\(port)"
  }

  private func cookie(in header: String?) -> String? {
    header?.split(separator: ";").lazy
      .map { $0.drop { $0 == " " } }
      .first { $0.hasPrefix(cookieName + "=") }
      .map { String($0.dropFirst(cookieName.count + 1)) }
  }

  /// Compares without telling by its time how much is right.
  private static func equal(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

extension Response {
  /// The headers that keep a page to itself: no script or style but this server's files, nothing from elsewhere, no
  /// frame around it, nothing kept in caches.
  public func guarded() -> Response {
    var guarded = self
    let own = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    let defaults = [
      "Content-Security-Policy": own
        + "font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
      "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    ]
    guarded.headers.merge(defaults) { own, _ in own }
    return guarded
  }
}
