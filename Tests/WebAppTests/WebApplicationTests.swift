import Foundation
import HTTP
import JSON
import Quantities
import Testing
import WebApp

@Suite("The app")
struct WebApplicationTests {
  private let folder: String
  private let application: WebApplication

  init() throws {
    folder = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder + "/p1/results", withIntermediateDirectories: true)
    let results = #"""
      {"prescription": {"activity": {"value": 13.77}, "governing": "Kidneys"}, "organs": [{"name": "Kidneys"}],
       "findings": [{"severity": "caution", "title": "Look.", "text": "<script>alert(1)</script>"}]}
      """#
    for (name, text) in [
      ("case.json", "{}"), ("results/results.json", results), ("results/report.html", "<p>report</p>"),
      ("results/model.bin", "bytes"),
    ] {
      try Data(text.utf8).write(to: URL(filePath: "\(folder)/p1/\(name)"))
    }
    try Data("secret".utf8).write(to: URL(filePath: folder + "/secret.txt"))
    application = try WebApplication(
      folder: folder, actor: "physicist", gate: Gate(port: 1, token: "t", session: "s"),
      clock: { Timestamp(secondsSince1970: 1_793_000_000, utcOffset: 0) })
  }

  private func get(_ path: String, _ query: [String: String] = [:]) -> Response {
    application.response(
      to: Request(path: path, headers: ["host": "localhost:1", "cookie": "endora-1=s"], query: query))
  }

  private func document(_ response: Response) throws -> JSONValue { try JSONDocument(response.body).value }

  @Test("The page and its parts are served with their types, and nothing else of the program is")
  func files() {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(get("/").headers["Content-Type"] == "text/html; charset=utf-8")
    for (path, type) in [
      ("/app/app.mjs", "text/javascript; charset=utf-8"), ("/app/tokens.css", "text/css; charset=utf-8"),
      ("/app/mark.svg", "image/svg+xml"),
    ] {
      #expect(get(path).status == 200)
      #expect(get(path).headers["Content-Type"] == type)
    }
    #expect(get("/app/").status == 404)
    #expect(get("/index.html").status == 404)
  }

  @Test("The pages have no script or style but in files, and ask nothing of other machines")
  func policy() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let page = String(decoding: get("/").body, as: UTF8.self)
    #expect(!page.contains("<style") && !page.contains("style=") && !page.contains("onclick"))
    for name in [
      "app", "worklist", "case", "audit", "api", "dom", "words", "banner", "dosimetry", "planning", "plot",
      "prescription", "prescription-figures", "signature", "course", "cohort", "drawn", "laboratory", "viewer",
      "viewer-colour", "viewer-figure", "viewer-keys", "viewer-mip", "viewer-overlay", "viewer-paint", "viewer-pane",
      "viewer-regions", "viewer-side", "viewer-tools", "viewer-volume", "viewer-windows", "viewer-words", "planar",
      "import", "log-in", "gating", "form", "form-words", "questions", "planar-shapes",
    ] {
      let script = String(decoding: get("/app/\(name).mjs").body, as: UTF8.self)
      #expect(!script.isEmpty)
      #expect(!script.contains("innerHTML") && !script.contains("eval("))
      #expect(!script.replacing("http://www.w3.org/2000/svg", with: "").contains("://"))
    }
    #expect(!String(decoding: get("/app/tokens.css").body, as: UTF8.self).contains("://"))
  }

  @Test("No module of the page needs itself by way of those that it needs")
  func modules() {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var needed: [String: [String]] = [:]
    var open = ["app"]
    while let name = open.popLast() {
      guard needed[name] == nil else { continue }
      let text = String(decoding: get("/app/\(name).mjs").body, as: UTF8.self)
      needed[name] = text.matches(of: /from "\.\/([a-z-]+)\.mjs"/).map { String($0.1) }
      open += needed[name] ?? []
    }
    #expect(needed.count > 30)
    while let free = needed.first(where: { one in one.value.allSatisfy { needed[$0] == nil } })?.key {
      needed[free] = nil
    }
    #expect(needed.isEmpty, "\(needed.keys.sorted())")
  }

  @Test("The worklist and a case show what the results say")
  func documents() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let entry = try #require(document(get("/api/worklist"))["cases"]?[0])
    #expect(entry["path"]?.string == "p1")
    #expect(entry["stage"]?.string == "prescribed")
    #expect(entry["activity"]?["value"]?.double == 13.77)
    #expect(entry["worst"]?["title"]?.string == "Look.")
    let detail = try document(get("/api/case", ["case": "p1"]))
    #expect(detail["organs"]?.array?.count == 1)
    #expect(detail["results"]?.array?.count == 3)
    let missing = get("/api/case", ["case": "../p1"])
    #expect(missing.status == 404)
    #expect(try document(missing)["remedy"]?.string?.isEmpty == false)
    let audit = try document(get("/api/audit"))
    #expect(audit["problems"]?.array?.isEmpty == true)
    #expect(audit["trail"]?.array?.count == audit["rows"]?.int)
    #expect(audit["trail"]?[0]?["number"] == audit["rows"])
    #expect(audit["trail"]?[0]?["actor"]?.string == "physicist")
    #expect(try document(get("/api/banner", ["case": "p1"]))["name"]?.string == "p1")
    #expect(get("/api/banner", ["case": "../p1"]).status == 404)
  }

  @Test("A result is found by digest and name; a report may style itself and do nothing else")
  func results() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let results = try #require(document(get("/api/case", ["case": "p1"]))["results"]?.array)
    func result(_ name: String) throws -> Response {
      let digest = try #require(results.first { $0["name"]?.string == name }?["sha256"]?.string)
      return get("/results", ["name": name, "digest": digest])
    }
    let report = try result("report.html")
    #expect(String(decoding: report.body, as: UTF8.self) == "<p>report</p>")
    #expect(report.headers["Content-Security-Policy"]?.hasSuffix("sandbox") == true)
    let other = try result("model.bin")
    #expect(other.headers["Content-Disposition"] == "attachment")
    let digest = try #require(results.first?["sha256"]?.string)
    #expect(get("/results", ["name": "other.html", "digest": digest]).status == 404)
    #expect(get("/results", ["name": "report.html", "digest": "../../secret.txt"]).status == 404)
  }

  @Test("A change is made only by the page itself")
  func changes() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var headers = ["host": "localhost:1", "cookie": "endora-1=s", "content-type": "application/json"]
    #expect(application.response(to: Request(method: "POST", path: "/api/index", headers: headers)).status == 403)
    headers["origin"] = "http://localhost:1"
    let done = application.response(to: Request(method: "POST", path: "/api/index", headers: headers))
    #expect(done.status == 200)
    #expect(get("/api/index").status == 404)
  }

  @Test("No spelling of a path leads out of the table of known paths")
  func traversal() {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let ups = ["..", "%2e%2e", "%2E%2e", "..%00", "..;", "%252e%252e", "..%c0%af", "．．", "....", ".%2e"]
    let separators = ["/", "%2f", "\\", "%5c", "//"]
    let targets = ["etc/passwd", "secret.txt", "p1/case.json", ".endora/archive.sqlite", "%2fetc%2fpasswd"]
    let prefixes = ["/", "/app/"]
    var tried = 0
    for up in ups {
      for separator in separators {
        for target in targets {
          for prefix in prefixes {
            let climb = Array(repeating: up + separator, count: 6).joined()
            #expect(get(prefix + climb + target).status == 404)
            tried += 1
          }
        }
      }
    }
    #expect(tried == 500)
  }
}
