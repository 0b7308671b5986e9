import Archive
import Foundation
import HTTP
import JSON
import Quantities
import Synchronization

@testable import WebApp

/// A folder with one case and accounts of all roles, served under a name over TLS, with a clock that a test turns.
final class AccountFixture: Sendable {
  static let password = "correct horse battery"

  let cases: CaseFixture
  let application: WebApplication
  private let seconds: Turned

  private final class Turned: Sendable { let value = Mutex(1_793_000_000.0) }

  init() throws {
    cases = try CaseFixture()
    let archive = try Archive(folder: cases.folder)
    for role in Role.allCases {
      try archive.addAccount(
        role.rawValue, role, Password(Self.password.utf8), actor: "root", at: "2026-11-02T09:00:00Z")
    }
    let turned = Turned()
    seconds = turned
    let site = Site(host: "endora.example")!
    application = try WebApplication(
      folder: cases.folder, actor: "server", gate: Gate(accountsAt: site),
      clock: { Timestamp(secondsSince1970: turned.value.withLock(\.self), utcOffset: 0) })
  }

  func wait(_ more: Double) { seconds.value.withLock { $0 += more } }

  func ask(
    _ method: String, _ path: String, _ body: JSONValue = [:], query: [String: String] = [:], cookie: String? = nil,
    headers: [String: String] = [:]
  ) throws -> Response {
    var all = ["host": "endora.example"]
    if method == "POST" { all.merge(["origin": "https://endora.example", "content-type": "application/json"]) { $1 } }
    if let cookie { all["cookie"] = cookie }
    return application.response(
      to: Request(
        method: method, path: path, headers: all.merging(headers) { $1 }, query: query,
        body: method == "POST" ? Array(try body.text().utf8) : []))
  }

  func logIn(_ name: String, _ password: String = AccountFixture.password) throws -> Response {
    try ask("POST", "/api/log-in", ["name": JSONValue(name), "password": JSONValue(password)])
  }

  /// The cookie of an account.
  func cookie(_ name: String) throws -> String {
    String(try logIn(name).headers["Set-Cookie"]?.split(separator: ";").first ?? "")
  }
}

extension Response {
  var code: String? { (try? JSONDocument(body).value)?["code"]?.string }
}
