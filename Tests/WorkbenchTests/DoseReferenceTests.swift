import Foundation
import JSON
import TestFolders
import Testing

@testable import Workbench

private enum DoseMaps {
  static let folder = TestData.path("rt-dose-dvh") ?? ""
  static let data = folder + "/tests/testdata/example_data/"
  static var isThere: Bool { FileManager.default.fileExists(atPath: data + "rtdose.dcm") }
}

/// The dose map of a treatment plan with its published statistics.
@Suite("A treatment plan's dose and volume", .enabled(if: DoseMaps.isThere, "the dose maps are not unpacked"))
struct DoseReference {
  func regions(_ border: DoseVolume.Border) throws -> [JSONValue] {
    let result = try DoseVolume(
      dose: DoseMaps.data + "rtdose.dcm", regions: DoseMaps.data + "rtss.dcm",
      options: .init(
        volumesAt: "1,10", alpha: nil, alphaBeta: nil, repair: nil, halfLife: nil, border: border, steps: 100))
    return try #require(result.document["regions"]?.array)
  }

  @Test("The heart: 440.23 mL, mean 0.6475 Gy, at most 3.095 Gy by centres; 439.7 mL of contours by fractions")
  func heart() throws {
    let heart = try #require(try regions(.centre).first { $0["name"]?.string == "Heart" })
    func value(_ key: String) throws -> Double { try #require(heart[key]?["value"]?.double) }
    #expect(isClose(try value("mean"), 0.647529, 1e-5))
    #expect(isClose(try value("maximum"), 3.095, 1e-3))
    #expect(isClose(try value("volume"), 440.23125, 1e-9))
    let whole = try #require(try regions(.fractional).first { $0["name"]?.string == "Heart" })
    #expect(isClose(try #require(whole["volume"]?["value"]?.double), 439.7, 2e-3))
    #expect(isClose(try #require(whole["mean"]?["value"]?.double), 0.64753, 2e-3))
  }

  @Test("EUD and EUBED that are asked for stand in the table, and a map without unit and frame is refused")
  func effects() throws {
    let result = try DoseVolume(
      dose: DoseMaps.data + "rtdose.dcm", regions: DoseMaps.data + "rtss.dcm",
      options: .init(
        volumesAt: "1", alpha: 0.3, alphaBeta: 2.5, repair: 2.8, halfLife: 41, border: .centre, steps: 10))
    let heart = try #require(result.summary.split(separator: "\n").first { $0.hasPrefix("Heart") })
    let document = try #require(result.document["regions"]?.array?.first { $0["name"]?.string == "Heart" })
    let cells = heart.split(separator: " ").compactMap { Double($0) }
    #expect(isClose(cells[cells.count - 2], try #require(document["eud"]?["value"]?.double), 1e-2))
    #expect(isClose(cells[cells.count - 1], try #require(document["eubed"]?["value"]?.double), 1e-2))
    let refused = #expect(throws: CaseError.self) {
      try DoseVolume(
        dose: "dose-local.nii", regions: DoseMaps.data + "rtss.dcm",
        options: .init(
          volumesAt: nil, alpha: nil, alphaBeta: nil, repair: nil, halfLife: nil, border: .centre, steps: 10))
    }
    #expect(refused?.code == "dose-map-nifti")
  }

  @Test("All regions have the reference's voxels, mean and maximum")
  func all() throws {
    let reference = try JSONDocument(try Data(contentsOf: URL(fileURLWithPath: DoseMaps.folder + "/reference.json")))
      .root
    let found = try regions(.centre)
    var compared = 0
    for (name, node) in try reference.required("rois").members {
      guard let mean = try node["dose_mean"]?.double() else { continue }
      let region = try #require(found.first { $0["name"]?.string == name }, "\(name)")
      guard region["refused"] == nil else { continue }
      #expect(isClose(try #require(region["mean"]?["value"]?.double), mean, 2e-3), "\(name)")
      #expect(isClose(try #require(region["maximum"]?["value"]?.double), try node.required("dose_max").double(), 2e-3))
      let voxels = try node.required("dose_voxels").double()
      #expect(isClose(try #require(region["volume"]?["value"]?.double), voxels * 0.01875, 2e-3), "\(name)")
      compared += 1
    }
    #expect(compared >= 6)
  }
}
