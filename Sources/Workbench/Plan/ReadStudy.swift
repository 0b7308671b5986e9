import Foundation
import Kinetics
import Numerics
import Provenance
import Quantities
import Radionuclides
import Studies
import Volumes

/// The quantitative images and outlines of a case's DICOM folder, with their times after administration.
struct ReadStudy: Sendable {
  /// The case's description, with the uncertainty of the calibration that was read.
  let spect: CaseFile.Spect
  let images: [TimedImage]
  let structures: [Structure]
  let inputs: [InputRecord]
  let findings: [Finding]
  /// The Patient ID of the SPECT.
  let patient: String?

  init(_ spect: CaseFile.Spect, folder: String, case file: CaseFile, nuclide: Nuclide) throws {
    let path = spect.folder.hasPrefix("/") ? spect.folder : folder + "/" + spect.folder
    guard FileManager.default.fileExists(atPath: path) else {
      throw CaseError(
        "imaging-missing", "There is no folder \(spect.folder).",
        remedy: "Put the DICOM files there, or correct measurements.spect.folder.", category: .missing)
    }
    let index = try StudyIndex.scan(folder: path)
    if let refused = index.refused.first {
      throw CaseError(
        refused.code, "\(fileName(refused.path)): \(refused.reason)",
        remedy: "Export the file again, or remove it from the folder.")
    }
    patient = try index.onePatient()
    let drawn = index.series.filter { $0.modality == "RTSTRUCT" }
    // A SEG in the folder stands for the structure set that is not there.
    let segments = index.series.filter { $0.modality == "SEG" }.flatMap(\.files)
    let regions =
      spect.regions.map { $0.hasPrefix("/") ? $0 : folder + "/" + $0 }
      ?? (drawn.isEmpty && segments.count == 1 ? segments[0].path : nil)
    guard drawn.count == 1 || regions != nil else {
      throw CaseError(
        "structure-sets",
        "The folder \(spect.folder) holds \(drawn.count) structure sets"
          + (drawn.isEmpty ? " and \(segments.count) SEG." : "."),
        remedy: "Keep the one RTSTRUCT or SEG in which the regions are drawn, or name a SEG or NIfTI masks in "
          + "measurements.spect.regions.")
    }
    var findings: [Finding] = []
    let zero = file.administration.timeZero(file.settings.timeBase)
    var timed: [Emission] = []
    if let counts = spect.counts {
      let reader = try CountReading(counts, folder: folder, nuclide: nuclide)
      var read = spect
      read.calibrationUncertainty = reader.relativeUncertainty
      self.spect = read
      for one in index.series where one.kind == .reconstruction {
        timed.append(try reader.read(one, zero: zero, &findings))
      }
    } else {
      self.spect = spect
      // Planar scans of the same folder are those of measurements.planar.
      for series in index.series where series.modality == "PT" || series.modality == "NM" {
        guard series.kind != .planar, series.kind != .wholeBody else { continue }
        timed.append(try Self.read(try QuantitativeSeries(series), file, nuclide, zero, &findings))
      }
    }
    guard !timed.isEmpty else {
      throw CaseError(
        "no-spect",
        "The folder \(spect.folder) holds no "
          + (spect.counts == nil
            ? "quantitative SPECT (modality NM or PT)." : "reconstruction in counts (NM, RECON TOMO)."),
        remedy: spect.counts == nil
          ? "Add the series in Bq/mL, or describe counts in measurements.spect.counts."
          : "Add the reconstructions, or leave measurements.spect.counts out for images in Bq/mL.", category: .missing)
    }
    for one in timed {
      guard one.image.time.base > 0 else {
        throw CaseError(
          "times-out-of-order", "A SPECT began \(shortNumber(-one.image.time.hours)) h before the administration.",
          remedy: "Check administrations[0].start and its time zone against the clock of the camera.")
      }
    }
    timed.sort { $0.image.time < $1.image.time }
    for (a, b) in zip(timed, timed.dropFirst()) where a.image.time == b.image.time {
      throw CaseError(
        "duplicate-scan", "Two SPECT series began at \(shortNumber(a.image.time.hours)) h.",
        remedy: "Keep one of them in the folder.")
    }
    var inputs = [
      InputRecord(
        input: timed.count == 1 ? "SPECT" : "SPECT, \(timed.count) time points",
        when: Self.dates(timed.map(\.date)),
        what: timed.map { String(format: "%.1f", $0.image.time.hours) }.joined(separator: ", ") + " h",
        digest: .combining(timed.map(\.digest)))
    ]
    let outlines =
      try regions.map { try Outlines(regions: $0, on: timed[0].image.image.grid) }
      ?? Outlines(try StructureSet(drawn[0]))
    for one in spect.registers ? timed.prefix(1) : timed[...] {
      guard let frame = outlines.frameOfReferenceUID, frame != one.frameOfReferenceUID else { continue }
      throw StudyError(
        "other-frame-of-reference", "The structures were drawn in another frame of reference than the series has.",
        remedy: "Name the structures that were drawn on this series or on its CT, or register them first.")
    }
    findings += outlines.findings
    structures = outlines.structures
    inputs.append(outlines.input)
    for other in index.series where other.modality == "CT" {
      inputs.append(
        InputRecord(input: "CT", when: "", what: "\(other.files.count) images, not used", digest: try other.digest()))
    }
    images = spect.registers ? try Self.registered(timed.map(\.image), &findings) : timed.map(\.image)
    self.inputs = inputs
    self.findings = findings
  }

  private static func read(
    _ one: QuantitativeSeries, _ file: CaseFile, _ nuclide: Nuclide, _ zero: Timestamp, _ findings: inout [Finding]
  ) throws -> Emission {
    findings += one.findings
    findings += try file.compare(with: one, nuclide)
    let start = one.acquisitionStart.at(utcOffset: one.utcOffset ?? zero.utcOffset)
    if one.utcOffset == nil { findings.append(Emission.zoneAssumed) }
    // The camera corrected to the administration it knew of, which its header states.
    let corrected = one.injection?.at(utcOffset: start.utcOffset) ?? file.administration.start
    let factor = try one.factorToAcquisitionStart(
      decayConstant: nuclide.decayConstant, administrationToStart: start - corrected)
    var image = one.image
    if factor != 1 { for index in image.values.indices { image.values[index] *= Float(factor) } }
    return Emission(
      image: TimedImage(time: start - zero, image: image), frameOfReferenceUID: one.frameOfReferenceUID,
      date: one.acquisitionStart.date, digest: one.digest)
  }

  /// Every later image laid on the first, with how far it lay from it.
  private static func registered(_ timed: [TimedImage], _ findings: inout [Finding]) throws -> [TimedImage] {
    let first = timed[0].image
    let centre = first.grid.position(first.grid.columns / 2, first.grid.rows / 2, first.grid.slices / 2)
    let moved = try inParallel(timed.count) { n -> (TimedImage, RigidRegistration?) in
      guard n > 0 else { return (timed[n], nil) }
      let found = try RigidRegistration(of: timed[n].image, to: first)
      return (
        TimedImage(time: timed[n].time, image: timed[n].image.moved(by: found.transform, onto: first.grid)), found
      )
    }
    for (n, one) in moved.enumerated() {
      guard let found = one.1 else { continue }
      let isPoor = found.correlation < 0.8
      findings.append(
        Finding(
          isPoor ? .serious : .info, code: isPoor ? "registration-poor" : "registered",
          title: isPoor ? "SPECT do not match." : "SPECT registered.",
          "SPECT \(n + 1) lay \(shortNumber(found.transform.displacement(of: centre).millimetres)) mm and "
            + "\(shortNumber(found.transform.turn.degrees))° from the first and was laid on it (correlation "
            + "\(shortNumber(found.correlation))).", origin: "Volumes · rigid registration"))
    }
    return moved.map(\.0)
  }

  private static func dates(_ dates: [String]) -> String {
    guard let first = dates.first, let last = dates.last else { return "" }
    if first == last { return first }
    // `2026-11-02 – 09` within a month.
    return "\(first) – \(first.prefix(8) == last.prefix(8) ? String(last.dropFirst(8)) : last)"
  }
}

/// The structures of a case's images, however they are stored.
private struct Outlines {
  let structures: [Structure]
  let frameOfReferenceUID: String?
  let findings: [Finding]
  let input: InputRecord

  init(_ set: StructureSet) {
    structures = set.structures
    frameOfReferenceUID = set.frameOfReferenceUID
    findings = set.findings
    input = InputRecord(input: "RTSTRUCT", when: "", what: "\(set.structures.count) structures", digest: set.digest)
  }

  /// - Parameter grid: on which shapes without voxels of their own are laid.
  init(regions path: String, on grid: Grid) throws {
    let file = try RegionFile(path: path)
    structures = try file.regions.map { try $0.shape.outline(name: $0.name, on: grid) }
    frameOfReferenceUID = file.frameOfReferenceUID
    findings = file.findings
    input = InputRecord(
      input: "Regions", when: "", what: "\(file.regions.count) structures", digest: try RegionFile.digest(of: path))
  }
}

/// One SPECT as activity concentration, with what its header tells.
struct Emission: Sendable {
  let image: TimedImage
  let frameOfReferenceUID: String
  let date: String
  let digest: Digest

  static let zoneAssumed = Finding(
    .info, code: "time-zone-assumed", title: "Time zone assumed.",
    "The images do not state their time zone; that of the administration is used.",
    origin: "Studies · Timezone Offset From UTC")
}

extension CaseFile {
  /// What the images' headers say against what the case says.
  fileprivate func compare(with series: QuantitativeSeries, _ nuclide: Nuclide) throws -> [Finding] {
    if let found = series.nuclide, found != nuclide.name {
      throw CaseError(
        "other-nuclide", "The images are of \(found), the case is of \(nuclide.name).",
        remedy: "Correct nuclide in the case, or the folder of the images.")
    }
    var findings: [Finding] = []
    func caution(_ code: String, _ title: String, _ text: String) {
      findings.append(Finding(.caution, code: code, title: title, text, origin: "Studies · images against the case"))
    }
    if let halfLife = series.halfLifeInHeader, (halfLife / nuclide.halfLife - 1).magnitude > 0.01 {
      caution(
        "half-life-differs", "Half-life differs.",
        "The images state a half-life of \(shortNumber(halfLife.hours)) h; \(shortNumber(nuclide.halfLife.hours)) h of "
          + "ICRP 107 is used.")
    }
    let administered = administration.administered(decay: nuclide.decayConstant)
    if let injected = series.injectedActivity, (injected / administered - 1).magnitude > 0.05 {
      caution(
        "activity-differs", "Administered activity differs.",
        "The images state \(shortNumber(injected.megabecquerels)) MBq, the case gives "
          + "\(shortNumber(administered.megabecquerels)) MBq, which is used.")
    }
    if let injection = series.injection {
      let start = injection.at(utcOffset: series.utcOffset ?? administration.start.utcOffset)
      if (start - administration.start).minutes.magnitude > 5 {
        caution(
          "injection-differs", "Administration time differs.",
          "The images state an administration \(shortNumber((start - administration.start).minutes)) min from that of the "
            + "case, which is used.")
      }
    }
    return findings
  }
}
