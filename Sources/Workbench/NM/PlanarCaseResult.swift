import Foundation
import JSON
import Provenance
import Quantities
import Radionuclides
import Scintigraphy

/// What `endora nm planar` finds: the activities of a case's regions in its planar scans.
public struct PlanarCaseResult: Sendable {
  let file: CaseFile
  let reading: PlanarReading
  let activities: PlanarActivities
  /// By region, where the case asks for it.
  let hybrids: [(region: String, scaling: HybridScaling)]
  let findings: [Finding]

  /// Reads a case and measures it.
  public init(case path: String) throws {
    let (file, folder) = try CaseFile.read(path)
    let nuclide = try NuclideTable.icrp107().nuclide(file.nuclide)
    try self.init(file, folder: folder, nuclide: nuclide)
  }

  /// - Parameters:
  ///   - reading: the scans, where they were read before.
  ///   - drawing: regions in place of the case's file; they have no hybrid.
  init(
    _ file: CaseFile, folder: String, nuclide: Nuclide, reading known: PlanarReading? = nil, drawing: JSONNode? = nil
  ) throws {
    guard let planar = file.planar else {
      throw CaseError(
        "no-planar", "The case has no measurements.planar.", remedy: "Describe the planar scans there.")
    }
    self.file = file
    let reading = try known ?? PlanarReading(planar, folder: folder, case: file, nuclide: nuclide)
    func tomography() throws -> PlanarTomography {
      guard let tomography = planar.tomography else {
        throw CaseError(
          "no-ct", "The drawing takes the attenuation from a CT, and the case names none.",
          remedy: "Give measurements.planar.ct, or state the transmissions.")
      }
      return try PlanarTomography(
        tomography, folder: folder, window: reading.window, pixel: reading.scans[0].pixel)
    }
    let drawn =
      try drawing.map { try PlanarRegionFile($0, coefficient: planar.coefficient, tomography: tomography) }
      ?? PlanarRegionFile(
        path: planar.regionFile.hasPrefix("/") ? planar.regionFile : folder + "/" + planar.regionFile,
        coefficient: planar.coefficient, tomography: tomography)
    let scan = try drawn.drawnOn.map { try reading.scan(named: $0) } ?? 0
    var regions = drawn.regions
    var calibrationFindings: [Finding] = []
    let calibration: PlanarQuantification.Calibration
    switch planar.calibration {
    case .sensitivity(let value):
      try Self.requireExposure(planar, reading)
      calibration = .sensitivity(value.value, relativeUncertainty: value.relativeUncertainty ?? 0)
    case .file(let name):
      try Self.requireExposure(planar, reading)
      let kept = try CalibrationFile(path: name.hasPrefix("/") ? name : folder + "/" + name, nuclide: nuclide)
        .calibration
      for (start, nm) in zip(reading.starts, reading.files) {
        let found = try kept.check(at: start, of: nm, stated: planar.collimator, window: reading.window)
        calibrationFindings += found.filter { !calibrationFindings.contains($0) }
      }
      calibration = .sensitivity(
        kept.sensitivity.value, relativeUncertainty: kept.sensitivity.relativeUncertainty ?? 0)
    case .probe(let probe):
      calibration = .probe(
        try probe.readings(zero: file.administration.timeZero(file.settings.timeBase)),
        administered: file.administration.administered(decay: nuclide.decayConstant),
        relativeUncertainty: probe.relativeUncertainty,
        wholeBody: try Self.takeWholeBody(probe.wholeBody, from: &regions))
    case .patient(let scan, let name, let relative):
      try Self.requireExposure(planar, reading)
      calibration = .patient(
        scan: scan - 1, administered: file.administration.administered(decay: nuclide.decayConstant),
        decay: nuclide.decayConstant, relativeUncertainty: relative,
        wholeBody: try Self.takeWholeBody(name, from: &regions))
    }
    let quantification = try PlanarQuantification(
      regions: regions, calibration: calibration, deadTime: planar.deadTime, scatter: reading.scatter,
      pointUncertainty: planar.pointUncertainty)
    self.reading = reading
    let found = try quantification.activities(in: reading.scans, drawnOn: scan, registers: planar.registers)
    activities = found
    var findings =
      reading.findings + calibrationFindings + found.findings
      + found.regions.flatMap { $0.measurements.flatMap(\.findings) }
    hybrids =
      try planar.hybrid.isEmpty || drawing != nil
      ? [] : Self.hybrids(found, of: reading.patient, planar.hybrid, file, folder, nuclide, &findings)
    findings += hybrids.flatMap(\.scaling.findings)
    self.findings = findings.worstFirst()
  }

  private static func takeWholeBody(
    _ name: String, from regions: inout [PlanarRegionOfInterest]
  ) throws -> PlanarRegionOfInterest {
    guard let whole = regions.firstIndex(where: { $0.name == name }) else {
      throw CaseError(
        "whole-body-missing", "The drawing has no region “\(name)”, on which the calibration rests.",
        remedy: "Draw it around the whole patient.")
    }
    return regions.remove(at: whole)
  }

  private static func requireExposure(_ planar: CaseFile.Planar, _ reading: PlanarReading) throws {
    guard planar.fieldOfView != nil || reading.scans.allSatisfy({ $0.bed == nil }) else {
      throw CaseError(
        "field-of-view-missing", "How long a moving bed shows each pixel depends on the length of the detectors.",
        remedy: "Give measurements.planar.bed.fieldOfView_cm, or normalise by a probe.")
    }
  }

  /// The regions that are measured in SPECT as well, scaled by it.
  private static func hybrids(
    _ found: PlanarActivities, of patient: String?, _ numbers: [Int], _ file: CaseFile, _ folder: String,
    _ nuclide: Nuclide, _ findings: inout [Finding]
  ) throws -> [(region: String, scaling: HybridScaling)] {
    guard let spect = file.spect else {
      throw CaseError(
        "no-spect", "The hybrid needs measurements.spect.", remedy: "Add it, or leave hybridSpect out.")
    }
    let study = try ReadStudy(spect, folder: folder, case: file, nuclide: nuclide)
    if let patient, let other = study.patient, other != patient {
      throw CaseError(
        "several-patients", "The planar scans and the SPECT are of different patients by their Patient ID.",
        remedy: "Correct the folders of the case.")
    }
    guard numbers.allSatisfy({ study.images.indices.contains($0 - 1) }) else {
      throw CaseError(
        "hybrid-spect", "The case has \(study.images.count) SPECT, hybridSpect names others.",
        remedy: "Number them from 1 in the order of their times.")
    }
    let wanted = file.regions.filter { $0.structure != nil || !$0.sampledBy.isEmpty }
    let measured = try file.measure(wanted, in: study.images, study.structures, study.spect, nuclide)
    var hybrids: [(region: String, scaling: HybridScaling)] = []
    for region in measured {
      guard let planar = found.regions.first(where: { $0.name == region.region.name }) else { continue }
      let points = numbers.map { number in
        let point = region.curve.points[number - 1]
        return HybridScaling.Point(
          time: point.time, activity: Uncertain(point.activity, standardUncertainty: point.standardUncertainty))
      }
      let common = numbers.map { region.commonUncertainty(at: $0 - 1) ?? 0 }
      do {
        hybrids.append(
          (
            planar.name,
            try HybridScaling(
              planar: planar.measurements.compactMap(\.hybridPoint), spect: points, region: planar.name,
              common: common.reduce(0, +) / Double(common.count), removesNoise: true)
          ))
      } catch {
        findings.append(
          Finding(
            .caution, code: error.code, title: "No hybrid.", "\(error.reason) \(error.remedy)", subject: planar.name,
            origin: "Scintigraphy · hybrid"))
      }
    }
    return hybrids
  }
}

extension CaseFile.Planar.Probe {
  func readings(zero: Timestamp) throws -> ProbeReadings {
    try ProbeReadings(
      readings.map {
        .init(
          time: $0.time - zero, front: $0.front, back: $0.back, background: $0.background, duration: $0.duration)
      }, distance: distance, firstIsBeforeVoiding: firstIsBeforeVoiding)
  }
}
