import Archive
import HTTP
import JSON

extension Route {
  /// Signing in and out where the archive has accounts.
  static let sessions = [
    document("GET", "/api/session") { app, request in
      let account = try app.logIns?.account(app.gate.site.cookie(in: request))
      return [
        "name": JSONValue(account?.name ?? app.actor), "role": JSONValue((account?.role ?? .signer).rawValue),
        "signsIn": JSONValue(app.logIns != nil),
      ]
    },
    Route("POST", logIn) { app, request in
      guard let logIns = app.logIns else {
        throw WebAppError("no-accounts", "Nobody signs in here.", remedy: "Open the address that Endora printed.")
      }
      let asked = try request.document()
      let (cookie, account) = try logIns.begin(
        try asked.text("name"), Password((asked["password"]?.string ?? "").utf8))
      var response = WebApplication.json(
        ["name": JSONValue(account.name), "role": JSONValue(account.role.rawValue), "signsIn": true])
      response.headers["Set-Cookie"] = app.gate.site.cookie(cookie)
      return response
    },
    Route("POST", "/api/log-out") { app, request in
      try app.logIns?.end(app.gate.site.cookie(in: request))
      var response = WebApplication.json([:])
      response.headers["Set-Cookie"] = app.gate.site.cookie("")
      return response
    },
  ]

  static let logIn = "/api/log-in"

  /// What one must be allowed to ask for it. Measuring shows and changes nothing; signing is more than changing.
  var role: Role {
    switch path {
    case "/api/sign", "/api/withdraw": .signer
    case Route.logIn, "/api/log-out", "/api/measure", "/api/planar/measure", "/api/gates/measure", "/api/dose-volume":
      .reader
    default: method == "GET" ? .reader : .editor
    }
  }
}

extension WebApplication {
  /// The request with who asks; what needs nobody signed in stays as it is.
  func identified(_ request: Request, for route: Route) throws -> Request {
    guard let logIns, route.path != Route.logIn else { return request }
    guard let account = try logIns.account(gate.site.cookie(in: request)) else {
      throw WebAppError("log-in-needed", "Nobody has signed in.", remedy: "Sign in.", category: .input)
    }
    guard account.role >= route.role else {
      throw WebAppError(
        "role-too-low", "The account \(account.name) may not do this.",
        remedy: "Ask whoever keeps the server for the role \(route.role.rawValue).", category: .input)
    }
    var request = request
    request.actor = account.name
    return request
  }

  /// Asks for the password again, where people sign in.
  func confirm(_ request: Request, _ asked: JSONValue) throws {
    guard let logIns, let name = request.actor else { return }
    try logIns.confirm(name, Password((asked["password"]?.string ?? "").utf8))
  }

  /// The status of a refusal.
  static func status(_ code: String, isMissing: Bool, isInput: Bool) -> Int {
    switch code {
    case "log-in-needed", "log-in-refused": 401
    case "role-too-low": 403
    case "log-in-delayed": 429
    default: isMissing ? 404 : isInput ? 422 : 500
    }
  }
}
