import Foundation
import Quantities

extension GraftPlot {
  var sentence: String {
    var parts = [
      "\(label): marrow dose still to come against the day of the graft.",
      "It falls below \(NumberFormat.limit(limit)) after \(NumberFormat.earliestDay(limitReached)) days.",
    ]
    if let planned {
      parts.append(
        "At the planned graft on day \(NumberFormat.days(planned.day)) \(NumberFormat.grays(planned.dose)) remain.")
    }
    return parts.joined(separator: " ")
  }
}

extension Figure {
  /// The marrow dose still to come on a logarithmic axis against the day of the graft; `nil` with fewer than two days.
  public static func graft(_ plot: GraftPlot) -> Figure? { GraftDrawing(plot: plot)?.figure() }
}

private struct GraftDrawing {
  let plot: GraftPlot
  let points: [GraftPlot.Point]
  let x: Axis
  let y: Axis
  let decades: [Tick]

  init?(plot: GraftPlot) {
    points = plot.points.filter { $0.day.isFinite && $0.dose.isFinite && $0.lower.isFinite && $0.upper.isFinite }
    let days = points.map(\.day.days)
    guard let low = days.min(), let high = days.max(), high > low else { return nil }
    decades = Axis.decades(of: points.map(\.dose.grays), with: plot.limit.grays)
    guard let bottom = decades.first, let top = decades.last else { return nil }
    self.plot = plot
    let widest = decades.map { TextWidth.estimate($0.text, size: Voice.tick.size, bold: false) }.max() ?? 0
    x = Axis(low: low, high: high, start: max(34, widest + 8), end: 332)
    y = Axis(low: bottom.value, high: top.value, start: 184, end: 24, isLogarithmic: true)
  }

  func figure() -> Figure {
    var figure = Figure(width: 340, height: 214, label: plot.sentence)
    var placer = LabelPlacer(bounds: Box(left: x.start + 2, top: y.end, right: x.end + 4, bottom: y.start - 2))
    var grid = Path()
    for decade in decades {
      grid.segment(x.start, y.place(decade.value), x.end, y.place(decade.value))
      figure.add(Label(decade.text, x.start - 5, y.place(decade.value) + 3.5, .tick, .end))
    }
    figure.add(grid, .grid)
    figure.add(Label("Marrow dose still to come / Gy", 0, 13, .small))
    addCurve(to: &figure, &placer)
    for label in limitLabels(on: &figure, &placer) + plannedLabels(on: &figure, &placer) { figure.add(label) }
    figure.addTimeAxis(Axis.ticks(from: x.low, to: x.high, atMost: 8), x, y: y.start)
    figure.add(Label("Days from therapy to graft", x.end, 213, .small, .end))
    return figure
  }

  private func addCurve(to figure: inout Figure, _ placer: inout LabelPlacer) {
    let visible = points.prefix { $0.upper.grays > y.low }
    let upper = visible.map { Spot(x.place($0.day.days), y.place($0.upper.grays)) }
    let lower = visible.reversed().map { Spot(x.place($0.day.days), y.place($0.lower.grays)) }
    figure.add(Path(upper + lower, closed: true), .band, .marrow)
    let line = points.prefix { $0.dose.grays >= y.low }.map { Spot(x.place($0.day.days), y.place($0.dose.grays)) }
    figure.add(Path(line), .fit, .marrow)
    placer.avoid(line: line)
    placer.avoid(line: upper)
    placer.avoid(line: lower.reversed())
  }

  private func limitLabels(on figure: inout Figure, _ placer: inout LabelPlacer) -> [Label] {
    guard plot.limit.isFinite, plot.limit.grays > 0 else { return [] }
    let line = y.place(plot.limit.grays)
    figure.addRectangle(x.start, y.end, width: x.end - x.start, height: line - y.end, .forbidden)
    figure.add(Path([Spot(x.start, line), Spot(x.end, line)]), .limit)
    placer.avoid(line: [Spot(x.start, line), Spot(x.end, line)])
    let above = line - 5 - Voice.limit.size > y.end ? line - 5 : line + 13
    var labels: [Label] = []
    if plot.limitReached.isFinite, (x.low...x.high).contains(plot.limitReached.days) {
      let ring = x.place(plot.limitReached.days)
      figure.addCircle(ring, line, radius: 3.5, .ring)
      placer.avoid(Box(left: ring - 4.5, top: line - 4.5, right: ring + 4.5, bottom: line + 4.5))
      labels += placer.place(
        [Label(NumberFormat.earliestDay(plot.limitReached) + "\u{00A0}d", 0, 0, .strong, halo: true)],
        at: [
          (Spot(ring + 6, line - 6), .start), (Spot(ring - 6, line + 14), .end), (Spot(ring + 6, line + 14), .start),
          (Spot(ring - 6, line - 6), .end),
        ])
    }
    labels += placer.place(
      [Label("limit " + NumberFormat.limit(plot.limit), 0, 0, .limit, halo: true)],
      at: [
        (Spot(x.end, above), .end), (Spot(x.end, line + 13), .end), (Spot(x.start + 4, above), .start),
        (Spot(x.start + 4, line + 13), .start),
      ])
    return labels
  }

  private func plannedLabels(on figure: inout Figure, _ placer: inout LabelPlacer) -> [Label] {
    var labels: [Label] = []
    if let planned = plot.planned, planned.day.isFinite, (x.low...x.high).contains(planned.day.days) {
      let day = x.place(planned.day.days)
      figure.add(Path([Spot(day, y.start), Spot(day, y.end)]), .reference)
      placer.avoid(line: [Spot(day, y.start), Spot(day, y.end)])
      labels += placer.place(
        [Label("planned graft, day " + NumberFormat.days(planned.day), 0, 0, .small, halo: true)],
        at: [(Spot(day + 4, 34), .start), (Spot(day - 4, 34), .end)])
      if planned.dose.isFinite, planned.dose.grays > 0 {
        let p = Spot(day, y.place(planned.dose.grays))
        if planned.dose.grays >= y.low { figure.addCircle(p.x, p.y, radius: 4, .point, .marrow) }
        placer.avoid(Box(left: p.x - 5, top: p.y - 5, right: p.x + 5, bottom: p.y + 5))
        labels += placer.place(
          [Label(NumberFormat.grays(planned.dose), 0, 0, .strong, halo: true)],
          at: [(Spot(p.x + 7, p.y - 4), .start), (Spot(p.x - 7, p.y + 14), .end), (Spot(p.x + 7, p.y + 14), .start)])
      }
    }
    guard let last = points.last(where: { $0.dose.grays >= y.low }) else { return labels }
    let end = Spot(x.place(last.day.days), y.place(last.dose.grays))
    let name = TextWidth.fitted(plot.label, into: 150, size: Voice.label.size, bold: true)
    labels += placer.place(
      [Label(name, 0, 0, .label, tone: .marrow, halo: true)],
      at: [
        (Spot(end.x, end.y + 24), .end), (Spot(end.x, end.y + 36), .end), (Spot(end.x, end.y - 16), .end),
        (Spot(x.start + 6, y.start - 8), .start), (Spot(end.x, y.start - 8), .end),
      ])
    return labels
  }
}
