import Foundation
public import JSON
import Numerics
import Provenance
import Quantities
import Radionuclides
import Scintigraphy
import Volumes

/// What `endora nm spect` finds: the activities of a case's regions in its quantitative SPECT.
public struct SpectCaseResult: Sendable {
  private struct Row: Sendable {
    let measured: MeasuredRegion
    let sampling: String
    /// Of the centroid from the first time; empty for regions without a structure.
    let shifts: [Length?]
    /// The longest edge of the voxels.
    let voxel: Length

    /// What is worth knowing of one time.
    func finding(at n: Int) -> Finding? {
      guard shifts.indices.contains(n), let shift = shifts[n], shift > voxel else { return nil }
      let name = measured.region.name
      return Finding(
        .caution, code: "centroid-shift", title: "Region moved.",
        "At \(shortNumber(measured.curve.points[n].time.hours)) h the activity of \(name) lies \(shortNumber(shift.millimetres)) mm "
          + "from where it was at first, more than a voxel: check the registration of the times.", subject: name,
        origin: "Scintigraphy · centroid")
    }

    /// That of the time at which the region lies farthest from its place.
    var finding: Finding? {
      let farthest = shifts.indices.max { (shifts[$0] ?? .zero) < (shifts[$1] ?? .zero) }
      return farthest.flatMap(finding(at:))
    }
  }

  private let file: CaseFile
  private let rows: [Row]
  private let times: [Time]
  private let findings: [Finding]

  /// Reads a case and measures it.
  public init(case path: String) throws {
    let (file, folder) = try CaseFile.read(path)
    let nuclide = try NuclideTable.icrp107().nuclide(file.nuclide)
    guard let spect = file.spect else {
      throw CaseError("no-spect", "The case has no measurements.spect.", remedy: "Describe the SPECT there.")
    }
    let study = try ReadStudy(spect, folder: folder, case: file, nuclide: nuclide)
    let wanted = file.regions.filter { $0.structure != nil || !$0.sampledBy.isEmpty }
    let measured = try file.measure(wanted, in: study.images, study.structures, study.spect, nuclide)
    var findings = study.findings + measured.flatMap(\.findings)
    rows = try inParallel(measured.count) { n in
      let region = measured[n].region
      let structure = study.structures.first { $0.name == region.structure }
      let shifts =
        try structure.map {
          try CentroidCheck.shifts(study.images.map(\.image), of: $0, margin: .millimetres(study.voxel))
        } ?? []
      let sampling =
        region.dilatedBy != nil
        ? "dilated" : region.structure == nil ? "spheres" : region.sampledBy.isEmpty ? "whole" : "spheres inside"
      return Row(
        measured: measured[n], sampling: sampling, shifts: shifts, voxel: .millimetres(study.voxel))
    }
    findings += rows.compactMap(\.finding)
    self.file = file
    times = study.images.map(\.time)
    self.findings = findings.worstFirst()
  }

  /// The document of the contract.
  public var document: JSONValue {
    [
      "case": JSONValue(file.name), "nuclide": JSONValue(file.nuclide),
      "times": .array(times.map { amount($0.hours, "h") }),
      "regions": .array(rows.map(document)),
      "findings": .array(findings.map(\.document)),
    ]
  }

  private func document(_ row: Row) -> JSONValue {
    let measured = row.measured
    return [
      "name": JSONValue(measured.region.name), "sampling": JSONValue(row.sampling),
      "volume": measured.volume.map { amount($0.value.millilitres, "mL", $0.standardUncertainty?.millilitres) } ?? nil,
      "points": .array(
        measured.curve.points.enumerated().map { n, point in
          let budget = Self.budget(measured, n)
          return [
            "time": amount(point.time.hours, "h"),
            "activity": amount(
              point.activity.megabecquerels, "MBq", point.activity.megabecquerels * budget.relative),
            "budget": .array(budget.map(\.document)),
            "centroidShiftMm": row.shifts.indices.contains(n)
              ? row.shifts[n].map { digits($0.millimetres) } ?? nil : nil,
            "findings": .array([row.finding(at: n)].compactMap { $0?.document }),
          ]
        }),
      "findings": .array((measured.findings + [row.finding].compactMap(\.self)).map(\.document)),
    ]
  }

  private static func budget(_ measured: MeasuredRegion, _ n: Int) -> [BudgetComponent] {
    let point = measured.curve.points[n]
    let own = point.standardUncertainty.map { $0 / point.activity } ?? 0
    guard let common = measured.common else { return [BudgetComponent("point", own, .point)] }
    let counts =
      measured.countSensitivities.indices.contains(n) ? measured.countSensitivities[n] : common.countSensitivity
    return [
      BudgetComponent("reconstruction, placement and noise", own, .point),
      BudgetComponent("calibration", common.calibration, .all), BudgetComponent("recovery", common.recovery, .all),
      BudgetComponent("volume", ((counts - common.recoverySensitivity) * common.volume).magnitude, .region),
    ]
  }

  /// A table of activities and the findings.
  public var summary: String {
    var table = TextTable(["Region", "Sampling", "Time h", "Activity MBq", "u %", "Volume mL"], numbers: [2, 3, 4, 5])
    for row in rows {
      for (n, point) in row.measured.curve.points.enumerated() {
        table.add([
          row.measured.region.name, row.sampling, String(format: "%.2f", point.time.hours),
          String(format: "%.3f", point.activity.megabecquerels),
          String(format: "%.1f", Self.budget(row.measured, n).relative * 100),
          row.measured.volume.map { String(format: "%.1f", $0.value.millilitres) } ?? "",
        ])
      }
    }
    let lines = findings.joiningRegions().map { "\($0.severity.rawValue): \($0.text)" }
    return table.text + (lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n") + "\n")
  }
}

extension ReadStudy {
  /// The longest edge of the images' voxels in mm.
  fileprivate var voxel: Double { images.map { $0.image.grid.spacing.max() }.max() ?? 0 }
}
