import Foundation
import JSON
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
      #expect(new.questions.count == text.components(separatedBy: "/* ?").count - 1)
      #expect(throws: (any Error).self) { try Plan.make(folder) }
    }
  }

  @Test("A folder without quantitative SPECT is refused")
  func refused() throws {
    let pet = try SyntheticPET()
    #expect(#expect(throws: CaseError.self) { try NewCase.write(in: pet.folder) }?.code == "no-spect")
    #expect(!FileManager.default.fileExists(atPath: pet.folder + "/case.json"))
  }
}
