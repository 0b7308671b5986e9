/// How browsers name this server: the hosts and origins that are its own, and its cookie.
public struct Site: Hashable, Sendable {
  let hosts: [String]
  let isSecure: Bool
  let cookieName: String

  /// The address of its first page.
  public var address: String { "\(scheme)://\(hosts[0])/" }

  private var scheme: String { isSecure ? "https" : "http" }

  /// A server on this machine's loopback interface.
  public static func loopback(port: UInt16, isSecure: Bool = false) -> Site {
    Site(hosts: ["127.0.0.1:\(port)", "localhost:\(port)"], isSecure: isSecure, cookie: "endora-\(port)")
  }

  /// A server that browsers reach over TLS by a name, its own or its proxy's: `NAME` or `NAME:PORT`.
  ///
  /// `nil` for what is no such name in lower case.
  public init?(host: String) {
    guard host.wholeMatch(of: /[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[1-9][0-9]{0,4})?/) != nil else { return nil }
    self.init(hosts: [host], isSecure: true, cookie: "endora")
  }

  private init(hosts: [String], isSecure: Bool, cookie: String) {
    (self.hosts, self.isSecure) = (hosts, isSecure)
    // Browsers take this prefix over TLS alone, and from no other host.
    cookieName = isSecure ? "__Host-\(cookie)" : cookie
  }

  func isOurs(host: String?) -> Bool { host.map(hosts.contains) ?? false }

  func isOurs(origin: String) -> Bool { hosts.contains { origin == "\(scheme)://\($0)" } }

  /// The header that hands out the cookie, for as long as the browser runs; an empty value takes it back.
  public func cookie(_ value: String) -> String {
    "\(cookieName)=\(value); Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
      + (value.isEmpty ? "; Max-Age=0" : "")
  }

  /// The value of the cookie in a request.
  public func cookie(in request: Request) -> String? {
    request.headers["cookie"]?.split(separator: ";").lazy
      .map { $0.drop { $0 == " " } }
      .first { $0.hasPrefix(cookieName + "=") }
      .map { String($0.dropFirst(cookieName.count + 1)) }
  }
}
