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
  /// Begins to write a case's results as DICOM objects into its folder `export`, and to send them with those among its
  /// results to another system where one is named.
  fileprivate func export(_ request: Request) throws -> JSONValue {
    let asked = try request.document()
    let path = try asked.text("case")
    let folder = try sessions.folder(of: path)
    let address = try asked["peer"]?.string.flatMap { $0.isEmpty ? nil : $0 }.map { text in
      guard let address = PeerAddress(text) else {
        throw WebAppError(
          "peer-invalid", "“\(text.prefix(60))” names no system.", remedy: "Write it as TITLE@HOST:PORT.",
          category: .input)
      }
      return address
    }
    let person = request.actor ?? actor
    let id = try jobs.begin("export " + path) { job in
      try job.step(["step": "writing", "number": 1, "of": JSONValue(address == nil ? 1 : 2)])
      let exported = try ResultExport.all(folder, to: folder + "/export", created: clock())
      var told: JSONObject = [
        "written": .array(
          exported.written.map {
            ["file": JSONValue(String($0.path.dropFirst(folder.count + 1))), "kind": JSONValue($0.kind)]
          })
      ]
      if let address {
        told["sent"] = JSONValue(
          try send([folder + "/export", folder + "/results"], to: address) { number, count in
            try job.step(["step": "sending", "number": JSONValue(number), "of": JSONValue(count)])
          })
      }
      try Archive(folder: self.folder).note(
        action: "export", subject: path,
        detail: JSONValue.object(["peer": asked["peer"] ?? .null]).text(indented: false), actor: person,
        at: clock().description)
      return .object(told)
    }
    return ["job": JSONValue(id)]
  }

  /// Sends the DICOM files below folders one after the other, so that each is told and the rest can be left.
  private func send(_ folders: [String], to address: PeerAddress, step: (Int, Int) throws -> Void) throws -> Int {
    let own = OwnSide(title: Self.ownTitle, isSecure: false, trusted: nil, certificate: nil, key: nil)
    let files = try folders.flatMap { try Exchange.files(below: $0) }
    for (n, file) in files.enumerated() {
      try step(n + 1, files.count)
      do { _ = try Exchange.send([file], to: .entity(address), own) } catch {
        throw Exchange.explained(error, address, own: Self.ownTitle)
      }
    }
    return files.count
  }

  /// The application entity title under which other systems know us.
  static let ownTitle = "ENDORA"

  /// The description of all operations, OpenAPI 3.1.
  fileprivate func described() throws -> Response {
    guard let file = files.response(to: "/app/openapi.json") else {
      throw WebAppError("app-missing", "The description is not there.", remedy: "Build Endora again.")
    }
    return file
  }
}
