import Foundation
import JSON
import Laboratory
import Numerics
import Quantities
import Testing

@testable import Workbench

@Suite("Pages of a case")
struct CasePageTests {
  private let folder = NSTemporaryDirectory() + UUID().uuidString

  private func write(_ text: String, _ name: String) throws {
    let path = folder + "/" + name
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  private static let curves = """
    region,time_h,activity_MBq,u_MBq
    Liver,4,9,0.2
    Liver,24,8,0.2
    Liver,48,6,0.15
    Liver,96,4,0.1
    Liver,168,2,0.05

    """

  private static func text(_ region: String) -> String {
    """
    { format: "endora-case-1", name: "X", nuclide: "Lu-177", agent: "a",
      administrations: [{ activity_MBq: 200, start: "2026-03-02T09:00:00+01:00" }],
      measurements: { curves: { file: "curves.csv", calibrationUncertainty: 0.05 } },
      regions: [{ name: "Liver", organ: "liver", volume_mL: 1600, massUncertainty: 0.05\(region) }],
      limits: { liver_Gy: 30 } }
    """
  }

  @Test("An excluded point takes no part in the fit and stands in the results; the mistakes one can make are refused")
  func exclusion() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write(Self.curves, "curves.csv")
    try write(Self.text(""), "case.json")
    let all = try Plan.make(folder).document()["regions"]?[0]
    try write(Self.text(#", excluded: [{ time_h: 48, reason: "Patient moved." }]"#), "case.json")
    let plan = try Plan.make(folder)
    let without = plan.document()["regions"]?[0]
    #expect(without?["points"]?.array?.count == 4)
    #expect(without?["tia"] != all?["tia"])
    #expect(without?["excluded"]?[0]?["time"]?["value"]?.double == 48)
    #expect(plan.findings.contains { $0.code == "point-excluded" && $0.text.contains("Patient moved.") })
    // The same curve without the line in the table.
    try write(Self.curves.replacing("Liver,48,6,0.15\n", with: ""), "curves.csv")
    try write(Self.text(""), "case.json")
    #expect(try Plan.make(folder).document()["regions"]?[0]?["tia"] == without?["tia"])
    for (region, code) in [
      (#", excluded: [{ time_h: 47, reason: "x" }]"#, "excluded-point-absent"),
      (#", excluded: [4, 24, 96, 168].map"#, ""), (#", excluded: [{ time_h: 4 }]"#, ""),
    ] {
      try write(Self.text(region), "case.json")
      do {
        _ = try Plan.make(folder)
        Issue.record("\(region) is taken")
      } catch let error as CaseError { #expect(code.isEmpty || error.code == code) } catch {}
    }
    let every = [4, 24, 96, 168].map { #"{ time_h: \#($0), reason: "x" }"# }.joined(separator: ", ")
    try write(Self.text(", excluded: [\(every)]"), "case.json")
    #expect(throws: CaseError.self) { try Plan.make(folder) }
  }

  @Test("A session whose images did not change is measured once, and its inputs are named with their digests")
  func session() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write(Self.curves, "curves.csv")
    try write(Self.text(""), "case.json")
    let first = try CaseSession(folder)
    #expect(first.inputs.entries.map(\.path) == ["case.json", "curves.csv"])
    #expect(try first.inputs.digests().count == 2)
    try write(Self.text(#", model: "F2""#), "case.json")
    #expect(!first.inputs.isCurrent(for: first.file))
    let second = try CaseSession(folder, earlier: first)
    #expect(second.dosimetryDocument["regions"]?[0]?["model"]?.string == "F2")
    #expect(second.dosimetryDocument["regions"]?[0]?["candidates"]?.array?.count == 4)
    try write(Self.curves.replacing("Liver,4,9", with: "Liver,4,5"), "curves.csv")
    let third = try CaseSession(folder, earlier: second)
    #expect(third.dosimetryDocument["regions"]?[0]?["points"]?[0]?["activity"]?.double == 5)
  }

  @Test("Gates stand on the density of the events that they divide, and CXCR4 on the scale of its channel")
  func laboratory() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder + "/laboratory", withIntermediateDirectories: true)
    #expect(try LaboratoryPage(folder).document["files"] == [])
    func dataset(_ receptor: Double) throws -> FCSDataset {
      var stream = RandomStream(seed: 5, stream: "page")
      // A third of the events are blasts at (2000, 3000), the others lymphocytes at (8000, 1000).
      let isBlast = (0..<3000).map { $0 % 3 == 0 }
      func column(_ blast: Double, _ other: Double, _ spread: Double) -> [Double] {
        isBlast.map { ($0 ? blast : other) + spread * stream.normal() }
      }
      let names = [("CD45", "CD45"), ("SSC-A", nil), ("PE-A", "CXCR4")]
      return try FCSDataset(
        channels: names.enumerated().map { index, name in
          FCSChannel(
            index: index, name: name.0, label: name.1, range: 262144, storage: .float32,
            amplification: .linear(gain: 1))
        },
        events: EventTable(columns: [
          column(2000, 8000, 200), column(3000, 1000, 150), column(receptor, 300, 50),
        ]))
    }
    try Data(dataset(5000).written()).write(to: URL(filePath: folder + "/laboratory/cxcr4.fcs"))
    try Data(dataset(250).written()).write(to: URL(filePath: folder + "/laboratory/isotype.fcs"))
    let (x, y) = (GateDimension(.channel("CD45")), GateDimension(.channel("SSC-A")))
    let gates = try GateSet([
      Gate("blasts", .rectangle([.init(x, minimum: 1000, maximum: 3000), .init(y, minimum: 2000, maximum: nil)])),
      Gate(
        "lymphocytes",
        .polygon(x, y, [.init(6000, 200), .init(10000, 200), .init(10000, 2000), .init(6000, 2000)])),
    ])
    try Data(gates.gatingML().utf8).write(to: URL(filePath: folder + "/laboratory/gates.xml"))
    let page = try LaboratoryPage(folder).document
    #expect(page["refused"]?.isNull == true, "\(page["refused"] ?? .null)")
    #expect(page["files"] == ["cxcr4.fcs", "isotype.fcs"])
    let plots = try #require(page["plots"]?.array)
    #expect(plots.map { $0["gate"]?.string } == ["blasts", "lymphocytes"])
    #expect(plots.map { $0["count"]?.int } == [1000, 2000])
    for plot in plots {
      let counts = try #require(plot["counts"]?.array).compactMap(\.int)
      #expect(counts.count == 64 * 64)
      #expect(counts.reduce(0, +) >= 2900)
      let outline = try #require(plot["outline"]?.array)
      #expect(outline.count == 4)
      // Most events of the gate lie within its outline on the plot.
      let xs = outline.compactMap { $0[0]?.double }, ys = outline.compactMap { $0[1]?.double }
      let inside = counts.indices.filter { index in
        let (a, b) = ((Double(index % 64) + 0.5) / 64, (Double(index / 64) + 0.5) / 64)
        return a > xs.min()! && a < xs.max()! && b > ys.min()! && b < ys.max()!
      }.reduce(0) { $0 + counts[$1] }
      let count = try #require(plot["count"]?.int)
      #expect(abs(inside - count) < count / 10)
    }
    let histogram = try #require(page["histograms"]?[0])
    func peak(_ tube: String) throws -> Int {
      let counts = try #require(histogram[tube]?.array).compactMap(\.int)
      #expect(counts.reduce(0, +) == 1000)
      return try #require(counts.firstIndex(of: counts.max()!))
    }
    #expect(try peak("stained") > peak("isotype") + 10)
    #expect(page["receptor"]?["blasts"]?["ratio"]?["median"]?.double.map { $0 > 15 && $0 < 25 } == true)
  }
}
