import Foundation
import JSON
import Testing
import Workbench

/// A folder with a `pet.json`, which is removed with the value.
private final class SitesCase: Sendable {
  let folder = NSTemporaryDirectory() + UUID().uuidString

  init(_ text: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: folder + "/pet.json"))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func document() throws -> JSONValue { try PETSites(case: folder).document() }
}

@Suite("Sites of a case")
struct PETSitesTests {
  @Test("Sites given as numbers have the published mean, and the missing one stays missing")
  func numbers() throws {
    let found = try SitesCase(
      """
      {template: "braitsch-2025", sites: {C4: {suvMax: 1.13}, T5: {suvMax: 1.78}, L5: {suvMax: 1.77},
        "left ilium": {suvMax: 2.31}, "right ilium": {suvMax: 2.5}, "skull base": {missing: "not imaged"}}}
      """
    ).document()
    let mean = try #require(found["meanSuvMax"]?.double)
    #expect((mean - 1.898).magnitude < 1e-12)
    #expect(found["n"]?.int == 5)
    #expect(found["sites"]?[0]?["suvMax"]?.isNull == true)
    #expect(found["sites"]?[0]?["missing"]?.string == "not imaged")
    #expect(found["eligibility"]?["basis"]?.string == "none recorded")
    #expect(found["eligibility"]?["surrogates"]?.array == [])
  }

  @Test("Sites, ratios, lesions, marrow and rules are measured on the image")
  func measured() throws {
    var header = SyntheticPET.Header()
    (header.units, header.slope, header.slices) = ("GML", "0.01", 10)
    header.pixel = { i, _, k in i < 4 ? 800 : k < 5 ? 100 : 200 }
    let pet = try SyntheticPET(header)
    let hot = "sphere: {centreMm: [6, 14, 22], diameterMm: 8}"
    let cold = "sphere: {centreMm: [24, 14, 10], diameterMm: 8}"
    let warm = "sphere: {centreMm: [24, 14, 35], diameterMm: 8}"
    let found = try SitesCase(
      """
      {template: "herhaus-2016", pet: {folder: "\(pet.folder)"},
       sites: {C7: {\(hot)}, T12: {\(cold)}, L5: {\(warm)}},
       references: {bloodPool: {\(cold)}, liver: {\(warm)}, spleen: {\(warm)}},
       lesions: [{name: "node", box: {centreMm: [14, 14, 20], sizeMm: [27, 9, 19]}, threshold: "50 %"}],
       marrow: {skeleton: {box: {centreMm: [14, 14, 20], sizeMm: [27, 9, 19]}},
                exclude: [{\(cold)}], reference: 2.5},
       surrogates: {bloodPoolTimes: 7, liverPlus2SD: true}, assessment: {positive: true, reader: "A"}}
      """
    ).document()
    #expect(found["sites"]?.array?.compactMap { $0["suvMax"]?.double } == [8, 1, 2])
    let mean = try #require(found["meanSuvMax"]?.double)
    #expect((mean - 11.0 / 3).magnitude < 1e-6)
    let ratios = try #require(found["ratios"]?.array?.compactMap { $0["ratio"]?.double })
    for (ratio, truth) in zip(ratios, [8.0, 4, 4, 8, 4, 4]) { #expect((ratio - truth).magnitude < 1e-5) }
    #expect(found["ratios"]?.array?.compactMap { $0["isBackground"]?.bool } == [true, true, false, true, true, false])
    let lesion = try #require(found["lesions"]?[0])
    #expect(lesion["suvMean"]?.double == 8)
    #expect(found["burden"]?["volumeMl"] == lesion["volumeMl"])
    #expect((try #require(found["marrow"]?["fraction"]?.double)) > 0)
    let rules = try #require(found["eligibility"]?["surrogates"]?.array)
    #expect(rules.compactMap { $0["marrow"]?.bool } == [true, true])
    #expect(found["eligibility"]?["basis"]?.string == "visual, by the reader")
  }

  @Test(
    "A case with an unknown template, site, key, reference or structure is refused",
    arguments: [
      #"{template: "herhaus-2017"}"#, #"{template: "herhaus-2016", sites: {C4: {suvMax: 1}}}"#,
      #"{template: "herhaus-2016", site: {}}"#, #"{template: "herhaus-2016", references: {brain: {}}}"#,
      #"{template: "herhaus-2016", sites: {C7: {structure: "C7"}}}"#, #"{template: "herhaus-2016", sites: {C7: {}}}"#,
      #"{template: "herhaus-2016", sites: {C7: {sphere: {centreMm: [1, 2, 3], diameterMm: 9}}}}"#,
      #"{template: "herhaus-2016", sites: {C7: {suvMax: -1}}}"#, "{}", "[", "",
    ])
  func refused(text: String) throws {
    let sites = try SitesCase(text)
    #expect(throws: (any Error).self) { try PETSites(case: sites.folder) }
  }
}

@Suite("Regions of a series")
struct PETMeasurementTests {
  @Test("Uptake is given by every norm, and a region outside the image is refused alone")
  func kinds() throws {
    var header = SyntheticPET.Header()
    (header.units, header.slope, header.weight, header.height, header.sex) = ("GML", "0.01", "80", "1.80", "M")
    header.pixel = { _, _, _ in 1000 }
    let pet = try SyntheticPET(header)
    let file = pet.folder + "/regions.json"
    try Data(
      """
      {regions: [{name: "in", box: {centreMm: [14, 14, 5], sizeMm: [9, 9, 9]}},
                 {name: "out", sphere: {centreMm: [0, 0, 500], diameterMm: 9}}]}
      """.utf8
    ).write(to: URL(filePath: file))
    for (kind, truth) in [
      (PETMeasurement.Kind.bw, 10.0), (.lbmjames128, 7.839_506_17), (.lbmjanma, 7.716_426_19), (.bsa, 2.495_526_28),
    ] {
      let found = try PETMeasurement(folder: pet.folder, regions: file, kind: kind).document
      let mean = try #require(found["regions"]?[0]?["suvMean"]?.double)
      #expect((mean / truth - 1).magnitude < 1e-6, "\(kind)")
      #expect(found["regions"]?[1]?["refused"]?["code"]?.string == "shape-outside-image")
    }
    #expect(throws: CaseError.self) { try PETMeasurement(folder: pet.folder, regions: file, threshold: "140 %") }
    #expect(throws: CaseError.self) { try PETMeasurement(folder: pet.folder, regions: file, series: "2.25.9") }
  }
}
