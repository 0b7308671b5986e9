import Foundation
import Kinetics
import Numerics
public import Quantities
import Radionuclides
import Scintigraphy
import SyntheticPatient
import Volumes

/// Activities of a synthetic patient by planar scintigraphy, by SPECT and by both, beside the truth.
public struct PlanarComparison: Sendable {
  /// How an activity was measured.
  public enum Method: String, CaseIterable, Sendable {
    case planar, hybrid, spect
  }

  /// One region at one time by one method.
  public struct Row: Sendable {
    public let region: String
    public let method: Method
    public let time: Time
    public let truth: Activity
    public let estimate: Uncertain<Activity>

    /// The log-normal 95 % interval of the estimate.
    public var interval: ClosedRange<Activity> {
      let relative = estimate.relativeUncertainty ?? 0
      let factor = exp(Normal.quantile(0.975) * log(1 + relative * relative).squareRoot())
      return (estimate.value / factor)...(estimate.value * factor)
    }

    /// Whether the interval holds the truth.
    public var isCovered: Bool { interval.contains(truth) }
  }

  /// The rows, by region, method and time.
  public let rows: [Row]

  /// What registration and background leave, independent from time to time: the regions are not placed by hand.
  static let pointUncertainty = 0.02

  /// Measures a patient with kidneys, liver, spleen and marrow; the hybrid scales by the SPECT of the second day.
  public static func inMemory(seed: Int) throws -> PlanarComparison {
    guard seed >= 0 else {
      throw CaseError(
        "seed-invalid", "The seed is \(seed).", remedy: "Give a whole number of 0 or more.", category: .usage)
    }
    let patient = try SyntheticPatient(seed: UInt64(seed))
    let drawing = try PlanarDrawing(patient)
    let zero = patient.administration.start
    let truth = Dictionary(uniqueKeysWithValues: patient.organs.map { ($0.name, $0.kinetics) })
    let scans = try patient.planarScans().map { try $0.scan(zero: zero) }
    func rows(_ found: PlanarActivities, _ method: Method) -> [Row] {
      zip(found.regions, drawing.entries).flatMap { region, entry in
        region.measurements.compactMap { point in
          point.activity.map {
            Row(
              region: entry.name, method: method, time: point.time,
              truth: patient.activity(of: truth[entry.structure]!, at: zero + point.time), estimate: $0)
          }
        }
      }
    }
    func quantified(_ calibration: PlanarQuantification.Calibration) throws -> PlanarActivities {
      try PlanarQuantification(
        regions: try drawing.regions(), calibration: calibration,
        deadTime: try DeadTime(time: SyntheticPlanarCamera.deadTime),
        scatter: .tripleWindow(ScatterWindows(peak: .kiloelectronvolts(208), mainWidth: 0.12)),
        pointUncertainty: pointUncertainty
      ).activities(in: scans, drawnOn: 0, registers: true)
    }
    let planar = try quantified(
      .sensitivity(
        .countsPerSecondPerMegabecquerel(SyntheticPlanarCamera.countsPerSecondPerMegabecquerel),
        relativeUncertainty: SyntheticPlanarCamera.sensitivityUncertainty))
    let file = try CaseFile(Array(Demonstration.caseText(patient).utf8))
    let nuclide = try NuclideTable.icrp107().nuclide(file.nuclide)
    let images = try patient.scans().map { TimedImage(time: $0.start - zero, image: $0.image) }
    let measured = try file.measure(file.regions, in: images, patient.structures(), file.spect!, nuclide)
    var all = rows(planar, .planar)
    for (region, entry) in zip(planar.regions, drawing.entries) {
      guard let spect = measured.first(where: { $0.region.name == entry.name }) else {
        continue
      }
      func row(_ method: Method, _ time: Time, _ value: Activity, _ relative: Double) -> Row {
        Row(
          region: entry.name, method: method, time: time,
          truth: patient.activity(of: truth[entry.structure]!, at: zero + time),
          estimate: Uncertain(value, relative: relative))
      }
      for (n, point) in spect.curve.points.enumerated() {
        let own = point.standardUncertainty.map { $0 / point.activity } ?? 0
        all.append(row(.spect, point.time, point.activity, hypot(own, spect.commonUncertainty(at: n) ?? 0)))
      }
      let level = spect.curve.points[2]
      let shape = region.measurements.compactMap(\.hybridPoint)
      // A region that planar scans do not show at the SPECT's time has no hybrid.
      guard shape.contains(where: { ($0.time - level.time).hours.magnitude < 2 }) else { continue }
      let hybrid = try HybridScaling(
        planar: shape,
        spect: [
          .init(
            time: level.time,
            activity: Uncertain(level.activity, standardUncertainty: level.standardUncertainty))
        ], region: entry.name, common: spect.commonUncertainty(at: 2) ?? 0, removesNoise: true)
      for point in hybrid.points {
        all.append(row(.hybrid, point.time, point.activity.value, point.activity.relativeUncertainty ?? 0))
      }
    }
    return PlanarComparison(rows: all)
  }
}

extension SyntheticPlanarScan {
  /// As planar quantification takes it: the back mirrored.
  func scan(zero: Timestamp) throws -> PlanarScan {
    let columns = SyntheticPlanarCamera.columns
    func mirrored(_ window: [UInt16]) -> [UInt16] {
      (0..<SyntheticPlanarCamera.rows).flatMap { row in window[row * columns..<(row + 1) * columns].reversed() }
    }
    func view(_ windows: [[UInt16]]) -> PlanarView {
      let floats: [[Float]] = windows.map { $0.map { Float($0) } }
      return PlanarView(main: floats[0], lower: floats[1], upper: floats[2])
    }
    let speed = SyntheticPlanarCamera.fieldOfView.millimetres / exposure.seconds
    return try PlanarScan(
      start: start - zero, duration: duration, exposure: exposure, bed: try BedMotion(speed: Speed(base: speed)),
      columns: columns, rows: SyntheticPlanarCamera.rows, pixel: SyntheticPlanarCamera.pixel,
      front: view(front), back: view(back.map(mirrored)))
  }
}
