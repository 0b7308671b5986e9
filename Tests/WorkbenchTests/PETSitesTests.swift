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

@Suite("Two studies of a patient")
struct PETComparisonTests {
  @Test("Sites are compared where both have them, and the mean over those alone")
  func sites() throws {
    let before = try SitesCase(
      """
      {name: "before", template: "herhaus-2016",
       sites: {C7: {suvMax: 4}, T12: {suvMax: 6}, L5: {suvMax: 8}, "left ilium": {suvMax: 20}}}
      """)
    let after = try SitesCase(
      """
      {name: "after", template: "herhaus-2016",
       sites: {C7: {suvMax: 2}, T12: {suvMax: 3}, L5: {suvMax: 1}, "right ilium": {suvMax: 9}}}
      """)
    let found = try PETComparison(before.folder, with: after.folder).document
    #expect(found["n"]?.int == 3)
    #expect(found["meanSuvMax"]?["first"]?.double == 6)
    #expect(found["meanSuvMax"]?["second"]?.double == 2)
    #expect(found["meanSuvMax"]?["difference"]?.double == -4)
    let ilium = try #require(found["sites"]?.array?.first { $0["name"]?.string == "left ilium" })
    #expect(ilium["first"]?.double == 20)
    #expect(ilium["second"]?.isNull == true)
    #expect(ilium["ratio"]?.isNull == true)
    let other = try SitesCase(#"{template: "braitsch-2025"}"#)
    #expect(throws: CaseError.self) { try PETComparison(before.folder, with: other.folder) }
  }

  @Test("A lesion that only one study names is missing in the other, and two tracers are told of")
  func lesions() throws {
    func study(_ nuclide: String, _ lesion: String) throws -> (SyntheticPET, SitesCase) {
      var header = SyntheticPET.Header()
      header.nuclide = nuclide
      header.halfLife = nil
      let pet = try SyntheticPET(header)
      let text = """
        {template: "herhaus-2016", pet: {folder: "\(pet.folder)"},
         lesions: [{name: "node", box: {centreMm: [14, 14, 5], sizeMm: [9, 9, 9]}},
                   {name: "\(lesion)", box: {centreMm: [8, 8, 5], sizeMm: [9, 9, 9]}}]}
        """
      return (pet, try SitesCase(text))
    }
    let (first, second) = (try study("68Ga", "orbit"), try study("18F", "skin"))
    let found = try PETComparison(first.1.folder, with: second.1.folder).document
    let lesions = try #require(found["lesions"]?.array)
    #expect(lesions.compactMap { $0["name"]?.string } == ["node", "orbit", "skin"])
    let truth = exp2(3600 / 6586.2) / exp2(3600 / 4062.6)
    #expect((try #require(lesions[0]["ratio"]?.double) / truth - 1).magnitude < 1e-6)
    #expect(lesions[1]["second"]?.isNull == true)
    #expect(lesions[2]["first"]?.isNull == true)
    #expect(found["findings"]?.array?.contains { $0["code"]?.string == "tracers-differ" } == true)
    withExtendedLifetime((first.0, second.0)) {}
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
