import Dosimetry
public import JSON
import Kinetics
import Numerics
import Provenance
import Quantities
import Radionuclides
import Reports
import Therapy

/// Which activity of which label for which day, and how sure: `therapy prescribe CASE`.
public struct Decision: Sendable {
  /// What one label would mean, or why it cannot be said.
  struct Label: Sendable {
    let nuclide: Nuclide
    let outcome: Result<LabelOption, AnyRefusal>

    var option: LabelOption? { try? outcome.get() }
  }

  /// The labels compared unless others are asked for.
  public static let standardLabels = ["Lu-177", "Y-90", "Tb-161", "Re-188", "Ac-225"]

  /// From day 0 to leukocyte recovery in the responders of Braitsch 2025: median 23 d (12–28).
  static let recovery = Sourced(Time.days(23), Source("Braitsch et al., Theranostics 2025;15:19: leukocyte recovery"))

  public let plan: Plan
  let labels: [Label]
  let pareto: [ParetoPoint]
  let sensitivities: [Sensitivity]
  let irradiation: IrradiationTable?

  /// Reads a case, plans it and compares labels.
  ///
  /// - Parameters:
  ///   - risk: in place of the case's accepted risk; between 0 and 1.
  ///   - nuclides: names apart by commas; ``standardLabels`` when left out.
  public static func make(_ path: String, risk: Double?, nuclides: String?) throws -> Decision {
    let names = nuclides.map { $0.split(separator: ",").map { $0.trimming() } } ?? standardLabels
    return try Decision(try Plan.make(path, risk: risk), nuclides: names)
  }

  init(_ plan: Plan, nuclides: [String]) throws {
    self.plan = plan
    guard let prescription = plan.analysis.prescription else {
      (labels, pareto, sensitivities, irradiation) = ([], [], [], nil)
      return
    }
    let table = try NuclideTable.icrp107()
    let measured = plan.nuclide
    var seen: Set<String> = []
    let wanted = try nuclides.map { try table.nuclide($0) }.filter { seen.insert($0.name).inserted }
    let limits = prescription.outcomes.map(\.limit)
    let others = plan.analysis.organs.map(\.dose)
    labels = try inParallel(wanted.count) { index in
      Label(
        nuclide: wanted[index],
        outcome: Result {
          try LabelOption(
            wanted[index], measured: measured, limits: limits, others: others, graft: prescription.graft,
            acceptedRisk: prescription.acceptedRisk, combination: prescription.combination, cap: plan.file.therapy.cap,
            seed: plan.file.therapy.seed, set: SelfDoseSet())
        }.mapError { AnyRefusal(anyError: $0) })
    }
    pareto = LabelOption.pareto(labels.compactMap(\.option))
    sensitivities = prescription.sensitivities()
    irradiation = IrradiationTable(plan)
  }

  /// The document of `therapy prescribe CASE --json`.
  public var document: JSONValue {
    [
      "case": JSONValue(plan.file.name),
      "measured": JSONValue(plan.nuclide.name),
      "prescription": plan.prescriptionDocument,
      "labels": JSONValue(labels.map(document)),
      "pareto": JSONValue(
        pareto.map {
          [
            "nuclide": JSONValue($0.nuclide), "activity": amount($0.activity.gigabecquerels, "GBq"),
            "marrow": amount($0.marrow.grays, "Gy"), "kidneys": amount($0.kidneys.grays, "Gy"),
            "earliestGraft": amount($0.wait.days, "d"), "onFront": JSONValue($0.isOnFront),
          ]
        }),
      "sensitivity": JSONValue(sensitivities.map(\.document)),
      "irradiation": irradiation?.document ?? nil,
      "settings": JSONValue(plan.settings.filter(\.isUsed).map(\.document)),
      "findings": JSONValue((plan.findings + findings).worstFirst().map(\.document)),
    ]
  }

  private func document(_ label: Label) -> JSONValue {
    switch label.outcome {
    case .failure(let refusal): return ["nuclide": JSONValue(label.nuclide.name), "refused": refusal.document]
    case .success(let option):
      let prescription = option.prescription
      func dose(_ dose: LabelOption.Dose) -> JSONValue {
        [
          "name": JSONValue(dose.name),
          "dosePerActivity": amount(
            dose.perActivity.value.graysPerGigabecquerel, "Gy/GBq",
            dose.perActivity.standardUncertainty?.graysPerGigabecquerel),
          "dose": amount(
            (dose.perActivity.value * prescription.activity).grays, "Gy",
            dose.perActivity.standardUncertainty.map { ($0 * prescription.activity).grays }),
          "weightedDose": dose.alphaShare > 0
            ? amount((dose.weightedPerActivity * prescription.activity).grays, "Gy") : nil,
          "alphaShare": JSONValue(dose.alphaShare),
          "effectiveHalfLife": amount(dose.lateHalfLife.hours, "h"),
        ]
      }
      return [
        "nuclide": JSONValue(label.nuclide.name),
        "activity": amount(prescription.activity.gigabecquerels, "GBq"),
        "bestEstimate": amount(prescription.bestEstimate.gigabecquerels, "GBq"),
        "governing": JSONValue(prescription.governing.limit.name),
        "isCapped": JSONValue(prescription.isCapped),
        "limits": JSONValue(
          prescription.outcomes.map {
            [
              "name": JSONValue($0.limit.name),
              "dose": amount($0.dose.value.grays, "Gy", $0.dose.standardUncertainty?.grays),
              "probabilityOfExceeding": JSONValue($0.probabilityOfExceeding),
            ]
          }),
        "doses": JSONValue(option.doses.map(dose)),
        "earliestGraft": option.earliestGraft.map {
          [
            "value": JSONValue($0.best.days), "unit": "d",
            "interval95": [JSONValue($0.interval.lowerBound.days), JSONValue($0.interval.upperBound.days)],
          ]
        } ?? nil,
        "aplasia": option.earliestGraft.map { graft in
          [
            "untilGraft": amount(graft.best.days.rounded(.up), "d"),
            "untilRecovery": amount(graft.best.days.rounded(.up) + Self.recovery.value.days, "d"),
            "source": JSONValue(Self.recovery.source.citation),
          ]
        } ?? nil,
      ]
    }
  }

  /// What holds for every other label, and for alpha emitters.
  private var findings: [Finding] {
    let others = labels.compactMap(\.option).filter { $0.nuclide.name != plan.nuclide.name }
    guard !others.isEmpty else { return [] }
    var findings = [
      Finding(
        .caution, code: "label-translated", title: "Other labels have the biology of \(plan.nuclide.symbol).",
        "Affinity, specific activity and the amount of peptide change with the metal and are not known.",
        origin: "Therapy · SCIENCE 6.5"),
      Finding(
        .caution, code: "label-marrow-fraction", title: "Marrow fractions of other labels.",
        "The share of energy that red marrow absorbs of other nuclides' electrons follows from published medians and "
          + "interpolation and is not verified.", origin: "Dosimetry · AbsorbedFractions"),
    ]
    if others.contains(where: { $0.doses.contains { $0.alphaShare > 0 } }) {
      findings.append(
        Finding(
          .caution, code: "alpha-weighted", title: "Alpha particles count five times.",
          "Limits of beta emitters are applied to the dose with RBE 5, a convention that is not verified; progeny are "
            + "taken to stay where they arise.", origin: "Therapy · RBE"))
    }
    return findings
  }

  /// For a terminal.
  public var summary: String {
    var lines: [String] = []
    guard let prescription = plan.analysis.prescription else {
      let refusal = plan.analysis.refusal
      return "No activity is prescribed. \(refusal?.reason ?? "")\n\(refusal?.remedy ?? "")\n\(Release.disclaimer)\n"
    }
    let risk = prescription.acceptedRisk.map { "at most \(shortNumber($0 * 100)) % risk" } ?? "best estimate"
    lines.append("\(plan.file.name): graft on day \(shortNumber(prescription.graft.days)) after the therapy, \(risk).")
    lines.append("")
    var table = TextTable(
      ["Label", "Activity", "governed by", "kidneys Gy", "marrow Gy", "lesions Gy", "earliest graft d", "recovery d"],
      numbers: [1, 3, 4, 5, 6, 7])
    for label in labels {
      guard let option = label.option else {
        table.add([label.nuclide.name, "refused", "", "-", "-", "-", "-", "-"])
        continue
      }
      func dose(_ name: String) -> String {
        option.doses.first { $0.name == name }.map {
          NumberFormat.dose($0.perActivity.value * option.prescription.activity) + ($0.alphaShare > 0 ? "*" : "")
        } ?? "-"
      }
      let lesions = plan.analysis.organs.filter { $0.organ == .lesion }.map { dose($0.dose.region.name) }
      table.add([
        label.nuclide.name, activityText(option.prescription.activity),
        option.prescription.isCapped ? "the cap" : option.prescription.governing.limit.name.lowercased(),
        dose("Kidneys"), dose("Marrow"), lesions.isEmpty ? "-" : lesions.joined(separator: ", "),
        option.earliestGraft.map { NumberFormat.earliestWholeDay($0.best) } ?? "-",
        option.earliestGraft.map { "\(Int($0.best.days.rounded(.up) + Self.recovery.value.days))" } ?? "-",
      ])
    }
    lines.append(table.text)
    for label in labels {
      if case .failure(let refusal) = label.outcome { lines.append("\(label.nuclide.name) refused: \(refusal.reason)") }
    }
    if labels.contains(where: { $0.option?.doses.contains { $0.alphaShare > 0 } ?? false }) {
      lines.append("* absorbed dose; limits are applied with alpha particles counted five times.")
    }
    lines.append("What decides the activity (95 % interval of each input):")
    for one in sensitivities.prefix(8) {
      lines.append(
        "  \(one.input), u \(shortNumber(one.relativeUncertainty * 100)) %: "
          + "\(NumberFormat.prescribable(one.least)) to \(NumberFormat.prescribable(one.most)) GBq")
    }
    lines.append(Release.disclaimer)
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Substring {
  fileprivate func trimming() -> String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

/// An activity that may be given with its unit, MBq below 0.1 GBq; cut off, never rounded up.
func activityText(_ activity: Activity) -> String {
  activity.gigabecquerels >= 0.1
    ? "\(NumberFormat.prescribable(activity)) GBq"
    : "\(NumberFormat.prescribable(.gigabecquerels(activity.megabecquerels))) MBq"
}
