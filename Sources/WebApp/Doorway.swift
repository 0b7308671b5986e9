import Archive
public import HTTP

/// Where a server listens and by what name browsers reach it.
public struct Doorway: Sendable {
  let address: String
  let port: UInt16
  let identity: TLSIdentity?
  private let host: String?
  private let proxy: String?

  /// - Parameters:
  ///   - address: a numeric IPv4 address of this machine.
  ///   - identity: certificate and key where this server speaks TLS itself.
  ///   - host: the name in browsers' addresses, `NAME` or `NAME:PORT`, where this server is reached by it.
  ///   - proxy: that name where a reverse proxy speaks TLS in front of this server.
  /// - Throws: ``WebAppError`` for what would let other machines in without TLS.
  public init(
    address: String = "127.0.0.1", port: UInt16, identity: TLSIdentity? = nil, host: String? = nil,
    proxy: String? = nil
  ) throws {
    (self.address, self.port, self.identity, self.host, self.proxy) = (address, port, identity, host, proxy)
    guard address == "127.0.0.1" || identity != nil || proxy != nil else {
      throw WebAppError(
        "no-tls", "Other machines would reach Endora without encryption.",
        remedy: "Give --certificate and --key, or --behind-proxy HOST where a proxy speaks TLS.", category: .usage)
    }
    guard address == "127.0.0.1" || host != nil || proxy != nil else {
      throw WebAppError(
        "no-host", "The name by which browsers reach Endora is not stated.",
        remedy: "Give it with --host, as it stands in the certificate.", category: .usage)
    }
    guard host == nil || (proxy == nil && identity != nil) else {
      throw WebAppError(
        "host-without-tls", "A name of one's own needs TLS of one's own.",
        remedy: "Give --certificate and --key with --host, or --behind-proxy alone.", category: .usage)
    }
    for name in [host, proxy].compactMap(\.self) where Site(host: name) == nil {
      throw WebAppError(
        "host-name", "“\(name.prefix(60))” is no name of a host.",
        remedy: "Write it in lower case as in browsers' addresses, NAME or NAME:PORT.", category: .usage)
    }
  }

  /// Whether other people than the one at this machine may come.
  private var isOpen: Bool { address != "127.0.0.1" || host != nil || proxy != nil }

  /// Who is let in: whoever signs in, where the archive has accounts or others than the person at this machine may
  /// come; otherwise whoever has the address of this start.
  func gate(port: UInt16, folder: String) throws -> Gate {
    let site =
      proxy.flatMap(Site.init(host:))
      ?? host.flatMap { Site(host: $0.contains(":") || port == 443 ? $0 : "\($0):\(port)") }
      ?? .loopback(port: port, isSecure: identity != nil)
    if try !Archive(folder: folder, creates: true).accounts().isEmpty { return Gate(accountsAt: site) }
    guard !isOpen else {
      throw WebAppError(
        "no-accounts", "Others can reach this server, and the archive has no accounts.",
        remedy: "Add one with: endora archive user add FOLDER NAME --role signer.", category: .usage)
    }
    return Gate(site: site, token: Gate.secret(), session: Gate.secret())
  }
}
