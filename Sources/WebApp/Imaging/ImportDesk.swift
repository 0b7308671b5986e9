import Archive
import HTTP
import JSON
import Provenance
import Quantities
import Synchronization
import Workbench

/// Takes studies in: files that are dropped on the worklist, piece by piece, and studies pulled from another system.
final class ImportDesk: Sendable {
  /// Imports at once; further ones are refused.
  private static let mostImports = 4
  /// The most bytes of a piece.
  static let mostPieceBytes = 4 << 20

  private let folder: String
  private let open = Mutex<[String: (study: StudyImport, bytes: Int)]>([:])

  init(folder: String) {
    self.folder = folder
    StudyImport.removeAbandoned(in: folder)
  }

  /// A new import by its name.
  func begin() throws -> String {
    let name = Gate.secret()
    try open.withLock { open in
      guard open.count < Self.mostImports else {
        throw WebAppError(
          "too-many-imports", "\(Self.mostImports) imports are under way.", remedy: "Wait for one to end.",
          category: .input)
      }
      open[name] = (try StudyImport(into: folder, name: name), 0)
    }
    return name
  }

  /// Adds a piece to the end of a file of an import.
  func append(_ request: Request) throws -> JSONValue {
    let number = try request.number("file")
    guard request.body.count <= Self.mostPieceBytes else {
      throw WebAppError(
        "piece-too-large", "A piece of an import is too large.", remedy: "Open the page again.", category: .input)
    }
    let name = request.query["import"] ?? ""
    let study = try open.withLock { open in
      guard let one = open[name] else { throw Self.unknown }
      guard one.bytes + request.body.count <= StudyImport.mostBytes else {
        throw WebAppError(
          "import-too-large", "An import takes \(StudyImport.mostBytes >> 30) GiB.", remedy: "Import fewer files.",
          category: .input)
      }
      open[name]?.bytes += request.body.count
      return one.study
    }
    try study.append(request.body, toFile: number)
    return ["bytes": JSONValue(request.body.count)]
  }

  /// Forgets an import.
  func cancel(_ name: String) throws -> JSONValue {
    try take(name).cancel()
    return ["cancelled": true]
  }

  /// Makes the case of an import.
  func finish(_ name: String, as caseName: String, _ actor: String, _ moment: Timestamp) throws -> JSONValue {
    let study = try take(name)
    defer { study.cancel() }
    return try finish(study, caseName, actor, moment)
  }

  private func take(_ name: String) throws -> StudyImport {
    guard let one = open.withLock({ $0.removeValue(forKey: name) }) else { throw Self.unknown }
    return one.study
  }

  private func finish(
    _ study: StudyImport, _ name: String, _ actor: String, _ moment: Timestamp
  ) throws -> JSONValue {
    let made = try study.finish(name: name)
    try Archive(folder: folder).note(action: "import", subject: name, actor: actor, at: moment.description)
    _ = try ArchiveIndexing(folder: folder, actor: actor, at: moment)
    return made
  }

  private func own(_ root: JSONNode) throws -> OwnSide {
    OwnSide(
      title: try root["title"]?.string() ?? "ENDORA", isSecure: false, trusted: nil, certificate: nil, key: nil)
  }

  private func peer(_ root: JSONNode) throws -> PeerAddress {
    let node = try root.required("peer")
    guard let address = PeerAddress(try node.string()) else {
      throw node.refusal("peer", found: "it is no TITLE@HOST:PORT", remedy: "Write such as PACS@10.0.0.5:104.")
    }
    return address
  }

  /// The studies of another system.
  func find(_ root: JSONNode) throws -> JSONValue {
    let text = { (key: String) in try root[key]?.string() ?? "" }
    return try Exchange.find(
      at: peer(root), own(root), patient: try text("patient"), date: try text("date"),
      modality: try text("modality"), study: try root["study"]?.string()
    ).document
  }

  /// Brings a study of another system as a new case.
  func retrieve(_ root: JSONNode, _ actor: String, _ moment: Timestamp) throws -> JSONValue {
    let uid = try root.required("study")
    guard try uid.string().wholeMatch(of: /[0-9.]{1,64}/) != nil else {
      throw uid.refusal("study-uid", found: "it is no UID", remedy: "Choose a study that was found.")
    }
    let study = try take(begin())
    defer { study.cancel() }
    _ = try Exchange.retrieve(try uid.string(), from: .entity(peer(root)), own(root), to: study.staging, movePort: nil)
    return try finish(study, try root.required("name").string(), actor, moment)
  }

  private static var unknown: WebAppError {
    WebAppError("no-such-import", "There is no such import under way.", remedy: "Drop the files again.")
  }
}

extension Route {
  /// What the worklist asks to take studies in.
  static let imports = [
    document("POST", "/api/import/begin") { app, _ in ["import": .string(try app.imports.begin())] },
    document("POST", "/api/import/part") { app, request in try app.imports.append(request) },
    document("POST", "/api/import/cancel") { app, request in
      try app.imports.cancel(request.node().required("import").string())
    },
    document("POST", "/api/import/finish") { app, request in
      let root = try request.node()
      return try app.imports.finish(
        root.required("import").string(), as: root.required("name").string(), request.actor ?? app.actor, app.clock())
    },
    document("POST", "/api/pacs/find") { app, request in try app.imports.find(request.node()) },
    document("POST", "/api/pacs/retrieve") { app, request in
      try app.imports.retrieve(request.node(), request.actor ?? app.actor, app.clock())
    },
  ]
}

extension Request {
  fileprivate func node() throws -> JSONNode { try JSONDocument(body, dialect: .strict, limit: 64 << 10).root }
}
