import Provenance
import Quantities

// What every face of the report says in the same words.

extension CaseReport {
  /// The findings in the order of the page.
  var sortedFindings: [Finding] { findings.worstFirst() }

  /// All refusals: the case's, then those of curves that are not among them.
  var allRefusals: [RefusalNotice] {
    var notices = refusals
    for panel in curves {
      guard let refusal = panel.refusal, !notices.contains(where: { $0.reason.contains(refusal.reason) }) else {
        continue
      }
      notices.append(
        RefusalNotice(reason: "\(panel.name): \(refusal.reason)", remedy: refusal.remedy, bound: refusal.bound))
    }
    return notices
  }

  /// `2 cautions`, `1 refusal`, worst first.
  var counts: [(icon: Icon, tone: Tone?, text: String)] {
    var counts: [(Icon, Tone?, String)] = []
    let words: [(Finding.Severity, Tone, String, String)] = [
      (.serious, .serious, "serious finding", "serious findings"), (.caution, .caution, "caution", "cautions"),
      (.info, .info, "note", "notes"),
    ]
    let sorted = sortedFindings
    for (severity, tone, one, many) in words {
      let count = sorted.count { $0.severity == severity }
      if count > 0 { counts.append((Icon(severity), tone, "\(count) \(count == 1 ? one : many)")) }
    }
    let refused = allRefusals.count
    if refused > 0 { counts.append((.refused, nil, "\(refused) \(refused == 1 ? "refusal" : "refusals")")) }
    return counts
  }

  var doseHeading: String {
    doses.activity.map { "Doses at \(NumberFormat.prescribable($0))\(NumberFormat.space)GBq against limits" }
      ?? "Doses per administered activity"
  }

  var doseNote: String {
    doses.rows.contains { $0.dose != nil }
      ? "± standard uncertainty; whiskers 95 %; red line: limit; soft bar: no limit" : "± standard uncertainty"
  }

  var curvesNote: String {
    var parts = ["activity against hours; bars standard uncertainty; fit, 95 % band"]
    let last = curves.flatMap(\.points).map(\.time).filter(\.isFinite).max()
    if let last, curves.contains(where: { ($0.fit.map(\.time).max() ?? last) > last }) {
      parts.append("hatched: extrapolated beyond \(NumberFormat.hours(last))")
    }
    return parts.joined(separator: "; ")
  }

  /// `Models: F3u kidney left, liver; F4 blood.` and what the second line of a panel holds.
  var curvesCaption: String {
    var models: [(name: String, regions: [String])] = []
    for panel in curves where !panel.fit.isEmpty && !panel.model.isEmpty {
      if let index = models.firstIndex(where: { $0.name == panel.model }) {
        models[index].regions.append(panel.name)
      } else {
        models.append((panel.model, [panel.name]))
      }
    }
    guard !models.isEmpty else { return "" }
    let list = models.map { "\($0.name) (\($0.regions.map(said).joined(separator: ", ")))" }.joined(separator: "; ")
    return "Second line: time-integrated activity coefficient and effective half-life. Models: \(list). "
      + "Amber: more than 20 % extrapolated."
  }

  var settingsNote: String {
    if case .prescribed(let it) = headline {
      return "effect on \(NumberFormat.prescribable(it.activity))\(NumberFormat.space)GBq"
    }
    return ""
  }

  static let provenanceNote = "SHA-256, first 8 digits; in full in results.json"
  static let refusedLead = "No activity is proposed"
}

extension DoseTable {
  var hasDoses: Bool { rows.contains { $0.dose != nil } }
  var hasProbabilities: Bool { rows.contains { $0.probabilityOfExceeding != nil } }
  var hasTruths: Bool { rows.contains { $0.truth != nil } }
  var hasUnverified: Bool { rows.contains { $0.isUnverified } }
  var hasBroken: Bool {
    rows.contains { row in row.dose.map { $0.value > row.limit.map { $0 * 1.3 } ?? softScale } ?? false }
  }
}
