import Dosimetry
import JSON
import Provenance
import Quantities
import Reports
import Therapy

extension CaseFile {
  /// The limit on the kidneys' biologically effective dose, where the case asks for one.
  var kidneyBED: BiologicallyEffectiveDose? {
    limits.kidneysBED.map { limit in
      switch limit {
      case .stated(let bed): bed
      case .published:
        KidneyBED.published(
          hasRiskFactors: subject?.kidneyRiskFactors ?? false,
          withTotalBody: otherIrradiation.contains { $0.kind == .totalBody })
      }
    }
  }

  /// What other irradiation takes of the limit on the kidneys' biologically effective dose.
  var countedKidneyBED: BiologicallyEffectiveDose {
    otherIrradiation.filter { $0.counting != .none }.map { $0.biologicallyEffectiveDose(of: "kidneys", .kidneys) }
      .total()
  }

  /// What other irradiation takes of the limit on an organ's absorbed dose.
  func countedDose(of organ: String) -> AbsorbedDose {
    otherIrradiation.filter { $0.counting == .both }.map { $0.dose(of: organ) }.total()
  }

  /// That other irradiation is, or is not, counted.
  var irradiationFindings: [Finding] {
    var findings = otherIrradiation.map { other in
      let text =
        switch other.counting {
        case .none: "It is shown beside the therapy and counted against no limit."
        case .biological: "It is counted against limits on BED, not against limits on absorbed dose."
        case .both: "It is counted against limits on BED and on absorbed dose."
        }
      return Finding(
        .info, code: "other-irradiation", title: "\(other.name).", text, origin: "Therapy · otherIrradiation")
    }
    if limits.kidneysBED == .published, otherIrradiation.contains(where: { $0.kind == .totalBody }) {
      findings.append(
        Finding(
          .caution, code: "bed-with-tbi", title: "BED 28 Gy with total-body irradiation.",
          "The 40 Gy were observed without total-body irradiation; in transplantation kidneys bear about 12 Gy of it in "
            + "2 Gy fractions, a BED of 21.6 Gy.", origin: "Therapy · limits.kidneysBED_Gy"))
    }
    if limits.priorKidneys > .zero, kidneyBED != nil {
      findings.append(
        Finding(
          .caution, code: "prior-dose-without-bed", title: "Earlier kidney dose without BED.",
          "priorKidneys_Gy counts against the limit on absorbed dose alone: a BED needs its time course, which "
            + "otherIrradiation states.", origin: "Therapy · limits.priorKidneys_Gy"))
    }
    return findings
  }
}

extension DoseLimit {
  /// `23 Gy`, or `BED 28 Gy`.
  var text: String {
    biological.map { "BED \(shortNumber($0.limit.grays)) Gy" } ?? NumberFormat.limit(limit)
  }
}

/// All irradiation of one organ in one table: absorbed dose, BED and EQD2, and what counts against its limits.
struct IrradiationTable: Sendable {
  struct Row: Sendable {
    let name: String
    let date: String?
    let dose: AbsorbedDose
    /// `nil` where the time course is not known.
    let biological: BiologicallyEffectiveDose?
    let counted: String
  }

  let organ: String
  let rows: [Row]
  /// The sum over all rows, whether counted or not.
  let sum: (biological: BiologicallyEffectiveDose, equieffective: EquieffectiveDose)

  /// The kidneys' table: the prescribed therapy and everything beside it; `nil` without a kidney dose.
  init?(_ plan: Plan) {
    guard let activity = plan.analysis.prescription?.activity,
      let kidneys = plan.analysis.organs.first(where: { $0.organ.limited == .kidneys })
    else { return nil }
    let effect = BiologicalEffect.kidneys
    let dose = kidneys.dose.perActivity.value * plan.file.settings.conversionFactor * activity
    let bed = effect.biologicallyEffectiveDose(
      of: dose, factor: effect.leaCatchesideFactor(of: kidneys.dose.doseCourse))
    var rows = [
      Row(
        name: "\(NumberFormat.prescribable(activity)) GBq \(plan.file.agent)", date: nil, dose: dose, biological: bed,
        counted: "the prescription")
    ]
    rows += plan.file.otherIrradiation.map { other in
      Row(
        name: other.name, date: other.date, dose: other.dose(of: "kidneys"),
        biological: other.biologicallyEffectiveDose(of: "kidneys", effect), counted: other.counting.rawValue)
    }
    if plan.file.limits.priorKidneys > .zero {
      // Stated as absorbed dose alone: without its time course it has no BED.
      rows.append(
        Row(
          name: "earlier, stated as priorKidneys_Gy", date: nil, dose: plan.file.limits.priorKidneys,
          biological: nil, counted: "absorbed dose"))
    }
    organ = "Kidneys"
    self.rows = rows
    let sum = rows.compactMap(\.biological).total()
    self.sum = (sum, effect.equieffectiveDose(of: sum))
  }

  private static let note =
    "The sum is shown, not limited; absorbed doses of unlike dose rates are not added. Recovery is not assumed."

  private func eqd2(_ bed: BiologicallyEffectiveDose) -> EquieffectiveDose {
    BiologicalEffect.kidneys.equieffectiveDose(of: bed)
  }

  /// The table for pages; `nil` where there is nothing beside the therapy.
  var section: IrradiationSection? {
    guard rows.count > 1 else { return nil }
    func text(_ grays: Double?) -> String { grays.map { String(format: "%.2f", $0) } ?? NumberFormat.missing }
    let courses = rows.map { row in
      IrradiationSection.Row(
        name: [row.name, row.date].compactMap { $0 }.joined(separator: ", "), absorbed: text(row.dose.grays),
        bed: text(row.biological?.grays), eqd2: text(row.biological.map { eqd2($0).grays }), counted: row.counted)
    }
    let missing = rows.contains { $0.biological == nil } ? " Rows without a BED are not in it." : ""
    return IrradiationSection(
      organ: organ,
      rows: courses + [
        .init(
          name: "sum", absorbed: "", bed: text(sum.biological.grays), eqd2: text(sum.equieffective.grays), counted: "")
      ],
      caption: "\(Self.note)\(missing) α/β \(shortNumber(BiologicalEffect.kidneys.alphaBeta.grays)) Gy, repair "
        + "\(shortNumber(BiologicalEffect.kidneys.repairHalfTime.hours)) h.")
  }

  var document: JSONValue {
    [
      "organ": JSONValue(organ),
      "alphaBeta": amount(BiologicalEffect.kidneys.alphaBeta.grays, "Gy"),
      "repairHalfTime": amount(BiologicalEffect.kidneys.repairHalfTime.hours, "h"),
      "rows": JSONValue(
        rows.map { row in
          [
            "name": JSONValue(row.name), "date": JSONValue(row.date), "absorbed": amount(row.dose.grays, "Gy"),
            "bed": row.biological.map { amount($0.grays, "Gy") } ?? nil,
            "eqd2": row.biological.map { amount(eqd2($0).grays, "Gy") } ?? nil,
            "counted": JSONValue(row.counted),
          ]
        }),
      "sum": ["bed": amount(sum.biological.grays, "Gy"), "eqd2": amount(sum.equieffective.grays, "Gy")],
      "note": JSONValue(Self.note),
    ]
  }
}
