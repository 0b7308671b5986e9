import DICOM
import Foundation
import JSON
import Provenance
import Quantities
import Studies
import Testing
import Volumes

@testable import Workbench

/// Reconstructions of a sphere in counts, and the sphere as a NIfTI mask.
struct CountCase {
  static let grid = Grid(
    columns: 32, rows: 32, slices: 24, origin: SIMD3(-74.4, -74.4, 55.2), columnStep: SIMD3(4.8, 0, 0),
    rowStep: SIMD3(0, 4.8, 0), sliceStep: SIMD3(0, 0, -4.8))

  var corrections = ["ATTN", "SCAT"]
  var collimator = "MELP"
  var spacing = -4.8
  var slices = Array(1...24)
  /// Whether the sphere of the second image lies 14 mm from its region.
  var isMoved = false
  var counts = #"{ duration_s: 1280, calibration: { sensitivity_cps_per_MBq: 9.5, relativeUncertainty: 0.04 } }"#

  static func sphere() throws -> Mask {
    try Mask(sphereAt: SIMD3(10, -5, 12), radius: .millimetres(30), on: grid)
  }

  func write(to folder: String) throws {
    let sphere = try Self.sphere()
    try FileManager.default.createDirectory(atPath: folder + "/segments", withIntermediateDirectories: true)
    var labels = [UInt8](repeating: 0, count: Self.grid.count)
    for index in sphere.gridIndices() { labels[index] = 1 }
    try Data(NIfTIFile(grid: Self.grid, name: "region", description: "region").bytes(of: labels))
      .write(to: URL(fileURLWithPath: folder + "/segments/Sphere.nii"))
    for (n, count) in [UInt16(1000), 500].enumerated() {
      let shown =
        isMoved && n == 1 ? try Mask(sphereAt: SIMD3(10, 9, 12), radius: .millimetres(30), on: Self.grid) : sphere
      try image(n, count, shown).write(to: folder + "/\(n).dcm")
    }
    let text = """
      { format: "endora-case-1", name: "Counts", nuclide: "Lu-177", agent: "a",
        administrations: [{ activity_MBq: 200, start: "2026-03-02T09:00:00+00:00" }],
        measurements: { spect: { folder: ".", regions: "segments", recovery: { method: "none" }, counts: \(counts),
          outlineImage: { voxel_mm: 4.8, fwhm_mm: 8 } } },
        regions: [{ name: "Sphere", organ: "other", structure: "Sphere" }] }
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/case.json"))
    let kept = """
      { "calibration": { "sensitivity": { "value": 9.5, "unit": "cps/MBq", "standardUncertainty": 0.19 },
        "camera": "Maker", "collimator": "MELP", "windowKeV": [195.52, 220.48],
        "measured": "2026-01-02T10:00:00+00:00", "expires": "2026-12-31T10:00:00+00:00" } }
      """
    try Data(kept.utf8).write(to: URL(fileURLWithPath: folder + "/kept.json"))
  }

  func image(_ number: Int, _ count: UInt16, _ sphere: Mask) throws -> DataSetDraft {
    var draft = DataSetDraft()
    draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.20")
    draft.put(.sopInstanceUID, "1.2.3.1.\(number + 1)")
    draft.put(.studyInstanceUID, "1.2.3.2")
    draft.put(.seriesInstanceUID, "1.2.3.3.\(number + 1)")
    draft.put(.frameOfReferenceUID, "1.2.3.4")
    draft.put(.modality, "NM")
    draft.put(.imageType, "ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION")
    draft.put(.acquisitionDate, date: CalendarDate(year: 2026, month: 3, day: 2))
    draft.put(.acquisitionTime, time: ClockTime(hour: 10 + 10 * number, minute: 0, second: 0))
    draft.put(.manufacturer, "Maker")
    draft.put(.correctedImage, corrections)
    draft.put(.pixelSpacing, decimals: [4.8, 4.8])
    draft.put(.spacingBetweenSlices, decimal: spacing)
    draft.put(.sliceVector, unsigned16s: slices.map { UInt16($0) })
    var range = DataSetDraft()
    range.put(.energyWindowLower, decimal: 195.52)
    range.put(.energyWindowUpper, decimal: 220.48)
    var window = DataSetDraft()
    window.put(.energyWindowRange, items: [range])
    draft.put(.energyWindowInformation, items: [window])
    var detector = DataSetDraft()
    detector.put(.collimatorName, collimator)
    detector.put(.imagePosition, decimals: [-74.4, -74.4, 55.2])
    detector.put(.imageOrientation, decimals: [1, 0, 0, 0, 1, 0])
    draft.put(.detectorInformation, items: [detector])
    var pixels = [UInt16](repeating: 0, count: Self.grid.count)
    for index in sphere.gridIndices() { pixels[index] = count }
    draft.put(pixels: pixels, rows: 32, columns: 32, frames: 24)
    return draft
  }

  func document() throws -> JSONValue {
    var found: JSONValue?
    try withFolder { folder in
      try write(to: folder)
      found = try SpectCaseResult(case: folder).document
    }
    return try #require(found)
  }

  func refusal() -> String? {
    do {
      _ = try document()
      return nil
    } catch { return (error as? any Refusal)?.code }
  }
}

private func codes(_ document: JSONValue) -> [String] {
  document["findings"]?.array?.compactMap { $0["code"]?.string } ?? []
}

@Suite("SPECT in counts")
struct CountSpectTests {
  @Test("A region whose activity has moved by more than a voxel is flagged at that time and for the region")
  func moved() throws {
    let still = try CountCase().document()
    #expect(!codes(still).contains("centroid-shift"))
    let found = try CountCase(isMoved: true).document()
    let region = try #require(found["regions"]?[0])
    #expect(codes(found).contains("centroid-shift") && codes(region).contains("centroid-shift"))
    let points = try #require(region["points"]?.array)
    #expect(points.map(codes) == [[], ["centroid-shift"]])
  }

  @Test("Reconstructed counts become the activity of WE-3.1, in the place that the header tells")
  func activity() throws {
    let found = try CountCase().document()
    let voxels = Double(try CountCase.sphere().count)
    let x = 1280 * log(2) / (159.528 * 3600)
    for (n, count) in [1000.0, 500].enumerated() {
      let activity = try #require(found["regions"]?[0]?["points"]?[n]?["activity"])
      let expected = voxels * count / 1280 / 9.5 * x / (1 - exp(-x))
      #expect(isClose(activity["value"]?.double ?? 0, expected, 1e-4))
      let calibration = found["regions"]?[0]?["points"]?[n]?["budget"]?.array?.first {
        $0["name"]?.string == "calibration"
      }
      #expect(isClose(calibration?["relative"]?.double ?? 0, 0.04, 1e-9))
    }
    #expect(isClose(found["times"]?[1]?["value"]?.double ?? 0, 11, 1e-9))
    // Stacked the other way round the image lies elsewhere, and does not hold the region.
    #expect(CountCase(spacing: 4.8).refusal() != nil)
  }

  @Test("A SEG among the images stands for the structure set that is not there, and gives what its mask as NIfTI gives")
  func segmentation() throws {
    let one = CountCase()
    let expected = try one.document()["regions"]
    try withFolder { folder in
      try one.write(to: folder)
      let file = URL(fileURLWithPath: folder + "/case.json")
      try String(contentsOf: file, encoding: .utf8).replacingOccurrences(of: #"regions: "segments", "#, with: "")
        .write(to: file, atomically: true, encoding: .utf8)
      do {
        _ = try SpectCaseResult(case: folder)
        Issue.record("regions came from nowhere")
      } catch let refusal as CaseError {
        #expect(refusal.code == "structure-sets" && refusal.remedy.contains("measurements.spect.regions"))
      }
      let series = try StudyIndex.scan(folder: folder).series[0]
      let writer = try ResultWriter(source: series, created: Timestamp(secondsSince1970: 1_793_574_000, utcOffset: 0))
      _ = try writer.writeSegmentation(
        [SegmentDraft(name: "Sphere", mask: try CountCase.sphere())], name: "Regions", number: 9,
        to: folder + "/regions.dcm")
      let found = try SpectCaseResult(case: folder).document["regions"]?[0]
      for n in 0...1 {
        let activities = try [found, expected?[0]].map { region in
          try #require(region?["points"]?[n]?["activity"]?["value"]?.double)
        }
        #expect(isClose(activities[0], activities[1], 1e-6))
      }
    }
  }

  @Test("Slices are put in the order of their numbers, and none may be missing")
  func order() throws {
    // Read the other way round the sphere lies 24 mm away: 43 % of two spheres of 30 mm overlap.
    let inOrder = try CountCase().document()["regions"]?[0]?["points"]?[0]?["activity"]?["value"]?.double ?? 0
    let reversed = try CountCase(slices: Array((1...24).reversed())).document()
    let other = reversed["regions"]?[0]?["points"]?[0]?["activity"]?["value"]?.double ?? 0
    #expect(other < 0.55 * inOrder && other > 0.3 * inOrder)
    var missing = CountCase()
    missing.slices[3] = 5
    #expect(missing.refusal() == "frame-vectors")
  }

  @Test("A calibration file is checked against collimator and window, and its uncertainty is used")
  func calibration() throws {
    var with = CountCase()
    with.counts = #"{ duration_s: 1280, calibration: { file: "kept.json" } }"#
    let points = try with.document()["regions"]?[0]?["points"]?[0]
    let calibration = points?["budget"]?.array?.first { $0["name"]?.string == "calibration" }
    #expect(isClose(calibration?["relative"]?.double ?? 0, 0.02, 1e-9))
    with.collimator = "HE"
    #expect(with.refusal() == "calibration-collimator")
  }

  @Test("Counts that the camera corrected for decay are not corrected again, missing corrections are serious")
  func corrections() throws {
    let voxels = Double(try CountCase.sphere().count)
    let found = try CountCase(corrections: ["ATTN", "DECY"]).document()
    #expect(
      isClose(
        found["regions"]?[0]?["points"]?[0]?["activity"]?["value"]?.double ?? 0, voxels * 1000 / 1280 / 9.5, 1e-4))
    #expect(codes(found).contains("decay-corrected-counts") && codes(found).contains("not-corrected"))
    #expect(try !codes(CountCase().document()).contains("not-corrected"))
  }

  @Test("A reconstruction of a cylinder calibrates what measurements.spect.counts reads")
  func cylinder() throws {
    try withFolder { folder in
      try CountCase().write(to: folder)
      let voxels = Double(try CountCase.sphere().count)
      let text = """
        { format: "endora-calibration-1", nuclide: "Lu-177", collimator: "MELP", validDays: 365,
          sources: [{ file: "0.dcm", source: "cylinder", activity_MBq: 120, activityUncertainty: 0.02, duration_s: 1280 }] }
        """
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/calibration.json"))
      let found = try CalibrationDocument(folder: folder)
      let value = found.calibration.sensitivity.value.countsPerSecondPerMegabecquerel
      #expect(isClose(value, voxels * 1000 / 1280 / 120 * 1.000773, 1e-4))
      try Data(text.replacingOccurrences(of: ", duration_s: 1280", with: "").utf8)
        .write(to: URL(fileURLWithPath: folder + "/calibration.json"))
      #expect(
        #expect(throws: JSONError.self) { try CalibrationDocument(folder: folder) }?.code == "calibration-duration")
    }
  }
}
