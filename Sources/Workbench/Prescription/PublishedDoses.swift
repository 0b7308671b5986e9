import Foundation
public import JSON
import Kinetics
import Provenance
import Quantities
import Radionuclides
import Reports
import Statistics
import Therapy

/// Patients known by their doses per activity, as a paper's table gives them.
public struct PublishedDoses: Sendable {
  struct Patient: Sendable {
    let name: String
    let values: [String: Double]
    let note: String?
  }

  struct Printed: Sendable {
    let field: String
    let centre: String
    let value: Double
    let deviation: Double
    let decimals: Int
  }

  let title: String
  let source: String?
  let physical: RateConstant
  let kidneyLimit: AbsorbedDose
  let marrowLimit: AbsorbedDose?
  let graft: Time
  let marrowHalfLife: Time?
  let acceptedRisk: Double
  let conversionFactor: Double
  let patients: [Patient]
  let printed: [Printed]
  let digest: Digest

  /// Reads and checks a file in JSON5.
  ///
  /// - Parameter risk: the accepted risk in place of the file's.
  public static func read(_ path: String, risk: Double? = nil) throws -> PublishedDoses {
    try PublishedDoses(readFile(path), risk: risk)
  }

  init(_ bytes: [UInt8], risk: Double? = nil) throws {
    let document = try JSONDocument(bytes)
    try Schema.prescription.read().check(document)
    let root = document.root
    digest = Digest(of: bytes)
    title = try root.required("title").string()
    source = try root["source"]?.string()
    let physical = try NuclideTable.icrp107().nuclide(try root["nuclide"]?.string() ?? "Lu-177").decayConstant
    self.physical = physical
    let limits = try root.required("limits")
    kidneyLimit = .grays(try limits.required("kidneys_Gy").double())
    marrowLimit = try limits["marrow_Gy"].map { .grays(try $0.double()) }
    graft = .days(try root["graftDay_d"]?.double() ?? 14)
    marrowHalfLife = try root["marrowHalfLife_h"].map { try Self.halfLife($0, physical) }
    acceptedRisk = try risk ?? root["acceptedRisk"]?.double() ?? 0.05
    conversionFactor = try root["conversionFactor"]?.double() ?? 1
    patients = try root.required("patients").list().map { node in
      if let halfLife = node["marrowHalfLife_h"] { _ = try Self.halfLife(halfLife, physical) }
      return Patient(
        name: try node.required("name").string(),
        values: Dictionary(
          uniqueKeysWithValues: node.members.compactMap { key, field in field.value.double.map { (key, $0) } }),
        note: try node["note"]?.string())
    }
    printed =
      try root["printed"]?.list().map { node in
        Printed(
          field: try node.required("field").string(), centre: try node.required("centre").string(),
          value: try node.required("value").double(), deviation: try node.required("deviation").double(),
          decimals: try node["decimals"]?.int() ?? 2)
      } ?? []
  }

  /// An effective half-life, which no biology makes longer than the physical one; a hundredth is left to rounding.
  private static func halfLife(_ node: JSONNode, _ physical: RateConstant) throws -> Time {
    let hours = try node.double()
    guard hours <= physical.halfLife.hours * 1.01 else {
      throw node.refusal(
        "half-life-above-physical",
        found: "\(shortNumber(hours)) h, and the nuclide's own half-life is \(shortNumber(physical.halfLife.hours)) h",
        remedy: "Give the effective half-life, in hours.")
    }
    return .hours(hours)
  }

  /// Prescribes for every patient and checks the printed summaries.
  public func prescribed() throws -> PublishedPrescriptions {
    PublishedPrescriptions(
      doses: self, rows: try patients.map { try PublishedPrescriptions.Row($0, self) }, notes: try notes())
  }

  /// What the recomputed centre and deviations say of the printed ones.
  private func notes() throws -> [String] {
    try printed.compactMap { printed in
      let values = patients.compactMap { $0.values[printed.field] }
      guard !values.isEmpty else { return nil }
      let sample = try Sample(values)
      let digits = "%.\(printed.decimals)f"
      func agrees(_ value: Double, _ with: Double) -> Bool {
        // Half of the last printed digit, and a rounding of the halves either way.
        (value - with).magnitude <= 0.5 * pow(10, -Double(printed.decimals)) + 1e-9
      }
      let centre = printed.centre == "median" ? sample.median : sample.mean
      let head =
        "\(printed.field): printed \(printed.centre) ± SD \(String(format: digits, printed.value)) ± "
        + "\(String(format: digits, printed.deviation)), recomputed from n \(sample.count): \(printed.centre) "
        + "\(String(format: "%.3f", centre)), sample SD \(sample.sampleDeviation.map { String(format: "%.3f", $0) } ?? "none")"
        + ", population SD \(String(format: "%.3f", sample.populationDeviation))."
      var verdict: [String] = []
      if !agrees(centre, printed.value) { verdict.append("The printed \(printed.centre) disagrees.") }
      if let deviation = sample.sampleDeviation, agrees(deviation, printed.deviation) {
        verdict.append("The SD is the sample's.")
      } else if agrees(sample.populationDeviation, printed.deviation) {
        verdict.append("The SD is the population's.")
      } else {
        verdict.append("The printed SD disagrees with both.")
      }
      return ([head] + verdict).joined(separator: " ")
    }
  }
}

/// Prescriptions from published doses.
public struct PublishedPrescriptions: Sendable {
  /// One patient.
  struct Row: Sendable {
    let patient: PublishedDoses.Patient
    /// (L/d)/p by the kidney limit.
    let byKidneys: Activity
    /// P(exceed) ≤ risk by the kidneys' uncertainty, where it is stated.
    let atRisk: Activity?
    /// By the marrow limit, dose after day 0; with the effective half-life and with physical decay.
    let byMarrow: (effective: Activity?, physical: Activity)?
    /// Within every limit, and within the accepted risk where the kidneys' uncertainty is stated; without a half-life the
    /// marrow is taken to clear by physical decay alone.
    /// `nil` when the marrow has a limit and no dose.
    var prescribable: Activity? {
      guard isCovered else { return nil }
      let marrow = byMarrow.map { $0.effective ?? $0.physical }
      return min(atRisk ?? byKidneys, marrow ?? byKidneys)
    }

    /// Whether every organ with a limit has a dose.
    let isCovered: Bool
    /// Whether physical decay stands for the marrow's unknown half-life.
    let assumesPhysicalDecay: Bool

    /// Marrow dose after day 0 at the injected activity.
    let residual: (effective: AbsorbedDose?, physical: AbsorbedDose)?
    /// When the marrow's residual dose at the injected activity reaches the limit.
    let earliest: (effective: Time?, physical: Time)?
    /// The injected activity over the kidneys' limit.
    let fraction: Double?
    let kidneyDose: AbsorbedDose?
    let marrowDose: AbsorbedDose?

    init(_ patient: PublishedDoses.Patient, _ doses: PublishedDoses) throws {
      self.patient = patient
      func perActivity(_ key: String) -> AbsorbedDosePerActivity? {
        patient.values[key].map { .graysPerGigabecquerel($0) }
      }
      let kidneys = perActivity("kidneys_Gy_per_GBq")! * doses.conversionFactor
      let byKidneys = doses.kidneyLimit / kidneys
      self.byKidneys = byKidneys
      atRisk = try patient.values["kidneysUncertainty"].map {
        try LogNormalDose(median: kidneys, coefficientOfVariation: $0)
          .activity(within: doses.kidneyLimit, risk: doses.acceptedRisk)
      }
      let injected = patient.values["injected_GBq"].map { Activity.gigabecquerels($0) }
      fraction = injected.map { $0 / byKidneys }
      kidneyDose = injected.map { kidneys * $0 }
      isCovered = doses.marrowLimit == nil || patient.values["marrow_Gy_per_GBq"] != nil
      guard let marrow = perActivity("marrow_Gy_per_GBq"), let limit = doses.marrowLimit else {
        (byMarrow, residual, earliest, marrowDose, assumesPhysicalDecay) = (nil, nil, nil, nil, false)
        return
      }
      let halfLife = patient.values["marrowHalfLife_h"].map { Time.hours($0) } ?? doses.marrowHalfLife
      assumesPhysicalDecay = halfLife == nil
      func course(_ halfLife: Time) -> ExponentialSum {
        ExponentialSum([.init(amplitude: .megabecquerels(1), rate: RateConstant(halfLife: halfLife))])
      }
      let effective = halfLife.map(course)
      let physical = course(doses.physical.halfLife)
      func allowed(_ f: ExponentialSum) -> Activity { limit / (marrow * f.share(after: doses.graft)) }
      byMarrow = (effective.map(allowed), allowed(physical))
      marrowDose = injected.map { marrow * $0 }
      residual = injected.map { injected in
        func rest(_ f: ExponentialSum) -> AbsorbedDose { marrow * injected * f.share(after: doses.graft) }
        return (effective.map(rest), rest(physical))
      }
      earliest = injected.flatMap { injected in
        func day(_ f: ExponentialSum) -> Time? {
          GraftTiming.earliest(limit: limit) { marrow * injected * f.share(after: $0) }
        }
        return day(physical).map { (effective.flatMap(day), $0) }
      }
    }
  }

  let doses: PublishedDoses
  let rows: [Row]
  let notes: [String]

  /// Every number with its unit.
  public var document: JSONValue {
    [
      "title": JSONValue(doses.title), "source": JSONValue(doses.source), "digest": JSONValue(doses.digest.hexadecimal),
      "limits": [
        "kidneys": amount(doses.kidneyLimit.grays, "Gy"),
        "marrowAfterGraft": doses.marrowLimit.map { amount($0.grays, "Gy") } ?? nil,
      ],
      "graftDay": amount(doses.graft.days, "d"),
      "patients": JSONValue(rows.map(Self.document)),
      "notes": JSONValue(notes.map { JSONValue($0) }),
    ]
  }

  private static func document(_ row: Row) -> JSONValue {
    func dose(_ value: AbsorbedDose?) -> JSONValue { value.map { amount($0.grays, "Gy") } ?? nil }
    func activity(_ value: Activity?) -> JSONValue { value.map { amount($0.gigabecquerels, "GBq") } ?? nil }
    func days(_ value: Time?) -> JSONValue { value.map { amount($0.days, "d") } ?? nil }
    return [
      "name": JSONValue(row.patient.name),
      "byKidneys": activity(row.byKidneys),
      "prescribable": activity(row.prescribable?.roundedDown),
      "atAcceptedRisk": activity(row.atRisk),
      "byMarrow": ["effective": activity(row.byMarrow?.effective), "physical": activity(row.byMarrow?.physical)],
      "injectedOverKidneyLimit": JSONValue(row.fraction),
      "kidneyDose": dose(row.kidneyDose), "marrowDose": dose(row.marrowDose),
      "marrowAfterGraft": ["effective": dose(row.residual?.effective), "physical": dose(row.residual?.physical)],
      "earliestGraft": ["effective": days(row.earliest?.effective), "physical": days(row.earliest?.physical)],
      "note": JSONValue(row.patient.note),
    ]
  }

  /// A table for people, then the notes.
  public var summary: String {
    let limit = NumberFormat.limit(doses.kidneyLimit)
    var table = TextTable(
      [
        "Patient", "Kidneys Gy/GBq", "\(limit)/d GBq", "prescribe GBq", "injected GBq", "share", "kidneys Gy",
        "marrow Gy", "after day 0: T_eff", "physical Gy", "earliest day: T_eff", "physical",
      ], numbers: Set(1...11))
    func cell(_ value: Double?, _ format: String) -> String { value.map { String(format: format, $0) } ?? "-" }
    for row in rows {
      table.add([
        row.patient.name, cell(row.patient.values["kidneys_Gy_per_GBq"], "%.2f"),
        NumberFormat.prescribable(row.byKidneys),
        row.prescribable.map { NumberFormat.prescribable($0) } ?? NumberFormat.missing,
        cell(row.patient.values["injected_GBq"], "%.1f"), cell(row.fraction, "%.2f"),
        cell(row.kidneyDose?.grays, "%.2f"),
        cell(row.marrowDose?.grays, "%.2f"), cell(row.residual?.effective?.grays, "%.3f"),
        cell(row.residual?.physical.grays, "%.3f"), cell(row.earliest?.effective?.days, "%.1f"),
        cell(row.earliest?.physical.days, "%.1f"),
      ])
    }
    var lines = [doses.title]
    if let source = doses.source { lines.append(source) }
    lines += ["", table.text]
    lines.append("Activities within a limit never round up.")
    for row in rows where !row.isCovered {
      lines.append("Patient \(row.patient.name): nothing is prescribed, the marrow has a limit and no dose.")
    }
    for row in rows { if let note = row.patient.note { lines.append("Patient \(row.patient.name): \(note)") } }
    if rows.contains(where: \.assumesPhysicalDecay) {
      lines.append("Where no effective half-life of the marrow is given, physical decay limits the activity.")
    }
    lines += notes
    lines.append(Release.disclaimer)
    return lines.joined(separator: "\n") + "\n"
  }
}
