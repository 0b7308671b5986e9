import Dosimetry
import Foundation
import Kinetics
public import Provenance
public import Quantities
public import Reports
import Therapy

extension Plan {
  /// The report of the plan.
  ///
  /// - Parameters:
  ///   - resultsDigest: of results.json, for the foot of the pages.
  ///   - truth: the known doses of a synthetic patient, by organ.
  public func report(resultsDigest: Digest, truth: [String: AbsorbedDosePerActivity] = [:]) throws -> CaseReport {
    CaseReport(
      title: file.name, facts: facts, headline: headline, risk: try risk(), doses: doses(truth), curves: curves,
      graft: try graftPlot(), findings: findings.joiningRegions(), refusals: refusals,
      settings: settings.filter(\.isUsed).map(\.row), provenance: provenance, resultsDigest: resultsDigest.short,
      tornado: tornado, labels: comparison?.plot, budget: budget,
      irradiation: IrradiationTable(self)?.section, annex: ReportingItems(self).sections)
  }

  /// What moves the activity: inputs first, then the settings with an effect.
  var tornado: TornadoPlot? {
    guard let prescription = analysis.prescription else { return nil }
    let inputs = prescription.sensitivities().prefix(8).map {
      TornadoPlot.Row(
        name: $0.input, aside: "u \(shortNumber($0.relativeUncertainty * 100))\u{00A0}%", least: $0.least,
        most: $0.most,
        isSetting: false)
    }
    let choices = settings.filter(\.isUsed).compactMap { setting -> TornadoPlot.Row? in
      let changes = setting.effects.compactMap { $0 }
      guard let low = changes.min(), let high = changes.max(), max(-low, high) >= .gigabecquerels(0.01) else {
        return nil
      }
      return TornadoPlot.Row(
        name: setting.question, aside: setting.id.hasPrefix("A") ? setting.id : "setting",
        least: prescription.activity + min(low, .zero), most: prescription.activity + max(high, .zero), isSetting: true)
    }
    return TornadoPlot(activity: prescription.activity, rows: inputs + choices)
  }

  /// What the uncertainty of each organ's dose is made of: the fit first, the others by size.
  private var budget: BudgetPlot {
    let rows = analysis.organs.map { organ in
      var parts = Dictionary(organ.dose.components.map { ($0.name, $0.relative) }) { hypot($0, $1) }
      parts["fit"] = organ.dose.coefficient.relativeUncertainty
      return BudgetPlot.Row(
        name: organ.name, organ: organ.organ.plotted, total: organ.dose.perActivity.relativeUncertainty ?? .nan,
        parts: parts)
    }
    let names = Set(rows.flatMap(\.parts.keys)).subtracting(["fit"])
    func size(_ name: String) -> Double { rows.reduce(0) { $0 + ($1.parts[name] ?? 0) } }
    return BudgetPlot(
      rows: rows, parts: ["fit"] + names.sorted { (size($0), $0) > (size($1), $1) })
  }

  private var facts: [String] {
    var facts = file.notes
    if let subject = file.subject {
      let sex = subject.sex == .female ? "F" : "M"
      facts.append(subject.age.map { "\(sex), \(Int($0)) y" } ?? sex)
      let size = [
        subject.weight.map { String(format: "%.1f kg", $0.kilograms) },
        subject.height.map { String(format: "%.2f m", $0.centimetres / 100) },
      ].compactMap { $0 }
      if !size.isEmpty { facts.append(size.joined(separator: ", ")) }
      if let diagnosis = subject.diagnosis { facts.append(diagnosis) }
    }
    let scans = measurement.regions.map(\.curve.points.count).max() ?? 0
    facts.append(
      "\(agent) \(String(format: "%.1f", administered.megabecquerels)) MBq on "
        + "\(file.administration.start.local.date), \(scans) time point\(scans == 1 ? "" : "s")")
    return facts
  }

  /// `[¹⁷⁷Lu]Pentixather`: the nuclide in the name set as a superscript.
  private var agent: String {
    let number = nuclide.name.split(separator: "-").last.map(String.init) ?? ""
    let element = nuclide.name.split(separator: "-").first.map(String.init) ?? ""
    return file.agent.replacingOccurrences(of: "[\(number)\(element)]", with: "[\(nuclide.symbol)]")
  }

  private var headline: Headline {
    guard let prescription = analysis.prescription else {
      let refusal = analysis.refusal!
      return .refused(
        RefusalNotice(
          reason: refusal.reason, remedy: refusal.remedy,
          bound: refusal.bound.map(Self.bound)))
    }
    let governing = prescription.governing
    let lead =
      prescription.acceptedRisk.map {
        "Largest activity with at most \(shortNumber($0 * 100)) % risk of exceeding any limit"
      } ?? "Largest activity whose best estimates meet every limit"
    let isMarrow = governing.limit.reading != .total || governing.limit.name.hasPrefix("Marrow")
    let governs =
      prescription.isCapped
      ? "A cap decides." : "\(isMarrow ? "The marrow governs" : "The \(governing.limit.nameInSentence) govern"):"
    var governingDose =
      "\(NumberFormat.dose(governing.dose.value)) of \(NumberFormat.limit(governing.limit.available))."
    if let biological = governing.limit.biological {
      let bed = governing.limit.biologicallyEffectiveDose(of: governing.dose.value, biological.effect)
      let beside =
        biological.counted > .zero ? " beside \(shortNumber(biological.counted.grays)) Gy of other irradiation," : ""
      governingDose = "BED \(shortNumber(bed.grays)) Gy\(beside) of \(shortNumber(biological.limit.grays)) Gy."
    }
    return .prescribed(
      Headline.Prescribed(
        lead: lead, activity: prescription.activity,
        agent: prescription.dependsOnGraft ? "\(agent), day −\(NumberFormat.days(prescription.graft))" : agent,
        governing: governing.limit.biological != nil && !prescription.isCapped
          ? "The kidneys' BED governs:"
          : governs.replacingOccurrences(of: "The liver govern:", with: "The liver governs:")
            .replacingOccurrences(of: "The spleen govern:", with: "The spleen governs:"),
        governingDose: governingDose,
        bestEstimate:
          "The best estimate meets \(governing.limit.text) at "
          + "\(NumberFormat.prescribable(governing.bestEstimate)) GBq.", facts: headlineFacts(prescription)))
  }

  private func headlineFacts(_ prescription: Prescription) -> [Headline.Fact] {
    var facts = prescription.outcomes.map { outcome in
      Headline.Fact(
        label: outcome.limit.biological == nil
          ? "\(outcome.limit.name) above \(NumberFormat.limit(outcome.limit.limit))" : "\(outcome.limit.name) exceeded",
        value: NumberFormat.probability(outcome.probabilityOfExceeding))
    }
    if let graft = analysis.graft {
      let (low, high) = (graft.interval.lowerBound.days.rounded(.up), graft.interval.upperBound.days.rounded(.up))
      facts.append(
        Headline.Fact(
          label: "Earliest graft after therapy", value: "day \(Int(graft.best.days.rounded(.up)))",
          aside: "(95 %: \(Int(low))–\(Int(high)))"))
    }
    if let marrow = prescription.outcomes.first(where: { $0.limit.reading == .afterGraft }) {
      facts.append(
        Headline.Fact(
          label: "Planned graft", value: "day \(shortNumber(prescription.graft.days))",
          aside: "\(NumberFormat.grays(marrow.dose.value)) left",
          passes: marrow.dose.value <= marrow.limit.available))
    }
    return facts
  }

  private func risk() throws -> RiskPlot? {
    guard let prescription = analysis.prescription else { return nil }
    let nearby = [prescription.activity, prescription.bestEstimate].map(\.gigabecquerels)
    let low = (nearby.min()! * 0.4).rounded(.down)
    let high = (nearby.max()! * 1.5).rounded(.up)
    let activities = (0...80).map { Activity.gigabecquerels(low + (high - low) * Double($0) / 80) }
    let best = prescription.outcomes.indices.min {
      prescription.outcomes[$0].bestEstimate < prescription.outcomes[$1].bestEstimate
    }!
    return RiskPlot(
      activities: activities,
      curves: prescription.outcomes.map { outcome in
        RiskPlot.Curve(
          name: outcome.limit.nameInSentence, organ: Self.plotOrgan(outcome.limit.name),
          probabilities: activities.map { outcome.probabilityOfExceeding(at: $0) })
      },
      acceptedRisk: prescription.acceptedRisk, chosen: prescription.activity,
      probabilityAtChosen: prescription.probabilityOfExceedingAny(at: prescription.activity),
      bestEstimate: (
        prescription.outcomes[best].bestEstimate, best,
        "best estimate meets \(prescription.outcomes[best].limit.text)"
      ))
  }

  private func doses(_ truth: [String: AbsorbedDosePerActivity]) -> DoseTable {
    let activity = analysis.prescription?.activity
    var rows: [DoseTable.Row] = []
    for organ in analysis.organs {
      let limits = analysis.prescription?.outcomes.filter { $0.limit.organ.region.name == organ.dose.region.name } ?? []
      for outcome in limits where outcome.limit.reading != .total || outcome.limit.biological != nil {
        let perActivity = outcome.dose.value / (activity! * outcome.limit.conversionFactor)
        rows.append(
          row(
            outcome.limit.name, organ, Uncertain(perActivity, relative: outcome.dose.relativeUncertainty),
            outcome.dose, outcome, nil))
      }
      rows.append(
        row(
          organ.name, organ, organ.dose.perActivity, predicted(organ),
          limits.first { $0.limit.reading == .total && $0.limit.biological == nil },
          truth[organ.name]))
    }
    let caption =
      (analysis.organs.contains { !$0.dose.cross.isEmpty }
        ? "Cross-dose from other organs is included." : "Self-dose only; no cross-dose from other organs is included.")
      + (analysis.organs.contains { $0.organ == .marrow } ? " Marrow from L2–L4." : "")
      + (file.settings.conversionFactor != 1 && analysis.organs.contains { file.factor(of: $0.organ) != 1 }
        ? " Doses of the kidneys with the factor \(shortNumber(file.settings.conversionFactor)) (A7-3)." : "")
    return DoseTable(activity: activity, rows: rows, caption: caption)
  }

  private func row(
    _ name: String, _ organ: Analysis.OrganResult, _ perActivity: Uncertain<AbsorbedDosePerActivity>,
    _ dose: Uncertain<AbsorbedDose>?, _ outcome: Prescription.Outcome?, _ truth: AbsorbedDosePerActivity?
  ) -> DoseTable.Row {
    let governing = analysis.prescription.map { $0.isCapped ? "" : $0.governing.limit.name }
    return DoseTable.Row(
      name: name, organ: organ.organ.plotted, perActivity: perActivity, dose: dose,
      limit: outcome.map { $0.limit.biological == nil ? $0.limit.limit : $0.limit.available },
      limitNote: outcome == nil ? (organ.organ == .lesion ? "target" : "not set") : "",
      probabilityOfExceeding: outcome?.probabilityOfExceeding, isUnverified: organ.dose.isUnverified,
      governs: outcome != nil && outcome?.limit.name == governing, truth: truth)
  }

  private var curves: [CurvePanel] {
    let end = CurvePanel.drawnUntil(measurement.regions.map(\.curve.last.time))
    return analysis.regions.map { result in
      let region = result.measured.region
      let estimate = result.estimate
      let times = (0...120).map { end * pow(Double($0) / 120, 2) }
      return CurvePanel(
        slug: region.name.lowercased().map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined(),
        name: region.name, organ: region.organ.plotted,
        points: result.measured.curve.points.map {
          .init(time: $0.time, activity: $0.activity, standardUncertainty: $0.standardUncertainty)
        },
        fit: estimate.map { estimate in
          times.map { time in
            let f = estimate.activity(at: time)
            let spread = (f.standardUncertainty ?? .zero) * 1.959964
            return .init(
              time: time, activity: f.value, lower: max(.zero, f.value - spread), upper: f.value + spread)
          }
        } ?? [], model: estimate?.modelName ?? "",
        coefficient: estimate.map { estimate in
          let tia = estimate.timeIntegratedActivity
          return Uncertain(
            tia.value / administered, standardUncertainty: tia.standardUncertainty.map { $0 / administered })
        },
        effectiveHalfLife: estimate?.lateHalfLife, extrapolatedFraction: estimate?.extrapolatedFraction,
        refusal: result.refusal.map(Self.notice))
    }
  }

  private func graftPlot() throws -> GraftPlot? {
    guard let prescription = analysis.prescription, let graft = analysis.graft,
      let marrow = prescription.outcomes.first(where: { $0.limit.reading == .afterGraft })
    else { return nil }
    let days = max(21, (prescription.graft.days * 1.5).rounded(.up))
    let remaining = try GraftTiming.remaining(
      of: marrow.limit.organ, activity: prescription.activity, conversionFactor: marrow.limit.conversionFactor,
      at: (0...42).map { .days(days * Double($0) / 42) }, seed: file.therapy.seed)
    return GraftPlot(
      label: "\(nuclide.symbol) \(NumberFormat.prescribable(prescription.activity)) GBq",
      points: remaining.map {
        .init(day: $0.time, dose: $0.dose, lower: $0.interval.lowerBound, upper: $0.interval.upperBound)
      },
      limit: marrow.limit.available, limitReached: graft.best,
      planned: (prescription.graft, marrow.dose.value),
      caption: "Ring: the best estimate reaches the limit. Band: 95 %.")
  }

  private var refusals: [RefusalNotice] { analysis.regions.compactMap { $0.refusal.map(Self.notice) } }

  private var provenance: [ProvenanceRow] {
    var rows = measurement.inputs.map {
      ProvenanceRow(input: $0.input, when: $0.when, what: $0.what, digest: $0.digest.short)
    }
    let start = file.administration.start
    let given =
      file.administration.assay.map { assay in
        String(format: "%.1f MBq", assay.activity.megabecquerels)
          + (file.administration.residual.map { String(format: ", residual %.1f MBq", $0.activity.megabecquerels) }
            ?? "")
      } ?? String(format: "%.1f MBq", administered.megabecquerels)
    rows.append(
      ProvenanceRow(input: "Activity meter", when: "\(start.local.date)", what: given, digest: "case.json"))
    if let set = analysis.organs.first?.dose.sValue {
      rows.append(
        ProvenanceRow(
          input: "S values", when: "Endora \(Release.version)", what: "\(set.set), patient masses",
          digest: ownFractions?.digest.short ?? ""))
    }
    rows.append(
      ProvenanceRow(
        input: "Nuclide data", when: "ICRP 107",
        what: "\(nuclide.symbol) \(String(format: "%.3f", nuclide.halfLife.days)) d, "
          + "\(String(format: "%.1f", nuclide.emitted.electrons.kiloelectronvolts)) keV electrons", digest: ""))
    if let source = file.source { rows.append(ProvenanceRow(input: "Source", when: "", what: source, digest: "")) }
    return rows
  }

  private static func notice(_ error: KineticsError) -> RefusalNotice {
    RefusalNotice(reason: error.reason, remedy: error.remedy, bound: error.bound.map(bound))
  }

  private static func bound(_ value: TimeIntegratedActivity) -> String {
    "With physical decay after the last scan: at most \(shortNumber(value.megabecquerelHours)) MBq h."
  }

  private static func plotOrgan(_ limit: String) -> Organ {
    limit.hasPrefix("Marrow") ? .marrow : limit == "Liver" ? .liver : limit == "Spleen" ? .spleen : .kidneyLeft
  }
}

extension CurvePanel {
  /// How far the curves are drawn: past the last scan by two fifths.
  fileprivate static func drawnUntil(_ lastScans: [Time]) -> Time { (lastScans.max() ?? .hours(1)) * 1.4 }
}

extension UsedSetting {
  fileprivate var row: SettingRow {
    SettingRow(
      id: id.hasPrefix("A") ? id : "", question: question, here: here, isUnverified: isUnverified, others: others,
      effect: effects.isEmpty
        ? "—"
        : effects.map { change in
          guard let change else { return "—" }
          let text = String(format: "%.2f", change.gigabecquerels.magnitude)
          return (text == "0.00" ? "±" : change.base < 0 ? "−" : "+") + text
        }.joined(separator: ", "))
  }
}

extension CaseFile.Region.Organ {
  /// The colour and marker of the region.
  var plotted: Organ {
    switch self {
    case .kidneyLeft, .kidneys: .kidneyLeft
    case .kidneyRight: .kidneyRight
    case .liver: .liver
    case .spleen: .spleen
    case .marrow: .marrow
    case .lesion: .lesion
    case .wholeBody: .wholeBody
    case .blood: .blood
    case .remainder, .other: .other
    }
  }
}
