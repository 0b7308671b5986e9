import HTTP
import Testing

@Suite("Who may ask")
struct GateTests {
  private let gate = Gate(port: 8765, token: "token-1", session: "session-1")

  private func request(
    _ method: String = "GET", path: String = "/", headers: [String: String?] = [:], query: [String: String] = [:]
  ) -> Request {
    var all: [String: String] = ["host": "127.0.0.1:8765", "cookie": "endora-8765=session-1"]
    for (name, value) in headers { all[name] = value }
    return Request(method: method, path: path, headers: all, query: query)
  }

  @Test("The person with the cookie is let in, by either name of this machine")
  func admitted() {
    #expect(gate.refusal(of: request()) == nil)
    #expect(gate.refusal(of: request(headers: ["host": "localhost:8765"])) == nil)
    #expect(gate.refusal(of: request(headers: ["cookie": "a=b; endora-8765=session-1; c=d"])) == nil)
    #expect(
      gate.refusal(of: request(headers: ["origin": "http://127.0.0.1:8765", "sec-fetch-site": "same-origin"])) == nil)
  }

  @Test("The token of the start is exchanged for a cookie that scripts cannot read, a wrong one is not")
  func token() throws {
    let right = try #require(gate.refusal(of: request(headers: ["cookie": nil], query: ["token": "token-1"])))
    #expect(right.status == 303)
    #expect(right.headers["Location"] == "/")
    #expect(right.headers["Set-Cookie"] == "endora-8765=session-1; Path=/; HttpOnly; SameSite=Strict")
    #expect(gate.refusal(of: request(query: ["token": "token-2"]))?.status == 403)
    #expect(gate.refusal(of: request(query: ["token": ""]))?.status == 403)
  }

  @Test(
    "Every other host is refused, however it is spelt",
    arguments: [
      "", "127.0.0.1", "localhost", "127.0.0.1:80", "localhost:8766", "127.0.0.1:8765 ", " 127.0.0.1:8765",
      "127.0.0.1:8765.evil.example", "evil.example", "evil.example:8765", "127.0.0.1:8765@evil.example",
      "evil.example@127.0.0.1:8765", "127.0.0.1:08765", "127.0.0.1:8765/", "127.0.0.1:8765#", "127.0.0.1:8765?",
      "LOCALHOST:8765", "Localhost:8765", "localhost.:8765", "localhost.evil.example:8765", "127.1:8765",
      "127.0.1:8765", "0:8765", "0.0.0.0:8765", "2130706433:8765", "0x7f000001:8765", "0177.0.0.1:8765",
      "127.0.0.2:8765", "[::1]:8765", "[::ffff:127.0.0.1]:8765", "::1:8765", "169.254.169.254", "10.0.0.1:8765",
      "192.168.1.1:8765", "localhost:8765,evil.example", "localhost:8765, localhost:8765", "xn--lcalhost-n4a:8765",
      "ⓛocalhost:8765", "127。0。0。1:8765", "localhost:8765\u{0}",
    ])
  func hosts(_ host: String) {
    #expect(gate.refusal(of: request(headers: ["host": host]))?.status == 403)
  }

  @Test("A request without a host is refused")
  func noHost() { #expect(gate.refusal(of: request(headers: ["host": nil]))?.status == 403) }

  @Test(
    "Requests from other pages are refused, whatever they carry",
    arguments: [
      "http://evil.example", "null", "", "http://127.0.0.1:8766", "https://127.0.0.1:8765", "http://localhost",
    ])
  func origins(_ origin: String) {
    #expect(gate.refusal(of: request(headers: ["origin": origin]))?.status == 403)
  }

  @Test("A browser that says the request comes from another site is believed", arguments: ["cross-site", "same-site"])
  func fetchSite(_ site: String) {
    #expect(gate.refusal(of: request(headers: ["sec-fetch-site": site]))?.status == 403)
  }

  @Test(
    "Without the cookie, with another's or with a part of it nothing is answered",
    arguments: [
      nil, "", "endora-8765=", "endora-8765=session-2", "endora-8765=session-", "endora-8765=session-11",
      "endora-8766=session-1", "xendora-8765=session-1",
    ])
  func cookies(_ cookie: String?) {
    #expect(gate.refusal(of: request(headers: ["cookie": cookie]))?.status == 401)
  }

  @Test("A change needs the page's own origin and its type of content")
  func changes() {
    let own = ["origin": "http://127.0.0.1:8765", "content-type": "application/json"]
    #expect(gate.refusal(of: request("POST", path: "/api/index", headers: own)) == nil)
    for missing in own.keys {
      var headers: [String: String?] = own
      headers[missing] = .some(nil)
      #expect(gate.refusal(of: request("POST", path: "/api/index", headers: headers))?.status == 403)
    }
    for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; x"] {
      let headers = own.merging(["content-type": type]) { $1 }
      #expect(gate.refusal(of: request("POST", headers: headers))?.status == 403)
    }
  }

  @Test("Other methods are refused", arguments: ["HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", ""])
  func methods(_ method: String) { #expect(gate.refusal(of: request(method))?.status == 405) }

  @Test("Secrets have 256 bits and differ")
  func secrets() {
    let secrets = (0..<100).map { _ in Gate.secret() }
    #expect(Set(secrets).count == 100)
    #expect(secrets.allSatisfy { $0.count == 64 })
  }

  @Test("Every response carries the policy, and a response may have a stricter one of its own")
  func policy() {
    let plain = Response(200, text: "x").guarded()
    #expect(plain.headers["Content-Security-Policy"]?.contains("script-src 'self'") == true)
    #expect(plain.headers["Content-Security-Policy"]?.contains("unsafe") == false)
    #expect(plain.headers["X-Content-Type-Options"] == "nosniff")
    let own = Response(200, headers: ["Content-Security-Policy": "sandbox"]).guarded()
    #expect(own.headers["Content-Security-Policy"] == "sandbox")
  }
}
