import Foundation
public import HTTP
import JSON
import Provenance
public import Quantities
import Wording
import Workbench

/// The app behind the server: a table of known paths and what each answers.
public struct WebApplication: Sendable {
  let folder: String
  let actor: String
  let gate: Gate
  /// Who has signed in, where the gate leaves that to the app.
  let logIns: LogIns?
  let files: StaticFiles
  let clock: @Sendable () -> Timestamp
  let sessions: Sessions
  let jobs = Jobs()
  let images: ImageStore
  let imports: ImportDesk
  let gating = GatingDesk()

  /// The fields of queries that the paths use.
  public static let fields = [
    "token", "case", "digest", "name", "label", "reading", "activity", "day", "risk", "factor", "limits", "job", "day0",
    "series", "to", "first", "count", "frames", "scan", "import", "file", "plane", "at", "levels", "x", "y", "parent",
    "width",
  ]

  /// - Parameters:
  ///   - folder: the folder that holds the case folders; its archive is made when there is none.
  ///   - actor: who works, for the audit trail.
  public init(folder: String, actor: String, gate: Gate, clock: @escaping @Sendable () -> Timestamp) throws {
    self.folder = folder
    self.actor = actor
    self.gate = gate
    self.clock = clock
    files = try StaticFiles()
    logIns = gate.hasAccounts ? LogIns(folder: folder, clock: clock) : nil
    sessions = Sessions(folder: folder)
    images = ImageStore(folder: folder)
    imports = ImportDesk(folder: folder)
    _ = try ArchiveIndexing(folder: folder, actor: actor, at: clock())
  }

  /// Answers a request; never throws, never shows more of a fault than its two lines.
  public func response(to request: Request) -> Response {
    Language.$current.withValue(Language(accepting: request.headers["accept-language"])) { reply(to: request) }
  }

  private func reply(to request: Request) -> Response {
    if let refusal = gate.refusal(of: request) { return refusal.guarded() }
    do {
      return try answer(request).guarded()
    } catch {
      let refusal = Self.refusal(error)
      let status = Self.status(
        refusal.code, isMissing: refusal.category == .missing, isInput: refusal.category == .input)
      return Self.json(Self.document(refusal), status: status).guarded()
    }
  }

  /// Any error as a refusal; one that is none is a fault of the program and tells no more.
  static func refusal(_ error: any Error) -> any Refusal {
    error as? any Refusal
      ?? WebAppError(
        "internal-fault", "Endora could not answer.", remedy: "Report this: it is a fault of Endora.",
        category: .internalFault)
  }

  static func document(_ refusal: any Refusal) -> JSONValue {
    ["code": JSONValue(refusal.code), "reason": JSONValue(refusal.reason), "remedy": JSONValue(refusal.remedy)]
  }

  private func answer(_ request: Request) throws -> Response {
    if let route = Route.byName["\(request.method) \(request.path)"] {
      return try route.answer(self, try identified(request, for: route))
    }
    guard request.method == "GET", let file = files.response(to: request.path) else {
      return Response(404, text: "There is no such page.")
    }
    return file
  }

  /// A document; one with a number that JSON cannot hold is our fault and tells nothing.
  static func json(_ value: JSONValue, status: Int = 200) -> Response {
    guard let text = try? value.said(in: .current).text(indented: false) else {
      return Response(500, text: "Endora could not answer.")
    }
    return Response(status, type: "application/json", body: Array(text.utf8))
  }
}
