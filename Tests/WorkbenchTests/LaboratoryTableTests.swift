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

  private func figures(_ text: String, _ report: (String) throws -> LaboratoryReport) throws -> [String] {
    let result = try withTable(text, report)
    let folder = NSTemporaryDirectory() + "endora-figures-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try result.write(to: folder, .svg)
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test("Every assay writes its figures with the numbers behind them")
  func assayFigures() throws {
    func both(_ names: [String], _ table: String) -> [String] {
      (names.map { "\($0).svg" } + ["\(table).csv"]).sorted()
    }
    let cycles =
      "Sample,Target,Ct\na,GAPDH,20\na,GAPDH,20.1\na,X,25\na,X,25.2\nb,GAPDH,20\nb,GAPDH,20\nb,X,23\nb,X,23.1\n"
    #expect(
      try figures(cycles) { try expressionReport(path: $0, references: nil, calibrator: nil) }
        == both(["expression-x"], "expression"))
    let saturation = "ligand_nM,total\n0.5,82\n1,121\n2,262\n5,455\n10,684\n20,850\n50,1120\n100,1240\n"
    #expect(
      try figures(saturation) { try bindingReport(path: $0, ligand: nil, kd: nil) }
        == both(["saturation"], "saturation"))
    let competition = "competitor_nM,bound\n0,1010\n0.1,985\n1,950\n3,800\n10,560\n30,330\n100,140\n1000,66\n"
    #expect(
      try figures(competition) { try bindingReport(path: $0, ligand: 4, kd: 4) } == both(["competition"], "competition")
    )
    let control = "date,value\n" + (1...9).map { "2026-11-0\($0),\(100 + $0 % 3)\n" }.joined()
    #expect(try figures(control) { try controlReport(path: $0, baseline: 5) } == both(["control-value"], "control"))
    #expect(
      try figures("batch,time_h,product,free\nA,0,99,1\nA,4,97,3\nA,24,93,7\n") {
        try purityReport(path: $0, limit: 95)
      }
        == both(["purity"], "purity"))
    #expect(
      try figures(
        "sample,condition,cells,beads,beads_added\n1,input,2000,1000,10000\n2,medium,90,1000,10000\n3,medium,100,1000,10000\n4,CXCL12,450,1000,10000\n5,CXCL12,500,1000,10000\n"
      ) {
        try migrationReport(path: $0)
      } == both(["migration"], "migration"))
    let growth =
      "animal,group,day,length_mm,width_mm\n"
      + [("1", "a", 1.0), ("2", "a", 1.1), ("3", "b", 1.5), ("4", "b", 1.6)].map { animal, group, factor in
        [3, 6, 9].map { "\(animal),\(group),\($0),\(factor * Double($0)),\(factor * Double($0) - 1)\n" }.joined()
      }.joined()
    #expect(try figures(growth) { try xenograftReport(path: $0) } == both(["growth", "volumes"], "growth"))
    #expect(
      try figures(
        "animal,group,tissue,activity_kBq,injected_kBq,mass_g\n1,a,tumour,50,1000,0.25\n2,b,tumour,20,1000,0.25\n"
      ) {
        try xenograftReport(path: $0)
      } == both(["uptake-tumour"], "uptake"))
    #expect(
      try figures("Well,Target,Positives,Negatives\nA01,m,100,900\nA01,w,300,700\n") {
        try dropletReport(path: $0, dropletVolume: 0.85)
      } == both(["concentration-m", "concentration-w", "fraction"], "droplets"))
    #expect(
      try figures(
        "time_min,surface,internalised\n0,100,0\n5,80,20\n10,65,35\n20,52,48\n40,45,55\n", internalisationReport)
        == both(["internalisation"], "internalisation"))
    #expect(try figures("sample,parent,cut1,cut2\na,70,20,10\n", cleavageReport) == both(["cleavage"], "cleavage"))
    #expect(try figures("sample,weak,moderate,strong\nA,20,30,40\n", stainingReport) == both(["h-score"], "h-score"))
  }

  static let section = """
    Sample Name,Tissue Category,Phenotype,Tissue Category Area (square microns),Cell X Position,Cell Y Position
    s,Tumor,CD8+,2000000,1,1
    s,Tumor,CK+,2000000,4,5
    s,Stroma,CD8+,500000,10,10
    s,Stroma,CD8+,500000,20,20
    """

  @Test("Densities are cells over the area of their tissue; without areas none are given")
  func densities() throws {
    let document = try withTable(Self.section) { try phenotypeReport(path: $0, radius: 15, scale: 1).document }
    let rows = try #require(document["densities"]?.array)
    #expect(rows.map { $0["tissue"]?.string } == ["Stroma", "Stroma", "Tumor", "Tumor"])
    #expect(rows.map { $0["density"]?["value"]?.double } == [4, 0, 0.5, 0.5])
    #expect(rows.allSatisfy { $0["density"]?["unit"]?.string == "1/mm²" })
    let bare = Self.section.replacing("Tissue Category Area (square microns)", with: "none")
    let without = try withTable(bare) { try phenotypeReport(path: $0, radius: 15, scale: 1).document }
    #expect(without["densities"]?.array?.isEmpty == true)
    #expect(without["findings"]?[0]?["code"]?.string == "area-missing")
    let conflict = Self.section.replacing("500000,20", with: "500001,20")
    #expect(throws: LaboratoryError.self) {
      try withTable(conflict) { try phenotypeReport(path: $0, radius: 15, scale: 1) }
    }
    #expect(try figures(Self.section) { try phenotypeReport(path: $0, radius: 15, scale: 1) }.count == 5)
  }

  /// A grey TIFF of four columns and 16 bit.
  private func tiff(_ values: [UInt16]) throws -> String {
    func bytes(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let tags = [
      (256, 4), (257, values.count / 4), (258, 16), (259, 1), (262, 1), (273, 134), (277, 1), (278, values.count / 4),
      (279, 2 * values.count), (339, 1),
    ]
    let file =
      Array("II".utf8) + bytes(42, 2) + bytes(8, 4) + bytes(tags.count, 2)
      + tags.flatMap { bytes($0.0, 2) + bytes(4, 2) + bytes(1, 4) + bytes($0.1, 4) } + bytes(0, 4)
      + values.flatMap { bytes(Int($0), 2) }
    let path = NSTemporaryDirectory() + "endora-\(UUID().uuidString).tif"
    try Data(file).write(to: URL(filePath: path))
    return path
  }

  @Test("Cells of an image become a table that the phenotypes are counted from, with its area")
  func cells() throws {
    let (image, masks) = (try tiff([10, 20, 0, 300, 30, 40, 0, 500]), try tiff([7, 7, 0, 9, 7, 7, 0, 9]))
    let saved = NSTemporaryDirectory() + "endora-\(UUID().uuidString).csv"
    defer { for path in [image, masks, saved] { try? FileManager.default.removeItem(atPath: path) } }
    let result = try cellIntensityReport(
      image: image, masks: masks, thresholds: "channel 1=100", savingTo: saved)
    #expect(result.document["cells"]?.int == 2)
    #expect(result.document["phenotypes"]?["channel 1+"]?.int == 1)
    let rows = try String(contentsOfFile: saved, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",")
    }
    #expect(
      rows.count == 3 && rows[1].dropFirst().joined(separator: ",") == "7,channel 1-,1.0,1.0,4.0,8.0,25.0,25.0,100.0")
    let document = try phenotypeReport(path: saved, radius: 15, scale: 1).document
    #expect(document["phenotypes"]?["channel 1-"]?.int == 1)
    #expect(document["nearest"]?[0]?["mean"]?.double == 2.5)
    #expect(document["densities"]?[0]?["density"]?["value"]?.double == 125000)
    #expect(throws: LaboratoryError.self) {
      try cellIntensityReport(image: image, masks: masks, thresholds: "CD3=1", savingTo: nil)
    }
  }
}
