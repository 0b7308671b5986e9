import Dosimetry
public import JSON
import Foundation
import Kinetics
import Numerics
import Provenance
import Quantities
import Radionuclides
import Reports
import Therapy

/// Which activity of which label for which day, and how sure: `therapy prescribe CASE`.
public struct Decision: Sendable {
  /// The labels compared unless others are asked for.
  public static let standardLabels = ["Lu-177", "Y-90", "Tb-161", "Re-188", "Ac-225"]

  public let plan: Plan
  let comparison: LabelComparison
  let sensitivities: [Sensitivity]
  let irradiation: IrradiationTable?

  private var labels: [LabelComparison.Label] { comparison.labels }

  /// Reads a case, plans it and compares labels.
  ///
  /// - Parameters:
  ///   - risk: in place of the case's accepted risk; between 0 and 1.
  ///   - nuclides: names apart by commas; ``standardLabels`` when left out.
  ///   - cohort: a table of patients with doses before and after, whose learned factor is offered.
  public static func make(_ path: String, risk: Double?, nuclides: String?, cohort: String?) throws -> Decision {
    let names = nuclides.map { $0.split(separator: ",").map { $0.trimming() } } ?? standardLabels
    return try Decision(
      try Plan.make(path, risk: risk), nuclides: names,
      cohort: try cohort.map { try DoseAgreement(try PublishedDoses.read($0)) })
  }

  /// A learned conversion factor of the kidneys and what it would allow.
  struct Offer: Sendable {
    let learned: LearnedConversionFactor
    let activity: Activity
    let source: String
  }

  let offer: Offer?

  init(_ plan: Plan, nuclides: [String], cohort: DoseAgreement? = nil) throws {
    self.plan = plan
    comparison = try LabelComparison(plan.file, plan.nuclide, plan.analysis, plan.set, nuclides: nuclides)
    sensitivities = plan.analysis.prescription?.sensitivities() ?? []
    irradiation = IrradiationTable(plan)
    offer = try cohort.flatMap { cohort in
      guard let prescription = plan.analysis.prescription,
        let learned = cohort.organs.first(where: { $0.name == "Kidneys" })?.learned
      else { return nil }
      let kidneys = prescription.outcomes.map(\.limit).filter { $0.organ.region.name == "Kidneys" }
      let answer = try WhatIf(prescription).answer(
        WhatIf.Choice(
          graft: prescription.graft, acceptedRisk: prescription.acceptedRisk ?? 0.5,
          conversionFactors: Dictionary(uniqueKeysWithValues: kidneys.map { ($0.name, learned.factor) })))
      return Offer(learned: learned, activity: answer.largest, source: cohort.title)
    }
  }

  /// The document of `therapy prescribe CASE --json`.
  public var document: JSONValue {
    [
      "case": JSONValue(plan.file.name),
      "measured": JSONValue(plan.nuclide.name),
      "prescription": plan.prescriptionDocument,
      "labels": comparison.document,
      "pareto": JSONValue(
        comparison.pareto.map {
          [
            "nuclide": JSONValue($0.nuclide), "activity": amount($0.activity.gigabecquerels, "GBq"),
            "marrow": amount($0.marrow.grays, "Gy"), "kidneys": amount($0.kidneys.grays, "Gy"),
            "earliestGraft": amount($0.wait.days, "d"), "onFront": JSONValue($0.isOnFront),
          ]
        }),
      "sensitivity": JSONValue(sensitivities.map(\.document)),
      "irradiation": irradiation?.document ?? nil,
      "learnedFactor": offer.map {
        [
          "organ": "Kidneys", "value": JSONValue($0.learned.factor),
          "interval95": [JSONValue($0.learned.interval.lower), JSONValue($0.learned.interval.upper)],
          "n": JSONValue($0.learned.count), "from": JSONValue($0.source),
          "activity": amount($0.activity.gigabecquerels, "GBq"),
          "note": "Offered, not used: set A7-3 in the case to use it.",
        ]
      } ?? nil,
      "settings": JSONValue(plan.settings.filter(\.isUsed).map(\.document)),
      "findings": JSONValue((plan.findings + comparison.findings).worstFirst().map(\.document)),
    ]
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
        option.prescription.isCapped ? "the cap" : option.prescription.governing.limit.nameInSentence,
        dose("Kidneys"), dose("Marrow"), lesions.isEmpty ? "-" : lesions.joined(separator: ", "),
        option.earliestGraft.map { NumberFormat.earliestWholeDay($0.best) } ?? "-",
        option.earliestGraft.map { "\(Int($0.best.days.rounded(.up) + LabelComparison.recovery.value.days))" } ?? "-",
      ])
    }
    lines.append(table.text)
    for label in labels {
      if case .failure(let refusal) = label.outcome { lines.append("\(label.nuclide.name) refused: \(refusal.reason)") }
    }
    if labels.contains(where: { $0.option?.doses.contains { $0.alphaShare > 0 } ?? false }) {
      lines.append("* absorbed dose; limits are applied with alpha particles counted five times.")
    }
    if let beside = IrradiationTable(plan)?.section {
      var table = TextTable(IrradiationSection.heads, numbers: [1, 2, 3])
      for row in beside.rows { table.add(row.cells) }
      lines += ["\(beside.title):", table.text + beside.caption]
    }
    lines.append(
      sensitivities.isEmpty
        ? "No input moves the activity above or below the cap."
        : "What decides the activity (95 % interval of each input):")
    for one in sensitivities.prefix(8) {
      lines.append(
        "  \(one.input), u \(shortNumber(one.relativeUncertainty * 100)) %: "
          + "\(NumberFormat.prescribable(one.least)) to \(NumberFormat.prescribable(one.most)) GBq")
    }
    if let offer {
      lines.append(
        "Learned from \(offer.source): kidneys' factor \(String(format: "%.2f", offer.learned.factor)) "
          + "(95 % \(String(format: "%.2f–%.2f", offer.learned.interval.lower, offer.learned.interval.upper)), n "
          + "\(offer.learned.count)) would allow \(activityText(offer.activity)); it is offered, not used.")
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

extension Decision {
  /// Writes tornado, labels and Pareto front as SVG into a folder, which is made when it is not there.
  public func writeFigures(to folder: String) throws {
    let files: [(String, Figure?)] = [
      ("tornado", plan.tornado.flatMap(Figure.tornado)), ("labels", Figure.labels(comparison.plot)),
      ("pareto", Figure.pareto(comparison.plot)),
    ]
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for (name, figure) in files {
        try figure?.standaloneSVG().write(toFile: "\(folder)/\(name).svg", atomically: true, encoding: .utf8)
      }
    } catch {
      throw CaseError(
        "figures-not-written", "The plots could not be written into \(fileName(folder)).",
        remedy: "Check the folder's permissions and the free space.", category: .inputOutput)
    }
  }
}
