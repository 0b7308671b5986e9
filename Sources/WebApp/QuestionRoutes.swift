import HTTP
import JSON
import Workbench

extension Route {
  /// What a new case asks, and the answers.
  static let questions = [
    document("GET", "/api/questions") { app, request in
      let path = try request.required("case")
      let folder = try app.sessions.folder(of: path)
      let questions = try CaseQuestions(folder: folder)
      var object = try questions.document().object ?? [:]
      object["history"] = try app.history(path).document(digest: questions.digest.hexadecimal)
      object["isSigned"] = JSONValue(try SignOff.read(in: folder) != nil)
      object["isDrawn"] =
        (try? CaseFile.read(folder).file.isDrawn(in: folder)).flatMap { $0 }.map { .bool($0) } ?? .null
      return .object(object)
    },
    document("POST", "/api/answer") { app, request in
      let asked = try request.document()
      let path = try asked.text("case")
      let folder = try app.sessions.folder(of: path)
      let value = asked["remove"]?.bool == true ? Optional.none : .some(asked["value"] ?? .null)
      try app.history(path).answer(
        asked.text("field"), value, seen: asked.text("digest"),
        actor: request.actor ?? app.actor,
        at: app.clock())
      let state = try CaseQuestions(folder: folder).state
      if state["open"]?.int == 0 { try app.reindex(request) }
      return state
    },
  ]
}

extension WebApplication {
  /// Brings the list of cases up to what their files say now.
  func reindex(_ request: Request) throws {
    _ = try ArchiveIndexing(folder: folder, actor: request.actor ?? actor, at: clock())
  }
}
