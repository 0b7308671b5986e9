import Foundation
public import JSON
import Kinetics
import Provenance
import Quantities
import Radionuclides
import Reports
import Scintigraphy

extension PlanarCaseResult {
  /// The document of the contract.
  public var document: JSONValue {
    [
      "case": JSONValue(file.name), "nuclide": JSONValue(file.nuclide),
      "scans": .array(
        reading.names.indices.map { n in
          let shift = activities.shifts[n]
          return [
            "file": JSONValue(reading.names[n]), "start": JSONValue("\(reading.starts[n])"),
            "time": amount(reading.scans[n].start.hours, "h"),
            "shift": shift.map {
              [
                "acrossMm": digits($0.across.millimetres), "downMm": digits($0.down.millimetres),
                "turnDegrees": digits($0.turn.degrees), "correlation": digits($0.correlation),
              ]
            } ?? nil,
          ]
        }),
      "regions": .array(activities.regions.map(document)),
      "hybrid": .array(
        hybrids.map { hybrid in
          [
            "name": JSONValue(hybrid.region),
            "factor": amount(
              hybrid.scaling.factor, "1", hybrid.scaling.factor * hybrid.scaling.relativeUncertainty),
            "ratios": .array(
              hybrid.scaling.ratios.map { ["time": amount($0.time.hours, "h"), "ratio": digits($0.ratio)] }),
            "points": .array(
              hybrid.scaling.points.map {
                [
                  "time": amount($0.time.hours, "h"),
                  "activity": amount(
                    $0.activity.value.megabecquerels, "MBq", $0.activity.standardUncertainty?.megabecquerels),
                ]
              }),
          ]
        }),
      "findings": .array(findings.map(\.document)),
    ]
  }

  private func document(_ region: PlanarActivity) -> JSONValue {
    [
      "name": JSONValue(region.name),
      "volume": volume(of: region.name).map { amount($0.millilitres, "mL") } ?? nil,
      "points": .array(
        region.measurements.map { point in
          [
            "time": amount(point.time.hours, "h"),
            "activity": point.activity.map {
              amount($0.value.megabecquerels, "MBq", $0.standardUncertainty?.megabecquerels)
            } ?? nil,
            "budget": .array(point.budget.map(\.document)),
            "frontCps": digits(point.front.countsPerSecond), "backCps": digits(point.back.countsPerSecond),
            "overlap": digits(point.overlap), "findings": .array(point.findings.map(\.document)),
          ]
        }),
    ]
  }

  private func volume(of name: String) -> Volume? { file.regions.first { $0.name == name }?.volume }

  /// A table of activities, the shifts above it and the findings below.
  public var summary: String {
    var lines: [String] = []
    for (n, name) in reading.names.enumerated() {
      let shift = activities.shifts[n].map {
        String(
          format: ", shifted %.1f mm across and %.1f mm down, turned %.1f°", $0.across.millimetres,
          $0.down.millimetres, $0.turn.degrees)
      }
      lines.append(String(format: "%.2f h  ", reading.scans[n].start.hours) + printable(name) + (shift ?? ""))
    }
    var table = TextTable(["Region", "Time h", "Activity MBq", "u %", "mainly"], numbers: [1, 2, 3])
    for region in activities.regions {
      for point in region.measurements {
        let largest = point.budget.max { $0.relative < $1.relative }
        table.add([
          region.name, String(format: "%.2f", point.time.hours),
          point.activity.map { String(format: "%.3f", $0.value.megabecquerels) } ?? "none",
          point.activity?.relativeUncertainty.map { String(format: "%.1f", $0 * 100) } ?? "", largest?.name ?? "",
        ])
      }
    }
    for hybrid in hybrids {
      for point in hybrid.scaling.points {
        table.add([
          hybrid.region + ", hybrid", String(format: "%.2f", point.time.hours),
          String(format: "%.3f", point.activity.value.megabecquerels),
          point.activity.relativeUncertainty.map { String(format: "%.1f", $0 * 100) } ?? "", "",
        ])
      }
    }
    lines += ["", table.text]
    lines += hybrids.map { hybrid in
      String(
        format: "hybrid: SPECT over planar of %@ %.3f ± %.3f (%@)", hybrid.region, hybrid.scaling.factor,
        hybrid.scaling.factor * hybrid.scaling.relativeUncertainty,
        hybrid.scaling.ratios.map { String(format: "%.1f h", $0.time.hours) }.joined(separator: ", "))
    }
    lines += findings.joiningRegions().map { "\($0.severity.rawValue): \($0.text)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The planar curves as a plan takes them, where the case has nothing better.
  ///
  /// What all times of a region share is one uncertainty beside the curve.
  func measuredRegions(_ nuclide: Nuclide) throws -> [MeasuredRegion] {
    try activities.regions.compactMap { found in
      guard let region = file.regions.first(where: { $0.name == found.name }) else { return nil }
      let points = found.measurements.compactMap { point in
        point.activity.map {
          TimeActivityCurve.Point(
            time: point.time, activity: $0.value,
            standardUncertainty: $0.value
              * point.budget.filter { $0.scope == .point || $0.scope == .time }.relative)
        }
      }
      return MeasuredRegion(
        region: region,
        curve: try TimeActivityCurve(region: found.name, points: points, physicalDecay: nuclide.decayConstant),
        weighting: .given, volume: region.volume.map { Uncertain($0, standardUncertainty: nil) }, common: nil,
        calibrationUncertainty: found.commonUncertainty, findings: [])
    }
  }

  /// The scans as an input of a plan.
  var input: InputRecord {
    InputRecord(
      input: "Planar scintigraphy", when: "", what: "\(reading.names.count) scans",
      digest: .combining(reading.files.map(\.digest)))
  }
}

extension PlanarActivity {
  /// What all times share of the relative uncertainty of their integral: each component's mean over the times, weighted by
  /// activity and by the time that it stands for; `nil` without an activity.
  fileprivate var commonUncertainty: Double? {
    let known = measurements.filter { $0.activity != nil }
    guard !known.isEmpty else { return nil }
    let times = known.map(\.time.hours)
    let weights = known.enumerated().map { n, point in
      let (before, after) = (times[max(0, n - 1)], times[min(times.count - 1, n + 1)])
      return (point.activity?.value.megabecquerels ?? 0) * (known.count > 1 ? after - before : 1)
    }
    let total = weights.reduce(0, +)
    var means: [String: Double] = [:]
    for (point, weight) in zip(known, weights) {
      for one in point.budget where one.scope == .region || one.scope == .all {
        means[one.name, default: 0] += one.relative * weight / total
      }
    }
    return means.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}

extension BudgetComponent {
  var document: JSONValue {
    ["name": JSONValue(name), "relative": digits(relative), "scope": JSONValue(scope.rawValue)]
  }
}

/// A number with 12 significant digits.
func digits(_ value: Double) -> JSONValue { JSONValue(Double(String(format: "%.12g", value)) ?? value) }
