import Foundation
import JSON
import Quantities
import Studies

extension CaseDraft {
  mutating func measurements(_ images: CaseSources, below root: String) {
    if !images.tomographies.isEmpty { section("spect", spect(images, root)) }
    if !images.planar.isEmpty { section("planar", planar(images, root)) }
  }

  private mutating func section(_ name: String, _ lines: [String]) {
    measurementLines += ["\(name): {"] + lines.map { "  " + $0 } + ["},"]
  }

  private mutating func spect(_ images: CaseSources, _ root: String) -> [String] {
    func path(_ field: String) -> String { "measurements.spect." + field }
    let outlines = images.structureSets + (images.structureSets.isEmpty ? images.segmentations : [])
    var lines: [String] = []
    if images.unused > 0 { lines.append("// \(images.unused) reconstructions in counts are there too and not used.") }
    lines.append("folder: \(JSONValue(images.folder(of: images.tomographies + outlines, below: root)).line),")
    if outlines.flatMap(\.files).count != 1 {
      let regions = value(
        nil, path("regions"), "the RTSTRUCT, SEG or NIfTI masks with the regions; \(outlines.count) are in the folder")
      lines.append("regions: \(regions),")
    }
    if images.areCounts {
      lines += counts(images)
    } else {
      let uncertainty = value(
        nil, path("calibrationUncertainty"),
        "relative standard uncertainty of the camera's calibration, such as 0.05")
      lines.append("calibrationUncertainty: \(uncertainty),")
    }
    let recovery = value(
      nil, path("recovery"),
      "{ method: \"region-based\", fwhm_mm, fwhmUncertainty_mm } of the reconstruction, or { method: \"none\" }")
    lines.append("recovery: \(recovery),")
    let width = value(
      nil, path("outlineImage.fwhm_mm"), "resolution in mm of the image on which the regions were drawn")
    let voxel = value(
      images.outlined?.spacing.first.map { Self.number($0) }, path("outlineImage.voxel_mm"),
      "voxels in mm of the image with the outlines")
    lines.append("outlineImage: { voxel_mm: \(voxel), fwhm_mm: \(width) },")
    return lines
  }

  private mutating func counts(_ images: CaseSources) -> [String] {
    func path(_ field: String) -> String { "measurements.spect.counts." + field }
    let duration = value(nil, path("duration_s"), "steps times the time of a step in s, as for the calibration")
    let calibration = value(nil, path("calibration"), Self.calibrationChoice)
    let files = images.tomographies.compactMap { try? CountSeries($0).file }
    return ["counts: {", "  duration_s: \(duration),", "  calibration: \(calibration),"]
      + collimator(files, path("collimator")).map { "  " + $0 } + ["},"]
  }

  private mutating func planar(_ images: CaseSources, _ root: String) -> [String] {
    func path(_ field: String) -> String { "measurements.planar." + field }
    let scans = images.planar
    var lines = scans.map { "// " + Self.description($0) }
    lines.append("folder: \(JSONValue(images.folder(of: images.planarSeries, below: root)).line),")
    func ask(_ field: String, _ question: String) {
      lines.append("\(field): \(value(nil, path(field), question)),")
    }
    lines.append(
      "regions: \(JSONValue(PlanarRegionFile.name).line),  // drawn in the app, or written by hand: endora-planar-regions-1"
    )
    lines.append(windows(scans, path("windows")))
    ask(
      "scatter",
      "{ method: \"triple-window\" }, \"lower-triangle\" or \"none\", or { method: \"dual-window\", k }")
    ask(
      "deadTime", "{ model: \"paralysable\" or \"non-paralysable\", tau_us } of the camera; tau_us: 0 for no correction"
    )
    if scans.contains(where: { $0.kind == .wholeBody }) {
      var bed: [String] = []
      if scans.contains(where: { $0.kind == .wholeBody && $0.scanVelocity == nil }) {
        let speed = value(nil, path("bed.speed_cm_per_min"), "the speed of the bed in cm per minute")
        bed.append("speed_cm_per_min: \(speed)")
      }
      let field = value(nil, path("bed.fieldOfView_cm"), "the length of the detectors along the bed in cm")
      let feet = value(nil, path("bed.beginsAtFeet"), "true where the scan begins at the feet, else false")
      lines.append("bed: { \((bed + ["fieldOfView_cm: \(field)", "beginsAtFeet: \(feet)"]).joined(separator: ", ")) },")
    }
    ask("attenuation", "{ coefficient_per_cm, relativeUncertainty }, such as 0.135 and 0.03 for 208 keV")
    ask(
      "calibration",
      Self.calibrationChoice + ", { probe } with its readings, or { patient } for a scan before voiding")
    lines += collimator(scans, path("collimator"))
    ask("pointUncertainty", "relative standard uncertainty of placing a region, such as 0.05")
    if !images.tomographies.isEmpty {
      ask(
        "hybridSpect", "the numbers of the SPECT that scale the planar curves, from 1 in the order of time; [] for none"
      )
    }
    return lines
  }

  private static let calibrationChoice =
    "{ sensitivity_cps_per_MBq, relativeUncertainty }, or { file } of nm calibrate --json"

  /// Nothing where every file names its collimator.
  private mutating func collimator(_ files: [NuclearMedicineFile], _ path: String) -> [String] {
    let isNamed = files.allSatisfy { file in
      !file.detectors.isEmpty && file.detectors.allSatisfy { $0.collimator != nil }
    }
    guard !isNamed else { return [] }
    return [
      "collimator: \(value(nil, path, "the collimator, which the files do not name; as the calibration names it")),"
    ]
  }

  /// When, how long, with what.
  private static func description(_ scan: NuclearMedicineFile) -> String {
    let durations = Set(scan.frames.compactMap(\.duration)).sorted()
    return [
      scan.acquisition.map { "\($0)" } ?? "no time", scan.kind.rawValue,
      durations.map { "\(number($0.seconds)) s" }.joined(separator: " and "), "\(scan.detectors.count) detectors",
      printable(scan.camera ?? "camera not named").split(whereSeparator: \.isNewline).joined(separator: " "),
    ].joined(separator: ", ")
  }

  /// The numbers of the windows where their limits leave no choice: one, or three that follow on one another.
  private mutating func windows(_ scans: [NuclearMedicineFile], _ path: String) -> String {
    let limits = scans[0].energyWindows.map { $0.ranges.count == 1 ? $0.ranges[0] : nil }
    func name(_ range: ClosedRange<Energy>?) -> String {
      range.map {
        "\(Self.number($0.lowerBound.kiloelectronvolts)) to \(Self.number($0.upperBound.kiloelectronvolts)) keV"
      }
        ?? "not stated"
    }
    let are = limits.enumerated().map { "\($0 + 1) is \(name($1))" }.joined(separator: ", ")
    let isOne = scans.allSatisfy { $0.energyWindows.map(\.ranges) == scans[0].energyWindows.map(\.ranges) }
    let text = isOne ? Self.numbers(limits).map { "{ \($0) },  // \(are)" } : nil
    guard let text else {
      let question = "{ main, lower, upper } by their numbers; \(isOne ? are : "the scans differ, see nm info")"
      return "windows: \(value(nil, path, question)),"
    }
    return "windows: \(text)"
  }

  private static func numbers(_ limits: [ClosedRange<Energy>?]) -> String? {
    let known = limits.enumerated().compactMap { n, range in range.map { (number: n + 1, range: $0) } }
      .sorted { $0.range.lowerBound < $1.range.lowerBound }
    guard known.count == limits.count else { return nil }
    if known.count == 1 { return "main: 1" }
    guard known.count == 3,
      zip(known, known.dropFirst()).allSatisfy({
        ($1.range.lowerBound - $0.range.upperBound).kiloelectronvolts.magnitude < 1
      })
    else { return nil }
    return "main: \(known[1].number), lower: \(known[0].number), upper: \(known[2].number)"
  }
}
