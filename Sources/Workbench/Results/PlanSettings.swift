import Dosimetry
import Foundation
import JSON
import Quantities
import Therapy

/// One setting as a plan used it.
struct UsedSetting: Sendable {
  let id: String
  let question: String
  let here: String
  let isUnverified: Bool
  let others: String
  /// The change of the activity under each of the others; `nil` where none can be given.
  let effects: [Activity?]
  let isUsed: Bool

  var document: JSONValue {
    [
      "id": JSONValue(id), "question": JSONValue(question), "here": JSONValue(here), "others": JSONValue(others),
      "usedByPlan": JSONValue(isUsed),
      "effects": JSONValue(effects.map { $0.map { amount($0.gigabecquerels, "GBq") } ?? nil }),
    ]
  }
}

extension Plan {
  /// All settings: those that the plan depends on first, then the rest of the register.
  var settings: [UsedSetting] {
    let entries = AmbiguityRegister.entries
    let planned = entries.filter(\.isUsedByPlan).map { used($0) }
    let risk = UsedSetting(
      id: "accepted-risk", question: "Accepted risk",
      here: file.therapy.acceptedRisk.map { shortNumber($0 * 100) + " %" } ?? "none: best estimate",
      isUnverified: false, others: "10 %, 1 %", effects: changes("risk"), isUsed: true)
    let sets = UsedSetting(
      id: "s-values", question: "S values",
      here: ownFractions.map { "absorbed fractions in \($0.title)" }
        ?? (set is SelfDoseSet ? SValueChoice.selfDose : .full).meaning,
      isUnverified: ownFractions?.source.verification == .unverified,
      others: (set is SelfDoseSet ? SValueChoice.full : file.settings.alternative).meaning,
      effects: changes("s-values"), isUsed: true)
    let rest = entries.filter { !$0.isUsedByPlan }.map {
      UsedSetting(
        id: $0.id, question: $0.question, here: self.file.settings.others[$0.id] ?? $0.standard, isUnverified: false,
        others: $0.others, effects: [], isUsed: false)
    }
    return planned + [sets, risk] + rest
  }

  /// The absorbed fractions of the user's own that the S values come from.
  var ownFractions: FractionSValues? { (set as? PatientSValues)?.phantom as? FractionSValues }

  private func changes(_ id: String) -> [Activity?] {
    guard let prescribed = analysis.prescription?.activity else { return [] }
    // Both are whole hundredths of a GBq, and so is their difference.
    return (effects[id] ?? []).map { other in
      other.map { .gigabecquerels((($0 - prescribed).gigabecquerels * 100).rounded() / 100) }
    }
  }

  private func used(_ entry: AmbiguityRegister.Entry) -> UsedSetting {
    let settings = file.settings
    var others = entry.others
    var isUnverified = false
    let here: String
    switch entry.id {
    case "A4-1":
      here = "reading \(settings.marrowReading.rawValue)"
      others = "reading \(settings.marrowReading == .vertebrae ? "B" : "A")"
    case "A4-2":
      switch settings.marrowShare {
      case .bySex: here = file.subject.map { shortNumber(RedMarrow.lumbarShare($0.sex).value) } ?? "by sex"
      case .papers: (here, others, isUnverified) = ("0.067", "by sex, ICRP", true)
      case .share(let share): here = shortNumber(share)
      }
    case "A5-1":
      (here, others) = settings.criterion == .sigmaKnown ? ("σ known", "σ unknown") : ("σ unknown", "σ known")
    case "A6-1": (here, others) = settings.scalesMass ? ("on", "off") : ("off", "on")
    case "A7-1":
      here = settings.marrowLimit.meaning
      others = LimitReading.allCases.filter { $0 != settings.marrowLimit }.map { "\($0.rawValue) \($0.meaning)" }
        .joined(separator: ", ")
    case "A7-2":
      here = settings.limitChoice.meaning
      others = LimitChoice.allCases.filter { $0 != settings.limitChoice }.map(\.meaning).joined(separator: ", ")
    case "A7-3":
      here = shortNumber(settings.conversionFactor)
      others = [1, 0.80, 0.64].filter { $0 != settings.conversionFactor }.map { shortNumber($0) }.joined(
        separator: ", ")
    default: here = entry.standard
    }
    return UsedSetting(
      id: entry.id, question: entry.question, here: here, isUnverified: isUnverified, others: others,
      effects: changes(entry.id), isUsed: true)
  }
}
