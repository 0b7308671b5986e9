import Foundation
public import Quantities

extension CurvePanel {
  /// The time up to which panels that stand together are drawn: the end of the fits, at most half as long again as
  /// the measurement.
  public static func sharedEnd(of panels: [CurvePanel]) -> Time {
    let last = panels.flatMap(\.points).map(\.time.hours).filter(\.isFinite).max() ?? 0
    let fitted = panels.flatMap(\.fit).map(\.time.hours).filter(\.isFinite).max() ?? 0
    let end = last > 0 ? max(last * 1.02, min(fitted, last * 1.5)) : fitted
    return .hours(end > 0 ? end : 1)
  }

  /// The unit in which the panel's activities are written, so that its ticks stay short.
  var unit: (symbol: String, becquerels: Double) {
    let values = points.map(\.activity.becquerels) + fit.map(\.activity.becquerels)
    let largest = values.filter(\.isFinite).max() ?? 0
    switch largest {
    case ..<1, 1e19...: return largest > 0 && largest < 1 ? ("Bq", 1) : largest > 0 ? ("TBq", 1e12) : ("MBq", 1e6)
    case ..<1e3: return ("Bq", 1)
    case ..<1e5: return ("kBq", 1e3)
    case ..<1e10: return ("MBq", 1e6)
    case ..<1e13: return ("GBq", 1e9)
    default: return ("TBq", 1e12)
    }
  }

  /// What the figure shows, in words.
  var sentence: String {
    var parts = [
      "\(name): activity in \(unit.symbol) against hours after administration, \(points.count) "
        + (points.count == 1 ? "point" : "points")
    ]
    parts[0] += fit.isEmpty ? ", no fit." : ", fit with its 95 % band."
    if let coefficient {
      parts.append("Time-integrated activity coefficient \(NumberFormat.coefficient(coefficient).joined) h.")
    }
    if let effectiveHalfLife { parts.append("Effective half-life \(NumberFormat.hours(effectiveHalfLife)).") }
    if let extrapolatedFraction {
      parts.append("\(NumberFormat.share(extrapolatedFraction)) lie beyond the last point.")
    }
    if let refusal { parts.append("Refused: \(refusal.reason)") }
    return parts.joined(separator: " ")
  }
}

extension Figure {
  /// One region's points, fit, 95 % band and extrapolated tail from zero to a time that the panels share.
  public static func curve(_ panel: CurvePanel, until end: Time) -> Figure {
    CurveDrawing(panel: panel, end: end.hours.isFinite && end.hours > 0 ? end.hours : 1).figure()
  }
}

private struct CurveDrawing {
  let panel: CurvePanel
  let end: Double

  private static let (width, height) = (172.0, 146.0)
  private static let (top, bottom, right) = (49.0, 124.0, 164.0)

  func figure() -> Figure {
    var figure = Figure(width: Self.width, height: Self.height, label: panel.sentence)
    let unit = panel.unit
    let fit = clippedFit()
    let points = panel.points.filter {
      $0.time.hours.isFinite && $0.activity.isFinite && $0.time.hours <= end && $0.time.hours >= 0
    }
    let largest = max(
      points.map { ($0.activity.becquerels + (finite($0.standardUncertainty?.becquerels) ?? 0)) / unit.becquerels }
        .max() ?? 0, fit.map { $0.activity.becquerels / unit.becquerels }.max() ?? 0)
    let ticks = Axis.threeSteps(to: largest)
    let left = max(
      26, (ticks.map { TextWidth.estimate($0.text, size: Voice.tick.size, bold: false) }.max() ?? 0) + 6)
    let x = Axis(low: 0, high: end, start: left, end: Self.right)
    let y = Axis(low: 0, high: ticks.last?.value ?? 1, start: Self.bottom, end: Self.top)
    let tone = panel.organ.tone

    var grid = Path()
    for tick in ticks {
      grid.segment(left, y.place(tick.value), Self.right, y.place(tick.value))
      figure.add(Label(tick.text, left - 5, y.place(tick.value) + 3.5, .tick, .end))
    }
    figure.add(grid, .grid)
    if panel.refusal != nil, fit.isEmpty {
      figure.addRectangle(left, Self.top, width: Self.right - left, height: Self.bottom - Self.top, .hatch)
    }

    func spot(_ t: Time, _ a: Activity) -> Spot { Spot(x.place(t.hours), y.place(a.becquerels / unit.becquerels)) }
    if fit.count > 1 {
      let upper = fit.map { spot($0.time, $0.upper) }
      let lower = fit.reversed().map { spot($0.time, $0.lower) }
      figure.add(Path(upper + lower, closed: true), .band, tone)
      figure.add(Path(fit.map { spot($0.time, $0.activity) }), .fit, tone)
      addTail(to: &figure, fit.map { spot($0.time, $0.activity) }, after: points.map { x.place($0.time.hours) }.max())
    }
    for point in points {
      let place = spot(point.time, point.activity)
      if let u = finite(point.standardUncertainty?.becquerels), u > 0 {
        let ends = [-u, u].map { spot(point.time, .becquerels(point.activity.becquerels + $0)).y }
        figure.add(Path([Spot(place.x, ends[0]), Spot(place.x, ends[1])]), .error, tone)
      }
    }
    for point in points { figure.addMarker(panel.organ, at: spot(point.time, point.activity)) }

    figure.addTimeAxis(Axis.hours(to: end, atMost: 7), x, y: Self.bottom)
    figure.add(Label(unit.symbol, left - 5, Self.top - 9, .small, .end))
    addHead(to: &figure)
    return figure
  }

  private func addHead(to figure: inout Figure) {
    let title = TextWidth.fitted(panel.name, into: Self.width, size: Voice.title.size, bold: true)
    figure.add(Label(title, 0, 10, .title, tone: panel.organ.tone))
    var edge = Self.width
    if let fraction = finite(panel.extrapolatedFraction) {
      let text = NumberFormat.share(fraction) + " beyond"
      let voice: Voice = fraction > 0.2 ? .warning : .small
      figure.add(Label(text, Self.width, 23, voice, .end))
      edge -= TextWidth.estimate(text, size: voice.size, bold: voice.isBold) + 6
    }
    var parts = [String]()
    if let coefficient = panel.coefficient { parts.append(NumberFormat.coefficient(coefficient).value + " h") }
    if let half = panel.effectiveHalfLife { parts.append("T_{eff} " + NumberFormat.hours(half)) }
    if panel.refusal != nil, panel.fit.isEmpty { parts = ["refused, no fit"] }
    let voice: Voice = panel.refusal != nil && panel.fit.isEmpty ? .strong : .small
    let line = parts.joined(separator: " · ")
    figure.add(Label(TextWidth.fitted(line, into: edge, size: voice.size, bold: voice.isBold), 0, 23, voice))
  }

  private func addTail(to figure: inout Figure, _ fit: [Spot], after last: Double?) {
    guard let last, let index = fit.firstIndex(where: { $0.x > last + 0.5 }), let final = fit.last else { return }
    var outline = Array(fit[index...])
    if index > 0 { outline.insert(between(fit[index - 1], fit[index], x: last), at: 0) }
    outline += [Spot(final.x, Self.bottom), Spot(outline[0].x, Self.bottom)]
    figure.add(Path(outline, closed: true), .tail)
  }

  private func between(_ a: Spot, _ b: Spot, x: Double) -> Spot {
    let t = b.x > a.x ? min(max((x - a.x) / (b.x - a.x), 0), 1) : 0
    return Spot(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y))
  }

  /// The fit inside the panel, its last piece cut at the edge.
  private func clippedFit() -> [CurvePanel.FitPoint] {
    let usable = panel.fit.filter {
      $0.time.hours.isFinite && $0.activity.isFinite && $0.lower.isFinite && $0.upper.isFinite && $0.time.hours >= 0
    }
    var inside = usable.filter { $0.time.hours <= end }
    if let a = inside.last, inside.count < usable.count {
      let b = usable[inside.count]
      if b.time > a.time {
        let t = (end - a.time.hours) / (b.time.hours - a.time.hours)
        func mix(_ p: Activity, _ q: Activity) -> Activity { p + (q - p) * t }
        inside.append(
          .init(
            time: .hours(end), activity: mix(a.activity, b.activity), lower: mix(a.lower, b.lower),
            upper: mix(a.upper, b.upper)))
      }
    }
    return inside
  }

  private func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
}

extension Figure {
  /// The baseline with ticks outside and their texts, none of which touch.
  mutating func addTimeAxis(_ ticks: [Tick], _ x: Axis, y: Double) {
    var axis = Path()
    axis.segment(x.start, y, x.end, y)
    var free = -Double.infinity
    for tick in ticks {
      let place = x.place(tick.value)
      axis.segment(place, y, place, y + 3.5)
      var label = Label(tick.text, place, y + 14, .tick, .middle)
      let half = (label.box.right - label.box.left) / 2
      if place + half > width { label = Label(tick.text, width, y + 14, .tick, .end) }
      guard label.box.left > free else { continue }
      free = label.box.right + 3
      add(label)
    }
    add(axis, .axis)
  }

  /// The sign of an organ, the second code beside its colour.
  mutating func addMarker(_ organ: Organ, at p: Spot) {
    let (x, y, tone) = (p.x, p.y, organ.tone)
    switch organ {
    case .kidneyLeft: addCircle(x, y, radius: 3, .point, tone)
    case .kidneyRight: addCircle(x, y, radius: 2.5, .open, tone)
    case .liver: addRectangle(x - 2.6, y - 2.6, width: 5.2, height: 5.2, .point, tone)
    case .spleen:
      add(Path([Spot(x, y - 3.6), Spot(x + 3.4, y + 2.4), Spot(x - 3.4, y + 2.4)], closed: true), .point, tone)
    case .lesion:
      add(Path([Spot(x, y + 3.6), Spot(x + 3.4, y - 2.4), Spot(x - 3.4, y - 2.4)], closed: true), .point, tone)
    case .marrow:
      add(Path([Spot(x, y - 3.8), Spot(x + 3.4, y), Spot(x, y + 3.8), Spot(x - 3.4, y)], closed: true), .point, tone)
    case .wholeBody: add(Self.cross(at: p, turned: false), .point, tone)
    case .blood: add(Self.cross(at: p, turned: true), .point, tone)
    case .other: addRectangle(x - 2.4, y - 2.4, width: 4.8, height: 4.8, .open, tone)
    }
  }

  /// An upright cross, or one turned by 45°.
  private static func cross(at p: Spot, turned: Bool) -> Path {
    let (a, b) = (1.15, 3.7)
    let corners = [
      (a, -b), (a, -a), (b, -a), (b, a), (a, a), (a, b), (-a, b), (-a, a), (-b, a), (-b, -a), (-a, -a), (-a, -b),
    ]
    let c = turned ? 0.5.squareRoot() : 1
    let s = turned ? c : 0
    return Path(corners.map { Spot(p.x + c * $0.0 - s * $0.1, p.y + s * $0.0 + c * $0.1) }, closed: true)
  }
}
