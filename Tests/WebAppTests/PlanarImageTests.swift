import Foundation
import HTTP
import JSON
import Quantities
import Testing
import WebApp
import Workbench

@Suite("The planar scans of a case")
struct PlanarImageTests {
  private static let demonstration = Result { () throws -> String in
    let folder = NSTemporaryDirectory() + "endora-planar-" + UUID().uuidString
    _ = try Demonstration.run(in: folder + "/demo", seed: 0)
    return folder
  }

  private let fixture: ImagingFixture

  init() throws { fixture = try ImagingFixture(copying: "demo", of: Self.demonstration.get()) }

  @Test("Anterior and posterior hold the counts of the scans")
  func counts() throws {
    defer { fixture.remove() }
    let scans = try #require(try fixture.document(fixture.get("/api/planar", ["case": "demo"]))["scans"]?.array)
    #expect(scans.count == 5)
    let (columns, rows) = (try #require(scans[0]["columns"]?.int), try #require(scans[0]["rows"]?.int))
    let bytes = fixture.get("/api/planar/counts", ["case": "demo", "scan": "0"]).body
    #expect(bytes.count == 2 * 4 * columns * rows)
    let values = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    #expect(Double(try #require(values.max())) == scans[0]["maximum"]?.double)
    for scan in ["5", "-1", "x", ""] {
      #expect([404, 422].contains(fixture.get("/api/planar/counts", ["case": "demo", "scan": scan]).status))
    }
  }

  @Test("Regions give the activities of the command line, and a region that is moved gives others")
  func activities() throws {
    defer { fixture.remove() }
    let kept = try fixture.document(fixture.get("/api/planar/regions", ["case": "demo"]))
    let content = try #require(kept["content"])
    func measured(_ content: JSONValue) throws -> [Double] {
      let answer = try fixture.document(fixture.post("/api/planar/measure", ["case": "demo", "content": content]))
      return try #require(answer["regions"]?[0]?["measurements"]?.array).compactMap { $0["activityMBq"]?.double }
    }
    let own = try measured(content)
    let line = try PlanarCaseResult(case: fixture.folder + "/demo").document
    let points = try #require(line["regions"]?[0]?["points"]?.array)
    #expect(own.count == points.count)
    for (a, point) in zip(own, points) {
      let b = try #require(point["activity"]?["value"]?.double)
      #expect(abs(a - b) <= 1e-3 * b)
    }
    var regions = try #require(content["regions"]?.array)
    var first = try #require(regions[0].object)
    first["ellipse"] = ["centre": [60, 400], "semiaxes": [10, 12]]
    regions[0] = .object(first)
    var other = try #require(content.object)
    other["regions"] = .array(regions)
    #expect(try measured(.object(other)) != own)
  }

  @Test("The file of regions is replaced by one who has seen it, and kept once as it was written first")
  func keeps() throws {
    defer { fixture.remove() }
    let path = fixture.folder + "/demo/planar-regions.json"
    let first = try Data(contentsOf: URL(filePath: path))
    let kept = try fixture.document(fixture.get("/api/planar/regions", ["case": "demo"]))
    let content = try #require(kept["content"])
    let digest = try #require(kept["digest"]?.string)
    let body: JSONValue = ["case": "demo", "content": content, "seen": .string(digest)]
    #expect(try fixture.post("/api/planar/regions", body).status == 200)
    #expect(try Data(contentsOf: URL(filePath: path + ".original")) == first)
    #expect(try fixture.post("/api/planar/regions", body).status == 422)
    for bad: JSONValue in [[:], ["format": "endora-planar-regions-1", "regions": []], ["format": "other"], []] {
      #expect(try fixture.post("/api/planar/regions", ["case": "demo", "content": bad]).status == 422)
      #expect(try fixture.post("/api/planar/measure", ["case": "demo", "content": bad]).status == 422)
    }
    #expect(try PlanarCaseResult(case: fixture.folder + "/demo").document["regions"]?.array?.isEmpty == false)
  }
}
