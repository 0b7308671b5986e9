import JSON
public import Quantities
public import Scintigraphy

extension CaseFile {
  /// Planar whole-body scintigraphy in DICOM: `measurements.planar`.
  public struct Planar: Sendable {
    /// Where the folder of NM files lies, relative to the case.
    public let folder: String
    /// Where the drawing of the regions lies, relative to the case.
    public let regionFile: String
    /// The scans are laid on the one of the drawing.
    public let registers: Bool
    /// The numbers of the main, lower and upper window in the files, from 1.
    public let windows: (main: Int, lower: Int?, upper: Int?)
    /// How scatter is estimated; the widths come from the files' windows.
    public let scatter: Scatter
    public let deadTime: DeadTime?
    /// The speed where the header does not tell it, and the length of the detectors along the bed.
    public let bedSpeed: Speed?
    public let fieldOfView: Length?
    public let beginsAtFeet: Bool
    /// The effective coefficient of attenuation.
    public let coefficient: Uncertain<AttenuationCoefficient>
    public let pointUncertainty: Double
    public let calibration: Calibration
    /// The collimator, where the files do not name it.
    public let collimator: String?
    /// The CT from which attenuation and background follow.
    public let tomography: Tomography?
    /// Which SPECT of the case scale the planar curves, from 1; none for no hybrid.
    public let hybrid: [Int]

    /// A CT with the structures drawn on it.
    public struct Tomography: Hashable, Sendable {
      /// Where the folder with one CT and one structure set lies, relative to the case.
      public let folder: String
      /// The pixel, on the scan of the drawing, of the place with x = z = 0 in the patient's coordinates of the CT.
      public let origin: SIMD2<Double>?
    }

    public enum Scatter: Hashable, Sendable {
      case none, tripleWindow, lowerTriangle
      case dualWindow(k: Double)
    }

    public enum Calibration: Sendable {
      case sensitivity(Uncertain<Sensitivity>)
      case file(String)
      case probe(Probe)
      /// The number of the scan before voiding, from 1, and the region around the whole patient.
      case patient(scan: Int, wholeBody: String, relativeUncertainty: Double)
    }

    /// Readings of a probe as the case states them.
    public struct Probe: Sendable {
      public let readings: [(time: Timestamp, front: CountRate, back: CountRate, background: CountRate, duration: Time)]
      public let distance: Length
      public let firstIsBeforeVoiding: Bool
      public let wholeBody: String
      public let relativeUncertainty: Double
    }
  }
}

extension CaseFile.Planar {
  init(_ node: JSONNode) throws {
    folder = try node.required("folder").string()
    regionFile = try node.required("regions").string()
    registers = try node["register"]?.bool() ?? true
    let numbers = node["windows"]
    windows = (
      try numbers?["main"]?.int() ?? 1, try numbers?["lower"]?.int(), try numbers?["upper"]?.int()
    )
    let method = try node.required("scatter").required("method")
    scatter =
      switch try method.string() {
      case "triple-window": .tripleWindow
      case "lower-triangle": .lowerTriangle
      case "dual-window": .dualWindow(k: try node.required("scatter").required("k").double())
      default: .none
      }
    deadTime = try node["deadTime"].map { item in
      try DeadTime(
        try item["model"].flatMap { DeadTime.Model(rawValue: try $0.string()) } ?? .paralysable,
        time: .seconds(try item.required("tau_us").double() * 1e-6))
    }
    bedSpeed = try node["bed"]?["speed_cm_per_min"].map { .centimetresPerMinute(try $0.double()) }
    fieldOfView = try node["bed"]?["fieldOfView_cm"].map { .centimetres(try $0.double()) }
    beginsAtFeet = try node["bed"]?["beginsAtFeet"]?.bool() ?? false
    coefficient = Uncertain(
      .perCentimetre(try node["attenuation"]?["coefficient_per_cm"]?.double() ?? 0.135),
      relative: try node["attenuation"]?["relativeUncertainty"]?.double() ?? 0.03)
    pointUncertainty = try node["pointUncertainty"]?.double() ?? 0.05
    let calibration = try node.required("calibration")
    if let file = calibration["file"] {
      self.calibration = .file(try file.string())
    } else if let probe = calibration["probe"] {
      self.calibration = .probe(try Probe(probe))
    } else if let patient = calibration["patient"] {
      self.calibration = .patient(
        scan: try patient.required("scan").int(), wholeBody: try patient.required("wholeBody").string(),
        relativeUncertainty: try patient.required("relativeUncertainty").double())
    } else {
      self.calibration = .sensitivity(
        Uncertain(
          .countsPerSecondPerMegabecquerel(try calibration.required("sensitivity_cps_per_MBq").double()),
          relative: try calibration.required("relativeUncertainty").double()))
    }
    collimator = try node["collimator"]?.string()
    tomography = try node["ct"].map { ct in
      Tomography(
        folder: try ct.required("folder").string(),
        origin: try ct["originPixel"]?.list().map { try $0.double() }.pair)
    }
    hybrid = try node["hybridSpect"]?.list().map { try $0.int() } ?? []
  }
}

extension CaseFile.Planar.Probe {
  init(_ node: JSONNode) throws {
    distance = .centimetres(try node.required("distance_cm").double())
    firstIsBeforeVoiding = try node.required("firstIsBeforeVoiding").bool()
    wholeBody = try node.required("wholeBody").string()
    relativeUncertainty = try node.required("relativeUncertainty").double()
    readings = try node.required("readings").list().map { reading in
      let moment = try reading.required("time")
      guard let time = Timestamp(iso8601: try moment.string()) else {
        throw moment.refusal(
          "time-invalid", found: "“\(try moment.string().prefix(40))” is no moment",
          remedy: "Write it like 2026-11-02T09:03:00+01:00.")
      }
      func rate(_ key: String) throws -> CountRate { .countsPerSecond(try reading.required(key).double()) }
      return (
        time, try rate("front_cps"), try rate("back_cps"), try rate("background_cps"),
        .seconds(try reading.required("duration_s").double())
      )
    }
  }
}

extension [Double] {
  fileprivate var pair: SIMD2<Double> { SIMD2(self[0], self[1]) }
}
