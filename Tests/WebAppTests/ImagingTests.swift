import Foundation
import HTTP
import JSON
import Testing
import WebApp
import Workbench

@Suite("The images of a case")
struct ImagingTests {
  private let fixture: ImagingFixture
  private let pet: String
  private let ct: String

  init() throws {
    fixture = try ImagingFixture()
    pet = try #require(try fixture.series("PET"))
    ct = try #require(try fixture.series("CT"))
  }

  @Test("Slices hold 16-bit numbers that the volume's line turns back into HU and SUV")
  func slices() throws {
    defer { fixture.remove() }
    for (uid, quantity) in [(pet, "uptake"), (ct, "hounsfield")] {
      let volume = try fixture.document(fixture.get("/api/volume", ["case": "P03", "series": uid]))
      #expect(volume["quantity"]?.string == quantity)
      let grid = try #require(volume["grid"])
      let (columns, rows) = (try #require(grid["columns"]?.int), try #require(grid["rows"]?.int))
      let slices = try #require(grid["slices"]?.int)
      let (slope, intercept) = (try #require(volume["slope"]?.double), try #require(volume["intercept"]?.double))
      let query = ["case": "P03", "series": uid, "first": "0", "count": "\(slices)"]
      let bytes = fixture.get("/api/slices", query).body
      #expect(bytes.count == 2 * columns * rows * slices)
      let values = stride(from: 0, to: bytes.count, by: 2).map {
        Double(UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8) * slope + intercept
      }
      #expect(abs(try #require(values.max()) - (try #require(volume["maximum"]?.double))) < 0.51 * slope)
      if uid == ct { #expect(slope == 1 && values.contains(40)) }
    }
  }

  @Test("A region has the values that the command line gives")
  func measures() throws {
    defer { fixture.remove() }
    let sphere: JSONValue = ["sphere": ["centreMm": [-78, -12, 205], "diameterMm": 30]]
    let body: JSONValue = ["case": "P03", "series": [.string(pet), .string(ct)], "region": sphere, "withVoxels": true]
    let answer = try fixture.document(fixture.post("/api/measure", body))
    let found = try #require(answer["measurements"]?[0]?["statistics"])
    let file = fixture.folder + "/liver.json"
    var named = try #require(sphere.object)
    named["name"] = "liver"
    try Data(try JSONValue.object(["regions": [.object(named)]]).text().utf8).write(to: URL(filePath: file))
    let line = try PETMeasurement(folder: fixture.folder + "/P03/imaging", regions: file, series: pet).document
    let region = try #require(line["regions"]?[0])
    for (key, other) in [
      ("mean", "suvMean"), ("max", "suvMax"), ("peak", "suvPeak"), ("sd", "suvSd"), ("median", "suvMedian"),
      ("volumeMl", "volumeMl"),
    ] {
      let (a, b) = (try #require(found[key]?.double), try #require(region[other]?.double))
      #expect(abs(a - b) <= 1e-9 * abs(b), "\(key)")
    }
    // The voxels that it tells, kept as a region, are the same region.
    let voxels = try #require(answer["measurements"]?[0]?["voxels"])
    let again = try fixture.document(
      fixture.post("/api/measure", ["case": "P03", "series": [.string(pet)], "region": ["voxels": voxels]]))
    #expect(again["measurements"]?[0]?["statistics"]?["mean"]?.double == found["mean"]?.double)
    #expect(answer["measurements"]?[1]?["statistics"]?["mean"]?.double != nil)
  }

  @Test("A polygon on one slice holds its area times the slice, and one that is none is refused")
  func polygon() throws {
    defer { fixture.remove() }
    let grid = try #require(try fixture.document(fixture.get("/api/volume", ["case": "P03", "series": pet]))["grid"])
    func number(_ key: String, _ n: Int) throws -> Double { try #require(grid[key]?[n]?.double) }
    let z = try number("originMm", 2) + 40 * number("sliceStepMm", 2)
    let corners: [JSONValue] = [(-40.3, -40.3), (40.3, -40.3), (40.3, 40.3), (-40.3, 40.3)].map { x, y in
      [.number(x), .number(y), .number(z)]
    }
    func measured(_ corners: [JSONValue]) throws -> JSONValue? {
      let region: JSONValue = ["contours": [.array(corners)]]
      let body: JSONValue = ["case": "P03", "series": [.string(pet)], "region": region]
      return try fixture.document(fixture.post("/api/measure", body))["measurements"]?[0]
    }
    let volume = try #require(try measured(corners)?["statistics"]?["volumeMl"]?.double)
    let expected = 80.6 * 80.6 * (try number("sliceStepMm", 2).magnitude) / 1000
    #expect(abs(volume / expected - 1) < 0.1)
    #expect(try measured(Array(corners.prefix(2)))?["refused"] != nil)
    #expect(try measured([])?["refused"] != nil)
  }

  @Test("What lies above a threshold is found in the first series alone, and the same voxels are measured in others")
  func threshold() throws {
    defer { fixture.remove() }
    // Half in the liver, half beside it.
    let sphere: JSONValue = ["centreMm": [-78, -12, 262], "diameterMm": 60]
    let region: JSONValue = ["sphere": sphere, "threshold": "60 %", "parts": "all"]
    func measured(_ series: [String], _ region: JSONValue) throws -> [JSONValue] {
      let body: JSONValue = ["case": "P03", "series": .array(series.map { .string($0) }), "region": region]
      return try #require(try fixture.document(fixture.post("/api/measure", body))["measurements"]?.array)
    }
    let found = try measured([pet, ct], region)
    let volumes = found.compactMap { $0["statistics"]?["volumeMl"]?.double }
    #expect(volumes.count == 2 && abs(volumes[0] / volumes[1] - 1) < 0.2)
    // The lesion that the command line finds in the PET.
    let file = fixture.folder + "/sphere.json"
    let drawn: JSONValue = ["regions": [["name": "a", "sphere": sphere]]]
    try Data(try drawn.text().utf8).write(to: URL(filePath: file))
    let line = try PETMeasurement(
      folder: fixture.folder + "/P03/imaging", regions: file, series: pet, threshold: "60 %"
    ).document["regions"]?[0]
    for (key, other) in [("voxels", "voxels"), ("mean", "suvMean"), ("max", "suvMax"), ("volumeMl", "volumeMl")] {
      #expect(found[0]["statistics"]?[key]?.double == line?["lesion"]?[other]?.double, "\(key)")
      #expect(found[0]["statistics"]?[key]?.double != nil, "\(key)")
    }
    let whole = try #require(line?["volumeMl"]?.double)
    #expect(volumes[0] < 0.8 * whole)
    // Where the first series cannot be read, the threshold does not move on to the next.
    let without = try measured(["1.2.3", pet], region)
    #expect(without.allSatisfy { $0["refused"] != nil && $0["statistics"] == nil })
  }

  @Test("The sphere of a peak leaves a region that is smaller, as it does on the command line")
  func peak() throws {
    defer { fixture.remove() }
    var differing = 0
    for step in 0..<8 {
      let sphere: JSONValue = [
        "sphere": ["centreMm": [-78, -12, .number(205 + 10 * Double(step))], "diameterMm": 9]
      ]
      let body: JSONValue = ["case": "P03", "series": [.string(pet)], "region": sphere]
      let found = try fixture.document(fixture.post("/api/measure", body))["measurements"]?[0]?["statistics"]
      let file = fixture.folder + "/small.json"
      var named = try #require(sphere.object)
      named["name"] = "small"
      try Data(try JSONValue.object(["regions": [.object(named)]]).text().utf8).write(to: URL(filePath: file))
      let line = try PETMeasurement(folder: fixture.folder + "/P03/imaging", regions: file, series: pet).document
      let peak = try #require(found?["peak"]?.double)
      #expect(abs(peak / (try #require(line["regions"]?[0]?["suvPeak"]?.double)) - 1) < 1e-9)
      // A mean over the region's own voxels alone would lie between its extremes' mean; the sphere holds others too.
      if abs(peak / (try #require(found?["mean"]?.double)) - 1) > 0.02 { differing += 1 }
    }
    #expect(differing >= 2)
  }

  @Test("Regions are kept in the case folder, and no one overwrites what he has not seen")
  func keepsRegions() throws {
    defer { fixture.remove() }
    #expect(try fixture.document(fixture.get("/api/regions", ["case": "P03"]))["digest"]?.isNull == true)
    let content: JSONValue = [
      "format": "endora-regions-1",
      "regions": [["name": "C7", "site": "C7", "sphere": ["centreMm": [0, 30, 400], "diameterMm": 15]]],
    ]
    let saved = try fixture.post("/api/regions", ["case": "P03", "content": content])
    let digest = try #require(try fixture.document(saved)["digest"]?.string)
    let blind = try fixture.post("/api/regions", ["case": "P03", "content": content])
    #expect(try fixture.document(blind)["code"]?.string == "regions-changed")
    #expect(
      try fixture.post("/api/regions", ["case": "P03", "content": content, "seen": .string(digest)]).status == 200)
    // The file is one that the command line measures.
    let path = fixture.folder + "/P03/regions.json"
    let line = try PETMeasurement(folder: fixture.folder + "/P03/imaging", regions: path, series: pet).document
    #expect(line["regions"]?[0]?["suvMax"]?.double != nil)
    #expect(try fixture.document(fixture.get("/api/audit"))["problems"]?.array?.isEmpty == true)
  }

  @Test("Regions that are none are refused and nothing is written")
  func refusesRegions() throws {
    defer { fixture.remove() }
    let grid: JSONValue = [
      "columns": 4, "rows": 4, "slices": 4, "originMm": [0, 0, 0], "columnStepMm": [1, 0, 0], "rowStepMm": [0, 1, 0],
      "sliceStepMm": [0, 0, 1],
    ]
    var huge = try #require(grid.object)
    for key in ["columns", "rows", "slices"] { huge[key] = 4096 }
    let sphere: JSONValue = ["name": "a", "sphere": ["centreMm": [0, 0, 0], "diameterMm": 9]]
    let bad: [JSONValue] = [
      ["name": "a"], ["name": "", "sphere": ["centreMm": [0, 0, 0], "diameterMm": 9]],
      ["name": "a", "sphere": ["centreMm": [0, 0], "diameterMm": 9]], ["name": "a", "path": "../../secret.txt"],
      ["name": "a", "voxels": ["grid": grid, "runs": [0]]], ["name": "a", "voxels": ["grid": grid, "runs": [3, 2]]],
      ["name": "a", "voxels": ["grid": grid, "runs": [60, 9]]],
      ["name": "a", "voxels": ["grid": grid, "runs": [-1, 2]]],
      ["name": "a", "voxels": ["grid": .object(huge), "runs": [0, 1, 68_719_476_735, 1]]],
      ["name": "a", "voxels": ["grid": grid, "runs": [9_007_199_254_740_991, 9_007_199_254_740_991]]],
    ]
    for regions in bad.map({ [$0] }) + [[sphere, sphere]] {
      let content: JSONValue = ["format": "endora-regions-1", "regions": .array(regions)]
      #expect(try fixture.post("/api/regions", ["case": "P03", "content": content]).status == 422)
    }
    let other: JSONValue = ["format": "endora-regions-1", "frameOfReference": "1.2.3", "regions": [sphere]]
    #expect(try fixture.post("/api/regions", ["case": "P03", "content": other]).status == 422)
    #expect(!FileManager.default.fileExists(atPath: fixture.folder + "/P03/regions.json"))
  }

  @Test("What is not there, or is no number, is refused")
  func refuses() throws {
    defer { fixture.remove() }
    for path in ["..", "../..", "P03/../..", "/etc", "", "P03/imaging", "p03", "P03\0"] {
      #expect(fixture.get("/api/images", ["case": path]).status == 404)
      #expect(fixture.get("/api/slices", ["case": path, "series": pet, "first": "0", "count": "1"]).status == 404)
    }
    for series in ["", "1.2.3", "../\(pet)", pet + "/"] {
      #expect(fixture.get("/api/volume", ["case": "P03", "series": series]).status == 404)
    }
    for (first, count) in [
      ("-1", "1"), ("0", "0"), ("0", "-1"), ("99999", "1"), ("1", "9223372036854775807"), ("9223372036854775807", "1"),
      ("x", "1"), ("", ""), ("0", "1e3"),
    ] {
      let query = ["case": "P03", "series": pet, "first": first, "count": count]
      #expect([404, 422].contains(fixture.get("/api/slices", query).status), "\(first) \(count)")
    }
    for frames in ["0", "7", "-2", "362", "abc"] {
      #expect(fixture.get("/api/projection", ["case": "P03", "series": pet, "frames": frames]).status == 422)
    }
    #expect(fixture.get("/api/planar", ["case": "P03"]).status != 200)
    let many = JSONValue(Array(repeating: JSONValue.string(pet), count: 13))
    let sphere: JSONValue = ["sphere": ["centreMm": [0, 0, 0], "diameterMm": 9]]
    #expect(try fixture.post("/api/measure", ["case": "P03", "series": many, "region": sphere]).status == 422)
    for body in ["", "{", "[]", "{}", "{\"case\":\"P03\"}"] {
      #expect(fixture.post("/api/measure", Array(body.utf8)).status == 422, "\(body)")
    }
  }

  @Test("A change comes from the page alone")
  func origin() throws {
    defer { fixture.remove() }
    for path in [
      "/api/dose-volume", "/api/voxel-dose", "/api/regions", "/api/measure", "/api/planar/regions", "/api/import/begin",
      "/api/import/part",
      "/api/import/finish", "/api/pacs/find", "/api/pacs/retrieve",
    ] {
      #expect(try fixture.post(path, [:], origin: nil).status == 403)
      #expect(try fixture.post(path, [:], origin: "http://evil.example").status == 403)
      #expect(fixture.post(path, [], type: "text/plain").status == 403)
      #expect(
        fixture.get(path, ["case": "P03"]).status == 404 || path == "/api/regions" || path == "/api/planar/regions")
    }
  }

  @Test("The projection has the image's maximum on every side")
  func projection() throws {
    defer { fixture.remove() }
    let found = fixture.get("/api/projection", ["case": "P03", "series": pet, "frames": "8"])
    let picture = try JSONDocument(Array(try #require(found.headers["Endora-Picture"]).utf8)).value
    let size = try #require(picture["columns"]?.int) * (try #require(picture["rows"]?.int))
    #expect(found.body.count == 2 * 8 * size)
    for frame in 0..<8 {
      let largest = stride(from: 2 * frame * size, to: 2 * (frame + 1) * size, by: 2).map {
        UInt16(found.body[$0]) | UInt16(found.body[$0 + 1]) << 8
      }.max()
      #expect(try #require(largest) > 52_000)
    }
  }

  @Test("A series laid on itself does not move")
  func registration() throws {
    defer { fixture.remove() }
    let found = try fixture.document(fixture.get("/api/registration", ["case": "P03", "series": pet, "to": pet]))
    #expect(try #require(found["shiftMm"]?.double) < 0.01)
    #expect(try #require(found["correlation"]?.double) > 0.999)
  }
}
