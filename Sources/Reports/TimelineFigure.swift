/// The course of a therapy: rows of bars over days, counted from the graft.
public struct Timeline: Sendable {
  /// A stretch of days.
  public struct Bar: Hashable, Sendable {
    public let start: Int
    public let end: Int
    public let text: String
    /// Whether a person must still say what is meant.
    public let isOpen: Bool

    public init(start: Int, end: Int, text: String, isOpen: Bool) {
      (self.start, self.end, self.text, self.isOpen) = (start, end, text, isOpen)
    }
  }

  /// What happens, with its days.
  public struct Row: Hashable, Sendable {
    public let title: String
    public let bars: [Bar]

    public init(title: String, bars: [Bar]) { (self.title, self.bars) = (title, bars) }
  }

  /// A rule and whether it is kept; `nil` where it cannot be said.
  public struct Check: Hashable, Sendable {
    public let title: String
    public let passed: Bool?
    public let text: String

    public init(title: String, passed: Bool?, text: String) {
      (self.title, self.passed, self.text) = (title, passed, text)
    }
  }

  /// Daily counts against a bound.
  public struct Counts: Hashable, Sendable {
    public let title: String
    public let unit: String
    /// Days and values above 0.
    public let points: [Point]
    public let bound: Double
    /// The day of recovery.
    public let recovery: Int?

    public init(title: String, unit: String, points: [Point], bound: Double, recovery: Int?) {
      (self.title, self.unit, self.points, self.bound, self.recovery) = (title, unit, points, bound, recovery)
    }
  }

  /// A count of a day.
  public struct Point: Hashable, Sendable {
    public let day: Int
    public let value: Double

    public init(day: Int, value: Double) { (self.day, self.value) = (day, value) }
  }

  public let title: String
  public let subtitle: String
  public let rows: [Row]
  public let counts: [Counts]
  public let checks: [Check]

  public init(title: String, subtitle: String, rows: [Row], counts: [Counts], checks: [Check]) {
    (self.title, self.subtitle, self.rows, self.counts, self.checks) = (title, subtitle, rows, counts, checks)
  }

  /// The timeline as one A4 page.
  ///
  /// - Throws: ``ReportError`` when the PDF library fails.
  public func pdf() throws(ReportError) -> [UInt8] {
    let canvas = try PDFCanvas(title: "\(title) - Endora timeline")
    let figure = Figure.timeline(self)
    let scale = min(PDFCanvas.width / figure.width, PDFCanvas.height / figure.height)
    canvas.draw(figure, 0, 0, scale: scale)
    return try canvas.finish()
  }
}

extension Figure {
  /// The timeline with days −15 to +7 wide, later days narrower.
  public static func timeline(_ timeline: Timeline) -> Figure { TimelineDrawing(timeline: timeline).figure() }
}

private struct TimelineDrawing {
  let timeline: Timeline
  static let width = 620.0
  static let left = 156.0
  static let rowHeight = 26.0

  /// The place of the middle of a day: an even scale to day +30, a narrow one to +100 and beyond.
  func place(_ day: Double) -> Double {
    let last = max(100, Double(lastDay))
    let knee = Self.left + 0.78 * (Self.width - Self.left - 12)
    let first = Double(firstDay) - 0.5
    if day <= 30 { return Self.left + (day - first) / (30 - first) * (knee - Self.left) }
    return knee + (min(day, last) - 30) / (last - 30) * (Self.width - 12 - knee)
  }

  var firstDay: Int {
    (timeline.rows.flatMap { $0.bars.map(\.start) } + timeline.counts.flatMap { $0.points.map(\.day) }).min()
      .map { max(-62, min(-15, $0)) } ?? -15
  }

  var lastDay: Int { max(100, timeline.counts.flatMap { $0.points.map(\.day) }.max() ?? 100) }

  func figure() -> Figure {
    let rowsEnd = 70 + Double(timeline.rows.count) * Self.rowHeight
    let countsEnd = rowsEnd + Double(timeline.counts.count) * 104
    let height = countsEnd + 30 + Double(timeline.checks.count) * 17
    var figure = Figure(
      width: Self.width, height: height,
      label: "\(timeline.title): \(timeline.rows.count) rows of steps over days, day 0 is the graft.")
    figure.add(Label(fitted(timeline.title, 420, .strong), 0, 14, .strong))
    figure.add(Label(fitted(timeline.subtitle, Self.width, .small), 0, 29, .small))
    let graft = place(-0.5)
    figure.addRectangle(
      graft, 54, width: place(0.5) - graft, height: countsEnd - 54, .band, .accent)
    addDays(to: &figure)
    for (index, row) in timeline.rows.enumerated() {
      add(row, to: &figure, top: 66 + Double(index) * Self.rowHeight)
    }
    for (index, counts) in timeline.counts.enumerated() {
      add(counts, to: &figure, top: rowsEnd + 14 + Double(index) * 104)
    }
    addChecks(to: &figure, top: countsEnd + 22)
    return figure
  }

  private func addDays(to figure: inout Figure) {
    figure.add(Label("Day", 0, 48, .small))
    var end = -Double.infinity
    for day in [-60, -42, -28, -21, -14, -9, -5, 0, 5, 10, 14, 21, 28, 60, 100] where day >= firstDay {
      let label = Label(signedDay(day), place(Double(day)), 48, day == 0 ? .strong : .tick, .middle)
      guard label.box.left > end + 3 else { continue }
      end = label.box.right
      figure.add(label)
    }
  }

  private func add(_ row: Timeline.Row, to figure: inout Figure, top: Double) {
    figure.add(Label(fitted(row.title, Self.left - 8, .tick), 0, top + 13, .tick))
    figure.add(Path([Spot(Self.left, top + 22), Spot(Self.width - 12, top + 22)]), .grid)
    for (index, bar) in row.bars.enumerated() {
      let (a, b) = (place(Double(bar.start) - 0.45), place(Double(bar.end) + 0.45))
      let isLong = bar.end - bar.start > 10
      figure.addRectangle(
        a, top, width: max(b - a, 3), height: 17, radius: 2, bar.isOpen ? .open : isLong ? .soft : .bar,
        bar.isOpen ? .caution : .accent)
      if bar.isOpen { figure.add(Label("?", (a + b) / 2, top + 12.5, .warning, .middle)) }
      if isLong {
        figure.add(Label(fitted(bar.text, b - a - 8, .tick), a + 5, top + 12.5, .tick))
        continue
      }
      if bar.isOpen, a - Self.left > TextWidth.estimate(bar.text, size: Voice.warning.size, bold: true) + 4 {
        figure.add(Label(bar.text, a - 4, top + 12.5, .warning, .end))
        continue
      }
      let limit = index + 1 < row.bars.count ? place(Double(row.bars[index + 1].start) - 0.5) : Self.width
      figure.add(Label(fitted(bar.text, limit - b - 6, .tick), b + 4, top + 12.5, bar.isOpen ? .warning : .tick))
    }
  }

  private func add(_ counts: Timeline.Counts, to figure: inout Figure, top: Double) {
    let points = counts.points.filter { $0.value > 0 && $0.value.isFinite }.sorted { $0.day < $1.day }
    let ticks = Axis.decades(of: points.map(\.value), with: counts.bound)
    guard let low = ticks.first?.value, let high = ticks.last?.value, high > low else { return }
    let y = Axis(low: low, high: high, start: top + 78, end: top, isLogarithmic: true)
    figure.add(Label(counts.title, 0, top + 12, .strong))
    figure.add(Label(counts.unit, 0, top + 26, .small))
    for tick in ticks {
      figure.add(Path([Spot(Self.left, y.place(tick.value)), Spot(Self.width - 12, y.place(tick.value))]), .grid)
      figure.add(Label(tick.text, Self.left - 5, y.place(tick.value) + 3.5, .tick, .end))
    }
    let line = points.map { Spot(place(Double($0.day)), y.place($0.value)) }
    figure.add(
      Path([Spot(Self.left, y.place(counts.bound)), Spot(Self.width - 12, y.place(counts.bound))]), .reference)
    figure.add(Path(line), .fit, .accent)
    for spot in line { figure.addCircle(spot.x, spot.y, radius: 2.2, .point, .accent) }
    if let recovery = counts.recovery {
      let x = place(Double(recovery))
      figure.add(Path([Spot(x, top), Spot(x, top + 78)]), .whisker)
      figure.add(Label("day \(signedDay(recovery))", x + 4, top + 74, .strong, halo: true))
    }
  }

  private func addChecks(to figure: inout Figure, top: Double) {
    for (index, check) in timeline.checks.enumerated() {
      let y = top + Double(index) * 17
      let (word, tone): (String, Tone) =
        switch check.passed {
        case true?: ("ok", .ok)
        case false?: ("no", .serious)
        case nil: ("open", .caution)
        }
      figure.add(Label(word, 0, y, .label, tone: tone))
      figure.add(Label(fitted(check.title, 268, .tick), 34, y, .tick))
      figure.add(Label(fitted(check.text, Self.width - 312, .small), 308, y, .small))
    }
  }

  private func fitted(_ text: String, _ width: Double, _ voice: Voice) -> String {
    TextWidth.fitted(text, into: max(0, width), size: voice.size, bold: voice.isBold)
  }

  private func signedDay(_ day: Int) -> String { day > 0 ? "+\(day)" : day < 0 ? "−\(-day)" : "0" }
}
