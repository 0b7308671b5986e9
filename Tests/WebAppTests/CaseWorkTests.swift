import Foundation
import JSON
import Testing
import Workbench

@testable import WebApp

@Suite("Work on a case in the app")
struct CaseWorkTests {
  private let fixture: CaseFixture

  init() throws { fixture = try CaseFixture() }

  private func whatIf(_ fields: [String: String] = [:]) throws -> JSONValue {
    let answer = try fixture.get("/api/what-if", fields.merging(["case": "p1"]) { $1 })
    #expect(answer.status == 200, "\(answer.value)")
    return answer.value
  }

  private func activity(_ document: JSONValue) throws -> Double { try #require(document["activity"]?["value"]?.double) }

  @Test("The choice of the case gives the plan's own numbers, to the last digit")
  func agrees() throws {
    let plan = try Plan.make(fixture.folder + "/p1").document()["prescription"]
    let answer = try whatIf()
    #expect(answer["activity"] == plan?["activity"])
    #expect(answer["governing"] == plan?["governing"])
    #expect(answer["probabilityOfExceedingAny"] == plan?["probabilityOfExceedingAny"])
    let gauges = try #require(answer["limits"]?.array)
    for (gauge, limit) in zip(gauges, try #require(plan?["limits"]?.array)) {
      #expect(gauge["name"] == limit["name"])
      #expect(gauge["dose"]?["value"] == limit["dose"]?["value"])
      #expect(gauge["probabilityOfExceeding"] == limit["probabilityOfExceeding"])
      let ends = try #require(gauge["interval95"]?.array).compactMap(\.double)
      let dose = try #require(gauge["dose"]?["value"]?.double)
      #expect(ends[0] < dose && dose < ends[1])
    }
  }

  @Test("Every slider moves the answer the way it must")
  func monotone() throws {
    let base = try activity(try whatIf())
    #expect(try activity(try whatIf(["day": "21"])) >= base)
    #expect(try activity(try whatIf(["day": "7"])) < base)
    #expect(try activity(try whatIf(["risk": "0.1"])) > base)
    #expect(try activity(try whatIf(["risk": "0.01"])) < base)
    #expect(try activity(try whatIf(["limits": "kidneys"])) >= base)
    #expect(
      try activity(try whatIf(["factor": "0.5", "limits": "kidneys"])) > 1.9
        * (try activity(whatIf(["limits": "kidneys"]))))
    #expect(try activity(try whatIf(["label": "Y-90"])) < base)
    #expect(try activity(try whatIf(["reading": "I3"])) < base)
    let more = try whatIf(["activity": "\(base * 1.3)"])
    #expect(more["isAboveRisk"]?.bool == true)
    #expect(more["largest"]?["value"]?.double == base)
    let curves = try #require(more["risk"]?["curves"]?.array)
    #expect(curves.count == 2)
    for curve in curves {
      let values = try #require(curve["probabilities"]?.array).compactMap(\.double)
      #expect(values.count == 121 && values[0] == 0 && values == values.sorted() && values.last! <= 1)
    }
  }

  @Test(
    "A choice outside its range is refused with both sentences",
    arguments: [
      ["day": "0"], ["day": "x"], ["risk": "1"], ["risk": "nan"], ["activity": "-1"], ["activity": "inf"],
      ["factor": "0"],
      ["label": "Xx-1"], ["reading": "I5"], ["limits": "none"], ["case": "../p1"], ["case": ""],
    ])
  func refusals(_ fields: [String: String]) throws {
    let answer = try fixture.get("/api/what-if", ["case": "p1"].merging(fields) { $1 })
    #expect(answer.status == 422 || answer.status == 404)
    #expect(answer.value["reason"]?.string?.isEmpty == false)
    #expect(answer.value["remedy"]?.string?.isEmpty == false)
  }

  private func change(_ change: JSONValue, digest: String? = nil) throws -> (status: Int, value: JSONValue) {
    let now = try fixture.get("/api/dosimetry", ["case": "p1"]).value["digest"]?.string
    return try fixture.post("/api/change", ["case": "p1", "digest": JSONValue(digest ?? now), "change": change])
  }

  private func region(_ name: String) throws -> JSONValue {
    let regions = try fixture.get("/api/dosimetry", ["case": "p1"]).value["regions"]?.array
    return try #require(regions?.first { $0["name"]?.string == name })
  }

  @Test("A model chosen by click is in the case file at once, with its comments, and can be undone and done again")
  func model() throws {
    #expect(try region("Kidney left")["model"]?.string == "auto")
    let automatic = try region("Kidney left")["tia"]?["value"]?.double
    #expect(try change(["kind": "model", "region": "Kidney left", "model": "F2"]).status == 200)
    let text = try fixture.caseText
    #expect(text.contains("// A case for tests.") && text.contains(#""model": "F2""#))
    #expect(try region("Kidney left")["model"]?.string == "F2")
    #expect(try region("Kidney left")["tia"]?["value"]?.double != automatic)
    #expect(try region("Kidney left")["candidates"]?.array?.count == 4)
    #expect(try region("Kidney right")["model"]?.string == "auto")
    func step(_ path: String) throws -> Int {
      let digest = try fixture.get("/api/dosimetry", ["case": "p1"]).value["digest"] ?? .null
      return try fixture.post(path, ["case": "p1", "digest": digest]).status
    }
    #expect(try step("/api/undo") == 200)
    #expect(try fixture.caseText == CaseFixture.text)
    #expect(try region("Kidney left")["tia"]?["value"]?.double == automatic)
    #expect(try step("/api/undo") == 422)
    #expect(try step("/api/redo") == 200)
    #expect(try fixture.caseText == text)
    #expect(try step("/api/redo") == 422)
    #expect(try fixture.get("/api/audit").value["problems"]?.array?.isEmpty == true)
  }

  @Test("A point is excluded with a reason, which the results state, and comes back")
  func points() throws {
    #expect(try change(["kind": "exclude", "region": "Kidney left", "time": 24, "reason": " "]).status == 422)
    let before = try region("Kidney left")
    #expect(before["points"]?.array?.count == 5)
    #expect(
      try change(["kind": "exclude", "region": "Kidney left", "time": 24, "reason": "Patient moved."]).status == 200)
    let after = try region("Kidney left")
    #expect(after["points"]?.array?.count == 4)
    #expect(after["excluded"]?[0]?["reason"]?.string == "Patient moved.")
    #expect(after["findings"]?.array?.contains { $0["code"]?.string == "point-excluded" } == true)
    let results = try Plan.make(fixture.folder + "/p1").document()
    #expect(results["regions"]?[0]?["excluded"]?[0]?["reason"]?.string == "Patient moved.")
    #expect(try change(["kind": "include", "region": "Kidney left", "time": 24]).status == 200)
    #expect(try region("Kidney left")["tia"] == before["tia"])
    #expect(try !fixture.caseText.contains("excluded"))
  }

  @Test("A change to a case that was edited elsewhere meanwhile is refused, and so is one that breaks the case")
  func conflicts() throws {
    let seen = try #require(fixture.get("/api/dosimetry", ["case": "p1"]).value["digest"]?.string)
    try Data(CaseFixture.text.replacing("46", with: "47").utf8).write(
      to: URL(filePath: fixture.folder + "/p1/case.json"))
    let late = try change(["kind": "model", "region": "Kidney left", "model": "F2"], digest: seen)
    #expect(late.status == 422)
    #expect(late.value["code"]?.string == "case-changed")
    for broken: JSONValue in [
      ["kind": "model", "region": "Kidney left", "model": "F9"], ["kind": "model", "region": "Nose", "model": "F2"],
      ["kind": "choice", "risk": 2], ["kind": "choice", "day": -1], ["kind": "other"], [],
    ] { #expect(try change(broken).status == 422) }
    #expect(try fixture.caseText.contains("47") && !fixture.caseText.contains("F9"))
  }

  private func sign(_ fields: [(String, JSONValue)] = []) throws -> (status: Int, value: JSONValue) {
    let base = try fixture.get("/api/prescription", ["case": "p1"]).value
    let codes = (base["findings"]?.array ?? []).compactMap { $0["code"] }
    var body = JSONObject([
      ("case", "p1"), ("digest", base["digest"] ?? .null), ("read", .array(codes)), ("choice", .object([:])),
      ("reason", ""),
    ])
    for (name, value) in fields { body[name] = value }
    return try fixture.post("/api/sign", .object(body))
  }

  @Test("A signature freezes the inputs, is refused where it may not be given, and says when an input has changed")
  func signature() throws {
    #expect(try sign().value["code"]?.string == "results-stale")
    _ = try Plan.write(fixture.folder + "/p1")
    #expect(try sign([("choice", ["day": 21])]).value["code"]?.string == "choice-not-planned")
    let largest = try activity(try whatIf())
    let above: JSONValue = ["activity": .number(largest * 1.2)]
    #expect(try sign([("choice", above)]).value["code"]?.string == "reason-missing")
    let cautions = try fixture.get("/api/prescription", ["case": "p1"]).value["findings"]?.array?
      .contains { $0["severity"]?.string == "caution" }
    if cautions == true { #expect(try sign([("read", [])]).value["code"]?.string == "findings-unread") }
    let signed = try sign()
    #expect(signed.status == 200, "\(signed.value)")
    #expect(signed.value["signature"]?["holds"]?.bool == true)
    #expect(signed.value["signature"]?["signedBy"]?.string == "physicist")
    #expect(signed.value["signature"]?["activity"]?["value"]?.double == largest)
    #expect(signed.value["signature"]?["inputs"]?.array?.count == 2)
    #expect(try sign().value["code"]?.string == "signed-already")
    #expect(try change(["kind": "model", "region": "Kidney left", "model": "F2"]).value["code"]?.string == "signed")
    #expect(try fixture.post("/api/plan", ["case": "p1"]).value["code"]?.string == "signed")

    let curves = URL(filePath: fixture.folder + "/p1/curves.csv")
    try Data(CaseFixture.curves.replacing("4.6", with: "4.7").utf8).write(to: curves)
    let changed = try fixture.get("/api/signature", ["case": "p1"]).value["signature"]
    #expect(changed?["holds"]?.bool == false)
    #expect(changed?["changes"] == ["curves.csv"])
    try Data(CaseFixture.curves.utf8).write(to: curves)
    #expect(try fixture.get("/api/signature", ["case": "p1"]).value["signature"]?["holds"]?.bool == true)

    #expect(try fixture.post("/api/withdraw", ["case": "p1", "reason": ""]).status == 422)
    #expect(try fixture.post("/api/withdraw", ["case": "p1", "reason": "new scan"]).status == 200)
    #expect(try fixture.get("/api/signature", ["case": "p1"]).value["signature"]?.isNull == true)
    #expect(try fixture.get("/api/audit").value["problems"]?.array?.isEmpty == true)
  }
}
