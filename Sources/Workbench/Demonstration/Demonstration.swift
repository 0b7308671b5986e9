import Dosimetry
import Foundation
public import JSON
import Kinetics
import Numerics
import Provenance
public import Quantities
import Radionuclides
import Reports
import SyntheticPatient

/// A synthetic patient, planned like any other, beside its known truth.
public struct Demonstration: Sendable {
  /// One organ's dose per activity, true and estimated.
  public struct Comparison: Sendable {
    /// The organ.
    public let organ: String
    /// The known dose per activity.
    public let truth: AbsorbedDosePerActivity
    /// The estimate.
    public let estimate: Uncertain<AbsorbedDosePerActivity>

    /// The log-normal 95 % interval of the estimate.
    public var interval: ClosedRange<AbsorbedDosePerActivity> {
      let relative = estimate.relativeUncertainty ?? 0
      let factor = exp(Normal.quantile(0.975) * log(1 + relative * relative).squareRoot())
      return (estimate.value / factor)...(estimate.value * factor)
    }

    /// Whether the interval holds the truth.
    public var isCovered: Bool { interval.contains(truth) }
  }

  /// Where a patient's true kinetics come from.
  public enum Kinetics: String, CaseIterable, Sendable {
    /// Uptake and clearance with the published half-lives.
    case published
    /// The compartment model's reference patient (`tac simulate`), who was given ``Demonstration/peptide``.
    case ligand
  }

  /// In nmol, as a diagnostic administration holds (assumed).
  static let peptide = 25.0

  /// The plan.
  public let plan: Plan
  /// The organs, in the plan's order.
  public let comparisons: [Comparison]
  /// Where the patient was written; `nil` for one that stayed in memory.
  public let folder: String?
  let seed: Int

  /// Writes a patient as a case folder with DICOM images, plans it and writes its results.
  ///
  /// - Throws: ``CaseError`` when the folder holds anything but an earlier demonstration.
  public static func run(in folder: String, seed: Int, kinetics: Kinetics = .published) throws -> Demonstration {
    let patient = try synthetic(seed, kinetics)
    try write(patient, to: folder)
    let plan = try Plan.make(folder)
    let demonstration = Demonstration(
      plan: plan, comparisons: try compare(plan, patient), folder: folder, seed: seed)
    let truth = Dictionary(uniqueKeysWithValues: demonstration.comparisons.map { ($0.organ, $0.truth) })
    try ResultsFolder(of: folder).replace(with: plan.resultFiles(truth: truth))
    return demonstration
  }

  /// The same patient, measured and planned without going through files.
  public static func inMemory(seed: Int, kinetics: Kinetics = .published) throws -> Demonstration {
    let patient = try synthetic(seed, kinetics)
    let file = try CaseFile(Array(caseText(patient).utf8))
    let nuclide = try NuclideTable.icrp107().nuclide(file.nuclide)
    let zero = file.administration.timeZero(file.settings.timeBase)
    let images = try patient.scans().map { TimedImage(time: $0.start - zero, image: $0.image) }
    let regions = try file.measure(file.regions, in: images, patient.structures(), file.spect!, nuclide)
    let plan = try Plan(
      file, nuclide: nuclide, measurement: Measurement(regions: regions, inputs: [], findings: []))
    return Demonstration(plan: plan, comparisons: try compare(plan, patient), folder: nil, seed: seed)
  }

  private static func synthetic(_ seed: Int, _ kinetics: Kinetics) throws -> SyntheticPatient {
    guard seed >= 0 else {
      throw CaseError(
        "seed-invalid", "The seed is \(seed).", remedy: "Give a whole number of 0 or more.", category: .usage)
    }
    switch kinetics {
    case .published: return try SyntheticPatient(seed: UInt64(seed))
    case .ligand:
      return try SyntheticPatient(
        seed: UInt64(seed), physiology: Physiology(LigandModel.reference.model, peptide: peptide))
    }
  }

  private static func compare(_ plan: Plan, _ patient: SyntheticPatient) throws -> [Comparison] {
    let truth = try TrueDoses(patient, nuclide: plan.nuclide, set: plan.set)
    return plan.analysis.organs.compactMap { organ in
      truth.perActivity[organ.name].map {
        Comparison(organ: organ.name, truth: $0, estimate: organ.dose.perActivity)
      }
    }
  }

  /// The comparison and the plan's results.
  public func document() throws -> JSONValue {
    [
      "seed": JSONValue(seed),
      "organs": JSONValue(
        comparisons.map {
          [
            "name": JSONValue($0.organ),
            "truth": amount($0.truth.graysPerGigabecquerel, "Gy/GBq"),
            "estimate": amount(
              $0.estimate.value.graysPerGigabecquerel, "Gy/GBq", $0.estimate.standardUncertainty?.graysPerGigabecquerel),
            "interval95": [
              JSONValue($0.interval.lowerBound.graysPerGigabecquerel),
              JSONValue($0.interval.upperBound.graysPerGigabecquerel),
            ],
            "covered": JSONValue($0.isCovered),
          ]
        }),
      "plan": plan.document(),
    ]
  }

  /// A table for people.
  public func summary() -> String {
    var table = TextTable(["Organ", "True Gy/GBq", "Estimated Gy/GBq", "95 % interval", ""], numbers: [1, 2, 3])
    for row in comparisons {
      table.add([
        row.organ, NumberFormat.dosePerActivity(row.truth), NumberFormat.dosePerActivity(row.estimate).joined,
        "\(NumberFormat.dosePerActivity(row.interval.lowerBound)) to "
          + NumberFormat.dosePerActivity(row.interval.upperBound),
        row.isCovered ? "covers the truth" : "misses the truth",
      ])
    }
    let place = folder ?? "memory"
    return """
      A synthetic patient with known truth, seed \(seed), is in \(place).

      \(table.text)
      \(plan.summary(resultsIn: place + "/results"))
      """
  }
}

/// The doses of a synthetic patient, from its true activities and masses.
///
/// The S values are the plan's own, so that the comparison tests the measurement, not the S values. The patient's
/// share of red marrow in L2–L4 scatters about the reference share as the plan assumes.
struct TrueDoses: Sendable {
  /// By the plan's organ names.
  let perActivity: [String: AbsorbedDosePerActivity]

  init(_ patient: SyntheticPatient, nuclide: Nuclide, set: any SValueSet) throws {
    let sex: Sex = patient.subject.isFemale ? .female : .male
    var stream = RandomStream(seed: patient.seed, stream: "marrow share")
    let spread = RedMarrow.shareUncertainty.value
    let share = RedMarrow.lumbarShare(sex).value * exp(log(1 + spread * spread).squareRoot() * stream.normal())
    let kidneys = patient.organs.filter { $0.name.hasSuffix("kidney") }
    var sources = [
      DoseSource(
        region: DoseRegion(name: "Kidneys", mass: kidneys.map(\.mass).total(), pieces: 2, shape: .organ),
        coefficient: kidneys.map(\.kinetics.timeIntegratedActivityCoefficient).total())
    ]
    for organ in patient.organs where !organ.name.hasSuffix("kidney") {
      let coefficient = organ.kinetics.timeIntegratedActivityCoefficient
      let isMarrow = organ.name == SyntheticPatient.vertebralBodies
      sources.append(
        isMarrow
          ? DoseSource(
            region: DoseRegion(name: "Marrow", mass: ReferenceAdult.redMarrow(sex).value, shape: .redMarrow),
            coefficient: coefficient / share)
          : DoseSource(
            region: DoseRegion(
              name: organ.name, mass: organ.mass, shape: organ.name == "Lesion" ? .sphere : .organ),
            coefficient: coefficient))
    }
    var doses: [String: AbsorbedDosePerActivity] = [:]
    for target in sources {
      let dose = try MIRDDose(target: target.region, sources: sources, nuclide: nuclide, set: set)
      doses[target.region.name == "Marrow" ? "Marrow, total" : target.region.name] = dose.perActivity
    }
    perActivity = doses
  }
}
