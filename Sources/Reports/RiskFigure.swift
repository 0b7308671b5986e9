import Foundation
import Quantities

extension Figure {
  /// The probability of exceeding each limit against activity; `nil` with fewer than two activities.
  public static func risk(_ plot: RiskPlot) -> Figure? { RiskDrawing(plot: plot)?.figure() }
}

extension RiskPlot {
  /// The probability of a curve at an activity, linear between its points.
  func probability(ofCurve index: Int, at activity: Activity) -> Double? {
    guard curves.indices.contains(index) else { return nil }
    let points = Array(zip(activities.map(\.gigabecquerels), curves[index].probabilities))
    let x = activity.gigabecquerels
    for ((xa, ya), (xb, yb)) in zip(points, points.dropFirst()) where xa <= x && x <= xb && xb > xa {
      return ya + (x - xa) / (xb - xa) * (yb - ya)
    }
    return nil
  }

  var sentence: String {
    var parts = [
      "Probability of exceeding each limit against activity.",
      "At \(NumberFormat.prescribable(chosen)) GBq any limit: \(NumberFormat.probability(probabilityAtChosen)).",
    ]
    for (index, curve) in curves.enumerated() {
      if let p = probability(ofCurve: index, at: chosen) {
        parts.append("\(curve.name): \(NumberFormat.probability(p)).")
      }
    }
    if let best = bestEstimate {
      parts.append("\(NumberFormat.prescribable(best.activity)) GBq: \(best.label).")
    }
    return parts.joined(separator: " ")
  }
}

private struct RiskDrawing {
  let plot: RiskPlot
  let x: Axis
  let y = Axis(low: 0, high: 1, start: 196, end: 24)

  init?(plot: RiskPlot) {
    let span = plot.activities.map(\.gigabecquerels).filter(\.isFinite)
    guard let low = span.min(), let high = span.max(), high > low else { return nil }
    self.plot = plot
    x = Axis(low: low, high: high, start: 34, end: 364)
  }

  func figure() -> Figure {
    var figure = Figure(width: 376, height: 226, label: plot.sentence)
    var placer = LabelPlacer(bounds: Box(left: x.start + 2, top: y.end, right: x.end + 4, bottom: y.start - 2))
    addGround(to: &figure, &placer)
    let lines = plot.curves.map { curve in
      zip(plot.activities, curve.probabilities).filter { $0.isFinite && $1.isFinite }
        .map { Spot(x.place($0.gigabecquerels), y.place($1)) }
    }
    for (line, curve) in zip(lines, plot.curves) {
      figure.add(Path(line), .fit, curve.organ.tone)
      placer.avoid(line: line)
    }
    var labels = accepted(&placer)
    labels += chosen(on: &figure, &placer)
    labels += best(on: &figure, &placer)
    for (line, curve) in zip(lines, plot.curves) { labels += name(of: curve, along: line, &placer) }
    for label in labels { figure.add(label) }
    figure.addTimeAxis(Axis.ticks(from: x.low, to: x.high, atMost: 8), x, y: y.start)
    figure.add(Label("Activity / GBq", 364, 225, .small, .end))
    return figure
  }

  private func addGround(to figure: inout Figure, _ placer: inout LabelPlacer) {
    var grid = Path()
    for quarter in 0...4 {
      let place = y.place(Double(quarter) / 4)
      grid.segment(x.start, place, x.end, place)
      figure.add(Label(quarter == 4 ? "100 %" : "\(25 * quarter)", 30, place + 3.5, .tick, .end))
    }
    figure.add(grid, .grid)
    figure.add(Label("Probability of exceeding the limit", 0, 13, .small))
    guard let accepted = plot.acceptedRisk, accepted.isFinite else { return }
    let line = y.place(accepted)
    figure.addRectangle(x.start, y.end, width: x.end - x.start, height: line - y.end, .forbidden)
    figure.add(Path([Spot(x.start, line), Spot(x.end, line)]), .limit)
    placer.avoid(line: [Spot(x.start, line), Spot(x.end, line)])
  }

  private func accepted(_ placer: inout LabelPlacer) -> [Label] {
    guard let risk = plot.acceptedRisk, risk.isFinite else { return [] }
    let percent = DecimalText(risk * 100)?.shortestText() ?? ""
    let line = y.place(risk)
    let above = line - 4 - Voice.limit.size > y.end ? line - 4 : line + 12
    return placer.place(
      [Label("accepted risk \(percent)\u{00A0}%", 0, 0, .limit, halo: true)],
      at: [(Spot(x.start + 4, above), .start), (Spot(x.end, above), .end), (Spot(x.start + 4, line + 12), .start)])
  }

  private func chosen(on figure: inout Figure, _ placer: inout LabelPlacer) -> [Label] {
    guard plot.chosen.isFinite, plot.probabilityAtChosen.isFinite else { return [] }
    let p = Spot(x.place(plot.chosen.gigabecquerels), y.place(plot.probabilityAtChosen))
    figure.add(Path([Spot(p.x, y.start), p]), .axis)
    figure.addCircle(p.x, p.y, radius: 4.5, .chosen)
    placer.avoid(Box(left: p.x - 5, top: p.y - 5, right: p.x + 5, bottom: p.y + 5))
    return placer.place(
      [Label(NumberFormat.prescribable(plot.chosen) + "\u{00A0}GBq", 0, 0, .strong, halo: true)],
      at: [
        (Spot(p.x - 8, p.y - 18), .end), (Spot(p.x - 8, p.y - 8), .end), (Spot(p.x, p.y - 10), .middle),
        (Spot(p.x + 8, p.y - 8), .start), (Spot(p.x + 8, p.y + 12), .start), (Spot(p.x - 8, p.y + 12), .end),
      ])
  }

  private func best(on figure: inout Figure, _ placer: inout LabelPlacer) -> [Label] {
    guard let best = plot.bestEstimate, best.activity.isFinite, plot.curves.indices.contains(best.curve),
      let probability = plot.probability(ofCurve: best.curve, at: best.activity), probability.isFinite
    else { return [] }
    let p = Spot(x.place(best.activity.gigabecquerels), y.place(probability))
    figure.addCircle(p.x, p.y, radius: 3.7, .open, plot.curves[best.curve].organ.tone)
    placer.avoid(Box(left: p.x - 4.5, top: p.y - 4.5, right: p.x + 4.5, bottom: p.y + 4.5))
    let room = max(p.x - 8 - x.start, x.end - p.x - 8)
    let label = TextWidth.fitted(best.label, into: room, size: Voice.small.size, bold: false)
    return placer.place(
      [
        Label(NumberFormat.prescribable(best.activity) + "\u{00A0}GBq", 0, 0, .strong, halo: true),
        Label(label, 0, 0, .small, halo: true),
      ],
      at: [
        (Spot(p.x - 8, p.y - 3), .end), (Spot(p.x + 8, p.y + 8), .start), (Spot(p.x - 8, p.y - 22), .end),
        (Spot(p.x + 8, p.y - 18), .start), (Spot(p.x - 8, p.y + 16), .end),
      ])
  }

  /// A curve's name beside its upper part, else beside its end.
  private func name(of curve: RiskPlot.Curve, along line: [Spot], _ placer: inout LabelPlacer) -> [Label] {
    guard let last = line.last, let first = line.first else { return [] }
    let name = TextWidth.fitted(curve.name, into: 200, size: Voice.label.size, bold: true)
    var places: [(Spot, Label.Anchor)] = []
    for share in [0.8, 0.65, 0.9, 0.35] {
      let level = y.place(share)
      guard let k = line.firstIndex(where: { $0.y <= level }), k > 0 else { continue }
      places += [(Spot(line[k].x + 10, level + 8), .start), (Spot(line[k].x - 10, level), .end)]
    }
    let beyond = [last, first].flatMap { [(Spot(x.end, $0.y - 7), Label.Anchor.end), (Spot(x.end, $0.y + 14), .end)] }
    places += beyond + [(Spot(x.start + 4, first.y - 7), .start)]
    return placer.place([Label(name, 0, 0, .label, tone: curve.organ.tone, halo: true)], at: places)
  }
}
