import Foundation
import JSON
import Studies
import Testing
import Workbench

@Suite("A case made from images")
struct NewCaseTests {
  @Test("What the images tell stands in the case, every question is refused by plan, and answers make it plan")
  func answers() throws {
    try withFolder { folder in
      _ = try Demonstration.run(in: folder, seed: 1)
      let original = try JSONDocument(try bytes(folder + "/case.json"), dialect: .json5).value
      #expect(#expect(throws: CaseError.self) { try NewCase.write(in: folder) }?.code == "case-exists")
      try FileManager.default.removeItem(atPath: folder + "/case.json")
      let new = try NewCase.write(in: folder)
      let text = String(decoding: try bytes(folder + "/case.json"), as: UTF8.self)
      let made = try JSONDocument(text, dialect: .json5).value
      #expect(made["nuclide"]?.string == "Lu-177")
      #expect(made["subject"]?["weight_kg"]?.double == original["subject"]?["weight_kg"]?.double)
      let names = { (value: JSONValue) in Set((value["regions"]?.array ?? []).compactMap { $0["structure"]?.string }) }
      #expect(names(made).isSuperset(of: names(original)) && !names(made).isEmpty)
      let paths = new.questions.map(\.path)
      #expect(paths.contains("name") && paths.contains("agent") && paths.contains("subject.sex"))
      #expect(paths.contains("measurements.spect.calibrationUncertainty"))
      #expect(new.questions.count == text.components(separatedBy: "null /* ?").count - 1)
      let open = try CaseQuestions(Array(text.utf8)).open
      #expect(open.map(\.text).sorted() == new.questions.map(\.question).sorted())
      #expect(open.map(\.path.description).sorted() == paths.sorted())
      let lines = text.components(separatedBy: "\n")
      #expect(open.allSatisfy { lines[$0.line - 1].contains("null /* ? \($0.text)") })
      #expect(throws: (any Error).self) { try Plan.make(folder) }
    }
  }

  @Test("Images of two patients are refused, by a new case and by plan")
  func twoPatients() throws {
    try withFolder { folder in
      _ = try Demonstration.run(in: folder, seed: 1)
      let second = folder + "/imaging/spect-2/"
      for name in try FileManager.default.contentsOfDirectory(atPath: second) {
        var data = try bytes(second + name)
        let range = try #require(data.range(of: Data("SYNTHETIC-1".utf8)))
        data[range.upperBound - 1] = UInt8(ascii: "9")
        try data.write(to: URL(filePath: second + name))
      }
      let code = #expect(throws: (any Error).self) { try Plan.make(folder) } as? StudyError
      #expect(code?.code == "several-patients")
      try FileManager.default.removeItem(atPath: folder + "/case.json")
      #expect(#expect(throws: StudyError.self) { try NewCase.write(in: folder) }?.code == "several-patients")
    }
  }

  @Test("A folder with PET alone is refused with the verbs that take it")
  func refused() throws {
    let pet = try SyntheticPET()
    let refusal = #expect(throws: CaseError.self) { try NewCase.write(in: pet.folder) }
    #expect(refusal?.code == "no-spect" && refusal?.remedy.contains("endora pet sites") == true)
    #expect(!FileManager.default.fileExists(atPath: pet.folder + "/case.json"))
  }
}
