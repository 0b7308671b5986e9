import HTTP
import JSON
import Workbench

/// One operation of the server: `openapi.json` describes each, and a test holds the two against each other.
struct Route: Sendable {
  let method: String
  let path: String
  let answer: @Sendable (WebApplication, Request) throws -> Response

  init(_ method: String, _ path: String, _ answer: @escaping @Sendable (WebApplication, Request) throws -> Response) {
    (self.method, self.path, self.answer) = (method, path, answer)
  }

  /// An operation whose answer is a JSON document.
  static func document(
    _ method: String, _ path: String, _ answer: @escaping @Sendable (WebApplication, Request) throws -> JSONValue
  ) -> Route {
    Route(method, path) { application, request in WebApplication.json(try answer(application, request)) }
  }

  /// All operations; files of the page come in addition.
  static let all =
    archive + sessions + questions + prescription + dosimetry + signature + report + jobs + courses + laboratory
    + imaging
    + voxelDoses + imports

  static let byName = Dictionary(all.map { ("\($0.method) \($0.path)", $0) }, uniquingKeysWith: { first, _ in first })

  private static let archive = [
    document("GET", "/api/worklist") { app, _ in try CaseDocuments(folder: app.folder).worklist() },
    document("GET", "/api/case") { app, request in
      try CaseDocuments(folder: app.folder).detail(of: request.query["case"] ?? "")
    },
    document("GET", "/api/banner") { app, request in
      CaseBanner(try app.sessions.folder(of: try request.required("case"))).document
    },
    document("GET", "/api/audit") { app, _ in try ArchiveAudit(folder: app.folder).page(rows: 200) },
    document("POST", "/api/index") { app, request in
      try ArchiveIndexing(folder: app.folder, actor: request.actor ?? app.actor, at: app.clock()).document
    },
    Route("GET", "/results") { app, request in
      try ResultFile(name: request.query["name"] ?? "", digest: request.query["digest"] ?? "").response(in: app.folder)
    },
  ]
}

extension Request {
  /// A field of the query that must be there.
  func required(_ name: String) throws -> String {
    guard let text = query[name], !text.isEmpty else {
      throw WebAppError("field-missing", "The request lacks \(name).", remedy: "Load the page again.", category: .input)
    }
    return text
  }

  /// The body as a JSON document of at most 64 KiB.
  func document() throws -> JSONValue { try JSONDocument(body, dialect: .strict, limit: 64 << 10).value }
}

extension JSONValue {
  /// A text that must be there.
  func text(_ name: String) throws -> String {
    guard let text = self[name]?.string, !text.isEmpty else {
      throw WebAppError("field-missing", "The request lacks \(name).", remedy: "Load the page again.", category: .input)
    }
    return text
  }
}
