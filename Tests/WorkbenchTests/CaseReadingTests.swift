import Foundation
import JSON
import Provenance
import Quantities
import Testing

@testable import Workbench

/// A small valid case with curves as numbers.
let validCase = """
  {
    format: "endora-case-1", name: "Test", nuclide: "Lu-177", agent: "[177Lu]Pentixather",
    subject: { sex: "female", weight_kg: 80 },
    administrations: [{ activity_MBq: 200, start: "2026-11-02T09:03:00+01:00" }],
    measurements: { curves: { file: "tac.csv" } },
    regions: [{ name: "Liver", organ: "liver", mass_g: 1400 }],
  }
  """

/// The refusal of a case in which one text was replaced by another.
func refusal(replacing old: String, by new: String) throws -> any Refusal {
  #expect(validCase.contains(old))
  do {
    _ = try CaseFile(Array(validCase.replacingOccurrences(of: old, with: new).utf8))
  } catch let error as any Refusal {
    return error
  }
  throw CaseError("accepted", "The case was accepted.", remedy: "")
}

@Suite("Reading a case")
struct CaseReadingTests {
  @Test("A case without its optional parts takes the documented defaults")
  func defaults() throws {
    let file = try CaseFile(Array(validCase.utf8))
    #expect(file.limits.kidneys == .grays(23))
    #expect(file.limits.marrow == .grays(1))
    #expect(file.therapy.graft == .days(14) && !file.therapy.graftIsStated)
    #expect(file.therapy.acceptedRisk == 0.05)
    #expect(file.settings == CaseSettings())
    #expect(file.settings.marrowLimit == .afterGraft && file.settings.criterion == .sigmaKnown)
  }

  @Test(
    "What cannot be is refused with the field, what was found and what to do",
    arguments: [
      ("weight_kg: 80", "weight_kg: 0", "subject.weight_kg", ""),
      ("weight_kg: 80", "wieght_kg: 80", "subject", "weight_kg"),
      ("start: \"2026-11-02T09:03:00+01:00\"", "", "administrations[0]", "start"),
      ("+01:00", "", "administrations[0].start", ""),
      ("activity_MBq: 200, ", "", "administrations[0]", "activity_MBq"),
      ("activity_MBq: 200", "activity_MBq: -200", "administrations[0].activity_MBq", ""),
      ("activity_MBq: 200", "activity_MBq: NaN", "", ""),
      ("organ: \"liver\"", "organ: \"livver\"", "regions[0].organ", "liver"),
      ("name: \"Test\", ", "name: \"Test\", name: \"Again\", ", "name", ""),
      (
        "{ name: \"Liver\", organ: \"liver\", mass_g: 1400 }",
        "{ name: \"Liver\", organ: \"liver\" }, { name: \"Liver\", organ: \"spleen\" }", "regions[1]", "name"
      ),
      ("measurements: { curves: { file: \"tac.csv\" } }", "measurements: {}", "measurements", "spect"),
      ("format: \"endora-case-1\"", "format: \"endora-case-9\"", "format", "endora-case-1"),
      ("sex: \"female\"", "sex: \"F\"", "subject.sex", "female"),
      ("nuclide: \"Lu-177\",", "nuclide: \"Lu-177\"", "Line 2", ""),
    ])
  func refusals(old: String, new: String, path: String, remedy: String) throws {
    let error = try refusal(replacing: old, by: new)
    #expect(error.category == .input)
    #expect(path.isEmpty || error.reason.contains(path), "\(error.reason)")
    #expect(
      remedy.isEmpty || error.remedy.contains(remedy) || error.reason.contains(remedy), "\(error.remedy)")
    #expect(!error.reason.contains("\n") && !error.remedy.contains("\n"))
  }

  @Test("The register in the code and the schema's settings name the same entries with the same defaults")
  func register() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try Data(contentsOf: root.appendingPathComponent("Sources/Workbench/Resources/case.schema.json"))
    let schema = try JSONDocument(text, dialect: .strict).value
    let settings = try #require(schema["$defs"]?["settings"]?["properties"]?.object)
    #expect(settings.keys.filter { !["timeBase", "sValues"].contains($0) } == AmbiguityRegister.entries.map(\.id))
    for key in settings.keys { #expect(settings[key]?["default"] != nil, "\(key) has no default") }
  }

  @Test("Every setting of the register can be chosen, and shows where the plan does not use it")
  func settings() throws {
    let text = validCase.replacingOccurrences(
      of: "regions:",
      with:
        "settings: { \"A1-3\": \"120\", \"A4-2\": 0.08, \"A7-1\": \"I3\", \"A7-3\": 0.64, timeBase: \"end\" }, regions:"
    )
    let file = try CaseFile(Array(text.utf8))
    #expect(file.settings.marrowShare == .share(0.08))
    #expect(file.settings.marrowLimit == .total)
    #expect(file.settings.conversionFactor == 0.64)
    #expect(file.settings.timeBase == .end)
    #expect(file.settings.others == ["A1-3": "120"])
  }

  @Test("The administered activity is the assay less the residual, both at the start")
  func administered() throws {
    let text = validCase.replacingOccurrences(
      of: "activity_MBq: 200,",
      with: """
        assay: { activity_MBq: 210, time: "2026-11-01T09:03:00+01:00" },
        residual: { activity_MBq: 5, time: "2026-11-02T10:03:00+01:00" },
        """)
    let file = try CaseFile(Array(text.utf8))
    let decay = RateConstant(halfLife: .hours(159.528))
    let expected = 210 * exp2(-24 / 159.528) - 5 * exp2(1 / 159.528)
    #expect(abs(file.administration.administered(decay: decay).megabecquerels / expected - 1) < 1e-12)
  }

  @Test("Times are counted from the middle of an infusion unless the case says otherwise")
  func timeBase() throws {
    let text = validCase.replacingOccurrences(
      of: "09:03:00+01:00\"", with: "09:03:00+01:00\", end: \"2026-11-02T09:23:00+01:00\"")
    let file = try CaseFile(Array(text.utf8))
    #expect((file.administration.timeZero(.middle) - file.administration.start).minutes == 10)
    #expect((file.administration.timeZero(.end) - file.administration.start).minutes == 20)
    #expect(file.administration.timeZero(.start) == file.administration.start)
  }
}

@Suite("Reading a table of curves")
struct CurveTableTests {
  func table(_ text: String) throws -> CurveTable {
    let path = NSTemporaryDirectory() + "endora-table-\(UUID().uuidString).csv"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try CurveTable(path: path)
  }

  @Test("Regions keep their order, comments and empty lines count for nothing, uncertainties are optional")
  func reading() throws {
    let t = try table(
      "# note\r\nregion,time_h,activity_MBq\r\n\r\nSpleen,1,2\r\nLiver,1,3\r\nSpleen,4,1.5\r\nLiver,4,2\r\n")
    #expect(t.regions.map(\.name) == ["Spleen", "Liver"])
    #expect(t.regions[0].points.map(\.activity.megabecquerels) == [2, 1.5])
    #expect(!t.hasUncertainties)
    let u = try table("region,time_h,activity_MBq,u_MBq\nA,1,2,0.1\n")
    #expect(u.regions[0].points[0].standardUncertainty == .megabecquerels(0.1))
  }

  @Test("A table as a spreadsheet writes it, with a mark and quotes, reads the same")
  func spreadsheet() throws {
    let t = try table("\u{feff}region,time_h,activity_MBq\n\"Lesion 1, \"\"left\"\"\",1,2\n")
    #expect(t.regions.map(\.name) == ["Lesion 1, \"left\""])
    #expect(t.regions[0].points[0].activity == .megabecquerels(2))
  }

  @Test("A point that was not measured stays missing")
  func missing() throws {
    let t = try table("region,time_h,activity_MBq\nA,1,2\nA,4,1\nB,1,\nB,4,5\n")
    #expect(t.regions[1].points.count == 1)
  }

  @Test(
    "Bad tables are refused by line",
    arguments: [
      ("region,time,activity\nA,1,2\n", "table-header"),
      ("region,time_h,activity_MBq\n", "table-empty"),
      ("", "table-header"),
      ("region,time_h,activity_MBq\nA,1\n", "table-line"),
      ("region,time_h,activity_MBq\nA,4,2\nA,1,3\n", "times-out-of-order"),
      ("region,time_h,activity_MBq\nA,4,2\nA,4,3\n", "duplicate-point"),
      ("region,time_h,activity_MBq\nA,4,-2\n", "activity-invalid"),
      ("region,time_h,activity_MBq\nA,4,nan\n", "activity-invalid"),
      ("region,time_h,activity_MBq\nA,4,1e999\n", "activity-invalid"),
      ("region,time_h,activity_MBq\nA,-4,2\n", "time-invalid"),
      ("region,time_h,activity_MBq\nA,1,2\nA,4,3\nB,1,2\n", "region-absent"),
      ("region,time_h,activity_MBq\nA,1,2\nB,1,\n", "region-not-measured"),
      ("region,time_h,activity_MBq,u_MBq\nA,1,2,0\n", "uncertainty-invalid"),
      ("region,time_h,activity_MBq,u_MBq\nA,1,2,\n", "uncertainty-invalid"),
    ])
  func refusals(text: String, code: String) throws {
    let error = #expect(throws: CaseError.self) { try table(text) }
    #expect(error?.code == code)
    #expect(error?.category == .input)
  }

  @Test("A table that is not there is missing input")
  func absent() {
    let error = #expect(throws: CaseError.self) { try CurveTable(path: "/nowhere/tac.csv") }
    #expect(error?.category == .missing)
  }
}
