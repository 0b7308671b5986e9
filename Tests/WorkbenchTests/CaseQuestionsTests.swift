import Archive
import Foundation
import JSON
import Quantities
import Testing

@testable import Workbench

@Suite("What a new case asks")
struct CaseQuestionsTests {
  private let text = """
    {
      // Kept.
      format: "endora-case-1", name: "A", nuclide: "Lu-177",
      agent: null /* ? such as [177Lu]Pentixather */,
      subject: { sex: null /* ? female or male */, weight_kg: 80 },
      administrations: [{ activity_MBq: 200, start: null /* ? the start */ }],
      measurements: { curves: { file: "curves.csv", weights: "equal" } },
      regions: [
        null /* ? a region: { name, organ, structure } */,
      ],
    }
    """

  private func questions(_ text: String) throws -> CaseQuestions { try CaseQuestions(Array(text.utf8)) }

  @Test("Every question is found with its line, and its answer stays one that can be changed")
  func found() throws {
    let open = try questions(text).open
    #expect(open.map(\.path.description) == ["agent", "subject.sex", "administrations[0].start", "regions[0]"])
    #expect(open.map(\.line) == [4, 5, 6, 9])
    #expect(open[1].text == "female or male")
    let (edit, what) = try questions(text).answer("subject.sex", "male")
    #expect(what == #"subject.sex: "male""#)
    let changed = String(decoding: try edit.applied(to: Array(text.utf8)), as: UTF8.self)
    #expect(changed == text.replacing("sex: null", with: #"sex: "male""#))
    let after = try questions(changed)
    #expect(after.open.count == 3 && after.all.count == 4)
    #expect(after.all[1].value == "male" && !after.all[1].isOpen)
    // What is null without a question is none, nor is a comment elsewhere.
    #expect(try questions("{ a: null, b: 1 /* why */, /* ? c */ d: null }").all.isEmpty)
  }

  @Test("A region more can be given once there is one, and all of them changed")
  func further() throws {
    func answered(_ text: String, _ field: String, _ name: String) throws -> String {
      let region: JSONValue = ["name": .string(name), "organ": "liver"]
      return String(
        decoding: try questions(text).answer(field, region).edit.applied(to: Array(text.utf8)), as: UTF8.self)
    }
    #expect(throws: CaseError.self) { try questions(text).answer("regions[1]", ["name": "B"]) }
    var grown = try answered(text, "regions[0]", "One")
    #expect(try questions(grown).all.filter(\.isFurther).map(\.path.description) == ["regions[1]"])
    grown = try answered(answered(grown, "regions[1]", "Two"), "regions[0]", "First")
    let all = try questions(grown).all
    #expect(all.suffix(3).map(\.path.description) == ["regions[0]", "regions[1]", "regions[2]"])
    #expect(all.suffix(3).map { $0.value["name"]?.string } == ["First", "Two", nil])
    #expect(all.suffix(3).allSatisfy { $0.text == "a region: { name, organ, structure }" && !$0.isOpen })
    #expect(grown.contains("// Kept."))
  }

  @Test("A region of the outlines is told by its name, its organ can be checked, and it can be left out")
  func outlines() throws {
    let text = """
      { regions: [
        { name: "Liver", organ: "liver" /* ? check it */, structure: "Liver" },
        { name: "Body", organ: null /* ? which organ is it */, structure: "Body" },
      ] }
      """
    let all = try questions(text).all
    #expect(all.map(\.subject) == ["Liver", "Body"] && all.map(\.isOpen) == [false, true])
    let (edit, what) = try questions(text).answer("regions[1].organ", nil)
    #expect(what == "regions[1] left out: Body")
    let left = String(decoding: try edit.applied(to: Array(text.utf8)), as: UTF8.self)
    #expect(left.contains("\"Liver\" },") && !left.contains("Body"))
    // The last one stays, and so does what a question asks of the patient.
    #expect(throws: CaseError.self) { try questions(left).answer("regions[0].organ", nil) }
    #expect(throws: CaseError.self) { try questions(self.text).answer("subject.sex", nil) }
    #expect(throws: CaseError.self) { try questions(self.text).answer("administrations[0].start", nil) }
    let two = self.text.replacing("null /* ? a region: { name, organ, structure } */", with: "1 /* ? a region */, 2")
    #expect(try questions(two).all.suffix(3).map { $0.removable != nil } == [false, true, false])
  }

  @Test("The schema of a question stands for itself")
  func schemas() throws {
    let asked = try #require(try questions(text).document()["questions"]?.array)
    #expect(asked[1]["schema"]?["enum"] == ["female", "male"])
    #expect(asked[2]["schema"]?["format"] == "date-time")
    #expect(asked[3]["schema"]?["properties"]?["massUncertainty"]?["exclusiveMaximum"] == 1)
    #expect(try asked.allSatisfy { try !($0["schema"]?.text().contains("$ref") ?? true) })
    let schema = try Schema.case.document()
    let planar = JSONPath().appending("measurements").appending("planar")
    #expect(schema.part(at: planar.appending("calibration"))?["oneOf"]?.array?.count == 4)
    #expect(schema.part(at: planar.appending("none")) == nil)
  }

  @Test("While questions are open nothing else of the case may be wrong")
  func check() throws {
    try CaseFile.checkWithQuestions(Array(text.utf8))
    for (sound, broken) in [
      ("Lu-177", ""), ("weight_kg: 80", "weight_kg: -80"), ("/* ? female or male */", ""), ("file:", "files:"),
    ] {
      #expect(throws: JSONError.self, "\(broken)") {
        try CaseFile.checkWithQuestions(Array(text.replacing(sound, with: broken).utf8))
      }
    }
    // Without questions it is a case like any other.
    #expect(throws: JSONError.self) { try CaseFile.checkWithQuestions(Array(#"{ format: "endora-case-1" }"#.utf8)) }
  }

  @Test("Of many who answer at once with the same page before them one is heard")
  func alone() throws {
    try withFolder { root in
      try FileManager.default.createDirectory(atPath: root + "/p", withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: root + "/p/case.json"))
      let moment = Timestamp(secondsSince1970: 1_793_000_000, utcOffset: 0)
      _ = try ArchiveIndexing(folder: root, actor: "p", at: moment)
      let digest = try questions(text).digest.hexadecimal
      let outcomes = OutcomeCount()
      let (gate, group) = (DispatchSemaphore(value: 0), DispatchGroup())
      for n in 0..<12 {
        group.enter()
        Thread.detachNewThread {
          defer { group.leave() }
          do {
            let history = CaseHistory(try Archive(folder: root), root: root, path: "p")
            gate.wait()
            try history.answer("agent", .string("agent \(n)"), seen: digest, actor: "p", at: moment)
            outcomes.add(nil)
          } catch { outcomes.add((error as? CaseError)?.code ?? "\(error)") }
        }
      }
      for _ in 0..<12 { gate.signal() }
      group.wait()
      #expect(outcomes.all.count { $0 == nil } == 1)
      #expect(outcomes.all.count { $0 == "case-changed" } == 11)
      #expect(try CaseQuestions(folder: root + "/p").open.count == 3)
    }
  }
}

/// What came of tries on several threads.
private final class OutcomeCount: @unchecked Sendable {
  private let lock = NSLock()
  private var kept: [String?] = []

  var all: [String?] { lock.withLock { kept } }
  func add(_ outcome: String?) { lock.withLock { kept.append(outcome) } }
}
