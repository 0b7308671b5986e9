import Dosimetry
import Foundation
public import JSON
import Kinetics
import Provenance
import Quantities
import Radionuclides
import Reports
import Therapy

/// What a therapy delivered beside what its plan predicted, by the same chain: `verify CASE`.
public struct Verification: Sendable {
  /// One organ, predicted and delivered.
  struct Row: Sendable {
    let name: String
    let organ: CaseFile.Region.Organ
    let predicted: Uncertain<AbsorbedDose>
    let delivered: Uncertain<AbsorbedDose>
    /// Delivered over predicted; uncertainties that move both alike are left out.
    let ratio: Double
    let ratioUncertainty: Double?
    /// The delivered dose's biologically effective dose, for kidneys.
    let biological: BiologicallyEffectiveDose?
    let deliveredOrgan: OrganDose

    /// The 95 % interval of the ratio, log-normal.
    var interval: ClosedRange<Double>? {
      ratioUncertainty.map { u in
        let factor = exp(1.959_963_985 * log(1 + u * u).squareRoot())
        return (ratio / factor)...(ratio * factor)
      }
    }

    /// Whether prediction and delivery agree within their joint uncertainty.
    var agrees: Bool? { interval.map { $0.contains(1) } }
  }

  private let plan: Plan
  private let administered: Activity
  private let analysis: Analysis
  let rows: [Row]
  private let cohort: DoseAgreement?
  private let findings: [Finding]

  /// Reads a case with its `verification` and works both out.
  ///
  /// - Parameter cohort: a table of patients with doses before and after, whose learned factors are shown beside.
  public static func make(_ path: String, cohort: String?) throws -> Verification {
    let plan = try Plan.make(path)
    let (file, folder) = try CaseFile.read(path)
    return try Verification(
      plan, file, folder: folder, cohort: try cohort.map { try DoseAgreement(try PublishedDoses.read($0)) })
  }

  private init(_ plan: Plan, _ file: CaseFile, folder: String, cohort: DoseAgreement?) throws {
    guard let after = file.verification else {
      throw CaseError(
        "no-verification", "The case does not say what was measured after the therapy.",
        remedy: "Add verification with its administrations and measurements.")
    }
    guard after.administration.start >= file.administration.start else {
      throw CaseError(
        "verification-before-plan",
        "The therapy is dated \(after.administration.start.local.date), before the dosimetry of "
          + "\(file.administration.start.local.date) that predicts it.",
        remedy: "Check the dates of both administrations.")
    }
    var therapy = file
    therapy.administration = after.administration
    therapy.spect = after.spect
    therapy.curves = after.curves
    therapy.regions = try file.measured(in: after, folder: folder)
    let measurement = try therapy.measure(in: folder, nuclide: plan.nuclide)
    let administered = after.administration.administered(decay: plan.nuclide.decayConstant)
    guard administered.isFinite, administered.base > 0 else {
      throw CaseError(
        "nothing-administered", "The residual of the therapy is not smaller than its assay.",
        remedy: "Check the assay and the residual with their times.")
    }
    try measurement.check(against: administered, of: plan.nuclide)
    let analysis = Analysis(therapy, plan.nuclide, administered, measurement, set: plan.set)
    self.plan = plan
    self.administered = administered
    self.analysis = analysis
    self.cohort = cohort
    rows = plan.analysis.organs.compactMap { predicted in
      analysis.organs.first { $0.name == predicted.name }.map {
        Self.row(predicted, $0, factor: file.factor(of: predicted.organ), administered)
      }
    }
    findings = (measurement.findings + analysis.findings.filter { $0.origin != "Therapy" }).worstFirst()
  }

  private static func row(
    _ predicted: Analysis.OrganResult, _ delivered: Analysis.OrganResult, factor: Double, _ activity: Activity
  ) -> Row {
    let before = predicted.dose.perActivity
    let after = delivered.dose.perActivity
    let ratio = after.value / (before.value * factor)
    // What moves both alike (one camera, one mass, one S value) cancels as far as it is equal.
    func own(_ dose: OrganDose, without other: OrganDose) -> Double? {
      dose.coefficient.relativeUncertainty.map { fit in
        dose.components.reduce(fit * fit) { sum, component in
          let common = other.components.first { $0.name == component.name }?.relative ?? 0
          let rest = max(0, component.relative - common)
          return sum + rest * rest
        }
      }
    }
    let joint = own(predicted.dose, without: delivered.dose).flatMap { a in
      own(delivered.dose, without: predicted.dose).map { (a + $0).squareRoot() }
    }
    let dose = after.value * activity
    let effect = BiologicalEffect.kidneys
    return Row(
      name: predicted.name, organ: predicted.organ,
      predicted: Uncertain(before.value * factor * activity, relative: before.relativeUncertainty),
      delivered: Uncertain(dose, relative: after.relativeUncertainty), ratio: ratio, ratioUncertainty: joint,
      biological: predicted.organ.limited == .kidneys
        ? effect.biologicallyEffectiveDose(
          of: dose, factor: effect.leaCatchesideFactor(of: delivered.dose.doseCourse)) : nil,
      deliveredOrgan: delivered.dose)
  }

  /// When the graft may come by what was delivered.
  private var earliestGraft: Time? {
    guard let limit = plan.analysis.prescription?.outcomes.first(where: { $0.limit.reading == .afterGraft })?.limit,
      let marrow = rows.first(where: { $0.organ == .marrow })
    else { return nil }
    return GraftTiming.earliest(limit: limit.available) {
      marrow.deliveredOrgan.perActivity(after: $0).value * administered
    }
  }

  /// The document of `verify CASE --json`.
  public var document: JSONValue {
    [
      "case": JSONValue(plan.file.name),
      "administered": amount(administered.gigabecquerels, "GBq"),
      "planned": plan.analysis.prescription.map { amount($0.activity.gigabecquerels, "GBq") } ?? nil,
      "organs": JSONValue(
        rows.map { row in
          [
            "name": JSONValue(row.name),
            "predicted": amount(row.predicted.value.grays, "Gy", row.predicted.standardUncertainty?.grays),
            "delivered": amount(row.delivered.value.grays, "Gy", row.delivered.standardUncertainty?.grays),
            "ratio": JSONValue(row.ratio), "ratioUncertainty": JSONValue(row.ratioUncertainty),
            "ratioInterval95": row.interval.map { [JSONValue($0.lowerBound), JSONValue($0.upperBound)] } ?? nil,
            "agrees": row.agrees.map { JSONValue($0) } ?? nil,
            "deliveredBED": row.biological.map { amount($0.grays, "Gy") } ?? nil,
            "limits": JSONValue(limits(row)),
          ]
        }),
      "earliestGraft": earliestGraft.map { amount($0.days, "d") } ?? nil,
      "cohort": cohort?.document ?? nil,
      "regions": JSONValue(
        analysis.regions.compactMap { region in
          region.refusal.map {
            ["name": JSONValue(region.measured.region.name), "refused": AnyRefusal($0).document]
          }
        }),
      "findings": JSONValue(findings.map(\.document)),
    ]
  }

  /// The case's limits on an organ against what was delivered.
  private func limits(_ row: Row) -> [JSONValue] {
    let outcomes = plan.analysis.prescription?.outcomes ?? []
    return outcomes.map(\.limit).filter { $0.organ.region.name == row.deliveredOrgan.region.name }.compactMap { limit in
      guard let here = try? limit.delivered(row.deliveredOrgan) else { return nil }
      let dose = here.perActivity(graft: plan.file.therapy.graft) * administered
      return [
        "name": JSONValue(limit.name), "limit": amount(here.limit.grays, "Gy"),
        "priorDose": amount(here.priorDose.grays, "Gy"), "delivered": amount(dose.grays, "Gy"),
        "isMet": JSONValue(dose <= here.available),
      ]
    }
  }

  /// A table for people.
  public var summary: String {
    var table = TextTable(
      ["Organ", "predicted Gy", "delivered Gy", "ratio", "95 %", "agrees"], numbers: [1, 2, 3, 4])
    for row in rows {
      table.add([
        row.name, NumberFormat.dose(row.predicted).joined, NumberFormat.dose(row.delivered).joined,
        String(format: "%.2f", row.ratio),
        row.interval.map { String(format: "%.2f–%.2f", $0.lowerBound, $0.upperBound) } ?? "not estimated",
        row.agrees.map { $0 ? "yes" : "no" } ?? "-",
      ])
    }
    let prescribed = plan.analysis.prescription.map { ", \(activityText($0.activity)) prescribed" } ?? ""
    var lines = ["\(plan.file.name): \(activityText(administered)) given\(prescribed).", "", table.text]
    for region in analysis.regions {
      guard let refusal = region.refusal else { continue }
      lines.append("\(region.measured.region.name) is not verified: \(refusal.reason)")
    }
    let missing = plan.analysis.organs.map(\.name).filter { name in !rows.contains { $0.name == name } }
    if !missing.isEmpty { lines.append("No delivered dose: \(missing.joined(separator: ", ")).") }
    if let earliestGraft {
      lines.append(
        "By what was delivered the graft may come on day \(NumberFormat.earliestWholeDay(earliestGraft)); planned: day "
          + "\(shortNumber(plan.file.therapy.graft.days)).")
    }
    if let cohort { lines.append(cohort.summary) }
    lines.append(Release.disclaimer)
    return lines.joined(separator: "\n") + "\n"
  }
}

extension DoseLimit {
  /// The same limit on what a therapy delivered: measured at therapy, no conversion applies.
  fileprivate func delivered(_ organ: OrganDose) throws -> DoseLimit {
    guard let biological else {
      return try DoseLimit(name: name, limit: limit, reading: reading, priorDose: priorDose, organ: organ)
    }
    return try DoseLimit(
      name: name, limit: biological.limit, counted: biological.counted, effect: biological.effect, organ: organ)
  }
}

extension CaseFile {
  /// The regions that were measured after the therapy.
  fileprivate func measured(in after: Verification, folder: String) throws -> [Region] {
    var names: Set<String> = []
    if let curves = after.curves {
      let path = curves.file.hasPrefix("/") ? curves.file : folder + "/" + curves.file
      names = Set(try CurveTable(path: path).regions.map(\.name))
    }
    return regions.filter {
      names.contains($0.name) || (after.spect != nil && ($0.structure != nil || !$0.sampledBy.isEmpty))
    }
  }
}
