import Foundation
import Provenance
import Quantities
import Radionuclides
import Studies
import Volumes

/// The quantitative images of a folder on one grid, with their times after the administration.
struct VoxelSeries: Sendable {
  let nuclide: Nuclide
  let grid: Grid
  let times: [Time]
  /// In Bq/mL at the start of each acquisition.
  private(set) var volumes: [[Float]]
  let findings: [Finding]
  let digest: Digest

  /// Lets the images go once they are fitted: they are as large as the maps.
  mutating func forgetVolumes() { volumes = [] }

  /// - Parameters:
  ///   - nuclide: where the headers do not name it.
  ///   - injected: the administration by the camera's clock, where the headers do not tell it.
  init(folder: String, nuclide stated: String?, injected: String?) throws {
    guard FileManager.default.fileExists(atPath: folder) else {
      throw CaseError(
        "imaging-missing", "There is no folder \(fileName(folder)).", remedy: "Check the path.", category: .missing)
    }
    let index = try StudyIndex.scan(folder: folder)
    if let refused = index.refused.first {
      throw CaseError(
        refused.code, "\(fileName(refused.path)): \(refused.reason)",
        remedy: "Export the file again, or remove it from the folder.")
    }
    let emission = index.series.filter { $0.modality == "PT" || $0.modality == "NM" }
    guard emission.count >= 2 else {
      throw CaseError(
        "too-few-scans",
        "The folder \(fileName(folder)) holds \(emission.count) quantitative series (modality NM or PT).",
        remedy: "A fit in every voxel needs the images of at least two times.")
    }
    let administration = try injected.map { text in
      guard let time = LocalTime(iso8601: text) else {
        throw CaseError(
          "time-invalid", "“\(text.prefix(40))” is no date and time.", remedy: "Write it as 2026-03-04T09:30:00.",
          category: .usage)
      }
      return time
    }
    var scans: [(start: LocalTime, time: Time, values: [Float])] = []
    var first: (grid: Grid, frame: String)?
    var found: Nuclide?
    var findings: [Finding] = []
    var digests: [Digest] = []
    for one in emission {
      let series = try QuantitativeSeries(one)
      findings += series.findings
      digests.append(series.digest)
      guard let name = stated ?? series.nuclide else {
        throw CaseError("nuclide-unknown", "The images do not name their nuclide.", remedy: "Name it with --nuclide.")
      }
      let nuclide = try NuclideTable.icrp107().nuclide(name)
      if let found, found.name != nuclide.name {
        throw CaseError(
          "other-nuclide", "The series are of \(found.name) and of \(nuclide.name).",
          remedy: "Keep the series of one administration in the folder.")
      }
      found = nuclide
      if let first, first.grid != series.image.grid || first.frame != series.frameOfReferenceUID {
        throw CaseError(
          "grids-differ", "The series do not lie on one grid and in one frame of reference.",
          remedy:
            "Register and resample them to one of them first; voxels of different places cannot be fitted together.")
      }
      first = (series.image.grid, series.frameOfReferenceUID)
      guard let injection = administration ?? series.injection else {
        throw CaseError(
          "administration-unknown", "The images do not tell when the activity was administered.",
          remedy: "State it with --injected 2026-03-04T09:30:00, by the camera's clock.")
      }
      let time = Time.seconds(series.acquisitionStart.secondsSince1970 - injection.secondsSince1970)
      guard time.base > 0 else {
        throw CaseError(
          "times-out-of-order", "A series began \(shortNumber(-time.hours)) h before the administration.",
          remedy: "Check the administration and the clock of the camera.")
      }
      let corrected = series.injection ?? injection
      let factor = try series.factorToAcquisitionStart(
        decayConstant: nuclide.decayConstant,
        administrationToStart: .seconds(series.acquisitionStart.secondsSince1970 - corrected.secondsSince1970))
      var values = series.image.values
      if factor != 1 { for k in values.indices { values[k] *= Float(factor) } }
      scans.append((series.acquisitionStart, time, values))
    }
    scans.sort { $0.time < $1.time }
    if let double = zip(scans, scans.dropFirst()).first(where: { $0.time == $1.time }) {
      throw CaseError(
        "duplicate-scan", "Two series began at \(shortNumber(double.0.time.hours)) h.",
        remedy: "Keep one of them in the folder.")
    }
    nuclide = found!
    grid = first!.grid
    times = scans.map(\.time)
    volumes = scans.map(\.values)
    self.findings = findings.worstFirst()
    digest = .combining(digests)
  }
}
