import DICOM
import Foundation
import JSON
import Provenance
import Quantities
import Radionuclides
import Scintigraphy
import Studies
import SyntheticPatient
import TestFolders
import Testing

@testable import Workbench

@Suite("Counts to activities", .serialized)
struct NuclearMedicineMeasurementTests {
  @Test("Probe readings give the whole body's retention")
  func probe() throws {
    let patient = try SyntheticPatient(seed: 4)
    let zero = patient.administration.start
    let readings = try ProbeReadings(
      patient.probeReadings().map {
        .init(
          time: $0.time - zero, front: .countsPerSecond($0.front), back: .countsPerSecond($0.back),
          background: .countsPerSecond($0.background), duration: SyntheticPatient.probeDuration)
      }, distance: .centimetres(200), firstIsBeforeVoiding: true)
    for (hours, truth) in [(24.0, 0.5 * pow(0.5, 24 / 10.0) + 0.5 * pow(0.5, 24 / 96.0))] {
      let found = try readings.retention(at: .hours(hours)).value
      let expected = truth * pow(0.5, hours / 159.528)
      #expect((found / expected - 1).magnitude < 0.03)
    }
  }

  @Test("A sensitivity comes from both detectors of any camera, less the background of the same detector")
  func calibration() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      func write(_ name: String, _ counts: [UInt16]) throws {
        var draft = DataSetDraft()
        draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.20")
        for (n, tag) in [Tag.sopInstanceUID, .studyInstanceUID, .seriesInstanceUID].enumerated() {
          draft.put(tag, "1.2.3.\(n + 1)")
        }
        draft.put(.modality, "NM")
        draft.put(.imageType, "ORIGINAL", "PRIMARY", "STATIC", "EMISSION")
        draft.put(.acquisitionDate, date: CalendarDate(year: 2026, month: 3, day: 2))
        draft.put(.acquisitionTime, time: ClockTime(hour: 10, minute: 0, second: 0))
        draft.put(.manufacturer, "Maker")
        draft.put(.actualFrameDuration, integer: 100_000)
        draft.put(.energyWindowVector, unsigned16s: [1, 1])
        draft.put(.detectorVector, unsigned16s: [1, 2])
        var range = DataSetDraft()
        range.put(.energyWindowLower, decimal: 195.52)
        range.put(.energyWindowUpper, decimal: 220.48)
        var window = DataSetDraft()
        window.put(.energyWindowRange, items: [range])
        draft.put(.energyWindowInformation, items: [window])
        draft.put(.detectorInformation, items: [DataSetDraft(), DataSetDraft()])
        draft.put(pixels: counts.flatMap { [$0, $0] }, rows: 1, columns: 2, frames: 2)
        try draft.write(to: folder + "/" + name)
      }
      try write("syringe.dcm", [31_000, 30_000])
      try write("room.dcm", [1000, 500])
      let text = """
        { format: "endora-calibration-1", nuclide: "Lu-177", collimator: "MELP", validDays: 365,
          sources: [ { file: "syringe.dcm", source: "syringe", activity_MBq: 100, activityUncertainty: 0.02,
            time: "2026-03-02T10:00:00+00:00", background: "room.dcm" } ] }
        """
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/calibration.json"))
      let found = try CalibrationDocument(folder: folder)
      // (62000 − 2000)/100 s/100 MBq and (60000 − 1000)/100/100.
      for (row, expected) in zip(found.rows, [6.0, 5.9]) {
        let value = row.measurement.sensitivity.value.countsPerSecondPerMegabecquerel
        #expect((value / expected - 1).magnitude < 1e-3)
      }
      #expect(
        (found.calibration.sensitivity.value.countsPerSecondPerMegabecquerel / (6 * 5.9).squareRoot() - 1).magnitude
          < 1e-3)
      #expect(
        found.calibration.camera == "Maker" && (found.calibration.expires - found.calibration.measured) == .days(365))
      let kept = folder + "/kept.json"
      try Data(try found.document.text().utf8).write(to: URL(fileURLWithPath: kept))
      let nuclides = try NuclideTable.icrp107()
      #expect(throws: (any Error).self) { try CalibrationFile(path: kept, nuclide: nuclides.nuclide("Tb-161")) }
      let read = try CalibrationFile(path: kept, nuclide: nuclides.nuclide("Lu-177")).calibration
      #expect((read.sensitivity.value / found.calibration.sensitivity.value - 1).magnitude < 1e-9)
      #expect(read.expires == found.calibration.expires)
    }
  }

  @Test(
    "Dish, syringe and background of a real camera give the published sensitivities",
    .enabled(if: sensitivityFolder != nil, "the test data are not on this machine"))
  func realSensitivity() throws {
    try withFolder { folder in
      try FileManager.default.copyItem(atPath: try #require(sensitivityFolder), toPath: folder)
      for (background, expected) in [("", 245.83), (", background: \"Background\"", 243.91)] {
        let text = """
          { format: "endora-calibration-1", nuclide: "Tc-99m", collimator: "HE", validDays: 365, sources: [
            { file: "PetriDish", source: "dish", activity_MBq: 10, activityUncertainty: 0.02\(background) },
            { file: "Syringe 1cc", source: "syringe", activity_MBq: 10, activityUncertainty: 0.02\(background) } ] }
          """
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/calibration.json"))
        let found = try CalibrationDocument(folder: folder)
        let dish = found.rows[0].measurement.sensitivity.value.countsPerSecondPerMegabecquerel
        #expect((dish - expected).magnitude < 0.05)
        #expect(found.rows.count == 2)
        // The window is that of I-131; the files do not name their nuclide.
        #expect(
          found.findings.map(\.code)
            == ["window-without-line"]
            + (background == "" ? ["background-not-subtracted", "background-not-subtracted"] : []))
      }
    }
  }

  @Test("A file of spheres gives its curve back, and what the curve makes of objects")
  func recovery() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let spheres = [0.52, 1.15, 2.57, 5.57, 11.49, 26.52].map { volume in
        "{ volume_mL: \(volume), measured_Bq_per_mL: \(100 + 900 / (1 + pow(2.5 / volume, 0.9))) }"
      }
      let text = """
        { format: "endora-recovery-1", truth_Bq_per_mL: 1000, background_Bq_per_mL: 100,
          spheres: [\(spheres.joined(separator: ", "))],
          apply: [{ name: "node", volume_mL: 8, volumeUncertainty_mL: 1, measured_Bq_per_mL: 500, background_Bq_per_mL: 0 },
            { name: "large", volume_mL: 200, measured_Bq_per_mL: 500, background_Bq_per_mL: 50 }] }
        """
      let path = folder + "/nema.json"
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      let found = try RecoveryDocument(path: path).document
      #expect(((found["b"]?["value"]?.double ?? 0) / 2.5 - 1).magnitude < 1e-3)
      #expect(((found["g"]?["value"]?.double ?? 0) / 0.9 - 1).magnitude < 1e-3)
      let rc = 1 / (1 + pow(2.5 / 8, 0.9))
      #expect(((found["applied"]?[0]?["concentration"]?["value"]?.double ?? 0) / (500 / rc) - 1).magnitude < 1e-3)
      #expect(found["applied"]?[0]?["isInRange"]?.bool == true && found["applied"]?[1]?["isInRange"]?.bool == false)
      for (old, new) in [
        ("truth_Bq_per_mL: 1000,", ""), (", background_Bq_per_mL: 0 }", "}"),
        ("background_Bq_per_mL: 50", "background_Bq_per_mL: 500"),
      ] {
        try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: JSONError.self, "\(new)") { try RecoveryDocument(path: path) }
      }
    }
  }

  @Test("The six spheres of a NEMA phantom foretell within 5 % what a camera of 12 mm resolution recovers of others")
  func phantom() throws {
    // The mean over a sphere of its own Gaussian blur: its autocorrelation 1 − 3r/4R + r³/16R³ averaged over the blur.
    func recovery(_ diameter: Double) -> Double {
      let (radius, sigma) = (diameter / 2, 12 / (8 * log(2.0)).squareRoot())
      let step = diameter / 4000
      let sum = (0..<4000).reduce(0.0) { sum, n in
        let r = (Double(n) + 0.5) * step
        let overlap = 1 - 0.75 * r / radius + r * r * r / (16 * radius * radius * radius)
        return sum + overlap * 4 * .pi * r * r * exp(-r * r / (2 * sigma * sigma)) * step
      }
      return sum / pow(2 * .pi * sigma * sigma, 1.5)
    }
    func volume(_ diameter: Double) -> Double { .pi * pow(diameter, 3) / 6000 }
    try withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let spheres = [10.0, 13, 17, 22, 28, 37].map {
        "{ volume_mL: \(volume($0)), measured_Bq_per_mL: \(100 + 900 * recovery($0)) }"
      }
      let others = [15.0, 20, 25, 32]
      let apply = others.map {
        "{ name: \"\($0) mm\", volume_mL: \(volume($0)), measured_Bq_per_mL: \(50 + 350 * recovery($0)), background_Bq_per_mL: 50 }"
      }
      let text = """
        { format: "endora-recovery-1", truth_Bq_per_mL: 1000, background_Bq_per_mL: 100,
          spheres: [\(spheres.joined(separator: ", "))], apply: [\(apply.joined(separator: ", "))] }
        """
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/nema.json"))
      let found = try RecoveryDocument(path: folder + "/nema.json").document
      for n in others.indices {
        let object = found["applied"]?[n]
        #expect(object?["isInRange"]?.bool == true)
        // In warm surroundings of 50 each holds 400 Bq/mL; two parameters describe a Gaussian blur to 4.4 %.
        #expect(isClose(object?["concentration"]?["value"]?.double ?? 0, 400, 0.05), "\(others[n]) mm")
      }
    }
  }

  @Test("A case that grows a region and samples it in parts at once is refused")
  func samplingMixed() throws {
    let text = """
      { format: "endora-case-1", name: "Test", nuclide: "Lu-177", agent: "a",
        administrations: [{ activity_MBq: 200, start: "2026-11-02T09:03:00+01:00" }],
        measurements: { curves: { file: "tac.csv" } },
        regions: [{ name: "Liver", organ: "liver", structure: "Liver", dilatedBy_mm: 8, sampledBy: ["a"] }] }
      """
    #expect(#expect(throws: JSONError.self) { try CaseFile(Array(text.utf8)) }?.code == "sampling-mixed")
  }
}

/// The folder with dish, syringe and background of the NMQC set.
private let sensitivityFolder = TestData.path("nm-planar/nmqc/sensitivity")
