import Foundation
import JSON
import Laboratory
import Testing

@testable import Workbench

@Suite("Reports of the laboratory") struct LaboratoryReportTests {
  private func withFile<Result>(_ bytes: [UInt8], _ name: String, _ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: name).path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try body(path)
  }

  private func tube(_ receptor: Double) throws -> [UInt8] {
    let channels = ["FSC-A", "PE-A"].enumerated().map { index, name in
      FCSChannel(
        index: index, name: name, label: index == 1 ? "CXCR4" : nil, range: 1024, storage: .float32,
        amplification: .linear(gain: 1))
    }
    let events = try EventTable(columns: [(0..<100).map { Double($0) }, (0..<100).map { receptor * Double(1 + $0) }])
    return try FCSDataset(channels: channels, events: events).written()
  }

  private let gates = """
    <g:Gating-ML xmlns:g="a" xmlns:d="b"><g:RectangleGate g:id="blasts">
    <g:dimension g:compensation-ref="uncompensated" g:min="20" g:max="61"><d:fcs-dimension d:name="FSC-A"/></g:dimension>
    </g:RectangleGate></g:Gating-ML>
    """

  @Test("The description of a file states its events and channels")
  func info() throws {
    let document = try withFile(try tube(1), "a.fcs") { try cytometryInfo(path: $0).document }
    #expect(document["version"]?.string == "3.1")
    #expect(document["events"]?.int == 100)
    #expect(document["channels"]?[1]?["label"]?.string == "CXCR4")
    #expect(document["channels"]?[0]?["median"]?.double == 49.5)
    #expect(document["findings"]?.array?.isEmpty == true)
  }

  @Test("The receptor read-out in given gates is the ratio of the medians")
  func receptor() throws {
    let document = try withFile(try tube(3), "stained.fcs") { stained in
      try withFile(try tube(1), "isotype.fcs") { isotype in
        try withFile(Array(gates.utf8), "gates.xml") { gates in
          try cytometryReceptor(stained: stained, isotype: isotype, gates: gates, channel: nil, savingGates: nil)
            .document
        }
      }
    }
    #expect(document["blasts"]?["stained"]?["count"]?.int == 41)
    #expect(document["blasts"]?["ratio"]?["median"]?.double == 3)
    #expect(document["lymphocytes"]?.isNull == true)
  }

  @Test("Gates give counts and shares of their parents")
  func gating() throws {
    let document = try withFile(try tube(1), "a.fcs") { file in
      try withFile(Array(gates.utf8), "gates.xml") {
        try cytometryGating(paths: [file, file], gates: $0, transform: .asinh).document
      }
    }
    let gate = document["files"]?[1]?["gates"]?[0]
    #expect(gate?["count"]?.int == 41)
    #expect(gate?["percentOfParent"]?.double == 41)
    #expect(gate?["channels"]?[1]?["median"]?.double == 41)
  }

  @Test("The migration index is cells over those of medium")
  func migration() throws {
    let text = """
      sample,condition,cells,beads,beads_added
      1,input,2000,1000,10000
      1,medium,100,1000,10000
      1,CXCL12,450,1500,10000
      """
    let document = try withFile(Array(text.utf8), "wells.csv") { try migrationReport(path: $0).document }
    #expect(document["conditions"]?[2]?["migrationIndex"]?.double == 3)
    #expect(document["conditions"]?[2]?["percentOfInput"]?.double == 15)
  }

  @Test("The other tables give their documents")
  func tables() throws {
    let sections = "sample,weak,moderate,strong\nA,20,30,40\n"
    let staining = try withFile(Array(sections.utf8), "ihc.csv") { try stainingReport(path: $0).document }
    #expect(staining["samples"]?[0]?["irs"]?.int == 8)
    let uptake = "animal,group,tissue,activity_kBq,injected_kBq,mass_g\n1,g,tumour,50,1000,0.25\n"
    let xenograft = try withFile(Array(uptake.utf8), "uptake.csv") { try xenograftReport(path: $0).document }
    #expect(abs((xenograft["uptake"]?[0]?["uptake"]?["value"]?.double ?? 0) - 20) < 1e-12)
    let droplets = "Well,Target,Positives,Negatives\nA01,1,100,900\nA01,2,300,700\n"
    let digital = try withFile(Array(droplets.utf8), "d.csv") {
      try dropletReport(path: $0, dropletVolume: 0.85).document
    }
    let share = digital["fractions"]?[0]?["fraction"]?["value"]?.double ?? 0
    let (a, b) = (-log(0.9), -log(0.7))
    #expect(abs(share - a / (a + b)) < 1e-12)
    let cycles = "Sample,Target,Ct\na,GAPDH,20\na,X,25\nb,GAPDH,20\nb,X,23\n"
    let expression = try withFile(Array(cycles.utf8), "q.csv") {
      try expressionReport(path: $0, references: nil, calibrator: nil).document
    }
    #expect(expression["rows"]?[1]?["relative"]?.double == 4)
  }
}
