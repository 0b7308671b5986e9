import Dosimetry
import JSON
import Kinetics
import Numerics
import Provenance
import Quantities
import Radionuclides
import Reports
import Therapy

/// What labels would mean for a case, each at its own largest activity.
struct LabelComparison: Sendable {
  /// What one label would mean, or why it cannot be said.
  struct Label: Sendable {
    let nuclide: Nuclide
    let outcome: Result<LabelOption, AnyRefusal>

    var option: LabelOption? { try? outcome.get() }
  }

  /// From day 0 to leukocyte recovery in the responders of Braitsch 2025: median 23 d (12–28).
  static let recovery = Sourced(Time.days(23), Source("Braitsch et al., Theranostics 2025;15:19: leukocyte recovery"))

  let measured: Nuclide
  let labels: [Label]
  let pareto: [ParetoPoint]
  /// Lesions by name.
  private let lesions: [String]
  private let graft: Time
  private let marrowFractionsAreUnverified: Bool

  /// Nothing is compared in a case without a prescription.
  ///
  /// - Throws: `RadionuclideError` for an unknown nuclide. A label that cannot be translated is a result.
  init(_ file: CaseFile, _ measured: Nuclide, _ analysis: Analysis, _ set: any SValueSet, nuclides: [String]) throws {
    self.measured = measured
    marrowFractionsAreUnverified = set is SelfDoseSet
    lesions = analysis.organs.filter { $0.organ == .lesion }.map(\.dose.region.name)
    graft = file.therapy.graft
    let table = try NuclideTable.icrp107()
    var seen: Set<String> = []
    let wanted = try nuclides.map { try table.nuclide($0) }.filter { seen.insert($0.name).inserted }
    guard let prescription = analysis.prescription else {
      (labels, pareto) = ([], [])
      return
    }
    let limits = prescription.outcomes.map(\.limit)
    let others = analysis.organs.map(\.dose)
    let factors = Dictionary(
      analysis.organs.map { ($0.dose.region.name, file.factor(of: $0.organ)) }, uniquingKeysWith: { first, _ in first })
    labels = try inParallel(wanted.count) { index in
      Label(
        nuclide: wanted[index],
        outcome: Result {
          try LabelOption(
            wanted[index], measured: measured, limits: limits, others: others, factors: factors,
            graft: prescription.graft,
            acceptedRisk: prescription.acceptedRisk, combination: prescription.combination, cap: file.therapy.cap,
            seed: file.therapy.seed, set: set)
        }.mapError { AnyRefusal(anyError: $0) })
    }
    pareto = LabelOption.pareto(labels.compactMap(\.option))
  }

  /// The labels in the order asked for.
  var document: JSONValue { JSONValue(labels.map(document)) }

  func document(_ label: Label) -> JSONValue {
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
  var findings: [Finding] {
    let others = labels.compactMap(\.option).filter { $0.nuclide.name != measured.name }
    guard !others.isEmpty else { return [] }
    var findings = [
      Finding(
        .caution, code: "label-translated", title: "Other labels have the biology of \(measured.symbol).",
        "Affinity, specific activity and the amount of peptide change with the metal and are not known.",
        origin: "Therapy · SCIENCE 6.5")
    ]
    if marrowFractionsAreUnverified {
      findings.append(
        Finding(
          .caution, code: "label-marrow-fraction", title: "Marrow fractions of other labels.",
          "The share of energy that red marrow absorbs of other nuclides' electrons follows from published medians and "
            + "interpolation and is not verified.", origin: "Dosimetry · AbsorbedFractions"))
    }
    if others.contains(where: { $0.doses.contains { $0.alphaShare > 0 } }) {
      findings.append(
        Finding(
          .caution, code: "alpha-weighted", title: "Alpha particles count five times.",
          "Limits of beta emitters are applied to the dose with RBE 5, a convention that is not verified; progeny are "
            + "taken to stay where they arise.", origin: "Therapy · RBE"))
    }
    return findings
  }

  /// The labels as plots.
  var plot: LabelPlot {
    LabelPlot(
      rows: labels.map { label in
        guard let option = label.option else {
          return LabelPlot.Row(
            name: label.nuclide.symbol, activity: "refused", governing: "", kidneys: nil, marrow: nil, lesion: nil,
            earliestGraft: nil, recovery: nil, isAlpha: false, points: [],
            isMeasured: label.nuclide.name == measured.name)
        }
        func dose(_ name: String) -> AbsorbedDose? {
          option.doses.first { $0.name == name }.map { $0.perActivity.value * option.prescription.activity }
        }
        return LabelPlot.Row(
          name: label.nuclide.symbol, activity: activityText(option.prescription.activity),
          governing: option.prescription.isCapped ? "the cap" : option.prescription.governing.limit.nameInSentence,
          kidneys: dose("Kidneys"), marrow: dose("Marrow"), lesion: lesions.first.flatMap(dose),
          earliestGraft: option.earliestGraft?.best,
          recovery: option.earliestGraft.map { .days($0.best.days.rounded(.up)) + Self.recovery.value },
          isAlpha: option.doses.contains { $0.alphaShare > 0 },
          points: pareto.filter { $0.nuclide == label.nuclide.name }.map {
            .init(wait: $0.wait, marrow: $0.marrow, kidneys: $0.kidneys, isOnFront: $0.isOnFront)
          }, isMeasured: label.nuclide.name == measured.name)
      }, graft: graft)
  }
}
