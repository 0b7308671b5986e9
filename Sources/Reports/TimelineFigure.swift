import Foundation

extension Figure {
  /// The timeline: an even scale to day +28, a narrow one to +100 and beyond; checks and outcome at the right.
  ///
  /// - Parameter days: how far the days reach from the left edge, 300 at least.
  public static func timeline(_ timeline: Timeline, days: Double = 572) -> Figure {
    TimelineDrawing(timeline: timeline, right: max(days, 300)).figure()
  }
}

private struct TimelineDrawing {
  let timeline: Timeline
  /// Where the days end.
  let right: Double
  static let left = 138.0
  static let top = 62.0
  static let rowHeight = 18.5
  static let panelHeight = 49.0
  static let panelPitch = 65.0

  /// The day from which days are narrower.
  static let bend = 28.0

  private var side: Double { right + 24 }
  private var fullWidth: Double { right + 240 }

  // MARK: Days

  /// The place of the middle of a day.
  func place(_ day: Double) -> Double {
    let knee = Self.left + 0.80 * (right - Self.left)
    let first = Double(firstDay) - 0.5
    let bend = Self.bend
    if day <= bend { return Self.left + (max(day, first) - first) / (bend - first) * (knee - Self.left) }
    return knee + (min(day, Double(lastDay)) - bend) / (Double(lastDay) - bend) * (right - knee)
  }

  var firstDay: Int {
    (timeline.rows.flatMap { $0.bars.map(\.start) }).min().map { max(-62, min(-15, $0)) } ?? -15
  }

  var lastDay: Int {
    min(400, max(100, timeline.panels.flatMap { $0.points.map(\.day) }.max() ?? 100))
  }

  /// Without checks and outcome nothing stands at the right.
  private var width: Double {
    timeline.checks.isEmpty && timeline.outcome.isEmpty ? right + 16 : fullWidth
  }

  private var rowsEnd: Double { Self.top + Double(timeline.rows.count) * Self.rowHeight }
  private var panelsEnd: Double {
    rowsEnd + 12 + Double(timeline.panels.count + (timeline.decay == nil ? 0 : 1)) * Self.panelPitch
  }

  // MARK: Parts

  func figure() -> Figure {
    let height = max(panelsEnd + 18, sideHeight)
    var figure = Figure(
      width: width, height: height,
      label: "\(timeline.title): \(timeline.rows.count) rows of steps over days, day 0 is the graft. "
        + (timeline.checks + timeline.outcome).map { "\($0.title): \($0.text)." }.joined(separator: " "))
    figure.add(Label(fitted(timeline.title, width, .title), 0, 12, .title, tone: .wholeBody))
    figure.add(Label(fitted(timeline.subtitle, width, .small), 0, 27, .small))
    let graft = place(-0.5)
    figure.addRectangle(
      graft, Self.top - 8, width: place(0.5) - graft, height: panelsEnd - Self.top + 8, .band, .accent)
    addDays(to: &figure)
    for (index, row) in timeline.rows.enumerated() {
      add(row, to: &figure, top: Self.top + Double(index) * Self.rowHeight)
    }
    var top = rowsEnd + 16
    if let decay = timeline.decay {
      add(decay, to: &figure, top: top)
      top += Self.panelPitch
    }
    for panel in timeline.panels {
      add(panel, to: &figure, top: top)
      top += Self.panelPitch
    }
    addDates(to: &figure)
    addSide(to: &figure)
    return figure
  }

  private func addDays(to figure: inout Figure) {
    figure.add(Label("Day", 0, Self.top - 14, .small))
    var end = -Double.infinity
    for day in [-60, -42, -28, -21, -14, -9, -5, 0, 5, 10, 14, 21, 28, 60, 100, 180, 365]
    where day >= firstDay && day <= lastDay {
      let label = Label(
        signedDay(day), place(Double(day)), Self.top - 14, day == 0 ? .strong : .tick, .middle)
      guard label.box.left > end + 3, label.box.right <= right + 14 else { continue }
      end = label.box.right
      figure.add(label)
    }
    figure.add(Path([Spot(place(Self.bend), Self.top - 8), Spot(place(Self.bend), panelsEnd)]), .reference)
  }

  private func add(_ row: Timeline.Row, to figure: inout Figure, top: Double) {
    let base = top + 11.5
    figure.add(Label(fitted(row.title, Self.left - 8, .tick), 0, base, .tick))
    figure.add(Path([Spot(0, top + Self.rowHeight - 2), Spot(right, top + Self.rowHeight - 2)]), .grid)
    var strokes = Path()
    for day in row.ticks where day >= firstDay && day <= lastDay {
      strokes.segment(place(Double(day)), top + 2, place(Double(day)), top + 14)
    }
    figure.add(strokes, .outline, .neutral)
    let bars = row.bars.sorted { $0.start < $1.start }
    for (index, bar) in bars.enumerated() {
      let (a, b) = (place(Double(bar.start) - 0.45), place(Double(bar.end) + 0.45))
      let isLong = bar.end - bar.start > 10
      figure.addRectangle(
        a, top + 1, width: max(b - a, 3), height: 14, radius: 2, bar.isOpen ? .open : isLong ? .soft : .bar,
        bar.isOpen ? .caution : .accent)
      if bar.isOpen { figure.add(Label("?", isLong ? b - 5 : (a + b) / 2, base, .warning, isLong ? .end : .middle)) }
      // Bars side by side say the same; the last of them carries the words.
      if index + 1 < bars.count, bars[index + 1].text == bar.text, bars[index + 1].start == bar.end + 1 { continue }
      if isLong {
        figure.add(Label(fitted(bar.text, b - a - (bar.isOpen ? 20 : 8), .strong), a + 5, base, .strong))
        continue
      }
      let voice: Voice = bar.isOpen ? .warning : .strong
      let before = index > 0 ? place(Double(bars[index - 1].end) + 0.5) + 4 : Self.left
      if bar.isOpen, a - before > TextWidth.estimate(bar.text, size: voice.size, bold: true) + 8 {
        figure.add(Label(bar.text, a - 4, base, voice, .end))
        continue
      }
      let limit = index + 1 < bars.count ? place(Double(bars[index + 1].start) - 0.5) : right
      figure.add(Label(fitted(bar.text, limit - b - 6, voice), b + 4, base, voice, halo: true))
    }
  }

  private func axis(_ ticks: [Tick], top: Double, isLogarithmic: Bool = true, high: Double? = nil) -> Axis? {
    guard let low = ticks.first?.value, let high = high ?? ticks.last?.value, high > low else { return nil }
    return Axis(low: low, high: high, start: top + Self.panelHeight, end: top, isLogarithmic: isLogarithmic)
  }

  private func addFrame(_ title: String, _ unit: String, _ ticks: [Tick], _ y: Axis, to figure: inout Figure) {
    figure.add(Label(fitted(title, Self.left - 32, .strong), 0, y.end + 10, .strong))
    figure.add(Label(unit, 0, y.end + 23, .small))
    var grid = Path()
    for tick in ticks {
      grid.segment(Self.left, y.place(tick.value), right, y.place(tick.value))
      figure.add(Label(tick.text, Self.left - 5, y.place(tick.value) + 3.5, .tick, .end))
    }
    figure.add(grid, .grid)
  }

  private func add(_ decay: Timeline.Decay, to figure: inout Figure, top: Double) {
    let days = stride(from: Double(decay.start.day), through: Self.bend, by: 0.5).map { $0 }
    func value(_ day: Double) -> Double { decay.start.value * exp2(-(day - Double(decay.start.day)) / decay.halfLife) }
    let ticks = Axis.decades(of: [decay.start.value, value(0), value(14)], with: decay.limit)
    guard let y = axis(ticks, top: top), decay.halfLife > 0 else { return }
    addFrame(decay.title, decay.unit, ticks, y, to: &figure)
    let shown = days.filter { value($0) >= y.low && value($0).isFinite }
    if let relative = decay.relativeUncertainty, relative > 0, relative.isFinite {
      let spread = exp(1.959964 * log(1 + relative * relative).squareRoot())
      figure.add(
        Path(
          shown.map { Spot(place($0), y.place(value($0) * spread)) }
            + shown.reversed().map { Spot(place($0), y.place(value($0) / spread)) }, closed: true), .band, .marrow)
    }
    let line = y.place(decay.limit)
    figure.add(Path([Spot(Self.left, line), Spot(place(Self.bend), line)]), .limit)
    figure.add(Path(shown.map { Spot(place($0), y.place(value($0))) }), .fit, .marrow)
    let p = Spot(place(0), y.place(value(0)))
    figure.addCircle(p.x, p.y, radius: 4.5, .chosen)
    figure.add(Label(decay.text, p.x + 9, min(line, p.y) - 5, .strong, halo: true))
    figure.add(Label("\(px(decay.limit)) \(decay.unit)", place(Self.bend) + 4, line + 3.5, .limit))
  }

  private func add(_ panel: Timeline.Panel, to figure: inout Figure, top: Double) {
    let points = panel.points.filter { $0.value > 0 && $0.value.isFinite && $0.day >= firstDay && $0.day <= lastDay }
      .sorted { $0.day < $1.day }
    let largest = max(points.map(\.value).max() ?? 0, panel.bound)
    let ticks =
      panel.isLogarithmic
      ? Axis.decades(of: points.map(\.value), with: panel.bound) : Axis.ticks(from: 0, to: largest * 1.2, atMost: 4)
    guard
      let y = axis(ticks, top: top, isLogarithmic: panel.isLogarithmic, high: panel.isLogarithmic ? nil : largest * 1.2)
    else { return }
    addFrame(panel.title, panel.unit, ticks, y, to: &figure)
    if let recovery = panel.recovery {
      let (a, b) = (place(Double(recovery) - 0.5), place(Double(recovery) + 2.5))
      figure.addRectangle(a, y.end, width: b - a, height: y.start - y.end, .band, .ok)
    }
    let bound = y.place(panel.bound)
    figure.add(Path([Spot(Self.left, bound), Spot(right, bound)]), .reference)
    let line = points.map { Spot(place(Double($0.day)), y.place($0.value)) }
    figure.add(Path(line), .fit, .accent)
    for spot in line { figure.addCircle(spot.x, spot.y, radius: 2.2, .point, .accent) }
    var placer = LabelPlacer(
      bounds: Box(left: Self.left + 2, top: y.end - 4, right: right, bottom: y.start + 4))
    placer.avoid(line: line)
    var labels: [Label] = []
    if let recovery = panel.recovery {
      let x = place(Double(recovery) + 2.5) + 4
      labels += placer.place(
        [
          Label("recovered day \(signedDay(recovery))", 0, 0, .strong, halo: true),
          Label(panel.recoveryText, 0, 0, .small, halo: true),
        ],
        at: [
          (Spot(x, y.start - 14), .start), (Spot(x, y.end + 12), .start), (Spot(x - 40, y.start - 14), .end),
          (Spot(x - 40, y.end + 4), .end),
        ])
    }
    labels += placer.place(
      [Label(panel.boundText, 0, 0, .small, halo: true)],
      at: [
        (Spot(right, bound - 4), .end), (Spot(right, bound + 11), .end),
        (Spot(Self.left + 4, bound - 4), .start),
        (Spot(Self.left + 4, bound + 11), .start),
      ])
    for label in labels { figure.add(label) }
  }

  private func addDates(to figure: inout Figure) {
    var end = -Double.infinity
    for (day, date) in timeline.dates.sorted(by: { $0.day < $1.day }) where day >= firstDay && day <= lastDay {
      var label = Label(date, place(Double(day)), panelsEnd + 12, day == 0 ? .strong : .small, .middle)
      if label.box.right > right + 14 { label = Label(date, right + 14, panelsEnd + 12, .small, .end) }
      guard label.box.left > end + 4 else { continue }
      end = label.box.right
      figure.add(label)
    }
  }

  // MARK: Beside the picture

  private static let statementHeight = 26.0

  private var sideHeight: Double {
    let blocks = [timeline.checks, timeline.outcome].filter { !$0.isEmpty }
    return Self.top - 14 + blocks.reduce(0) { $0 + 24 + Double($1.count) * Self.statementHeight }
  }

  private func addSide(to figure: inout Figure) {
    var y = Self.top - 14
    let blocks = [("Checks", timeline.checks), ("Outcome", timeline.outcome)]
    for (title, statements) in blocks where !statements.isEmpty {
      figure.add(Label(title, side, y, .strong))
      figure.add(Path([Spot(side, y + 6), Spot(fullWidth, y + 6)]), .axis)
      y += 20
      for statement in statements {
        let x = statement.state == nil ? side : side + 18
        switch statement.state {
        case .passed?: figure.add(.passed, side, y - 9)
        case .failed?: figure.add(.serious, side, y - 9)
        case .open?: figure.add(.caution, side, y - 9)
        case nil: break
        }
        figure.add(Label(fitted(statement.title, fullWidth - x, .tick), x, y, .tick))
        let word =
          switch statement.state {
          case .failed?: "Not kept: "
          case .open?: "Open: "
          default: ""
          }
        let tone: Tone? = statement.state == .failed ? .serious : statement.state == .open ? .caution : .wholeBody
        figure.add(Label(fitted(word + statement.text, fullWidth - x, .label), x, y + 12, .label, tone: tone))
        y += Self.statementHeight
      }
      y += 4
    }
  }

  private func fitted(_ text: String, _ width: Double, _ voice: Voice) -> String {
    TextWidth.fitted(text, into: max(0, width), size: voice.size, bold: voice.isBold)
  }

  private func signedDay(_ day: Int) -> String { day > 0 ? "+\(day)" : day < 0 ? "−\(-day)" : "0" }
}

extension Figure {
  /// A sign of 12 px with its top left corner at a place.
  fileprivate mutating func add(_ icon: Icon, _ x: Double, _ y: Double) {
    let scale = 12.0 / 16
    for mark in icon.figure.marks {
      guard case .shape(let shape) = mark else { continue }
      switch shape.geometry {
      case .circle(let a, let b, let radius):
        addCircle(x + scale * a, y + scale * b, radius: scale * radius, shape.role, shape.tone)
      case .rectangle(let a, let b, let width, let height, let radius):
        addRectangle(
          x + scale * a, y + scale * b, width: scale * width, height: scale * height, radius: scale * radius,
          shape.role, shape.tone)
      case .path(let path): add(path.placed(x, y, scale: scale), shape.role, shape.tone)
      }
    }
  }
}

extension Path {
  /// The path made smaller or larger and moved.
  fileprivate func placed(_ x: Double, _ y: Double, scale: Double) -> Path {
    var path = Path()
    for step in steps {
      switch step {
      case .move(let a, let b): path.move(x + scale * a, y + scale * b)
      case .line(let a, let b): path.line(x + scale * a, y + scale * b)
      case .curve(let a, let b, let c, let d, let e, let f):
        path.curve(
          x + scale * a, y + scale * b, x + scale * c, y + scale * d, x + scale * e, y + scale * f)
      case .close: path.close()
      }
    }
    return path
  }
}
