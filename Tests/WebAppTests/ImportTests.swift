import Foundation
import HTTP
import JSON
import Testing
import WebApp
import Workbench

@Suite("Studies that are dropped on the worklist")
struct ImportTests {
  private let fixture: ImagingFixture
  private let binary = "application/octet-stream"

  init() throws { fixture = try ImagingFixture() }

  private func begin() throws -> String {
    try #require(try fixture.document(fixture.post("/api/import/begin", [:]))["import"]?.string)
  }

  private func add(_ bytes: [UInt8], _ id: String, _ file: Int) -> Response {
    fixture.post("/api/import/part", bytes, type: binary, query: ["import": id, "file": "\(file)"])
  }

  private func finish(_ id: String, _ name: String) throws -> Response {
    try fixture.post("/api/import/finish", ["import": .string(id), "name": .string(name)])
  }

  /// The files of the PET of a case.
  private func files(_ folder: String) throws -> [[UInt8]] {
    let path = fixture.folder + "/" + folder + "/imaging/pet"
    return try FileManager.default.contentsOfDirectory(atPath: path).sorted().map {
      Array(try #require(FileManager.default.contents(atPath: path + "/" + $0)))
    }
  }

  private var incoming: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: fixture.folder + "/.endora/incoming")) ?? []
  }

  @Test("A folder becomes a case, in pieces, with what is no DICOM left out")
  func folder() throws {
    defer { fixture.remove() }
    let id = try begin()
    for (n, bytes) in try files("P03").enumerated() {
      #expect(add(Array(bytes.prefix(1000)), id, n).status == 200)
      #expect(add(Array(bytes.dropFirst(1000)), id, n).status == 200)
    }
    #expect(add(Array("a note".utf8), id, 5000).status == 200)
    let made = try fixture.document(finish(id, "New patient"))
    #expect(made["series"]?.int == 1 && made["ignored"]?.int == 1)
    let list = try fixture.document(fixture.get("/api/worklist"))["cases"]?.array ?? []
    #expect(list.contains { $0["path"]?.string == "New patient" })
    let images = try fixture.document(fixture.get("/api/images", ["case": "New patient"]))
    #expect(images["series"]?.array?.count == 1)
    #expect(incoming.isEmpty)
  }

  @Test("Names that lead elsewhere, are taken or are no names make no case")
  func names() throws {
    defer { fixture.remove() }
    for name in ["../evil", "a/b", "..", ".hidden", "", " ", "P03", "a\\b", String(repeating: "a", count: 65), "a."] {
      let id = try begin()
      for (n, bytes) in try files("P03").prefix(2).enumerated() { #expect(add(bytes, id, n).status == 200) }
      #expect(try finish(id, name).status == 422, "\(name)")
    }
    #expect(incoming.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: fixture.folder + "/../evil"))
  }

  @Test("An import that is not known, has too many files or too large a piece is refused")
  func bounds() throws {
    defer { fixture.remove() }
    #expect(add([1], "../../x", 0).status == 404)
    #expect(try finish("nothing", "A").status == 404)
    let id = try begin()
    #expect(add([1], id, -1).status == 422)
    #expect(add([1], id, 20_000).status == 422)
    #expect(
      fixture.post("/api/import/part", [1], type: binary, query: ["import": id, "file": "../../1"]).status == 422)
    #expect(add([UInt8](repeating: 0, count: 4 << 20 + 1), id, 0).status == 422)
    for _ in 0..<3 { _ = try begin() }
    #expect(try fixture.post("/api/import/begin", [:]).status == 422)
    #expect(try fixture.post("/api/import/cancel", ["import": .string(id)]).status == 200)
    #expect(try fixture.post("/api/import/begin", [:]).status == 200)
  }

  @Test("Without images there is no case, and archives that are not safe are refused whole")
  func hostile() throws {
    defer { fixture.remove() }
    let id = try begin()
    #expect(add(Array("PK\u{3}\u{4} no archive".utf8), id, 0).status == 200)
    #expect(try finish(id, "Zip").status == 422)
    let other = try begin()
    #expect(add(Array("text".utf8), other, 0).status == 200)
    let refused = try fixture.document(finish(other, "Text"))
    #expect(refused["code"]?.string == "no-dicom")
    #expect(!FileManager.default.fileExists(atPath: fixture.folder + "/Zip") && incoming.isEmpty)
  }

  @Test("Images of two patients make no case")
  func patients() throws {
    defer { fixture.remove() }
    try FileManager.default.copyItem(atPath: ImagingFixture.cases.get() + "/P04", toPath: fixture.folder + "/P04")
    let id = try begin()
    for (n, bytes) in (try files("P03") + files("P04")).enumerated() { _ = add(bytes, id, n) }
    #expect(try fixture.document(finish(id, "Two"))["code"]?.string == "several-patients")
  }

  @Test("Another system that is no address or does not answer is told in two sentences")
  func pacs() throws {
    defer { fixture.remove() }
    #expect(try fixture.post("/api/pacs/find", ["peer": "http://10.0.0.5"]).status == 422)
    let silent = try fixture.post("/api/pacs/find", ["peer": "PACS@127.0.0.1:1", "modality": "PT"])
    #expect(silent.status >= 400)
    #expect(try fixture.document(silent)["code"]?.string == "peer-absent")
    #expect(try fixture.document(silent)["remedy"]?.string?.isEmpty == false)
    let body: JSONValue = ["peer": "PACS@127.0.0.1:1", "study": "../../x", "name": "A"]
    #expect(try fixture.post("/api/pacs/retrieve", body).status == 422)
    #expect(incoming.isEmpty)
  }
}
