import Foundation
import HTTP
import JSON
import Testing

@testable import WebApp

@Suite("The description of the server")
struct DescriptionTests {
  private let description: JSONValue

  init() throws { description = try CaseFixture().get("/api/openapi.json").value }

  @Test("Every operation of the server is described, and nothing else is")
  func operations() throws {
    #expect(description["openapi"]?.string == "3.1.0")
    let described = (description["paths"]?.object ?? [:]).flatMap { path in
      (path.value.object ?? [:]).map { "\($0.key.uppercased()) \(path.key)" }
    }
    #expect(described.sorted() == Route.all.map { "\($0.method) \($0.path)" }.sorted())
    let names = (description["paths"]?.object ?? [:]).flatMap { path in
      (path.value.object ?? [:]).compactMap { $0.value["operationId"]?.string }
    }
    #expect(Set(names).count == described.count)
  }

  @Test(
    "No operation answers whoever has no cookie, comes from another page or asks to change without saying from where")
  func guarded() throws {
    let fixture = try CaseFixture()
    for route in Route.all {
      func status(_ headers: [String: String]) -> Int {
        fixture.application.response(
          to: Request(
            method: route.method, path: route.path, headers: ["host": "localhost:1"].merging(headers) { $1 },
            query: ["case": "p1"], body: Array("{\"case\": \"p1\"}".utf8))
        ).status
      }
      #expect(status([:]) == 401)
      #expect(status(["cookie": "endora-1=s", "host": "evil.example"]) == 403)
      #expect(status(["cookie": "endora-1=s", "origin": "http://evil.example"]) == 403)
      #expect(status(["cookie": "endora-1=s", "sec-fetch-site": "cross-site"]) == 403)
      if route.method == "POST" {
        #expect(status(["cookie": "endora-1=s", "content-type": "application/json"]) == 403)
        #expect(status(["cookie": "endora-1=s", "origin": "http://localhost:1", "content-type": "text/plain"]) == 403)
      }
    }
    #expect(try fixture.caseText == CaseFixture.text)
  }

  @Test("Fields of queries are those that the server reads, and every reference leads somewhere")
  func references() throws {
    var fields: Set<String> = []
    func walk(_ value: JSONValue) throws {
      if let reference = value["$ref"]?.string {
        let found = reference.dropFirst(2).split(separator: "/").reduce(Optional(description)) { $0?[String($1)] }
        #expect(found != nil, "\(reference)")
      }
      if value["in"]?.string == "query", let name = value["name"]?.string { fields.insert(name) }
      for child in value.array ?? [] { try walk(child) }
      for child in value.object ?? [:] { try walk(child.value) }
    }
    try walk(description)
    #expect(fields.isSubset(of: WebApplication.fields))
  }

  @Test("What the server answers has the members that are described")
  func answers() throws {
    let fixture = try CaseFixture()
    for (path, query) in [
      ("/api/worklist", [:]), ("/api/case", ["case": "p1"]), ("/api/audit", [:]), ("/api/prescription", ["case": "p1"]),
      ("/api/what-if", ["case": "p1"]), ("/api/dosimetry", ["case": "p1"]), ("/api/signature", ["case": "p1"]),
    ] {
      let schema = description["paths"]?[path]?["get"]?["responses"]?["200"]?["content"]?["application/json"]?["schema"]
      let answer = try fixture.get(path, query).value
      for name in try #require(schema?["required"]?.array).compactMap(\.string) {
        #expect(answer[name] != nil, "\(path): \(name)")
      }
    }
    let refused = try fixture.get("/api/case", ["case": "none"]).value
    #expect(refused["code"] != nil && refused["reason"] != nil && refused["remedy"] != nil)
  }

  @Test("No body, however wrong, brings the server down or changes the case")
  func bodies() throws {
    let fixture = try CaseFixture()
    let bodies = [
      "", "{", "[]", "null", "1e999", "{\"case\": 1}", "{\"case\": \"../p1\"}", "{\"case\": \"p1/..\"}",
      "{\"case\": \"p1\", \"digest\": []}", "{\"case\": \"p1\", \"digest\": \"x\", \"change\": {\"kind\": 1}}",
      String(repeating: "[", count: 60_000), "{\"case\": \"" + String(repeating: "x", count: 70_000) + "\"}",
    ]
    // A route that takes no body does not read one.
    let reading = Route.all.filter {
      $0.method == "POST" && description["paths"]?[$0.path]?["post"]?["requestBody"] != nil
    }
    #expect(reading.count > 10)
    for route in reading {
      // A body that names the case is all that a plan or an export asks for.
      for body in bodies where !["/api/plan", "/api/export"].contains(route.path) || !body.contains("\"p1\"") {
        let answer = fixture.application.response(
          to: Request(
            method: "POST", path: route.path,
            headers: [
              "host": "localhost:1", "cookie": "endora-1=s", "origin": "http://localhost:1",
              "content-type": "application/json",
            ], body: Array(body.utf8)))
        #expect([404, 422].contains(answer.status), "\(route.path) \(body.prefix(40)): \(answer.status)")
      }
    }
    #expect(try fixture.caseText == CaseFixture.text)
    #expect(!FileManager.default.fileExists(atPath: fixture.folder + "/p1/sign-off.json"))
  }
}
