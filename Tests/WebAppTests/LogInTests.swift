import Archive
import Foundation
import HTTP
import JSON
import LoopbackClient
import Testing

@testable import WebApp

@Suite("People who sign in")
struct LogInTests {
  private let fixture: AccountFixture

  init() throws { fixture = try AccountFixture() }

  @Test("Whoever has not signed in gets the page to do so and nothing else")
  func stranger() throws {
    #expect(try fixture.ask("GET", "/").status == 200)
    #expect(try fixture.ask("GET", "/app/log-in.mjs").status == 200)
    for route in Route.all where route.path != "/api/log-in" {
      for cookie in [nil, "__Host-endora=", "__Host-endora=" + String(repeating: "0", count: 64), "endora=x"] {
        let answer = try fixture.ask(route.method, route.path, ["case": "p1"], query: ["case": "p1"], cookie: cookie)
        #expect(answer.status == 401 && answer.code == "log-in-needed", "\(route.path)")
      }
    }
  }

  @Test("The right password gives a cookie that scripts, other sites and open connections do not see")
  func right() throws {
    let answer = try fixture.logIn("reader")
    #expect(answer.status == 200)
    let cookie = try #require(answer.headers["Set-Cookie"])
    #expect(cookie.wholeMatch(of: /__Host-endora=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Secure/) != nil)
    #expect(!String(decoding: answer.body, as: UTF8.self).contains(AccountFixture.password))
    let session = try fixture.ask("GET", "/api/session", cookie: fixture.cookie("reader"))
    #expect(try JSONDocument(session.body).value["name"]?.string == "reader")
    #expect(try fixture.cookie("reader") != fixture.cookie("reader"))
  }

  @Test("A wrong password and a name that is none are answered alike, and neither is written down")
  func wrong() throws {
    let one = try fixture.logIn("reader", "correct horse batter")
    let other = try fixture.logIn("hunter2 is my password", "x")
    #expect(one.status == 401 && one.code == "log-in-refused")
    #expect(one.body == other.body && one.headers == other.headers)
    let trail = try Archive(folder: fixture.cases.folder).auditTrail().suffix(2)
    #expect(trail.map(\.action) == ["log-in-failed", "log-in-failed"])
    #expect(trail.map(\.subject) == ["reader", ""])
    #expect(!trail.map { "\($0)" }.joined().contains("hunter2"))
  }

  @Test("A name that is none takes as long as a wrong password")
  func timing() throws {
    func median(_ name: (Int) -> String) throws -> Double {
      let times = try (0..<9).map { n in
        try ContinuousClock().measure { _ = try fixture.logIn(name(n), "wrong, wrong, wrong") }
      }.map { Double($0.components.attoseconds) / 1e18 + Double($0.components.seconds) }.sorted()
      return times[4]
    }
    // Each time another name, so that none waits; a busy machine is told apart by the ratio alone.
    let archive = try Archive(folder: fixture.cases.folder)
    for n in 0..<9 {
      try archive.addAccount("known \(n)", .reader, Password(AccountFixture.password.utf8), actor: "root", at: "x")
    }
    let (there, absent) = (try median { "known \($0)" }, try median { "absent \($0)" })
    #expect(absent / there > 0.5 && absent / there < 2)
    #expect(absent > 0.005)
  }

  @Test("Guessing is delayed twice as long each time, for names that are none too, and the right one waits as well")
  func guessing() throws {
    for name in ["reader", "nobody"] {
      for _ in 0..<Attempts.free { #expect(try fixture.logIn(name, "wrong password").status == 401) }
      for exponent in 0..<4 {
        let refused = try fixture.logIn(name, AccountFixture.password)
        #expect(refused.status == 429 && refused.code == "log-in-delayed")
        fixture.wait(Double(sign: .plus, exponent: exponent, significand: 1) - 0.5)
        #expect(try fixture.logIn(name, "wrong password").status == 429)
        fixture.wait(0.5)
        #expect(try fixture.logIn(name, "wrong password").status == 401)
      }
    }
    #expect(try fixture.logIn("editor").status == 200)
    fixture.wait(Attempts.longest)
    #expect(try fixture.logIn("reader").status == 200)
    #expect(try fixture.logIn("reader", "wrong password").status == 401)
  }

  @Test(
    "10 000 guesses of one name at a second's distance reach fewer than 50 comparisons; of many names, all are bounded")
  func brute() {
    var attempts = Attempts()
    var compared = 0
    for second in 0..<10_000 where attempts.wait(for: "a", at: Double(second)) <= 0 {
      attempts.fail("a", at: Double(second))
      compared += 1
    }
    #expect(compared < 50)
    for n in 0..<20_000 where attempts.wait(for: "name \(n)", at: 10_000) <= 0 {
      attempts.fail("name \(n)", at: 10_000)
    }
    #expect(attempts.wait(for: "another", at: 10_001) > 0)
    #expect(attempts.wait(for: "another", at: 10_000 + Attempts.memory + 1) == 0)
  }

  private func status(_ cookie: String) throws -> Int {
    let answer = try fixture.ask("GET", "/api/worklist", cookie: cookie)
    return answer.status
  }

  @Test("A session ends after half an hour of silence, after twelve hours, at the end, and with its account")
  func expiry() throws {
    let archive = try Archive(folder: fixture.cases.folder)
    let silent = try fixture.cookie("reader")
    fixture.wait(LogIns.idle - 1)
    #expect(try status(silent) == 200)
    fixture.wait(LogIns.idle)
    #expect(try status(silent) == 401)
    #expect(try status(silent) == 401)

    let busy = try fixture.cookie("reader")
    for _ in 0..<24 {
      fixture.wait(LogIns.idle - 1)
      #expect(try status(busy) == 200)
    }
    fixture.wait(LogIns.longest - 24 * (LogIns.idle - 1))
    #expect(try status(busy) == 401)

    let ended = try fixture.cookie("reader")
    let out = try fixture.ask("POST", "/api/log-out", cookie: ended)
    #expect(out.headers["Set-Cookie"]?.contains("__Host-endora=;") == true)
    #expect(out.headers["Set-Cookie"]?.contains("Max-Age=0") == true)
    #expect(try status(ended) == 401)

    let (first, second) = (try fixture.cookie("editor"), try fixture.cookie("signer"))
    try archive.setPassword(of: "editor", Password("another long one".utf8), actor: "root", at: "x")
    try archive.removeAccount("signer", actor: "root", at: "x")
    fixture.wait(3)
    #expect(try status(first) == 401 && status(second) == 401)
    let third = try fixture.cookie("reader")
    try archive.setRole(of: "reader", .editor, actor: "root", at: "x")
    fixture.wait(3)
    #expect(try fixture.ask("POST", "/api/index", cookie: third).status == 200)
  }

  @Test("Every operation is closed to those whose role is too low")
  func roles() throws {
    for role in Role.allCases {
      let cookie = try fixture.cookie(role.rawValue)
      for route in Route.all where route.path != "/api/log-out" {
        let status = try fixture.ask(route.method, route.path, cookie: cookie).status
        if route.role > role { #expect(status == 403, "\(role) \(route.path)") }
        if route.role <= role { #expect(status != 401 && status != 403, "\(role) \(route.path)") }
      }
    }
    #expect(
      Route.all.filter { $0.method == "POST" && $0.role == .reader }.map(\.path).sorted() == [
        "/api/dose-volume", "/api/gates/measure", "/api/log-in", "/api/log-out", "/api/measure", "/api/planar/measure",
      ])
    #expect(Route.all.filter { $0.role == .signer }.map(\.path).sorted() == ["/api/sign", "/api/withdraw"])
  }

  @Test("Signing asks for the password again, and what is done carries the account")
  func signing() throws {
    let cookie = try fixture.cookie("signer")
    let id = try #require(
      try JSONDocument(fixture.ask("POST", "/api/plan", ["case": "p1"], cookie: cookie).body).value["job"]?.string)
    while !(try fixture.application.jobs.job(id).state.withLock(\.isEnded)) { Thread.sleep(forTimeInterval: 0.05) }
    let base = try JSONDocument(
      fixture.ask("GET", "/api/prescription", query: ["case": "p1"], cookie: cookie).body
    ).value
    #expect(base["actor"]?.string == "signer")
    let codes = (base["findings"]?.array ?? []).compactMap { $0["code"] }
    func sign(_ password: String?) throws -> Response {
      var body: [String: JSONValue] = [
        "case": "p1", "digest": base["digest"] ?? .null, "choice": [:], "read": .array(codes), "reason": "known",
      ]
      body["password"] = JSONValue(password)
      var object = JSONObject()
      for (name, value) in body { object[name] = value }
      return try fixture.ask("POST", "/api/sign", .object(object), cookie: cookie)
    }
    #expect(try sign(nil).status == 401)
    #expect(try sign("wrong password").status == 401)
    #expect(!FileManager.default.fileExists(atPath: fixture.cases.folder + "/p1/sign-off.json"))
    let signed = try sign(AccountFixture.password)
    #expect(signed.status == 200)
    let signature = try JSONDocument(signed.body).value["signature"]
    #expect(signature?["signedBy"]?.string == "signer")
    #expect(
      try fixture.ask("POST", "/api/withdraw", ["case": "p1", "reason": "new scan"], cookie: cookie).status == 401)
    let trail = try Archive(folder: fixture.cases.folder).auditTrail()
    #expect(trail.filter { ["sign", "log-in"].contains($0.action) }.allSatisfy { $0.actor == "signer" })
    #expect(trail.contains { $0.action == "confirmation-failed" && $0.subject == "signer" })
    #expect(try Archive(folder: fixture.cases.folder).audit().problems.isEmpty)
  }

  @Test("Other hosts, other origins and forms of other pages are refused, signed in or not; a link to the page is not")
  func foreign() throws {
    let cookie = try fixture.cookie("signer")
    for host in ["127.0.0.1", "localhost", "endora.example:8443", "ENDORA.example", "endora.example.evil.example", ""] {
      #expect(try fixture.ask("GET", "/api/worklist", cookie: cookie, headers: ["host": host]).status == 403)
    }
    for origin in ["http://endora.example", "https://evil.example", "null", "https://endora.example:8443"] {
      for path in ["/api/log-in", "/api/index", "/api/log-out"] {
        #expect(try fixture.ask("POST", path, cookie: cookie, headers: ["origin": origin]).status == 403)
      }
    }
    for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
      #expect(try fixture.ask("POST", "/api/log-in", headers: ["content-type": type]).status == 403)
    }
    let foreign = ["sec-fetch-site": "cross-site"]
    #expect(try fixture.ask("GET", "/api/worklist", cookie: cookie, headers: foreign).status == 403)
    #expect(try fixture.ask("GET", "/", headers: foreign).status == 200)
  }
}

@Suite("Where a server listens", .serialized)
struct DoorwayTests {
  private func refused(_ make: () throws -> Doorway) -> String? {
    #expect(throws: WebAppError.self) { _ = try make() }?.code
  }

  @Test("Other machines are let in over TLS or behind a proxy that is stated, and by a name that is stated")
  func open() throws {
    #expect(refused { try Doorway(address: "0.0.0.0", port: 0) } == "no-tls")
    #expect(refused { try Doorway(address: "10.0.0.5", port: 0, host: "endora.example") } == "no-tls")
    #expect(refused { try Doorway(port: 0, host: "endora.example") } == "host-without-tls")
    for name in ["", "Endora.example", "https://endora.example", "endora.example/", "a b", "endora.example:0", "-a"] {
      #expect(refused { try Doorway(port: 0, proxy: name) } == "host-name", "\(name)")
    }
    _ = try Doorway(address: "0.0.0.0", port: 0, proxy: "endora.example:8443")
  }

  @Test("Without accounts others are not let in; with them nobody comes in by the address of the start")
  func accounts() throws {
    let fixture = try CaseFixture()
    let doorway = try Doorway(port: 0, proxy: "endora.example")
    #expect(
      #expect(throws: WebAppError.self) { _ = try doorway.gate(port: 1, folder: fixture.folder) }?.code
        == "no-accounts")
    #expect(try Doorway(port: 0).gate(port: 1, folder: fixture.folder).address.contains("?token="))
    try Archive(folder: fixture.folder).addAccount(
      "a", .reader, Password("correct horse battery".utf8), actor: "root", at: "x")
    let gate = try doorway.gate(port: 1, folder: fixture.folder)
    #expect(gate.hasAccounts && gate.address == "https://endora.example/")
    #expect(try Doorway(port: 0).gate(port: 7, folder: fixture.folder).address == "http://127.0.0.1:7/")
  }
}
