import Foundation
import JSON
import Testing
import Wording

@testable import WebApp

@Suite("Words of the pages")
struct WordsTests {
  @Test("A name that the page says itself is said as the server says it")
  func terms() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/WebApp/Resources/words.mjs")
    let text = try String(contentsOf: file, encoding: .utf8)
    let start = try #require(text.range(of: "const terms = {")?.upperBound)
    let end = try #require(text[start...].range(of: "};")?.lowerBound)
    let pairs = text[start..<end].matches(of: /("([^"]+)"|\w+): "([^"]+)"/).map { match in
      (english: match.2.map(String.init) ?? String(match.1), german: String(match.3))
    }
    #expect(pairs.count > 20)
    for (english, german) in pairs { #expect(Language.german.said(english) == german, "\(english)") }
  }

  @Test("A page in German gets the same documents: words are German, names, ids and numbers stay")
  func documents() throws {
    let fixture = try CaseFixture()
    var said = 0
    for (path, query) in [
      ("/api/prescription", ["case": "p1"]), ("/api/dosimetry", ["case": "p1"]), ("/api/case", ["case": "p1"]),
      ("/api/worklist", [:]), ("/api/what-if", ["case": "p1", "day": "3"]), ("/api/case", ["case": "p2"]),
    ] {
      let english = try fixture.get(path, query)
      let german = try fixture.get(path, query, language: "de-AT,de;q=0.9")
      #expect(english.status == german.status)
      try compare(english.value, german.value, key: "", &said)
    }
    #expect(said >= 8)
    let refused = try fixture.get("/api/case", ["case": "p2"], language: "de").value
    #expect(refused["reason"]?.string == "Das Archiv hat keinen solchen Fall.")
    #expect(refused["code"]?.string == "no-such-case")
  }

  @Test("What people wrote and get back to change it is said in no other words")
  func kept() throws {
    let written: JSONValue = ["regions": [["name": "Liver", "note": "No dose."]], "title": "No dose."]
    for key in ["content", "value", "schema", "regionSchema", "questions"] {
      let document = JSONValue.object([key: written, "title": "No dose.", "notes": ["No dose.", 1]])
      let said = document.said(in: .german)
      #expect(said[key] == written)
      #expect(said["title"]?.string == Language.german.said("No dose.") && said["title"]?.string != "No dose.")
      #expect(said["notes"] == [JSONValue(Language.german.said("No dose.")), 1])
    }
    #expect(written.said(in: .english) == written)
  }

  /// Texts may differ in fields for words; all else is alike.
  private func compare(_ english: JSONValue, _ german: JSONValue, key: String, _ said: inout Int) throws {
    switch (english, german) {
    case (.object(let a), .object(let b)):
      #expect(a.map(\.0) == b.map(\.0))
      for (name, value) in a { try compare(value, #require(b[name]), key: name, &said) }
    case (.array(let a), .array(let b)):
      #expect(a.count == b.count)
      for (one, other) in zip(a, b) { try compare(one, other, key: key, &said) }
    case (.string(let a), .string(let b)) where a != b:
      said += 1
      let isKept = ["name", "path", "code", "digest", "organ", "governing", "id"].contains(key)
      #expect(!isKept || b.replacing(",", with: ".") == a, "\(key): \(a)")
      #expect(Language.german.said(a) == b)
    default: #expect(english == german, "\(key)")
    }
  }
}
