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
    return findings
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
            "eqd2": row.biological.map { amount(BiologicalEffect.kidneys.equieffectiveDose(of: $0).grays, "Gy") }
              ?? nil,
            "counted": JSONValue(row.counted),
          ]
        }),
      "sum": ["bed": amount(sum.biological.grays, "Gy"), "eqd2": amount(sum.equieffective.grays, "Gy")],
      "note":
        "The sum is shown, not limited; absorbed doses of unlike dose rates are not added. Recovery is not assumed.",
    ]
  }
}
