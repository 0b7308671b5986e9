import Foundation
import Quantities
import Radionuclides
import Testing
import Transport

@testable import Dosimetry

/// S coefficients of the ICRP 133 phantoms in mGy/(MBq s), evaluated by others from ICRP 107 data.
private enum ReferenceSValues {
  static let file: String? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let folder = ProcessInfo.processInfo.environment["ENDORA_TEST_DATA"] ?? root + "/.build/test-data"
    let path = folder + "/s-values/icrp133-reference.csv"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

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

  func difference(_ nuclide: String, _ sex: Sex, _ target: String, _ source: String) throws -> Double {
    let set = try #require(PhantomSValueTests.sets[sex]?[.withBlood])
    let chain = DecayChain(of: try NuclideTable.icrp107().nuclide(nuclide))
    let ours = try set.sValue(of: chain, target: target, source: source).total.milligraysPerMegabecquerelSecond
    let key = try [
      nuclide, sex == .male ? "AM" : "AF", #require(Self.regions[target]), #require(Self.regions[source]),
    ]
    return ours / (try #require(ReferenceSValues.values[key])).total - 1
  }

  @Test("Print", arguments: Sex.allCases) func show(sex: Sex) throws {
    for n in ["Lu-177", "Y-90", "I-131", "Tb-161", "Re-188", "F-18", "Ga-68"] {
      for s in [
        "kidneys", "liver", "spleen", "red marrow", "lungs", "brain", "thyroid", "pancreas", "adrenals", "muscle",
        "skin", "salivary glands",
      ] {
        for t in [
          "kidneys", "liver", "spleen", "red marrow", "pancreas", "adrenals", "lungs", "thyroid", "muscle", "brain",
          "skin", "salivary glands",
        ] {
          guard let d = try? difference(n, sex, t, s) else { continue }
          let set = try #require(PhantomSValueTests.sets[sex]?[.withBlood])
          let e = try set.sValue(of: DecayChain(of: try NuclideTable.icrp107().nuclide(n)), target: t, source: s)
          print(
            "CMP", sex, n, t.replacingOccurrences(of: " ", with: "_"), "<-", s.replacingOccurrences(of: " ", with: "_"),
            String(
              format: "%.4g  %+.1f %%  u %.1f %%", e.total.milligraysPerMegabecquerelSecond, d * 100,
              e.relativeUncertainty * 100))
        }
      }
    }
  }
}
