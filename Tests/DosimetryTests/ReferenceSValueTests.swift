import Foundation
import Quantities
import Radionuclides
import TestFolders
import Testing
import Transport

@testable import Dosimetry

/// S coefficients of the ICRP 133 phantoms in mGy/(MBq s), evaluated by others from ICRP 107 data.
enum ReferenceSValues {
  static let file = TestData.path("s-values/icrp133-reference.csv")

  static let values: [[String]: (total: Double, electron: Double)] = {
    guard let file, let text = try? String(contentsOfFile: file, encoding: .utf8) else { return [:] }
    var values: [[String]: (Double, Double)] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") && !line.hasPrefix("nuclide") {
      let fields = line.split(separator: ",").map(String.init)
      guard fields.count == 8, let total = Double(fields[4]), let electron = Double(fields[6]) else { continue }
      values[Array(fields[0..<4])] = (total, electron)
    }
    return values
  }()
}

@Suite(
  "S values against voxel phantoms",
  .enabled(if: ReferenceSValues.file != nil, "s-values is not in ENDORA_TEST_DATA or .build/test-data"))
struct ReferenceSValueTests {
  /// Our region and theirs.
  static let regions = [
    "kidneys": "Kidneys", "liver": "Liver", "spleen": "Spleen", "red marrow": "R-marrow", "lungs": "Lungs",
    "brain": "Brain", "thyroid": "Thyroid", "pancreas": "Pancreas", "adrenals": "Adrenals", "heart wall": "Ht-wall",
    "muscle": "Muscle", "skin": "Skin", "salivary glands": "S-glands",
  ]

  private let nuclides: NuclideTable

  init() throws { nuclides = try NuclideTable.icrp107() }

  /// Of our value from theirs, both with the masses with blood.
  func difference(_ nuclide: String, _ sex: Sex, _ target: String, _ source: String) throws -> Double {
    let set = try #require(PhantomSValueTests.sets[sex]?[.withBlood])
    let chain = DecayChain(of: try nuclides.nuclide(nuclide))
    let ours = try set.sValue(of: chain, target: target, source: source).total.milligraysPerMegabecquerelSecond
    let key = try [
      nuclide, sex == .male ? "AM" : "AF", #require(Self.regions[target]), #require(Self.regions[source]),
    ]
    return ours / (try #require(ReferenceSValues.values[key])).total - 1
  }

  @Test(
    "Self-dose of kidneys, liver and spleen: ¹⁷⁷Lu within 1.5 %, ⁹⁰Y within 4 %; recorded gap: the woman's spleen 5 %",
    arguments: Sex.allCases, ["kidneys", "liver", "spleen"])
  func organs(sex: Sex, organ: String) throws {
    #expect(abs(try difference("Lu-177", sex, organ, organ)) < 0.015)
    // The female phantom's spleen is thicker than that of the voxel phantom, which loses more beta energy.
    let bound = sex == .female && organ == "spleen" ? 0.05 : 0.04
    #expect(abs(try difference("Y-90", sex, organ, organ)) < bound)
  }

  @Test(
    "Self-dose of red marrow within 10 %", arguments: Sex.allCases,
    ["Lu-177", "Y-90", "Tb-161", "I-131", "Re-188", "F-18"])
  func marrow(sex: Sex, nuclide: String) throws {
    #expect(abs(try difference(nuclide, sex, "red marrow", "red marrow")) < 0.10)
  }

  @Test("Cross-dose of ¹⁷⁷Lu among kidneys, spleen and marrow within 10 %", arguments: Sex.allCases)
  func crossDose(sex: Sex) throws {
    for (target, source) in [("kidneys", "spleen"), ("red marrow", "kidneys"), ("kidneys", "red marrow")] {
      #expect(abs(try difference("Lu-177", sex, target, source)) < 0.10, "\(target) from \(source)")
    }
  }

  @Test(
    "Recorded gap: where the stylised liver and spleen lie apart, cross-dose is 35 to 65 % lower, not within 35 %",
    arguments: Sex.allCases)
  func apart(sex: Sex) throws {
    for (target, source) in [
      ("kidneys", "liver"), ("spleen", "liver"), ("red marrow", "liver"), ("red marrow", "spleen"),
    ] {
      let difference = try difference("Lu-177", sex, target, source)
      #expect((-0.65 ... -0.35).contains(difference), "\(target) from \(source)")
    }
  }
}
