import Foundation
public import HTTP
import JSON
import Provenance
public import Quantities
import Workbench

/// The app behind the server: a table of known paths and what each answers.
public struct WebApplication: Sendable {
  private let folder: String
  private let actor: String
  private let gate: Gate
  private let files: StaticFiles
  private let clock: @Sendable () -> Timestamp

  /// The fields of queries that the paths use.
  public static let fields = ["token", "case", "digest", "name"]

  /// - Parameters:
  ///   - folder: the folder that holds the case folders; its archive is made when there is none.
  ///   - actor: who works, for the audit trail.
  public init(folder: String, actor: String, gate: Gate, clock: @escaping @Sendable () -> Timestamp) throws {
    self.folder = folder
    self.actor = actor
    self.gate = gate
    self.clock = clock
    files = try StaticFiles()
    _ = try ArchiveIndexing(folder: folder, actor: actor, at: clock())
  }

  /// Answers a request; never throws, never shows more of a fault than its two lines.
  public func response(to request: Request) -> Response {
    if let refusal = gate.refusal(of: request) { return refusal.guarded() }
    do {
      return try answer(request).guarded()
    } catch {
      let refusal =
        error as? any Refusal
        ?? WebAppError(
          "internal-fault", "Endora could not answer.", remedy: "Report this: it is a fault of Endora.",
          category: .internalFault)
      let status = refusal.category == .missing ? 404 : refusal.category == .input ? 422 : 500
      return Self.json(
        ["code": JSONValue(refusal.code), "reason": JSONValue(refusal.reason), "remedy": JSONValue(refusal.remedy)],
        status: status
      ).guarded()
    }
  }

  private func answer(_ request: Request) throws -> Response {
    switch (request.method, request.path) {
    case ("GET", "/api/worklist"): return Self.json(try CaseDocuments(folder: folder).worklist())
    case ("GET", "/api/case"):
      return Self.json(try CaseDocuments(folder: folder).detail(of: request.query["case"] ?? ""))
    case ("GET", "/api/audit"): return Self.json(try ArchiveAudit(folder: folder).document)
    case ("POST", "/api/index"):
      return Self.json(try ArchiveIndexing(folder: folder, actor: actor, at: clock()).document)
    case ("GET", "/results"):
      return try ResultFile(name: request.query["name"] ?? "", digest: request.query["digest"] ?? "").response(
        in: folder)
    case ("GET", let path):
      guard let file = files.response(to: path) else { return Response(404, text: "There is no such page.") }
      return file
    default: return Response(404, text: "There is no such page.")
    }
  }

  /// A document; one with a number that JSON cannot hold is our fault and tells nothing.
  private static func json(_ value: JSONValue, status: Int = 200) -> Response {
    guard let text = try? value.text() else { return Response(500, text: "Endora could not answer.") }
    return Response(status, type: "application/json", body: Array(text.utf8))
  }
}
