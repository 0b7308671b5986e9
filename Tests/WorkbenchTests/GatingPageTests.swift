import Archive
import Foundation
import JSON
import Laboratory
import Numerics
import Provenance
import Quantities
import Testing

@testable import Workbench

@Suite("Gates that are drawn on plots")
struct GatingPageTests {
  private let root: String
  private var folder: String { root + "/case" }
  private let events: [(x: Double, y: Double)]

  /// A tube whose events are known: two clouds in forward scatter and a receptor's channel.
  init() throws {
    root = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: root + "/case/laboratory", withIntermediateDirectories: true)
    var stream = RandomStream(seed: 3, stream: "gates")
    events = (0..<4000).map { n in
      n < 1000
        ? (60_000 + 5000 * stream.normal(), 20_000 + 2000 * stream.normal())
        : (150_000 + 9000 * stream.normal(), 500 + 60 * stream.normal())
    }
    let channels = ["FSC-A", "PE-A"].enumerated().map { index, name in
      FCSChannel(
        index: index, name: name, label: index == 1 ? "CXCR4" : nil, range: 262_144, storage: .float64,
        amplification: .linear(gain: 1))
    }
    let tube = try FCSDataset(
      channels: channels, events: EventTable(columns: [events.map(\.x), events.map(\.y)]))
    try Data(tube.written()).write(to: URL(filePath: root + "/case/laboratory/tube.fcs"))
    try Data("{}".utf8).write(to: URL(filePath: root + "/case/case.json"))
  }

  private let plane = GatingPage.Plane(x: "FSC-A", y: "PE-A", parent: nil)

  private func drawing(_ kind: String, _ points: [(Double, Double)], _ name: String = "blasts") throws -> JSONValue {
    [
      "kind": JSONValue(kind), "name": JSONValue(name),
      "points": .array(points.map { [.number($0.0), .number($0.1)] }),
    ]
  }

  /// The place across the plot of a forward scatter, and up it of a fluorescence.
  private func place(_ x: Double, _ y: Double) throws -> (Double, Double) {
    let scale = try Logicle(top: 262_144, width: 0.5, decades: 4.5, negative: 0)
    return (x / 262_144, (Scale.logicle(scale)(y) + 0.02) / 1.04)
  }

  private func add(_ page: GatingPage, _ drawing: JSONValue, parent: String? = nil) throws -> [UInt8] {
    try page.change([
      "kind": "add", "x": "FSC-A", "y": "PE-A", "parent": JSONValue(parent), "drawing": drawing,
    ]).bytes
  }

  @Test("A rectangle counts the events that a hand counts, before and after it is kept as Gating-ML")
  func rectangle() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let page = try GatingPage(folder)
    let drawn = try drawing("rectangle", [place(40_000, 15_000), place(80_000, 24_000)])
    let expected = events.count { (40_000..<80_000).contains($0.x) && (15_000..<24_000).contains($0.y) }
    let measured = try page.measured(.init(drawn), in: plane)
    let count = try #require(measured["gates"]?[0]?["count"]?.int)
    #expect(abs(count - expected) <= 2, "a place holds ten digits, an event on the border may fall either way")
    #expect((800...1000).contains(count))
    let bytes = try add(page, drawn)
    try Data(bytes).write(to: URL(filePath: folder + "/laboratory/gates.xml"))
    let kept = try GatingPage(folder).document(plane)
    #expect(kept["proposed"]?.bool == false)
    #expect(kept["gates"]?[0]?["count"]?.int == count)
    #expect(kept["gates"]?[0]?["outline"]?.array?.count == 4)
    // The same file as other programs read it.
    let set = try GateSet(gatingML: bytes)
    let tube = try FCSFile(path: folder + "/laboratory/tube.fcs").datasets[0]
    #expect(try set.apply(to: tube).counts == [count])
  }

  @Test("Four quadrants hold every event once, and a gate below one holds none of the others'")
  func quadrants() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let page = try GatingPage(folder)
    let drawn = try drawing("quadrants", [place(100_000, 5000)], "quad")
    let bytes = try add(page, drawn)
    try Data(bytes).write(to: URL(filePath: folder + "/laboratory/gates.xml"))
    let kept = try GatingPage(folder)
    let gates = try #require(try kept.document(plane)["gates"]?.array)
    #expect(gates.compactMap { $0["name"]?.string } == ["quad-Q1", "quad-Q2", "quad-Q3", "quad-Q4"])
    let counts = gates.compactMap { $0["count"]?.int }
    #expect(counts.reduce(0, +) == events.count)
    #expect(counts[0] == 1000 && counts[2] == 3000)
    let whole = try drawing("polygon", [(-0.5, -0.5), (1.5, -0.5), (1.5, 1.5), (-0.5, 1.5)], "all")
    let below = GatingPage.Plane(x: "FSC-A", y: "PE-A", parent: "quad-Q1")
    let found = try kept.measured(.init(whole), in: below)["gates"]?[0]
    #expect(found?["count"]?.int == 1000 && found?["of"]?.int == 1000 && found?["percentOfParent"]?.double == 100)
    let refused = #expect(throws: CaseError.self) { try kept.change(["kind": "remove", "name": "none"]) }
    #expect(refused?.code == "gate-missing")
  }

  @Test("The density holds every event of its plane, and the axes say where values lie")
  func density() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let document = try GatingPage(folder).document(plane)
    let counts = try #require(document["counts"]?.array).compactMap(\.int)
    #expect(counts.count == 96 * 96)
    #expect(counts.reduce(0, +) + (document["outside"]?.int ?? 0) == events.count)
    let tick = try #require(document["y"]?["ticks"]?.array?.first { $0["value"]?.double == 10_000 })
    #expect(abs(try #require(tick["place"]?.double) - place(0, 10_000).1) < 1e-12)
    // A linear axis to 262144 is marked at round values.
    let linear = try #require(document["x"]?["ticks"]?.array).compactMap { $0["value"]?.double }
    #expect(linear == [0, 50_000, 100_000, 150_000, 200_000, 250_000])
  }

  @Test(
    "What is no drawing is refused",
    arguments: [
      "{}", #"{"kind": "polygon", "points": [[0,0],[1,1]]}"#, #"{"kind": "rectangle", "points": [[0,0]]}"#,
      #"{"kind": "circle", "points": [[0,0],[1,1],[1,0]]}"#, #"{"kind": "quadrants", "points": [[0]]}"#,
      #"{"kind": "quadrants", "points": [[0,"x"]]}"#, #"{"kind": "quadrants", "points": [[99,0]]}"#,
      #"{"kind": "quadrants", "points": [[0,0]], "name": "../x"}"#,
      #"{"kind": "quadrants", "points": [[0,0]], "name": "a b"}"#,
      #"{"kind": "quadrants", "points": [[0,0]], "name": ""}"#,
    ])
  func refusals(_ text: String) throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let value = try JSONDocument(Array(text.utf8)).value
    #expect(throws: CaseError.self) { _ = try GatingPage.Drawing(value) }
  }

  @Test("Changes are undone and done again, also to where no gate was, and a stale page changes nothing")
  func history() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let archive = try Archive(folder: root, creates: true)
    let history = CaseHistory(archive, root: root, path: "case", .gates)
    let moment = Timestamp(secondsSince1970: 1_793_000_000, utcOffset: 0)
    func keep(_ name: String) throws {
      let page = try GatingPage(folder)
      let bytes = try add(page, drawing("rectangle", [(0.1, 0.1), (0.5, 0.5)], name))
      try history.replace(with: bytes, seen: page.digest, what: name, actor: "a", at: moment)
    }
    func names() throws -> [String] {
      try GatingPage(folder).document(plane)["gates"]?.array?.compactMap { $0["name"]?.string } ?? []
    }
    let first = try GatingPage(folder).digest
    try keep("one")
    try keep("two")
    #expect(try names() == ["one", "two"])
    let stale = #expect(throws: CaseError.self) {
      try history.replace(with: [], seen: first, what: "x", actor: "a", at: moment)
    }
    #expect(stale?.code == "case-changed")
    for _ in 0..<2 { try history.step(back: true, seen: GatingPage(folder).digest, actor: "a", at: moment) }
    #expect(!FileManager.default.fileExists(atPath: folder + "/laboratory/gates.xml"))
    #expect(try GatingPage(folder).digest == first)
    for _ in 0..<2 { try history.step(back: false, seen: GatingPage(folder).digest, actor: "a", at: moment) }
    #expect(try names() == ["one", "two"])
    #expect(try archive.auditTrail().map(\.action).filter { $0.hasPrefix("gates") }.count == 6)
    #expect(try CaseHistory(archive, root: root, path: "case").document(digest: first)["undo"]?.isNull == true)
  }
}
