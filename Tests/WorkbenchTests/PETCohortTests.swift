import Foundation
import JSON
import Statistics
import Testing
import Uptake
import Workbench

/// A folder of cases, which is removed with the value.
private final class CohortFolder: Sendable {
  let path = NSTemporaryDirectory() + UUID().uuidString

  /// - Parameter cases: the text of `pet.json` by the path of its folder.
  init(_ cases: [String: String]) throws {
    for (name, text) in cases {
      let folder = path + "/" + name
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: folder + "/pet.json"))
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Five sites of one value.
private func caseText(_ value: Double, _ rest: String) -> String {
  let sites = SiteTemplate.herhaus2016.sites.map { "\"\($0)\": {suvMax: \(value)}" }.joined(separator: ", ")
  return "{template: \"herhaus-2016\", sites: {\(sites)}, \(rest)}"
}

@Suite("A cohort")
struct PETCohortTests {
  private func cohort() throws -> CohortFolder {
    var cases: [String: String] = [:]
    for (n, value) in [9.0, 5, 7, 8].enumerated() {
      cases["P\(n + 1)"] = caseText(
        value,
        #"group: "AML+", entity: "AML", references: {bloodPool: {suvMean: 2}, spleen: {suvMean: \#(6 - n)}},"#
          + "lesions: [{name: \"a\", suvMax: \(value + 1), suvMean: 2, volumeMl: \(n + 1)}]")
    }
    cases["P5"] = caseText(1, #"group: "AML+", entity: "AML", leftOut: "extramedullary alone""#)
    for (n, value) in [2.0, 3, 2.5, 1.5, 2.2].enumerated() { cases["P\(n + 6)"] = caseText(value, #"group: "AML-""#) }
    cases["P1/after"] = caseText(3, "name: \"P1 after\"")
    cases["P1"] = cases["P1"]?.replacing("group", with: "followUp: \"after\", group")
    return try CohortFolder(cases)
  }

  @Test("Groups, tests, entities, change and the spleen against the burden are those of the values")
  func document() throws {
    let folder = try cohort()
    let found = try PETCohort(folders: [folder.path]).document()
    #expect(found["cases"]?.array?.compactMap { $0["case"]?.string } == (1...10).map { "P\($0)" })
    #expect(found["groups"]?.array?.compactMap { $0["name"]?.string } == ["AML+", "AML-"])
    #expect(found["groups"]?[0]?["meanSuvMax"]?["n"]?.int == 4)
    #expect(found["groups"]?[0]?["cases"]?.int == 5)
    #expect(found["groups"]?[0]?["meanSuvMax"]?["mean"]?.double == 7.25)
    let test = try #require(found["tests"]?[0])
    let (x, y) = ([9.0, 5, 7, 8], [2.0, 3, 2.5, 1.5, 2.2])
    #expect(test["n"]?.array?.compactMap(\.int) == [4, 5])
    #expect((try #require(test["student"]?["p"]?.double) / TTest.student(x, y).p - 1).magnitude < 1e-9)
    #expect((try #require(test["welch"]?["p"]?.double) / TTest.welch(x, y).p - 1).magnitude < 1e-9)
    // All of one group above all of the other: two of C(9, 4) arrangements.
    #expect((try #require(test["mannWhitney"]?["p"]?.double) - 2.0 / 126).magnitude < 1e-12)
    #expect(test["mannWhitney"]?["method"]?.string == "exact")
    let entity = try #require(found["entities"]?[0])
    #expect(entity["suvMax"]?["n"]?.int == 5)
    #expect((try #require(entity["suvMax"]?["mean"]?.double) - 6.8).magnitude < 1e-12)
    #expect((try #require(entity["ratioToBloodPool"]?["mean"]?.double) - 4.125).magnitude < 1e-12)
    #expect((try #require(found["cases"]?[0]?["change"]?.double) + 2.0 / 3).magnitude < 1e-12)
    let sink = try #require(found["tumourSink"]?.array?.compactMap { $0["rho"]?.double })
    #expect(sink.count == 2 && sink.allSatisfy { ($0 + 1).magnitude < 1e-12 })
    #expect(found["tumourSink"]?[0]?["n"]?.int == 4)
  }

  @Test("Figures and table are written in every format")
  func figures() throws {
    let (folder, output) = (try cohort(), NSTemporaryDirectory() + UUID().uuidString)
    defer { try? FileManager.default.removeItem(atPath: output) }
    try PETCohort(folders: [folder.path]).write(to: output, .all, test: .welch)
    let names = Set(try FileManager.default.contentsOfDirectory(atPath: output))
    for name in ["heat-map", "groups", "entities-suvmax", "entities-tbr", "waterfall"] {
      for format in ["svg", "png", "pdf"] { #expect(names.contains("\(name).\(format)")) }
    }
    let table = try String(contentsOfFile: output + "/suv.csv", encoding: .utf8).split(separator: "\n")
    #expect(table.count == 11)
    #expect(table[1] == "P1,AML+,AML,9.0,9.0,9.0,9.0,9.0,9.0,5,10.0,2.0,6.0")
  }

  @Test("A case that is refused is told of; no case, two of one name and two templates are refused")
  func refused() throws {
    let folder = try CohortFolder([
      "A": caseText(2, "group: \"a\""), "B": "{template: \"herhaus-2016\", sites: {X: {}}}",
    ])
    let found = try PETCohort(folders: [folder.path]).document()
    #expect(found["cases"]?.array?.count == 1)
    #expect(found["refused"]?[0]?["case"]?.string == "B")
    #expect(found["findings"]?[0]?["code"]?.string == "case-refused")
    #expect(throws: CaseError.self) { try PETCohort(folders: [folder.path + "/A", folder.path + "/A"]) }
    let mixed = try CohortFolder(["A": caseText(2, ""), "B": "{template: \"braitsch-2025\"}"])
    #expect(throws: CaseError.self) { try PETCohort(folders: [mixed.path]) }
    #expect(throws: CaseError.self) { try PETCohort(folders: [folder.path + "/none"]) }
    let empty = try CohortFolder(["A/B": "{}"])
    #expect(throws: CaseError.self) { try PETCohort(folders: [empty.path]) }
  }
}

@Suite("Published numbers of PET")
struct PublishedUptakeTests {
  @Test("Neither published p can come from an exact Mann-Whitney test of four against five")
  func unattainable() throws {
    let attainable = try MannWhitney.attainable(4, 5)
    for (p, truth) in zip(attainable, [0.01587, 0.03175, 0.06349]) { #expect((p - truth).magnitude < 5e-6) }
    for published in [0.036, 0.040] { #expect(attainable.allSatisfy { ($0 - published).magnitude > 0.0005 }) }
  }

  @Test("The extramedullary lesion takes up 1.83 times as much FDG as Pentixafor: two tracers, lesion by lesion")
  func tracers() throws {
    func study(_ name: String, _ maximum: Double) -> String {
      "{name: \"\(name)\", template: \"herhaus-2016\", lesions: [{name: \"lesion\", suvMax: \(maximum), suvMean: 3, volumeMl: 4}]}"
    }
    let folder = try CohortFolder(["a": study("Pentixafor", 5.2), "b": study("FDG", 9.51)])
    let found = try PETComparison(folder.path + "/a", with: folder.path + "/b").document
    #expect((try #require(found["lesions"]?[0]?["ratio"]?.double) - 9.51 / 5.2).magnitude < 1e-12)
    #expect(found["meanSuvMax"]?["ratio"]?.isNull == true)
  }

  @Test("The published site ranges of seven patients lie in the window of the heat map, their least are patient 5's")
  func ranges() throws {
    let sites = [
      ("skull base", 4.61, 12.47), ("C4", 1.13, 10.72), ("T5", 1.78, 14.42), ("L5", 1.77, 15.78),
      ("left ilium", 2.31, 10.74), ("right ilium", 2.5, 12.78),
    ]
    #expect(sites.map(\.0) == SiteTemplate.braitsch2025.sites)
    #expect(sites.allSatisfy { $0.2 < 16 })
    let least = try SkeletalUptake(
      .braitsch2025, sites.dropFirst().map { SiteUptake($0.0, maximum: UptakeValue(base: $0.1)) })
    #expect((try #require(least.meanMaximum).base * 100).rounded() == 190)
    #expect(least.range?.lowerBound.base == 1.13 && least.range?.upperBound.base == 2.5)
  }

  @Test("Disease outside the marrow alone is told apart: the lesion is above the rule, the marrow is not")
  func extramedullary() throws {
    let folder = try CohortFolder([
      "a": caseText(
        1.5,
        "references: {bloodPool: {suvMean: 1.9}}, surrogates: {bloodPoolTimes: 1.5}, assessment: {positive: true},"
          + "lesions: [{name: \"orbit\", suvMax: 5.2, suvMean: 3, volumeMl: 4}]")
    ])
    let found = try PETSites(case: folder.path + "/a").document()
    let rule = try #require(found["eligibility"]?["surrogates"]?[0])
    #expect(rule["marrow"]?.bool == false)
    #expect(rule["lesions"]?.bool == true)
    #expect(found["eligibility"]?["basis"]?.string == "visual, by the reader")
  }
}

@Suite("The shipped cohort")
struct ShippedCohortTests {
  private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  @Test("Fifteen synthetic cases: five positive, five negative, five controls, told apart as published")
  func shipped() throws {
    let found = try PETCohort(folders: [Self.repository + "/Examples/pet-cohort"]).document()
    #expect(found["cases"]?.array?.compactMap { $0["case"]?.string } == (1...15).map { $0 < 10 ? "P0\($0)" : "P\($0)" })
    #expect(found["groups"]?.array?.compactMap { $0["cases"]?.int } == [5, 5, 5])
    #expect(found["groups"]?.array?.compactMap { $0["meanSuvMax"]?["n"]?.int } == [4, 5, 5])
    // Four all above five: the least p that an exact test can give.
    for test in try #require(found["tests"]?.array?.prefix(2)) {
      #expect(test["mannWhitney"]?["p"]?.double == test["mannWhitney"]?["smallestAttainable"]?.double)
    }
    #expect(found["entities"]?.array?.count == 3)
    #expect(found["cases"]?.array?.compactMap { $0["change"]?.double }.count == 6)
    #expect(found["cases"]?.array?.compactMap { $0["n"]?.int } == [5, 5, 4, 5, 5, 5, 5, 5, 4, 5, 5, 5, 5, 5, 5])
  }

  @Test("A shipped case is what the program measures in the images that it makes")
  func remade() throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let demonstration = try PETDemonstration(seed: 0)
    try demonstration.write(to: folder, asNumbers: true, only: ["P09"])
    let shipped = try String(
      contentsOfFile: Self.repository + "/Examples/pet-cohort/P09/pet.json", encoding: .utf8)
    #expect(try String(contentsOfFile: folder + "/P09/pet.json", encoding: .utf8) == shipped)
    try Data("x".utf8).write(to: URL(filePath: folder + "-other.txt"))
    defer { try? FileManager.default.removeItem(atPath: folder + "-other.txt") }
    #expect(throws: CaseError.self) { try demonstration.write(to: NSTemporaryDirectory()) }
    #expect(throws: CaseError.self) { try PETDemonstration(seed: -1) }
  }
}
