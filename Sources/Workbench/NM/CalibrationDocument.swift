import Foundation
public import JSON
import Provenance
import Quantities
import Radionuclides
import Scintigraphy
import Studies

/// What `endora nm calibrate` finds: the sensitivity of a camera from sources before it.
public struct CalibrationDocument: Sendable {
  /// One source before one detector.
  struct Row: Sendable {
    let file: String
    let source: SensitivityMeasurement.Source
    let detector: Int
    let measurement: SensitivityMeasurement
  }

  let rows: [Row]
  let calibration: CameraCalibration
  let nuclide: String
  let findings: [Finding]

  /// Reads `calibration.json` in a folder and the files that it names.
  public init(folder: String) throws {
    let document = try JSONDocument(try readFile(folder + "/calibration.json"))
    try Schema.calibration.read().check(document)
    let root = document.root
    let nuclide = try NuclideTable.icrp107().nuclide(try root.required("nuclide").string())
    var rows: [Row] = []
    var findings: [Finding] = []
    var windows: [ClosedRange<Energy>] = []
    var moments: [Timestamp] = []
    var cameras: [String] = []
    for node in try root.required("sources").list() {
      let name = try node.required("file").string()
      let file = try NuclearMedicineFile(path: folder + "/" + name)
      let number = try node["window"]?.int() ?? 1
      let tomogram = file.kind == .reconstruction ? try CountSeries(path: folder + "/" + name) : nil
      guard tomogram != nil || file.kind == .planar || file.kind == .nuclearMedicine else {
        throw node.refusal(
          "calibration-not-static", found: "\(fileName(name)) is a \(file.kind.rawValue)",
          remedy: "Use a static acquisition, or a reconstruction in counts.")
      }
      if tomogram != nil, node["layer"] != nil || node["background"] != nil {
        throw node.refusal(
          "calibration-tomogram", found: "a reconstruction with a layer or a background",
          remedy: "Leave them out: the reconstruction is corrected for attenuation.")
      }
      let stated = try node["duration_s"].map { Time.seconds(try $0.double()) }
      guard tomogram == nil || stated != nil else {
        throw node.refusal(
          "calibration-duration", found: "a reconstruction without duration_s",
          remedy: "Give steps times the time of a step, as measurements.spect.counts will have it.")
      }
      guard let local = file.acquisition, let duration = stated ?? file.frames.compactMap(\.duration).first,
        file.energyWindows.indices.contains(number - 1), let window = file.energyWindows[number - 1].ranges.first
      else {
        throw node.refusal(
          "calibration-header", found: "\(fileName(name)) lacks its time, its duration or window \(number)",
          remedy: "Export it again, or correct the window.")
      }
      if let other = file.nuclide, other != nuclide.name {
        findings.append(
          Finding(
            .serious, code: "other-nuclide", title: "Other nuclide.",
            "The header of \(fileName(name)) says \(other), the calibration \(nuclide.name).", subject: fileName(name),
            origin: "Scintigraphy · calibration"))
      }
      let background = try node["background"].map { try NuclearMedicineFile(path: folder + "/" + (try $0.string())) }
      var activity = try node.required("activity_MBq").double()
      let moment = try node["time"].flatMap { Timestamp(iso8601: try $0.string()) }
      let start = local.at(utcOffset: file.utcOffset ?? moment?.utcOffset ?? 0)
      if let moment { activity *= exp(-nuclide.decayConstant.perSecond * (start - moment).seconds) }
      let layer = try node["layer"].map { layer in
        (
          AttenuationCoefficient.perCentimetre(try layer.required("coefficient_per_cm").double()),
          Length.centimetres(try layer.required("thickness_cm").double())
        )
      }
      if let tomogram {
        rows.append(
          Row(
            file: name, source: SensitivityMeasurement.Source(rawValue: try node.required("source").string())!,
            detector: 0,
            measurement: try SensitivityMeasurement(
              counts: Counted(tomogram.counts.reduce(0.0) { $0 + Double($1) }), duration: duration, background: nil,
              activity: Uncertain(
                .megabecquerels(activity), relative: try node.required("activityUncertainty").double()),
              decay: tomogram.corrections.contains("DECY") ? RateConstant.perHour(0) : nuclide.decayConstant)))
        windows.append(window)
        moments.append(start)
        if let camera = file.camera { cameras.append(camera) }
        continue
      }
      let frames = file.frames.filter { ($0.energyWindow ?? 1) == number }
      guard !frames.isEmpty else {
        throw node.refusal(
          "calibration-frames", found: "\(fileName(name)) has no frame of window \(number)",
          remedy: "Correct the window.")
      }
      for frame in frames {
        let detector = frame.detector ?? 1
        let room = background?.frames.first {
          ($0.energyWindow ?? 1) == number && ($0.detector ?? 1) == detector
        }
        if background != nil, room?.duration == nil {
          throw node.refusal(
            "calibration-background", found: "the background has no frame of detector \(detector) with a duration",
            remedy: "Acquire the empty room with the same detector.")
        }
        rows.append(
          Row(
            file: name, source: SensitivityMeasurement.Source(rawValue: try node.required("source").string())!,
            detector: detector,
            measurement: try SensitivityMeasurement(
              counts: Counted(Double(frame.totalCounts)), duration: frame.duration ?? duration,
              background: room.flatMap { room in room.duration.map { (Counted(Double(room.totalCounts)), $0) } },
              activity: Uncertain(
                .megabecquerels(activity), relative: try node.required("activityUncertainty").double()),
              decay: nuclide.decayConstant, layer: layer)))
      }
      if background == nil {
        findings.append(
          Finding(
            .caution, code: "background-not-subtracted", title: "No background.",
            "\(fileName(name)) was not corrected for the empty room.", subject: fileName(name),
            origin: "Scintigraphy · calibration"))
      }
      windows.append(window)
      moments.append(start)
      if let camera = file.camera { cameras.append(camera) }
    }
    for window in windows
    where (window.lowerBound - windows[0].lowerBound).kiloelectronvolts.magnitude > 1
      || (window.upperBound - windows[0].upperBound).kiloelectronvolts.magnitude > 1
    {
      throw CaseError(
        "calibration-windows", "The sources were measured in different energy windows.",
        remedy: "Make a folder for each window.")
    }
    if Set(rows.map { $0.detector == 0 }).count > 1 {
      throw CaseError(
        "calibration-mixed", "Statics and reconstructions stand in one calibration.",
        remedy: "Make a folder for each: their sensitivities follow different conventions.")
    }
    if let finding = nuclide.finding(ofWindow: windows[0], origin: "Scintigraphy · calibration") {
      findings.append(finding)
    }
    // The geometric mean over rows, as the geometric mean of two views has it; activities of one calibrator are one error.
    let logs = rows.map { log($0.measurement.sensitivity.value.base) }
    let mean = logs.reduce(0, +) / Double(logs.count)
    let greatest = rows.map { $0.measurement.sensitivity.relativeUncertainty ?? 0 }.max() ?? 0
    let spread =
      logs.count > 1
      ? (logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(logs.count - 1) / Double(logs.count)).squareRoot()
      : 0
    if let least = logs.min(), let most = logs.max(), most - least > max(0.05, 3 * greatest) {
      findings.append(
        Finding(
          .caution, code: "sources-disagree", title: "Sources disagree.",
          "The sensitivities differ by up to \(shortNumber((exp(most - least) - 1) * 100)) %: check activities and positions.",
          origin: "Scintigraphy · calibration"))
    }
    calibration = CameraCalibration(
      sensitivity: Uncertain(Sensitivity(base: exp(mean)), relative: hypot(greatest, spread)),
      camera: try root["camera"]?.string() ?? cameras.first ?? "not named",
      collimator: try root.required("collimator").string(), window: windows[0], measured: moments.max()!,
      validFor: .days(try root.required("validDays").double()))
    self.rows = rows
    self.nuclide = nuclide.name
    self.findings = findings.worstFirst()
  }

  /// The document of the contract; `calibration` is what a case refers to.
  public var document: JSONValue {
    [
      "nuclide": JSONValue(nuclide),
      "sources": .array(
        rows.map { row in
          [
            "file": JSONValue(row.file), "source": JSONValue(row.source.rawValue), "detector": JSONValue(row.detector),
            "grossCps": digits(row.measurement.gross.base), "backgroundCps": digits(row.measurement.background.base),
            "decayDuringAcquisition": digits(row.measurement.decayDuring),
            "transmission": digits(row.measurement.transmission),
            "sensitivity": row.measurement.sensitivity.document,
          ]
        }),
      "calibration": [
        "sensitivity": calibration.sensitivity.document, "camera": JSONValue(calibration.camera),
        "collimator": JSONValue(calibration.collimator),
        "windowKeV": [
          digits(calibration.window.lowerBound.kiloelectronvolts),
          digits(calibration.window.upperBound.kiloelectronvolts),
        ],
        "measured": JSONValue("\(calibration.measured)"), "expires": JSONValue("\(calibration.expires)"),
      ],
      "findings": .array(findings.map(\.document)),
    ]
  }

  /// A table of sources and the result.
  public var summary: String {
    var table = TextTable(
      ["File", "Source", "Detector", "cps", "Background", "cps/MBq", "u %"], numbers: [2, 3, 4, 5, 6])
    for row in rows {
      table.add([
        printable(row.file), row.source.rawValue, "\(row.detector)",
        String(format: "%.2f", row.measurement.gross.base), String(format: "%.2f", row.measurement.background.base),
        String(format: "%.3f", row.measurement.sensitivity.value.countsPerSecondPerMegabecquerel),
        String(format: "%.2f", (row.measurement.sensitivity.relativeUncertainty ?? 0) * 100),
      ])
    }
    let result = String(
      format: "Sensitivity %.3f ± %.3f cps/MBq", calibration.sensitivity.value.countsPerSecondPerMegabecquerel,
      calibration.sensitivity.standardUncertainty?.countsPerSecondPerMegabecquerel ?? 0)
    let lines = [
      table.text,
      "\(result), \(printable(calibration.camera)), \(calibration.collimator), "
        + "\(calibration.window.inKiloelectronvolts), until \(calibration.expires)",
    ]
    return (lines + findings.map { "\($0.severity.rawValue): \($0.text)" }).joined(separator: "\n") + "\n"
  }
}

extension Nuclide {
  /// A finding where none of its lines lies in an energy window.
  func finding(ofWindow window: ClosedRange<Energy>, origin: String) -> Finding? {
    guard !photonLines.contains(where: { $0.yield > 0.001 && window.contains($0.energy) }) else { return nil }
    return Finding(
      .serious, code: "window-without-line", title: "No line in the window.",
      "\(name) emits no photon with a yield of 0.1 % in \(window.inKiloelectronvolts): check the nuclide and the window.",
      origin: origin)
  }
}

extension ClosedRange<Energy> {
  /// Such as `195.5 to 220.5 keV`.
  var inKiloelectronvolts: String {
    String(format: "%.1f to %.1f keV", lowerBound.kiloelectronvolts, upperBound.kiloelectronvolts)
  }
}

extension Uncertain<Sensitivity> {
  fileprivate var document: JSONValue {
    amount(
      value.countsPerSecondPerMegabecquerel, "cps/MBq", standardUncertainty?.countsPerSecondPerMegabecquerel)
  }
}

/// A calibration as `nm calibrate --json` printed it.
struct CalibrationFile: Sendable {
  let calibration: CameraCalibration

  /// - Parameter nuclide: of the case; a calibration for another one is refused.
  init(path: String, nuclide: Nuclide) throws {
    let root = try JSONDocument(try readFile(path)).root
    if let own = root["nuclide"], try own.string() != nuclide.name {
      throw own.refusal(
        "calibration-nuclide",
        found: "the calibration is for \(printable(try own.string())), the case is of \(nuclide.name)",
        remedy: "Calibrate with the nuclide of the case.")
    }
    let node = try root.required("calibration")
    let sensitivity = try node.required("sensitivity")
    let limits = try node.required("windowKeV").list().map { try $0.double() }
    func moment(_ key: String) throws -> Timestamp {
      let field = try node.required(key)
      guard let time = Timestamp(iso8601: try field.string()) else {
        throw field.refusal("time-invalid", found: "it is no moment", remedy: "Use what nm calibrate --json printed.")
      }
      return time
    }
    let value = try sensitivity.required("value").double()
    let uncertainty = try sensitivity.required("standardUncertainty").double()
    guard limits.count == 2, limits[0] < limits[1], value > 0, (0..<value).contains(uncertainty),
      try sensitivity.required("unit").string() == "cps/MBq"
    else {
      throw node.refusal(
        "calibration-file", found: "the window or the sensitivity is out of range",
        remedy: "Use what nm calibrate --json printed.")
    }
    let measured = try moment("measured")
    calibration = CameraCalibration(
      sensitivity: Uncertain(
        .countsPerSecondPerMegabecquerel(value),
        standardUncertainty: .countsPerSecondPerMegabecquerel(uncertainty)),
      camera: try node.required("camera").string(), collimator: try node.required("collimator").string(),
      window: .kiloelectronvolts(limits[0])...(.kiloelectronvolts(limits[1])), measured: measured,
      validFor: try moment("expires") - measured)
  }
}
