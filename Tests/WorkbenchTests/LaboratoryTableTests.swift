import Foundation
import JSON
import Laboratory
import Testing

@testable import Workbench

@Suite("Tables of the laboratory") struct LaboratoryTableTests {
  private func withTable<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let path = NSTemporaryDirectory() + "endora-\(UUID().uuidString).csv"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  static let cohort = """
    patient,ratio,entity,blast_percent,risk,material
    1,5.0,AML,60,adverse,marrow
    2,6.0,AML,45,adverse,marrow
    3,7.0,AML,35,favourable,marrow
    4,8.0,AML,30,favourable,marrow
    4,9.5,AML,30,favourable,blood
    5,1.0,MDS,5,,marrow
    6,2.0,MDS,10,,marrow
    6,2.5,MDS,10,,blood
    7,3.0,MDS,29.9,,blood
    8,,MDS,12,,marrow
    """

  @Test("A cohort is compared by entity, blasts and risk with one sample a patient, and paired over materials")
  func cohort() throws {
    try withTable(Self.cohort) { path in
      let report = try receptorCohort(path: path, centre: .median)
      let comparisons = try #require(report.document["comparisons"]?.array)
      #expect(
        comparisons.map { $0["title"]?.string ?? "" } == [
          "CXCR4 by entity", "CXCR4 by blasts", "CXCR4 by risk group", "CXCR4 of blood and marrow",
        ])
      let entity = comparisons[0]
      #expect(entity["groups"]?.array?.map { $0["n"]?.int ?? 0 } == [4, 3])
      #expect(entity["groups"]?[0]?["median"]?.double == 6.5)
      // All of four above all of three: 2 of C(7,3) = 35 orders.
      #expect(abs((entity["tests"]?[0]?["mannWhitneyP"]?.double ?? 0) - 2.0 / 35) < 1e-12)
      #expect(comparisons[1]["groups"]?.array?.map { $0["n"]?.int ?? 0 } == [3, 4])
      #expect(comparisons[2]["tests"]?[0]?["smallestAttainable"]?.double == 1.0 / 3)
      #expect(comparisons[3]["paired"]?["pairs"]?.int == 2)
      let codes = report.document["findings"]?.array?.compactMap { $0["code"]?.string } ?? []
      #expect(Set(codes) == ["rows-left-out", "one-sample-a-patient", "test-cannot-reach"])
      #expect(report.figures.map(\.name) == ["cohort-entity", "cohort-blasts", "cohort-risk", "cohort-paired"])
      let folder = NSTemporaryDirectory() + "endora-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try report.write(to: folder, .svg)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 5)
    }
  }

  @Test("Transcript and surface that lie on a line of logarithms correlate fully, empty cells are left out")
  func transcript() throws {
    let rows = ["sample,transcript,surface"] + [1.0, 2, 4, 8, 16].map { "p\($0),\($0),\(3 * $0 * $0)" } + ["q,,5"]
    try withTable(rows.joined(separator: "\n")) { path in
      let report = try transcriptReport(path: path)
      #expect(report.document["n"]?.int == 5)
      #expect(abs((report.document["pearson"]?["coefficient"]?.double ?? 0) - 1) < 1e-12)
      #expect(abs((report.document["slope"]?.double ?? 0) - 2) < 1e-12)
      #expect(report.figures.count == 1 && report.tables[0].text.split(separator: "\n").count == 6)
    }
    try withTable("sample,transcript,surface\na,0,1\nb,1,2\n") { path -> Void in
      #expect(throws: LaboratoryError.self) { try transcriptReport(path: path) }
    }
  }

  @Test("A batch that falls below the limit is not stable, with a serious finding")
  func purity() throws {
    try withTable("batch,time_h,product,free,colloid\nA,0,990,5,5\nA,24,960,20,20\nA,48,930,40,30\n") { path in
      let report = try purityReport(path: path, limit: 95)
      let batch = try #require(report.document["batches"]?[0])
      #expect(batch["released"]?.bool == true && batch["stableUntil"]?["value"]?.double == 24)
      #expect(batch["points"]?[2]?["purity"]?["value"]?.double == 93)
      #expect(report.document["findings"]?[0]?["code"]?.string == "purity-below-limit")
    }
  }

  @Test("Expression of several runs is brought together by samples of all of them")
  func runs() throws {
    let table = """
      Run,Sample,Target,Cq
      1,bridge,CXCR4,25
      1,bridge,HPRT1,22
      2,bridge,CXCR4,26
      2,bridge,HPRT1,22.5
      2,patient,CXCR4,24
      2,patient,HPRT1,22.5
      """
    try withTable(table) { path in
      func relative(_ calibrators: String?) throws -> Double? {
        let report = try expressionReport(
          path: path, references: "HPRT1", calibrator: "bridge", runCalibrators: calibrators)
        return report.document["rows"]?.array?.first { $0["sample"]?.string == "patient" }?["relative"]?.double
      }
      // Within run 2 the patient is two cycles before the bridge.
      let (together, apart) = (try relative("bridge") ?? 0, try relative(nil) ?? 0)
      #expect(abs(together - 4) < 1e-12)
      #expect(abs(apart - exp2(1.75)) < 1e-12)
    }
  }

  @Test("The T7E1 control lane is the background of the others, and charts go by channel")
  func tables() throws {
    try withTable("sample,parent,cut1,cut2\ncontrol,9,0.5,0.5\nedited,8.1,4.9,3\n") { path in
      let report = try cleavageReport(path: path)
      #expect(abs((report.document["background"]?.double ?? 0) - 0.1) < 1e-12)
      #expect(abs((report.document["lanes"]?[0]?["indelPercent"]?.double ?? 0) - 25) < 1e-9)
    }
    let days = (10..<16).map {
      "2026-11-\($0),PE,\($0 % 2 == 0 ? 100 : 102)\n2026-11-\($0),APC,\($0 % 2 == 0 ? 50 : 52)\n"
    }
    try withTable("date,channel,value\n" + days.joined() + "2026-11-17,PE,120\n") { path in
      let report = try controlReport(path: path, baseline: 6)
      #expect(report.document["charts"]?.array?.count == 2)
      #expect(report.document["findings"]?.array?.map { $0["subject"]?.string ?? "" } == ["PE"])
    }
  }
}
