import Archive
import Foundation
import HTTP
import JSON
import Synchronization
import Workbench

/// The tube whose gates are being drawn, kept in memory so that a dragged corner is counted at once.
final class GatingDesk: Sendable {
  private struct Open: Sendable {
    let key: [String]
    let page: GatingPage
  }

  private let open = Mutex<Open?>(nil)

  /// The gates of a case as its files are now.
  func page(_ folder: String) throws -> GatingPage {
    let place = folder + "/laboratory"
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).sorted()
    let key =
      [folder]
      + names.map { name in
        let attributes = try? FileManager.default.attributesOfItem(atPath: place + "/" + name)
        return "\(name) \(attributes?[.size] ?? 0) \(attributes?[.systemFileNumber] ?? 0) "
          + "\((attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)"
      }
    return try open.withLock { open in
      if let open, open.key == key { return open.page }
      let made = Open(key: key, page: try GatingPage(folder))
      open = made
      return made.page
    }
  }
}

extension Route {
  static let laboratory = [
    document("GET", "/api/laboratory") { app, request in
      try LaboratoryPage(try app.sessions.folder(of: try request.required("case"))).document
    },
    document("GET", "/api/gates") { app, request in
      let path = try request.required("case")
      let page = try app.gating.page(try app.sessions.folder(of: path))
      let plane = GatingPage.Plane(x: request.query["x"], y: request.query["y"], parent: request.query["parent"])
      var document = try page.document(plane).object ?? [:]
      document["history"] = try app.gates(path).document(digest: page.digest)
      return .object(document)
    },
    document("POST", "/api/gates/measure") { app, request in
      let asked = try request.document()
      let page = try app.gating.page(try app.sessions.folder(of: try asked.text("case")))
      let plane = GatingPage.Plane(x: asked["x"]?.string, y: asked["y"]?.string, parent: asked["parent"]?.string)
      return try page.measured(GatingPage.Drawing(asked["drawing"] ?? .null), in: plane)
    },
    document("POST", "/api/gates") { app, request in
      let asked = try request.document()
      let path = try asked.text("case")
      let page = try app.gating.page(try app.sessions.folder(of: path))
      let (what, bytes) = try page.change(asked["change"] ?? .null)
      try app.gates(path).replace(
        with: bytes, seen: asked.text("digest"), what: what, actor: request.actor ?? app.actor, at: app.clock())
      return [:]
    },
    document("POST", "/api/gates/undo") { app, request in try app.stepGates(back: true, request) },
    document("POST", "/api/gates/redo") { app, request in try app.stepGates(back: false, request) },
  ]
}

extension WebApplication {
  fileprivate func gates(_ path: String) throws -> CaseHistory {
    CaseHistory(try Archive(folder: folder), root: folder, path: path, .gates)
  }

  fileprivate func stepGates(back: Bool, _ request: Request) throws -> JSONValue {
    let asked = try request.document()
    let path = try asked.text("case")
    _ = try sessions.folder(of: path)
    try gates(path).step(back: back, seen: asked.text("digest"), actor: request.actor ?? actor, at: clock())
    return [:]
  }
}
