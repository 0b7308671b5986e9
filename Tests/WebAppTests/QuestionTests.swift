import Foundation
import JSON
import Testing

@testable import WebApp

@Suite("Questions of a case that are answered in the app")
struct QuestionTests {
  private let fixture: CaseFixture
  private let draft = CaseFixture.text.replacing(
    #"agent: "[177Lu]Pentixather""#, with: "agent: null /* ? such as [177Lu]Pentixather */"
  ).replacing("age_y: 46", with: "age_y: null /* ? the age */")

  init() throws {
    fixture = try CaseFixture()
    try Data(draft.utf8).write(to: URL(filePath: fixture.folder + "/p1/case.json"))
    #expect(try fixture.post("/api/index", [:]).status == 200)
  }

  private func questions() throws -> JSONValue {
    let answer = try fixture.get("/api/questions", ["case": "p1"])
    #expect(answer.status == 200, "\(answer.value)")
    return answer.value
  }

  private func answer(
    _ field: String, _ value: JSONValue, digest: String? = nil
  ) throws -> (status: Int, value: JSONValue) {
    let seen = try digest.map { .string($0) } ?? questions()["digest"] ?? .null
    return try fixture.post("/api/answer", ["case": "p1", "digest": seen, "field": .string(field), "value": value])
  }

  private func step(_ path: String) throws -> (status: Int, value: JSONValue) {
    try fixture.post(path, ["case": "p1", "digest": questions()["digest"] ?? .null])
  }

  @Test("Answers are in the file at once, one by one, with its comments; the last makes a case that can be planned")
  func answers() throws {
    #expect(try questions()["open"]?.int == 2)
    #expect(try fixture.get("/api/dosimetry", ["case": "p1"]).status == 422)
    #expect(
      try fixture.get("/api/case", ["case": "p1"]).value["open"]?.array?.map { $0["field"] } == [
        "agent", "subject.age_y",
      ])
    let first = try answer("subject.age_y", 46)
    #expect(first.status == 200 && first.value["open"]?.int == 1)
    #expect(try fixture.caseText == draft.replacing("age_y: null", with: "age_y: 46"))
    #expect(first.value["digest"] == (try questions()["digest"]))
    let second = try answer("agent", "[177Lu]Pentixather")
    #expect(second.value["open"]?.int == 0)
    #expect(try fixture.caseText.contains("// A case for tests."))
    #expect(try fixture.get("/api/dosimetry", ["case": "p1"]).status == 200)
    // The list of cases knows it.
    let listed = try fixture.get("/api/worklist").value["cases"]?[0]
    #expect(listed?["stage"] == "measured" && listed?["findings"]?.int == 0)
    // An answer can be changed.
    #expect(try answer("subject.age_y", 47).status == 200)
    #expect(try fixture.caseText.contains("age_y: 47 /* ? the age */"))
    let rows = try fixture.get("/api/audit").value
    #expect(rows["problems"]?.array?.isEmpty == true)
    let changes = rows["trail"]?.array?.filter { $0["action"] == "change" } ?? []
    #expect(changes.count == 3 && changes.allSatisfy { $0["actor"] == "physicist" && $0["subject"] == "p1" })
    #expect(try questions()["history"]?["undo"] == "subject.age_y: 47")
  }

  @Test("A region of the outlines is left out, and comes back")
  func leftOut() throws {
    let text = CaseFixture.text.replacing(
      #"organ: "kidney-right","#, with: #"organ: "kidney-right" /* ? check it */,"#)
    try Data(text.utf8).write(to: URL(filePath: fixture.folder + "/p1/case.json"))
    let asked = try #require(questions()["questions"]?[0])
    #expect(asked["subject"] == "Kidney right" && asked["isRemovable"] == true)
    let body: JSONValue = [
      "case": "p1", "digest": try questions()["digest"] ?? .null, "field": asked["field"] ?? .null, "remove": true,
    ]
    #expect(try fixture.post("/api/answer", body).status == 200)
    #expect(try !fixture.caseText.contains("Kidney right") && fixture.caseText.contains("Kidney left"))
    #expect(try step("/api/undo").status == 200)
    #expect(try fixture.caseText == text)
  }

  @Test("Answers are undone and done again, also where the case is open before or after")
  func undone() throws {
    #expect(try answer("subject.age_y", 46).status == 200)
    let one = try fixture.caseText
    #expect(try answer("agent", "x").status == 200)
    let two = try fixture.caseText
    #expect(try questions()["history"]?["undo"]?.string == #"agent: "x""#)
    let back = try step("/api/undo")
    #expect(back.status == 200 && back.value["open"]?.int == 1)
    #expect(try fixture.caseText == one)
    #expect(try fixture.get("/api/worklist").value["cases"]?[0]?["stage"] == "open")
    #expect(try step("/api/undo").value["open"]?.int == 2)
    #expect(try fixture.caseText == draft)
    #expect(try step("/api/undo").status == 422)
    #expect(try step("/api/redo").value["open"]?.int == 1)
    #expect(try step("/api/redo").value["open"]?.int == 0)
    #expect(try fixture.caseText == two)
  }

  @Test(
    "What does not fit, is not asked, or comes after another's change is refused in two sentences and changes nothing")
  func refused() throws {
    let seen = try #require(questions()["digest"]?.string)
    for (field, value) in [
      ("subject.age_y", "old"), ("subject.age_y", 400), ("subject.age_y", -1), ("subject.age_y", .null),
      ("agent", ""), ("agent", 3), ("agent", ["a": 1]), ("subject.weight_kg", 70), ("none", 1), ("", 1),
      ("__proto__", 1), ("regions[0]", ["name": "A", "organ": "liver"]),
    ] as [(String, JSONValue)] {
      let refused = try answer(field, value)
      #expect(refused.status == 422, "\(field): \(value)")
      #expect(refused.value["reason"]?.string?.isEmpty == false && refused.value["remedy"]?.string?.isEmpty == false)
      #expect(try fixture.caseText == draft)
    }
    let remove: JSONValue = ["case": "p1", "digest": .string(seen), "field": "agent", "remove": true]
    #expect(try fixture.post("/api/answer", remove).value["code"] == "not-removable")
    #expect(try answer("agent", "a").status == 200)
    #expect(try answer("subject.age_y", 46, digest: seen).value["code"]?.string == "case-changed")
    #expect(try questions()["open"]?.int == 1)
    #expect(try fixture.get("/api/questions", ["case": "../p1"]).status == 404)
    let body: JSONValue = ["case": "../p1", "digest": .string(seen), "field": "agent", "value": "a"]
    #expect(try fixture.post("/api/answer", body).status == 404)
  }
}
