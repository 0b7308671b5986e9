import Reports
import Therapy

extension ConditioningPlan {
  /// The course as a picture of its own in SVG.
  public func svg(followUp: FollowUpFile? = nil) -> String {
    Figure.timeline(timeline(followUp)).standaloneSVG()
  }

  /// The course as one A4 page.
  public func pdf(followUp: FollowUpFile? = nil) throws -> [UInt8] { try timeline(followUp).pdf() }

  private func timeline(_ followUp: FollowUpFile?) -> Timeline {
    var titles: [String] = []
    for stretch in stretches where !titles.contains(stretch.step.title) { titles.append(stretch.step.title) }
    let rows = titles.map { title in
      Timeline.Row(
        title: title,
        bars: stretches.filter { $0.step.title == title }.sorted { $0.start < $1.start }.map { stretch in
          Timeline.Bar(
            start: stretch.start, end: stretch.end, text: what(stretch.step), isOpen: stretch.step.toConfirm != nil)
        })
    }
    return Timeline(
      title: "\(name): \(schedule.request.donor.rawValue), graft on \(date(of: 0))",
      subtitle: "\(plan.source.citation), protocol version \(plan.version). Research use only. Not a medical device.",
      rows: rows, counts: followUp.map(Self.counts) ?? [],
      checks: checks.map { check in
        Timeline.Check(
          title: check.title, passed: check.state == .open ? nil : check.state == .passed, text: check.text)
      })
  }

  private static func counts(_ file: FollowUpFile) -> [Timeline.Counts] {
    func points(_ analyte: Analyte) -> [Timeline.Point] {
      file.results.filter { $0.analyte == analyte }.map { .init(day: $0.day, value: $0.value.double) }
    }
    return [
      Timeline.Counts(
        title: "Neutrophils", unit: "10⁹/L", points: points(.neutrophils), bound: 0.5,
        recovery: Engraftment.neutrophilDay(file.results).value),
      Timeline.Counts(
        title: "Platelets", unit: "10⁹/L", points: points(.platelets), bound: 20,
        recovery: Engraftment.plateletDay(file.results, transfusions: file.transfusions).value),
    ]
  }
}
