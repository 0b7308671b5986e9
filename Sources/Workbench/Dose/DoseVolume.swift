import Dosimetry
public import JSON
import Provenance
import Quantities
import Reports
import Studies
import Volumes

/// Dose and volume of regions on a dose map: `dose dvh`.
public struct DoseVolume: Sendable {
  /// How a voxel at a region's border counts.
  public enum Border: String, CaseIterable, Sendable {
    /// By the fraction that the region fills: the volume is the planimetric one.
    case fractional
    /// Wholly, when its centre lies inside.
    case centre
  }

  /// What is asked for beside the plain statistics.
  public struct Options: Sendable {
    /// Doses of V(D) in Gy, apart by commas.
    public let volumesAt: String?
    /// α in 1/Gy of EUD and EUBED.
    public let alpha: Double?
    /// α/β in Gy, repair half-time and effective half-life in h, for EUBED.
    public let alphaBeta, repair, halfLife: Double?
    public let border: Border
    public let steps: Int

    public init(
      volumesAt: String?, alpha: Double?, alphaBeta: Double?, repair: Double?, halfLife: Double?, border: Border,
      steps: Int
    ) {
      self.volumesAt = volumesAt
      self.alpha = alpha
      self.alphaBeta = alphaBeta
      self.repair = repair
      self.halfLife = halfLife
      self.border = border
      self.steps = steps
    }
  }

  private let map: DoseMap
  private let rows: [RegionHistogram]
  private let options: Options
  private let doses: [AbsorbedDose]
  private let effect: (BiologicalEffect, factor: Double)?
  private let findings: [Finding]

  /// Reads a dose map and regions (an RTSTRUCT, or spheres and boxes in JSON5).
  ///
  /// A region that does not lie on the map is a result with its reason.
  public init(dose path: String, regions: String, options: Options) throws {
    guard !path.lowercased().hasSuffix(".nii"), !path.lowercased().hasSuffix(".nii.gz") else {
      throw CaseError(
        "dose-map-nifti", "A NIfTI file names neither its unit nor the frame of reference in which the dose lies.",
        remedy: "Name the RT Dose of the same name with the ending .dcm that dose voxel wrote beside it.")
    }
    let map = try DoseMap(path: path)
    let file = try RegionFile(path: regions)
    try file.requireFrameOfReference(of: map)
    guard (1...10_000).contains(options.steps) else {
      throw Self.usage("--points is \(options.steps).", "Give 1 to 10000 points.")
    }
    doses = try (options.volumesAt?.split(separator: ",") ?? []).map { text in
      guard let value = Double(text.filter { $0 != " " }), value.isFinite, value >= 0 else {
        throw Self.usage("'\(text.prefix(20))' is no dose.", "Give doses in Gy apart by commas, such as 5,10,20.")
      }
      return .grays(value)
    }
    effect = try Self.effect(options)
    self.map = map
    self.options = options
    findings = file.findings
    rows = file.regions.map { RegionHistogram($0.name, $0.shape, on: map.image, border: options.border) }
  }

  private static func effect(_ options: Options) throws -> (BiologicalEffect, factor: Double)? {
    for value in [options.alpha, options.alphaBeta, options.repair, options.halfLife] {
      if let value, !(value > 0 && value.isFinite) {
        throw usage("A parameter of the effect is \(value).", "Give values above 0.")
      }
    }
    guard let alphaBeta = options.alphaBeta else { return nil }
    guard let repair = options.repair, let halfLife = options.halfLife, options.alpha != nil else {
      throw usage(
        "EUBED needs --alpha, --alpha-beta, --repair and --half-life together.", "Give all four, or --alpha alone.")
    }
    let effect = BiologicalEffect(
      alphaBeta: .grays(alphaBeta), repairHalfTime: .hours(repair), source: Source("entered on the command line"))
    return (effect, repair / (repair + halfLife))
  }

  private static func usage(_ reason: String, _ remedy: String) -> CaseError {
    CaseError("option-invalid", reason, remedy: remedy, category: .usage)
  }

  /// The document of `dose dvh --json`.
  public var document: JSONValue {
    [
      "dose": [
        "kind": JSONValue(map.kind.rawValue), "summation": JSONValue(map.summation),
        "digest": JSONValue(map.digest.hexadecimal),
      ],
      "border": JSONValue(options.border.rawValue),
      "regions": JSONValue(rows.map(document)),
      "findings": JSONValue(findings.map(\.document)),
    ]
  }

  private func document(_ row: RegionHistogram) -> JSONValue {
    row.document(steps: options.steps) { histogram in
      [
        (
          "volumesAt",
          JSONValue(
            doses.map { dose in
              let volume = histogram.volume(receiving: dose)
              return [
                "dose": amount(dose.grays, "Gy"), "volume": amount(volume.millilitres, "mL"),
                "share": JSONValue(volume / histogram.volume),
              ]
            })
        ),
        ("eud", options.alpha.map { amount(histogram.equivalentUniformDose(alpha: $0).grays, "Gy") } ?? nil),
        (
          "eubed",
          effect.map {
            amount(histogram.equivalentUniformBED(alpha: options.alpha!, $0.0, factor: $0.factor).grays, "Gy")
          } ?? nil
        ),
      ]
    }
  }

  /// A table for people.
  public var summary: String {
    let more =
      doses.map { "V\(shortNumber($0.grays)) mL" } + (options.alpha == nil ? [] : ["EUD"])
      + (effect == nil ? [] : ["EUBED"])
    var table = TextTable(
      ["Region", "mL", "mean Gy", "min", "max", "D98", "D50", "D2"] + more, numbers: Set(1...7 + more.count))
    var refusals: [String] = []
    for row in rows {
      switch row.histogram {
      case .failure(let refusal):
        table.add([row.name, "refused"] + Array(repeating: "-", count: 6 + more.count))
        refusals.append("\(row.name): \(refusal.reason)")
      case .success(let h):
        table.add(
          [row.name, String(format: "%.1f", h.volume.millilitres)]
            + [
              h.mean, h.minimum, h.maximum, h.dose(received: 0.98), h.dose(received: 0.5), h.dose(received: 0.02),
            ].map { NumberFormat.dose($0) } + doses.map { shortNumber(h.volume(receiving: $0).millilitres) }
            + (options.alpha.map { [NumberFormat.dose(h.equivalentUniformDose(alpha: $0))] } ?? [])
            + (effect.map { effect in
              [shortNumber(h.equivalentUniformBED(alpha: options.alpha!, effect.0, factor: effect.factor).grays)]
            } ?? []))
      }
    }
    return ([table.text] + refusals.map { $0 + "\n" } + [Release.disclaimer + "\n"]).joined()
  }
}
