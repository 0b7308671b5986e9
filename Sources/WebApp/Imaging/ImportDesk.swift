import Archive
import Dispatch
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
  /// Seconds without a piece after which an import may be forgotten for another one: its page is gone.
  private static let patience = Duration.seconds(120)
  private let open = Mutex<[String: (study: StudyImport, bytes: Int, touched: ContinuousClock.Instant)]>([:])

  init(folder: String) {
    self.folder = folder
    StudyImport.removeAbandoned(in: folder)
  }

  /// A new import by its name.
  func begin() throws -> String {
    let name = Gate.secret()
    try open.withLock { open in
      if open.count >= Self.mostImports {
        for (name, one) in open where ContinuousClock.now - one.touched > Self.patience {
          one.study.cancel()
          open[name] = nil
        }
      }
      guard open.count < Self.mostImports else {
        throw WebAppError(
          "too-many-imports", "\(Self.mostImports) imports are under way.", remedy: "Wait for one to end.",
          category: .input)
      }
      open[name] = (try StudyImport(into: folder, name: name), 0, .now)
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
      open[name]?.touched = .now
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
      title: try title(root), isSecure: false, trusted: nil, certificate: nil, key: nil)
  }

  private func title(_ root: JSONNode) throws -> String { try root["title"]?.string() ?? WebApplication.ownTitle }

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
    let (peer, title) = (try peer(root), try title(root))
    do {
      return try Exchange.find(
        at: peer, own(root), patient: try text("patient"), date: try text("date"), modality: try text("modality"),
        study: try root["study"]?.string()
      ).document
    } catch { throw Exchange.explained(error, peer, own: title) }
  }

  /// Begins to bring a study of another system as a new case; tells how many objects have come.
  func retrieve(_ root: JSONNode, _ jobs: Jobs, _ actor: String, _ clock: @escaping @Sendable () -> Timestamp) throws
    -> String
  {
    let uid = try root.required("study")
    guard try uid.string().wholeMatch(of: /[0-9.]{1,64}/) != nil else {
      throw uid.refusal("study-uid", found: "it is no UID", remedy: "Choose a study that was found.")
    }
    let (wanted, peer, own, title) = (try uid.string(), try peer(root), try own(root), try title(root))
    let name = try StudyImport.checked(try root.required("name").string(), in: folder)
    let expected = try root["instances"]?.int()
    let study = try take(begin())
    do {
      return try jobs.begin("retrieve " + study.staging, isDetachable: true) { job in
        defer { study.cancel() }
        try job.step(Self.progress(0, expected))
        let watch = DispatchSource.makeTimerSource()
        watch.schedule(deadline: .now() + 0.3, repeating: 0.3)
        watch.setEventHandler { try? job.step(Self.progress(study.arrived, expected)) }
        watch.resume()
        defer { watch.cancel() }
        do {
          _ = try Exchange.retrieve(wanted, from: .entity(peer), own, to: study.staging, movePort: nil)
        } catch { throw Exchange.explained(error, peer, own: title) }
        if job.isCancelled { throw Jobs.Cancelled() }
        return try self.finish(study, name, actor, clock())
      }
    } catch {
      study.cancel()
      throw error
    }
  }

  private static func progress(_ files: Int, _ expected: Int?) -> JSONValue {
    ["step": "arriving", "number": JSONValue(files), "of": expected.map { JSONValue($0) } ?? .null]
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
      ["job": .string(try app.imports.retrieve(request.node(), app.jobs, request.actor ?? app.actor, app.clock))]
    },
  ]
}

extension Request {
  fileprivate func node() throws -> JSONNode { try JSONDocument(body, dialect: .strict, limit: 64 << 10).root }
}
