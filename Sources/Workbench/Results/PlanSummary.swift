import Foundation
import Provenance
import Quantities
import Reports
import Therapy

extension Plan {
  /// Makes a plan and writes its results into the case's folder.
  ///
  /// - Parameter progress: called before each step; what it throws ends the work, and earlier results stay.
  /// - Returns: the plan and the folder of its results.
  public static func write(
    _ path: String, progress: (PlanStep) throws -> Void = { _ in }
  ) throws -> (plan: Plan, folder: String) {
    let plan = try make(path, progress: progress)
    let (_, folder) = try CaseFile.read(path)
    try progress(.writing)
    try ResultsFolder(of: folder).replace(with: plan.resultFiles())
    return (plan, folder + "/results")
  }

  /// What was decided, for a terminal.
  public func summary(resultsIn folder: String) -> String {
    var table = TextTable(["Organ", "Gy/GBq", "TIAC / h", "mass / g"], numbers: [1, 2, 3])
    for organ in analysis.organs {
      table.add([
        organ.name, NumberFormat.dosePerActivity(organ.dose.perActivity).joined,
        NumberFormat.coefficient(organ.dose.coefficient).joined, String(format: "%.1f", organ.dose.region.mass.grams),
      ])
    }
    var lines = analysis.organs.isEmpty ? [] : [table.text]
    if let prescription = analysis.prescription {
      let risk = prescription.acceptedRisk.map { "at most \(shortNumber($0 * 100)) % risk" } ?? "best estimate"
      lines.append("\(NumberFormat.prescribable(prescription.activity)) GBq \(file.agent) (\(risk)).")
      lines.append(
        prescription.isCapped
          ? "A cap decides." : "Governed by: \(prescription.governing.limit.nameInSentence).")
      for outcome in prescription.outcomes {
        lines.append(
          "  \(outcome.limit.name): \(NumberFormat.dose(outcome.dose).joined) of "
            + "\(NumberFormat.limit(outcome.limit.biological == nil ? outcome.limit.limit : outcome.limit.available)), probability of exceeding "
            + "\(NumberFormat.probability(outcome.probabilityOfExceeding)); the best estimate meets it at "
            + "\(NumberFormat.prescribable(outcome.bestEstimate)) GBq.")
      }
      if let graft = analysis.graft {
        lines.append(
          "Earliest graft: day \(NumberFormat.earliestWholeDay(graft.best)) after the therapy (95 %: "
            + "\(NumberFormat.earliestWholeDay(graft.interval.lowerBound))–"
            + "\(NumberFormat.earliestWholeDay(graft.interval.upperBound))); planned: day "
            + "\(shortNumber(prescription.graft.days)).")
      }
    } else if let refusal = analysis.refusal {
      lines += ["No activity is prescribed. \(refusal.reason)", refusal.remedy]
    }
    for refusal in analysis.regions.compactMap(\.refusal) { lines.append("Refused: \(refusal.reason)") }
    let joined = findings.joiningRegions()
    func count(_ severity: Finding.Severity, _ one: String, _ many: String) -> String {
      let n = joined.filter { $0.severity == severity }.count
      return "\(n) \(n == 1 ? one : many)"
    }
    lines.append(
      "Findings: \(count(.serious, "serious", "serious")), \(count(.caution, "caution", "cautions")), "
        + "\(count(.info, "note", "notes")).")
    lines.append("Report: \(folder)/report.html")
    lines.append(Release.disclaimer)
    return lines.joined(separator: "\n") + "\n"
  }
}
