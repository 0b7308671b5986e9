import Archive
import HTTP
import JSON
import Workbench

extension Route {
  static let prescription = [
    document("GET", "/api/prescription") { app, request in
      let path = try request.required("case")
      let session = try app.sessions.session(path, fresh: true)
      return try app.withStatus(session.prescriptionDocument, session, path, request)
    },
    document("GET", "/api/what-if") { app, request in
      let choice = try Choice(request.query)
      let (session, prepared) = try app.sessions.prepared(try request.required("case"), choice.key)
      return try session.whatIf(choice, prepared)
    },
  ]

  static let dosimetry = [
    document("GET", "/api/dosimetry") { app, request in
      let path = try request.required("case")
      let session = try app.sessions.session(path, fresh: true)
      return try app.withStatus(session.dosimetryDocument, session, path, request)
    },
    document("POST", "/api/change") { app, request in
      let asked = try request.document()
      let path = try asked.text("case")
      let session = try app.sessions.session(path, fresh: true)
      let change = try CaseChange(asked["change"] ?? .null)
      try app.history(path).change(
        change.edits(of: session.file), seen: asked.text("digest"), what: change.what,
        actor: request.actor ?? app.actor,
        at: app.clock())
      return ["digest": JSONValue(try app.sessions.session(path, fresh: true).file.digest.hexadecimal)]
    },
    document("POST", "/api/undo") { app, request in try app.step(back: true, request) },
    document("POST", "/api/redo") { app, request in try app.step(back: false, request) },
  ]
}

extension WebApplication {
  func history(_ path: String) throws -> CaseHistory {
    CaseHistory(try Archive(folder: folder), root: folder, path: path)
  }

  fileprivate func step(back: Bool, _ request: Request) throws -> JSONValue {
    let asked = try request.document()
    let path = try asked.text("case")
    let before = try CaseQuestions(folder: sessions.folder(of: path)).open.count
    try history(path).step(back: back, seen: asked.text("digest"), actor: request.actor ?? actor, at: clock())
    let state = try CaseQuestions(folder: folder + "/" + path).state
    // What was open may be whole now, and the other way round: the list of cases says so.
    if state["open"]?.int != before { try reindex(request) }
    return state
  }

  /// A case's document with what can be undone, whether its results are those of the case as it is, and its signature.
  func withStatus(
    _ document: JSONValue, _ session: CaseSession, _ path: String, _ request: Request
  ) throws -> JSONValue {
    var object = document.object ?? [:]
    object["history"] = try history(path).document(digest: session.file.digest.hexadecimal)
    let results = Self.resultsDocument(folder + "/" + path)
    let isPlanned = results?["case"]?["digest"]?.string == session.file.digest.hexadecimal
    object["isPlanned"] = JSONValue(isPlanned)
    object["settings"] = isPlanned ? results?["settings"] ?? [] : []
    object["signature"] = try signature(path)
    object["actor"] = JSONValue(request.actor ?? actor)
    return .object(object)
  }
}
