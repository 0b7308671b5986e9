import Foundation
import Provenance
import Quantities
import Radionuclides
import Scintigraphy
import Studies

/// Turns reconstructions in counts into activity concentrations with the calibration of a case.
struct CountReading: Sendable {
  private let counts: CaseFile.Spect.Counts
  private let nuclide: Nuclide
  private let kept: CameraCalibration?
  private let sensitivity: Sensitivity
  /// Of the calibration.
  let relativeUncertainty: Double

  init(_ counts: CaseFile.Spect.Counts, folder: String, nuclide: Nuclide) throws {
    self.counts = counts
    self.nuclide = nuclide
    let value: Uncertain<Sensitivity>
    switch counts.sensitivity {
    case .stated(let stated): (kept, value) = (nil, stated)
    case .file(let name):
      let read = try CalibrationFile(path: name.hasPrefix("/") ? name : folder + "/" + name, nuclide: nuclide)
        .calibration
      (kept, value) = (read, read.sensitivity)
    }
    sensitivity = value.value
    relativeUncertainty = value.relativeUncertainty ?? 0
  }

  /// Reads one reconstruction; its concentration holds for the start of the acquisition.
  func read(_ series: IndexedSeries, zero: Timestamp, _ findings: inout [Finding]) throws -> Emission {
    let read = try CountSeries(series)
    findings += read.file.findings
    if let other = read.file.nuclide, other != nuclide.name {
      throw CaseError(
        "other-nuclide", "The images are of \(other), the case is of \(nuclide.name).",
        remedy: "Correct nuclide in the case, or the folder of the images.")
    }
    guard let local = read.file.acquisition else {
      throw CaseError(
        "spect-time", "A reconstruction does not tell when it was acquired.", remedy: "Export it again.")
    }
    if read.file.utcOffset == nil { findings.append(Emission.zoneAssumed) }
    let start = local.at(utcOffset: read.file.utcOffset ?? zero.utcOffset)
    if let kept {
      findings += try kept.check(
        at: start, of: read.file, stated: counts.collimator, window: read.window)
    }
    let missing = ["ATTN", "SCAT"].filter { !read.corrections.contains($0) }
    if !missing.isEmpty {
      findings.append(
        Finding(
          .serious, code: "not-corrected", title: "Not corrected.",
          "A reconstruction in counts does not state the correction \(missing.joined(separator: " and ")); its activities are "
            + "not quantitative unless it was made.", origin: "Studies · Corrected Image"))
    }
    let isCorrected = read.corrections.contains("DECY")
    if isCorrected {
      findings.append(
        Finding(
          .caution, code: "decay-corrected-counts", title: "Counts corrected for decay.",
          "The reconstruction says that decay was corrected; its counts are taken as those at the start of the acquisition.",
          origin: "Studies · Corrected Image"))
    }
    let image = try SensitivityMeasurement.concentration(
      counts: read.counts, on: read.grid, duration: counts.duration, sensitivity: sensitivity,
      decay: isCorrected ? nil : nuclide.decayConstant)
    return Emission(
      image: TimedImage(time: start - zero, image: image), frameOfReferenceUID: read.frameOfReferenceUID,
      date: local.date, digest: read.file.digest)
  }
}

extension CameraCalibration {
  /// Refuses its use for a scan of another collimator, window or time; the header's collimator counts before the stated
  /// one.
  func check(
    at start: Timestamp, of file: NuclearMedicineFile, stated: String?, window: ClosedRange<Energy>?
  ) throws -> [Finding] {
    let named = Set(file.detectors.compactMap(\.collimator))
    for one in named.isEmpty ? [stated] : named.map({ $0 }) { try check(at: start, collimator: one, window: window) }
    var findings: [Finding] = []
    func caution(_ code: String, _ title: String, _ text: String) {
      findings.append(Finding(.caution, code: code, title: title, text, origin: "Scintigraphy · calibration"))
    }
    if let camera = file.camera, camera != self.camera {
      caution(
        "calibration-camera", "Another camera.",
        "The scans are of “\(printable(camera))”, the calibration is for “\(printable(self.camera))”.")
    }
    if named.isEmpty, stated == nil {
      caution(
        "collimator-unknown", "Collimator not known.",
        "The scans do not name their collimator, so that it could not be compared with that of the calibration; state it "
          + "in the case.")
    }
    return findings
  }
}
