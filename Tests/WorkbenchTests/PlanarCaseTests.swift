import DICOM
import Foundation
import JSON
import Provenance
import Quantities
import Scintigraphy
import SyntheticPatient
import Testing

@testable import Workbench

/// A case with planar statics of two detectors: a square of 8 × 8 pixels with counts, nothing around it.
struct StaticCase {
  /// Hours after the administration and the counts of every pixel in main, lower and upper window.
  var scans: [(hours: Int, counts: [UInt16])] = [(1, [400, 100, 50])]
  var collimator: String?
  /// The lower and the upper limit of main, lower and upper window; `nil` for a window that does not state them.
  var windows: [(Double, Double)?] = [(195.52, 220.48), (174.72, 195.52), (220.48, 251.68)]
  var scatter = #"{ method: "none" }"#
  var calibration = "{ sensitivity_cps_per_MBq: 6, relativeUncertainty: 0.03 }"
  var others = ""
  var settings = "{}"
  var patients: [String] = []
  /// The limits of all windows in the last scan, where they are others.
  var lastWindows: [(Double, Double)?]?

  func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder + "/planar", withIntermediateDirectories: true)
    for (n, scan) in scans.enumerated() { try image(n, scan.hours, scan.counts).write(to: folder + "/planar/\(n).dcm") }
    let text = """
      { format: "endora-case-1", name: "Static", nuclide: "Lu-177", agent: "a",
        administrations: [{ activity_MBq: 200, start: "2026-03-02T09:00:00+00:00" }],
        measurements: { planar: { folder: "planar", regions: "regions.json", register: false, scatter: \(scatter),
          windows: { main: 1, lower: 2, upper: 3 }, calibration: \(calibration), \(others) } },
        regions: [{ name: "Square", organ: "other" }], settings: \(settings) }
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/case.json"))
    let regions = """
      { format: "endora-planar-regions-1", regions: [
        { name: "Square", box: { columns: [12, 19], rows: [12, 19] }, attenuation: "none" },
        { name: "Body", box: { columns: [2, 29], rows: [2, 29] }, attenuation: "none" } ] }
      """
    try Data(regions.utf8).write(to: URL(fileURLWithPath: folder + "/regions.json"))
    let kept = """
      { "calibration": { "sensitivity": { "value": 6, "unit": "cps/MBq", "standardUncertainty": 0.1 }, "camera": "Maker",
        "collimator": "MELP", "windowKeV": [195.52, 220.48], "measured": "2026-01-02T10:00:00+00:00",
        "expires": "2026-12-31T10:00:00+00:00" } }
      """
    try Data(kept.utf8).write(to: URL(fileURLWithPath: folder + "/kept.json"))
  }

  private func image(_ number: Int, _ hours: Int, _ counts: [UInt16]) throws -> DataSetDraft {
    var draft = DataSetDraft()
    draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.20")
    draft.put(.sopInstanceUID, "1.2.3.1.\(number + 1)")
    draft.put(.studyInstanceUID, "1.2.3.2")
    draft.put(.seriesInstanceUID, "1.2.3.3.\(number + 1)")
    draft.put(.modality, "NM")
    draft.put(.imageType, "ORIGINAL", "PRIMARY", "STATIC", "EMISSION")
    draft.put(.acquisitionDate, date: CalendarDate(year: 2026, month: 3, day: 2))
    draft.put(.acquisitionTime, time: ClockTime(hour: 9 + hours, minute: 0, second: 0))
    draft.put(.manufacturer, "Maker")
    if patients.indices.contains(number) { draft.put(.patientID, patients[number]) }
    draft.put(.actualFrameDuration, integer: 100_000)
    draft.put(.pixelSpacing, decimals: [4.8, 4.8])
    draft.put(.energyWindowVector, unsigned16s: [1, 1, 2, 2, 3, 3])
    draft.put(.detectorVector, unsigned16s: [1, 2, 1, 2, 1, 2])
    draft.put(
      .energyWindowInformation,
      items: (number == scans.count - 1 ? lastWindows ?? windows : windows).map { limits in
        var window = DataSetDraft()
        guard let limits else { return window }
        var range = DataSetDraft()
        range.put(.energyWindowLower, decimal: limits.0)
        range.put(.energyWindowUpper, decimal: limits.1)
        window.put(.energyWindowRange, items: [range])
        return window
      })
    var detector = DataSetDraft()
    if let collimator { detector.put(.collimatorName, collimator) }
    draft.put(.detectorInformation, items: [detector, detector])
    let pixels = counts.flatMap { count in
      let frame = (0..<1024).map { n in
        (12..<20).contains(n % 32) && (12..<20).contains(n / 32) ? count : UInt16(0)
      }
      return frame + frame
    }
    draft.put(pixels: pixels, rows: 32, columns: 32, frames: 6)
    return draft
  }

  func result() throws -> PlanarCaseResult {
    var found: PlanarCaseResult?
    try withFolder { folder in
      try write(to: folder)
      found = try PlanarCaseResult(case: folder)
    }
    return try #require(found)
  }

  func refusal() -> String? {
    do {
      _ = try result()
      return nil
    } catch { return (error as? any Refusal)?.code }
  }
}

extension PlanarCaseResult {
  fileprivate func activity(_ region: Int = 0, _ time: Int = 0) throws -> Double {
    try #require(activities.regions[region].measurements[time].activity).value.megabecquerels
  }

  fileprivate var codes: [String] { findings.map(\.code) }
}

@Suite("Planar cases")
struct PlanarCaseTests {
  @Test("A sensitivity turns the counts of two statics into an activity")
  func sensitivity() throws {
    // 64 pixels with 400 counts in 100 s on both sides.
    let found = try StaticCase().result()
    #expect(isClose(try found.activity(), 64 * 400.0 / 100 / 6, 1e-6))
  }

  @Test("A calibration with another collimator than the scans have is refused")
  func collimator() throws {
    var with = StaticCase(calibration: #"{ file: "kept.json" }"#)
    #expect(try with.result().codes.contains("collimator-unknown"))
    with.others = #"collimator: "MELP""#
    #expect(try !with.result().codes.contains("collimator-unknown"))
    with.others = #"collimator: "HE""#
    #expect(with.refusal() == "calibration-collimator")
    // What the file says counts, not what the case says.
    with.collimator = "HE"
    with.others = #"collimator: "MELP""#
    #expect(with.refusal() == "calibration-collimator")
    with.collimator = "MELP"
    with.others = ""
    #expect(try !with.result().codes.contains("collimator-unknown"))
  }

  @Test("A drawing that names a file which is there twice is refused")
  func ambiguous() throws {
    try withFolder { folder in
      try StaticCase(scans: [(1, [400, 100, 50]), (5, [300, 100, 50])]).write(to: folder)
      let path = folder + "/regions.json"
      let text = String(decoding: try bytes(path), as: UTF8.self)
      try Data(text.replacingOccurrences(of: "regions: [", with: "drawnOn: \"0.dcm\", regions: [").utf8)
        .write(to: URL(fileURLWithPath: path))
      _ = try PlanarCaseResult(case: folder)
      try FileManager.default.createDirectory(atPath: folder + "/planar/later", withIntermediateDirectories: true)
      try FileManager.default.moveItem(atPath: folder + "/planar/1.dcm", toPath: folder + "/planar/later/0.dcm")
      #expect(#expect(throws: CaseError.self) { try PlanarCaseResult(case: folder) }?.code == "drawn-on-twice")
    }
  }

  @Test(
    "Scatter windows without limits are as wide as setting A2-1 says",
    arguments: [
      ("15-upper-10-lower", 20.8, 31.2), ("10-upper-15-lower", 31.2, 20.8), ("percent-of-window", 2.496, 3.744),
    ])
  func windows(reading: String, lower: Double, upper: Double) throws {
    var unstated = StaticCase(scatter: #"{ method: "triple-window" }"#, settings: "{ \"A2-1\": \"\(reading)\" }")
    unstated.scans = [(1, [400, 10, 5])]
    unstated.windows = [(195.52, 220.48), nil, nil]
    let found = try unstated.result()
    let scatter = (10 / lower + 5 / upper) * 24.96 / 2
    #expect(isClose(try found.activity(), 64 * (400 - scatter) / 100 / 6, 1e-6))
    #expect(found.codes.contains("scatter-windows-assumed"))
    unstated.windows = [nil, nil, nil]
    #expect(unstated.refusal() == "scatter-window-missing")
  }

  @Test("Scatter windows with limits are taken as they are, and told where A2-1 says otherwise")
  func statedWindows() throws {
    var stated = StaticCase(scatter: #"{ method: "triple-window" }"#)
    let scatter = (100 / 20.8 + 50 / 31.2) * 24.96 / 2
    var found = try stated.result()
    #expect(isClose(try found.activity(), 64 * (400 - scatter) / 100 / 6, 1e-6))
    #expect(!found.codes.contains { $0.hasPrefix("scatter-windows") })
    stated.settings = #"{ "A2-1": "10-upper-15-lower" }"#
    found = try stated.result()
    #expect(isClose(try found.activity(), 64 * (400 - scatter) / 100 / 6, 1e-6))
    #expect(found.codes.contains("scatter-windows-differ"))
  }

  @Test("Scans in other windows, of other patients, or with their windows confused are refused")
  func confused() throws {
    var two = StaticCase(scans: [(1, [400, 100, 50]), (5, [200, 50, 25])])
    two.patients = ["A", "A"]
    two.lastWindows = [(195.5, 220.5), (174.7, 195.5), (220.5, 251.7)]
    #expect(two.refusal() == nil)
    two.lastWindows = [(101.7, 124.3), (174.72, 195.52), (220.48, 251.68)]
    #expect(two.refusal() == "windows-differ")
    two.lastWindows = [nil, (174.72, 195.52), (220.48, 251.68)]
    #expect(two.refusal() == "windows-differ")
    two.lastWindows = nil
    two.patients = ["A", "B"]
    #expect(two.refusal() == "several-patients")
    var swapped = StaticCase(scatter: #"{ method: "triple-window" }"#)
    swapped.windows = [(195.52, 220.48), (220.48, 251.68), (174.72, 195.52)]
    #expect(swapped.refusal() == "scatter-window-place")
    var foreign = StaticCase()
    foreign.windows = [(128, 152), (174.72, 195.52), (220.48, 251.68)]
    #expect(try foreign.result().codes.contains("window-without-line"))
  }

  @Test("A patient who has not voided is the source that calibrates the camera")
  func patient() throws {
    var own = StaticCase(scans: [(1, [400, 0, 0]), (5, [200, 0, 0])])
    own.calibration = #"{ patient: { scan: 1, wholeBody: "Body", relativeUncertainty: 0.02 } }"#
    let found = try own.result()
    // The middle of a scan of 100 s that began an hour after the administration.
    let present = 200 * pow(0.5, (1 + 50 / 3600.0) / 159.528)
    #expect(isClose(try found.activity(0, 0), present, 1e-4))
    #expect(isClose(try found.activity(0, 1), present / 2, 1e-4))
    own.calibration = own.calibration.replacingOccurrences(of: "scan: 1", with: "scan: 3")
    #expect(own.refusal() == "no-reference-scan")
    own.calibration = own.calibration.replacingOccurrences(of: "\"Body\"", with: "\"Leg\"")
    #expect(own.refusal() == "whole-body-missing")
  }

  @Test("A probe gives the whole body's activity, and the drawing the share of the region")
  func probe() throws {
    // All counts of the body lie in the square: A = A0·R.
    func reading(_ hour: Int, _ rate: Double) -> String {
      "{ time: \"2026-03-02T\(String(format: "%02d", 9 + hour)):00:00+00:00\", front_cps: \(rate * 1.1 + 20), "
        + "back_cps: \(rate / 1.1 + 20), background_cps: 20, duration_s: 60 },"
    }
    var probed = StaticCase(scans: [(1, [400, 0, 0]), (5, [200, 0, 0])])
    probed.calibration = """
      { probe: { distance_cm: 200, firstIsBeforeVoiding: true, wholeBody: "Body", relativeUncertainty: 0.02,
        readings: [\(reading(0, 5000))\(reading(1, 4000))\(reading(5, 1900))] } }
      """
    let found = try probed.result()
    #expect(found.activities.regions.map(\.name) == ["Square"])
    // The middle of a scan of 100 s, between two readings or just after the last.
    let early = 0.8 * pow(1900 / 4000, 50 / (4 * 3600.0))
    #expect(isClose(try found.activity(0, 0), 200 * early, 1e-6))
    #expect(isClose(try found.activity(0, 1), 200 * 0.38, 1e-6))
    #expect(found.activities.regions[0].measurements[1].budget.map(\.name).contains("probe"))
    probed.calibration = probed.calibration.replacingOccurrences(of: "distance_cm: 200", with: "distance_cm: 100")
    #expect(probed.refusal() == "probe-distance")
  }
}
