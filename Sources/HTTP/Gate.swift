/// Decides who may ask: the person in front of this machine, or whoever signs in, through the page that this server gave.
///
/// Listening on the loopback interface is no boundary by itself: a page of another site may send requests there, under
/// another name for this machine (DNS rebinding). So the Host must be this server's, the Origin its own, and the cookie
/// the one that was handed out for the token of the start. Where people sign in, what the cookie opens is not decided
/// here.
public struct Gate: Sendable {
  private enum Entry: Sendable {
    case token(String, session: String)
    case accounts
  }

  /// How browsers name this server.
  public let site: Site
  private let entry: Entry

  /// The address to open in a browser; without accounts it holds the token, which is exchanged for a cookie.
  public var address: String {
    switch entry {
    case .token(let token, _): site.address + "?token=\(token)"
    case .accounts: site.address
    }
  }

  /// Lets in whoever has the address of the start.
  ///
  /// - Parameters:
  ///   - token: what the address of the start holds.
  ///   - session: what the cookie holds.
  public init(site: Site, token: String, session: String) {
    self.site = site
    entry = .token(token, session: session)
  }

  /// Lets in whoever has the address of the start, on this machine.
  public init(port: UInt16, token: String, session: String) {
    self.init(site: .loopback(port: port), token: token, session: session)
  }

  /// Leaves it to the app who has signed in.
  public init(accountsAt site: Site) {
    self.site = site
    entry = .accounts
  }

  /// Whether people sign in.
  public var hasAccounts: Bool { if case .accounts = entry { true } else { false } }

  /// 256 random bits as text.
  public static func secret() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<4).map { _ in
      let digits = String(generator.next(), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The answer to a request that is not let in, or `nil` when it is.
  public func refusal(of request: Request) -> Response? {
    guard site.isOurs(host: request.headers["host"]) else {
      return Response(403, text: "This server answers to \(site.hosts.joined(separator: " and ")) only.")
    }
    guard ["GET", "POST"].contains(request.method) else {
      return Response(405, text: "Only GET and POST are answered.")
    }
    let isFirstPage = if case .accounts = entry { request.method == "GET" && request.path == "/" } else { false }
    guard request.headers["origin"].map(site.isOurs) ?? true,
      // The page to sign in on may be reached by a link: it shows nothing of anybody.
      isFirstPage || ["same-origin", "none", nil].contains(request.headers["sec-fetch-site"])
    else { return Response(403, text: "The request comes from another page.") }
    if case .token(let token, let session) = entry {
      if request.path == "/", let given = request.query["token"] {
        guard Self.equal(given, token) else { return Response(403, text: "The token is not that of this start.") }
        return Response(303, headers: ["Location": "/", "Set-Cookie": site.cookie(session)])
      }
      guard let cookie = site.cookie(in: request), Self.equal(cookie, session) else {
        return Response(401, text: "Open the address that Endora printed when it started.")
      }
    }
    guard request.method == "POST" else { return nil }
    // Neither type is one that a form of another page can send.
    guard request.headers["origin"] != nil,
      ["application/json", "application/octet-stream"].contains(request.headers["content-type"])
    else { return Response(403, text: "Changes are asked for by Endora's own page only, as application/json.") }
    return nil
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
