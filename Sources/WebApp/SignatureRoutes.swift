import Archive
import Foundation
import HTTP
import JSON
import Provenance
import Workbench

extension Route {
  static let signature = [
    document("GET", "/api/signature") { app, request in
      let path = try request.required("case")
      _ = try app.sessions.folder(of: path)
      return ["signature": try app.signature(path)]
    },
    document("POST", "/api/sign") { app, request in try app.sign(request) },
    document("POST", "/api/withdraw") { app, request in try app.withdraw(request) },
  ]
}

extension WebApplication {
  /// The results of a case as they lie in its folder.
  static func resultsBytes(_ folder: String) -> [UInt8]? {
    FileManager.default.contents(atPath: folder + "/results/results.json").map(Array.init)
  }

  static func resultsDocument(_ folder: String) -> JSONValue? {
    resultsBytes(folder).flatMap { try? JSONDocument($0).value }
  }

  /// The signature with what has changed since; null where there is none.
  func signature(_ path: String) throws -> JSONValue {
    let folder = folder + "/" + path
    guard let signOff = try SignOff.read(in: folder) else { return .null }
    // A case whose inputs can no longer be read is not measured for this.
    let byPath =
      if let (session, digests) = try? sessions.digests(path) {
        Dictionary(
          session.inputs.entries.map { ($0.path, digests[$0]?.hexadecimal ?? "") },
          uniquingKeysWith: { first, _ in first })
      } else { signOff.digestsNow(in: folder) }
    let changes = signOff.changes(
      digests: byPath, results: Self.resultsBytes(folder).map { Digest(of: $0).hexadecimal })
    var object = signOff.document.object ?? [:]
    object["changes"] = .array(changes.map { JSONValue($0) })
    object["holds"] = JSONValue(changes.isEmpty)
    return .object(object)
  }

  fileprivate func sign(_ request: Request) throws -> JSONValue {
    let asked = try request.document()
    let path = try asked.text("case")
    let signer = request.actor ?? actor
    try confirm(request, asked)
    let texts = (asked["choice"]?.object ?? [:]).compactMap { member -> (String, String)? in
      if let text = member.value.string { return (member.key, text) }
      return member.value.double.map { (member.key, "\($0)") }
    }
    let choice = try Choice(Dictionary(texts, uniquingKeysWith: { first, _ in first }))
    let (session, digests) = try sessions.digests(path)
    guard session.file.digest.hexadecimal == (try asked.text("digest")) else {
      throw WebAppError(
        "case-changed", "The case was changed since it was shown.", remedy: "Load the page again.", category: .input)
    }
    let (_, prepared) = try sessions.prepared(path, choice.key)
    let statement = CaseSession.Statement(
      choice: choice, read: Set((asked["read"]?.array ?? []).compactMap(\.string)),
      reason: String((asked["reason"]?.string ?? "").prefix(1000)))
    let signOff = try session.sign(
      statement, prepared, results: Self.resultsBytes(folder + "/" + path), digests: digests, actor: signer,
      at: clock())
    let bytes = Array(try signOff.document.text().utf8)
    let archive = try Archive(folder: folder)
    let detail: JSONValue = [
      "activity_GBq": signOff.document["activity"]?["value"] ?? .null,
      "signOff": JSONValue(try archive.keep(bytes)), "results": signOff.document["results"] ?? .null,
    ]
    try archive.note(
      action: "sign", subject: path, detail: detail.text(indented: false), actor: signer, at: clock().description)
    return ["signature": try signature(path)]
  }

  fileprivate func withdraw(_ request: Request) throws -> JSONValue {
    let asked = try request.document()
    let path = try asked.text("case")
    let file = try sessions.folder(of: path) + "/" + SignOff.fileName
    guard let bytes = FileManager.default.contents(atPath: file) else {
      throw WebAppError("not-signed", "The prescription is not signed.", remedy: "Load the page again.")
    }
    try confirm(request, asked)
    let archive = try Archive(folder: folder)
    let detail: JSONValue = [
      "reason": JSONValue(String(try asked.text("reason").prefix(1000))),
      "signOff": JSONValue(try archive.keep(Array(bytes))),
    ]
    try archive.note(
      action: "withdraw", subject: path, detail: detail.text(indented: false), actor: request.actor ?? actor,
      at: clock().description)
    try FileManager.default.removeItem(atPath: file)
    return ["signature": .null]
  }
}
