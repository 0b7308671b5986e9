import Foundation
import JSON
import Testing

@Suite("Dose commands")
struct DoseCommandTests {
  private func inFolder(_ work: (String, String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "endora-dose-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try work(folder, "export XDG_CACHE_HOME='\(folder)/cache'; ")
  }

  @Test("dose kernel writes a kernel, and takes the same one from the cache the next time")
  func kernel() throws {
    try inFolder { folder, before in
      let words = [
        "dose", "kernel", "--nuclide", "177Lu", "--voxel", "4.8", "--material", "water", "--histories", "20000",
        "--reach",
        "3", "-o", folder + "/k.json", "--json",
      ]
      let first = try endora(words, before: before)
      try #require(first.code == 0, "\(first.errors)")
      let document = try JSONDocument(first.output.utf8).root.value
      #expect(document["nuclide"]?.string == "Lu-177")
      #expect(document["unit"]?.string == "Gy/(Bq s)")
      #expect(document["fromCache"]?.bool == false)
      let own = try #require(document["values"]?[0]?["value"]?.double)
      #expect(abs(own / 1.989e-10 - 1) < 0.02)
      #expect(try #require(document["energyImbalance"]?.double) < 1e-6)
      let written = try #require(FileManager.default.contents(atPath: folder + "/k.json"))
      #expect(try JSONDocument(written).root.value["format"]?.string == "endora-voxel-kernel-1")
      let second = try endora(words, before: before)
      #expect(try JSONDocument(second.output.utf8).root.value["fromCache"]?.bool == true)
      #expect(try JSONDocument(second.output.utf8).root.value["digest"] == document["digest"])
      #expect(FileManager.default.contents(atPath: folder + "/k.json") == written)
      // A damaged file in the cache is made anew.
      let kept = try #require(FileManager.default.enumerator(atPath: folder + "/cache")?.allObjects as? [String])
        .first { $0.hasSuffix(".json") }
      try Data("{".utf8).write(to: URL(fileURLWithPath: folder + "/cache/" + (try #require(kept))))
      let third = try endora(words, before: before)
      #expect(try JSONDocument(third.output.utf8).root.value["fromCache"]?.bool == false)
      #expect(try JSONDocument(third.output.utf8).root.value["digest"] == document["digest"])
    }
  }

  @Test("dose sphere gives the S value and its parts")
  func sphere() throws {
    let run = try endora(
      ["dose", "sphere", "--nuclide", "Y-90", "--mass", "10 g", "--histories", "20000", "--json"])
    try #require(run.code == 0, "\(run.errors)")
    let document = try JSONDocument(run.output.utf8).root.value
    let value = try #require(document["value"]?.double)
    // 0.9331 MeV, of which 0.8466 stay, in 10 g.
    #expect(abs(value / 1.266e-11 - 1) < 0.02)
    let parts = ["electron", "photon", "alpha"].compactMap { document[$0]?.double }
    #expect(parts.count == 3)
    #expect(abs(parts.reduce(0, +) / value - 1) < 1e-12)
    #expect(document["unit"]?.string == "Gy/(Bq s)")
    #expect(try #require(document["relativeUncertainty"]?.double) < 0.01)
  }

  @Test("dose kernel in water takes the stored point kernel of a nuclide of therapy, and says so")
  func storedKernel() throws {
    try inFolder { folder, before in
      let run = try endora(["dose", "kernel", "--nuclide", "Lu-177", "--voxel", "4.8", "--json"], before: before)
      try #require(run.code == 0, "\(run.errors)")
      let document = try JSONDocument(run.output.utf8).root.value
      #expect(document["method"]?.string == "table")
      #expect(document["size"]?.double == 51)
      let own = try #require(document["values"]?[0]?["value"]?.double)
      #expect(abs(own / 1.989e-10 - 1) < 0.005)
      #expect(try #require(document["values"]?[0]?["relativeUncertainty"]?.double) < 0.001)
      #expect(!FileManager.default.fileExists(atPath: folder + "/cache"))
    }
  }

  @Test(
    "Input that cannot be used is refused in two lines",
    arguments: [
      (["dose", "sphere", "--nuclide", "Y-90", "--mass", "10"], Int32(64)),
      (["dose", "sphere", "--nuclide", "Y-90", "--mass", "6 kg"], 65),
      (["dose", "sphere", "--nuclide", "Y-99", "--mass", "1 g"], 65),
      (["dose", "sphere", "--nuclide", "Y-90", "--mass", "1 g", "--bone", "2"], 65),
      (["dose", "kernel", "--nuclide", "Y-90", "--voxel", "3x3"], 64),
      (["dose", "kernel", "--nuclide", "Y-90", "--voxel", "nan"], 65),
      (["dose", "kernel", "--nuclide", "Y-90", "--voxel", "3", "--reach", "4000"], 65),
      (["dose", "kernel", "--nuclide", "Y-90", "--voxel", "3", "--material", "cheese"], 65),
      (["dose", "kernel", "--nuclide", "Y-90", "--voxel", "3", "--histories", "-1"], 65),
      (["dose", "kernel", "--nuclide", "Y-90", "--voxel", "3", "--seed", "-1"], 64),
      (["dose", "sphere", "--nuclide", "Y-90", "--mass", "1 g", "-o", "x"], 64),
      (["dose", "voxel", "/nowhere", "--method", "local"], 66),
      (["dose", "voxel", "/nowhere", "--method", "guess"], 64),
      (["dose", "voxel", "/nowhere"], 64),
    ] as [([String], Int32)])
  func refusals(_ words: [String], _ code: Int32) throws {
    let run = try endora(words)
    #expect(run.code == code, "\(words) \(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.split(separator: "\n").count == 2)
  }
}
