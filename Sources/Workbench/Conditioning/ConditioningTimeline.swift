import Foundation
import Provenance
import Reports
import Therapy

extension ConditioningPlan {
  /// The course as a picture of its own in SVG.
  public func svg(followUp: FollowUpFile? = nil) -> String {
    Figure.timeline(timeline(followUp)).standaloneSVG()
  }

  /// The course as a figure of a page that has checks and outcome beside it, as wide as its place.
  func figure(_ followUp: FollowUpFile?, width: Double) -> Figure {
    let all = timeline(followUp)
    return .timeline(
      Timeline(
        title: all.title, subtitle: all.subtitle, rows: all.rows, decay: all.decay, panels: all.panels, checks: [],
        outcome: [], dates: all.dates), days: width - 16)
  }

  /// The course as one A4 page.
  public func pdf(followUp: FollowUpFile? = nil) throws -> [UInt8] { try timeline(followUp).pdf() }

  /// The course as a picture in PNG.
  public func png(followUp: FollowUpFile? = nil) throws -> [UInt8] {
    try Figure.timeline(timeline(followUp)).file(.png, title: name)
  }

  private func timeline(_ file: FollowUpFile?) -> Timeline {
    var rows = schedule.steps.map { step in
      Timeline.Row(
        title: step.title,
        bars: stretches.filter { $0.step.item == step.item }.sorted { $0.start < $1.start }.flatMap(bars))
    }
    if let transfusions = file?.transfusions, !transfusions.isEmpty {
      rows.append(Timeline.Row(title: "Platelet transfusions", bars: [], ticks: transfusions))
    }
    if let boosts = file?.boosts, !boosts.isEmpty {
      rows.append(
        Timeline.Row(
          title: "Boost", bars: boosts.map { .init(start: $0, end: $0, text: "day \(signed($0))", isOpen: false) }))
    }
    return Timeline(
      title: "\(name): \(schedule.request.donor.rawValue), graft on \(date(of: 0))",
      subtitle: "\(plan.source.citation), protocol version \(plan.version). \(Release.disclaimer)",
      rows: rows, decay: decay, panels: file.map(Self.panels) ?? [],
      checks: checks.map { check in
        let state: Timeline.Statement.State =
          switch check.state {
          case .passed: .passed
          case .failed: .failed
          case .open: .open
          }
        return Timeline.Statement(title: check.title, state: state, text: check.text)
      }, outcome: file.map { FollowUp($0).timelineOutcome } ?? [],
      dates: [schedule.request.therapyDay, 0, 28, 100].map { ($0, date(of: $0)) })
  }

  /// Irradiation has a bar a day, other steps one a stretch.
  private func bars(_ stretch: (start: Int, end: Int, step: Schedule.Step)) -> [Timeline.Bar] {
    func bar(_ start: Int, _ end: Int) -> Timeline.Bar {
      .init(start: start, end: end, text: words(stretch.step), isOpen: stretch.step.toConfirm != nil)
    }
    guard stretch.step.kind == .irradiation else { return [bar(stretch.start, stretch.end)] }
    return (stretch.start...stretch.end).map { bar($0, $0) }
  }

  /// With the dose of a day where one is calculated.
  private func words(_ step: Schedule.Step) -> String {
    if step.kind == .radiopharmaceutical { return activity == nil ? "day \(signed(step.firstDay))" : what(step) }
    return what(step) + (step.dailyDose == nil ? "" : ", \(dose(step)) mg a day")
  }

  private var decay: Timeline.Decay? {
    guard let marrow else { return nil }
    let first = schedule.request.therapyDay
    let rest = marrow.remaining(after: .days(Double(-first))).grays
    let spread = marrow.relativeUncertainty.map { String(format: " ± %.2f", $0 * rest) } ?? ""
    return Timeline.Decay(
      title: "Marrow dose", unit: "Gy", start: .init(day: first, value: marrow.total.grays),
      halfLife: marrow.effectiveHalfLife.days, limit: marrow.limit.grays,
      relativeUncertainty: marrow.relativeUncertainty,
      text: String(format: "%.2f", rest) + "\(spread) Gy to come on day 0")
  }

  private static func panels(_ file: FollowUpFile) -> [Timeline.Panel] {
    func points(_ analyte: Analyte) -> [Timeline.Point] {
      file.results.filter { $0.analyte == analyte }.map { .init(day: $0.day, value: $0.value.double) }
    }
    var panels = [
      Timeline.Panel(
        title: "Neutrophils", unit: "10⁹/L", points: points(.neutrophils), bound: 0.5, boundText: "0.5",
        recovery: Engraftment.neutrophilDay(file.results).value, recoveryText: "first of 3 days at 0.5 or more"),
      Timeline.Panel(
        title: "Platelets", unit: "10⁹/L", points: points(.platelets), bound: 20, boundText: "20",
        recovery: Engraftment.plateletDay(file.results, transfusions: file.transfusions).value,
        recoveryText: "20 or more, 7 days untransfused"),
    ]
    if let upper = file.ranges[.creatinine]?.upper, !points(.creatinine).isEmpty {
      panels.append(
        Timeline.Panel(
          title: "Creatinine", unit: "mg/dL", points: points(.creatinine), bound: upper.double,
          boundText: "upper normal \(upper)", isLogarithmic: false))
    }
    return panels.filter { !$0.points.isEmpty }
  }
}

extension FollowUp {
  /// The verdicts that a clinician looks for first.
  fileprivate var timelineOutcome: [Timeline.Statement] {
    func statement(_ title: String, _ text: String?) -> Timeline.Statement? {
      text.map { .init(title: title, state: nil, text: $0) }
    }
    func day<T>(_ verdict: Verdict<T>) -> String where T: BinaryInteger {
      verdict.value.map { "day +\($0)" } ?? "not decided"
    }
    let worst = toxicities.filter { [.creatinine, .bilirubin].contains($0.analyte) }
    return [
      statement("Neutrophils recovered", day(neutrophils)),
      statement("Platelets recovered", day(platelets)),
      chimerism.last.flatMap { entry in
        statement(
          "Donor cells, day \(signed(entry.day))",
          entry.donor.map { donor in
            (entry.share.map { String(format: "%.2f %%", $0.percent) } ?? "\(donor) %")
              + (entry.share.map { " (95 %: \($0.interval.text))" } ?? "")
          })
      },
      responses.last.flatMap { statement("Response, ELN 2022, day \(signed($0.day))", $0.text) },
      statement(
        "Tumour lysis",
        lysis.allSatisfy { $0.days.value == [] }
          ? "none, both anchors and definitions"
          : lysis.contains { $0.days.value.map { !$0.isEmpty } ?? false } ? "found, see followup" : "not decided"),
    ].compactMap { $0 }
      + worst.compactMap { t in
        statement(
          "Worst \(t.analyte.rawValue) since the therapy",
          t.grade.value.map { "grade \($0)" + (t.change.map { ", change \($0 > 0 ? "+" : "")\($0)" } ?? "") })
      }
  }
}
