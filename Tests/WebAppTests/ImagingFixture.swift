import Foundation
import HTTP
import JSON
import Quantities
import WebApp
import Workbench

/// A folder with one PET case of the demonstration and the app on it.
struct ImagingFixture {
  let folder: String
  let application: WebApplication

  /// The cases P03 and P04, made once.
  static let cases = Result { () throws -> String in
    let folder = NSTemporaryDirectory() + "endora-imaging-" + UUID().uuidString
    try PETDemonstration(seed: 0).write(to: folder, only: ["P03", "P04"])
    return folder
  }

  init() throws { try self.init(copying: "P03", of: Self.cases.get()) }

  /// A copy of a case.
  init(copying name: String, of source: String) throws {
    folder = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: source + "/" + name, toPath: folder + "/" + name)
    try Data("secret".utf8).write(to: URL(filePath: folder + "/secret.txt"))
    application = try WebApplication(
      folder: folder, actor: "physicist", gate: Gate(port: 1, token: "t", session: "s"),
      clock: { Timestamp(secondsSince1970: 1_793_000_000, utcOffset: 0) })
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  func get(_ path: String, _ query: [String: String] = [:]) -> Response {
    application.response(
      to: Request(path: path, headers: ["host": "localhost:1", "cookie": "endora-1=s"], query: query))
  }

  func post(
    _ path: String, _ body: [UInt8], type: String = "application/json", query: [String: String] = [:],
    origin: String? = "http://localhost:1"
  ) -> Response {
    var headers = ["host": "localhost:1", "cookie": "endora-1=s", "content-type": type]
    headers["origin"] = origin
    return application.response(to: Request(method: "POST", path: path, headers: headers, query: query, body: body))
  }

  func post(_ path: String, _ document: JSONValue, origin: String? = "http://localhost:1") throws -> Response {
    post(path, Array(try document.text().utf8), origin: origin)
  }

  func document(_ response: Response) throws -> JSONValue { try JSONDocument(response.body).value }

  /// The UID of the first series of a kind.
  func series(_ kind: String) throws -> String? {
    try document(get("/api/images", ["case": "P03"]))["series"]?.array?.first { $0["kind"]?.string == kind }?["uid"]?
      .string
  }
}
