import Archive
import HTTP
import JSON
import Workbench

extension Route {
  static let report = [
    document("POST", "/api/export") { app, request in try app.export(request) },
    Route("GET", "/api/openapi.json") { app, _ in try app.described() },
  ]
}

extension WebApplication {
  /// The report and the doses as DICOM objects in the case's folder `export`, and to another system where one is named.
  fileprivate func export(_ request: Request) throws -> JSONValue {
    let asked = try request.document()
    let path = try asked.text("case")
    let folder = try sessions.folder(of: path)
    let output = folder + "/export"
    let exported = try ResultExport.plan(folder, to: output, created: clock())
    var written = exported.document.object ?? [:]
    written["written"] = .array(
      exported.written.map {
        ["file": JSONValue(String($0.path.dropFirst(folder.count + 1))), "kind": JSONValue($0.kind)]
      })
    if let peer = asked["peer"]?.string, !peer.isEmpty {
      guard let address = PeerAddress(peer) else {
        throw WebAppError(
          "peer-invalid", "“\(peer.prefix(60))” names no system.", remedy: "Write it as TITLE@HOST:PORT.",
          category: .input)
      }
      let own = OwnSide(title: "ENDORA", isSecure: false, trusted: nil, certificate: nil, key: nil)
      let sent = try Exchange.send([output], to: .entity(address), own)
      written["sent"] = sent.document
    }
    try Archive(folder: self.folder).note(
      action: "export", subject: path,
      detail: JSONValue.object(["peer": asked["peer"] ?? .null]).text(indented: false),
      actor: request.actor ?? actor, at: clock().description)
    return .object(written)
  }

  /// The description of all operations, OpenAPI 3.1.
  fileprivate func described() throws -> Response {
    guard let file = files.response(to: "/app/openapi.json") else {
      throw WebAppError("app-missing", "The description is not there.", remedy: "Build Endora again.")
    }
    return file
  }
}
