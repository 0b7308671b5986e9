import Foundation

/// Step curves over time for groups: survival that falls from 1, or incidence that rises from 0.
public struct SurvivalPlot: Sendable {
  /// From one time to the next.
  public struct Step: Hashable, Sendable {
    public let time: Double
    /// 0 to 1.
    public let value: Double
    /// The ends of the pointwise interval, where there is one.
    public let lower: Double?
    public let upper: Double?

    public init(time: Double, value: Double, lower: Double?, upper: Double?) {
      (self.time, self.value, self.lower, self.upper) = (time, value, lower, upper)
    }
  }

  /// The curve of a group.
  public struct Curve: Sendable {
    public let name: String
    /// How many at the start.
    public let count: Int
    public let steps: [Step]
    /// When observation of somebody ended without an event.
    public let censored: [Double]
    /// The end of observation.
    public let end: Double
    /// Every time at which somebody leaves, by which numbers at risk are counted; ascending.
    public let leaving: [Double]

    public init(
      name: String, count: Int, steps: [Step], censored: [Double], end: Double, leaving: [Double]
    ) {
      (self.name, self.count, self.steps, self.censored) = (name, count, steps, censored)
      (self.end, self.leaving) = (end, leaving)
    }

    /// How many are observed up to a time.
    func atRisk(_ time: Double) -> Int {
      var (low, high) = (0, leaving.count)
      while low < high {
        let middle = (low + high) / 2
        if leaving[middle] < time { low = middle + 1 } else { high = middle }
      }
      return count - low
    }

    /// The last step and the first mark of each column of the picture: what the eye can tell apart.
    fileprivate func thinned(column: (Double) -> Double) -> Curve {
      var kept: [Step] = []
      for step in steps where step.time.isFinite && step.value.isFinite {
        if let last = kept.last, column(last.time) == column(step.time) { kept.removeLast() }
        kept.append(step)
      }
      var columns: Set<Double> = []
      let marks = censored.filter { $0.isFinite && columns.insert(column($0)).inserted }
      return Curve(name: name, count: count, steps: kept, censored: marks, end: end, leaving: leaving)
    }
  }

  public let title: String
  public let timeTitle: String
  public let curves: [Curve]
  /// Whether curves rise from 0.
  public let rises: Bool
  /// What stands below: intervals, tests.
  public let note: String

  public init(title: String, timeTitle: String, curves: [Curve], rises: Bool, note: String) {
    (self.title, self.timeTitle, self.curves, self.rises, self.note) = (title, timeTitle, curves, rises, note)
  }
}

extension Figure {
  /// Curves with their 95 % bands, marks where observation ended, and numbers at risk below.
  ///
  /// `nil` when there is no curve with a time above 0. The first eight curves are drawn.
  public static func survival(_ plot: SurvivalPlot) -> Figure? { SurvivalDrawing(plot: plot)?.figure() }
}

private struct SurvivalDrawing {
  let plot: SurvivalPlot
  let curves: [SurvivalPlot.Curve]
  let x: Axis
  let y = Axis(low: 0, high: 1, start: 252, end: 36)

  static let width = 560.0
  static let start = 96.0

  init?(plot: SurvivalPlot) {
    let all = Array(plot.curves.prefix(8))
    let end = all.map(\.end).filter(\.isFinite).max() ?? 0
    guard end > 0 else { return nil }
    self.plot = plot
    let x = Axis(low: 0, high: end, start: Self.start, end: Self.width - 14)
    self.x = x
    curves = all.map { $0.thinned { (4 * x.place($0)).rounded() } }
  }

  private var ticks: [Tick] { Axis.ticks(from: 0, to: x.high, atMost: 8) }

  func figure() -> Figure {
    let rows = Double(curves.count) * 14
    let notes = TextWidth.lines(plot.note, into: Self.width, size: Voice.small.size)
    var figure = Figure(
      width: Self.width, height: 304 + rows + 13 * Double(notes.count), label: sentence)
    figure.add(
      Label(TextWidth.fitted(plot.title, into: Self.width, size: Voice.strong.size, bold: true), 0, 12, .strong))
    var grid = Path()
    for quarter in 0...4 {
      let place = y.place(Double(quarter) / 4)
      grid.segment(x.start, place, x.end, place)
      figure.add(Label(quarter == 4 ? "100 %" : "\(25 * quarter)", x.start - 6, place + 3.5, .tick, .end))
    }
    figure.add(grid, .grid)
    for (index, curve) in curves.enumerated() { addBand(of: curve, look(index), to: &figure) }
    var placer = LabelPlacer(bounds: Box(left: x.start + 2, top: y.end, right: x.end + 8, bottom: y.start - 2))
    for (index, curve) in curves.enumerated() {
      let line = staircase(curve)
      placer.avoid(line: line)
      figure.add(Path(line), look(index).role, look(index).tone)
      var marks = Path()
      for time in curve.censored where time.isFinite {
        let level = y.place(value(of: curve, at: time))
        marks.segment(x.place(time), level - 4, x.place(time), level + 4)
      }
      figure.add(marks, .error, look(index).tone)
    }
    if curves.count > 1 {
      for (index, curve) in curves.enumerated() {
        for label in name(of: curve, look(index), &placer) { figure.add(label) }
      }
    }
    figure.addTimeAxis(ticks, x, y: y.start)
    figure.add(Label(plot.timeTitle, x.end, y.start + 29, .small, .end))
    addNumbers(to: &figure, top: y.start + 44)
    for (index, line) in notes.enumerated() {
      figure.add(Label(line, 0, y.start + 62 + rows + 13 * Double(index), .small))
    }
    return figure
  }

  /// Colours of states and organs mean something else, so groups differ by accent, ink and dashes.
  private func look(_ index: Int) -> (role: Role, tone: Tone) {
    let tones: [Tone] = [.accent, .neutral, .info, .wholeBody]
    return (index < 4 ? .fit : .dashed, tones[index % 4])
  }

  private func value(of curve: SurvivalPlot.Curve, at time: Double) -> Double {
    curve.steps.last { $0.time <= time }?.value ?? (plot.rises ? 0 : 1)
  }

  private func staircase(_ curve: SurvivalPlot.Curve) -> [Spot] {
    var level = plot.rises ? 0.0 : 1.0
    var line = [Spot(x.start, y.place(level))]
    for step in curve.steps where step.value != level && step.time.isFinite && step.value.isFinite {
      line.append(Spot(x.place(step.time), y.place(level)))
      level = step.value
      line.append(Spot(x.place(step.time), y.place(level)))
    }
    return line + [Spot(x.place(curve.end), y.place(level))]
  }

  private func addBand(of curve: SurvivalPlot.Curve, _ look: (role: Role, tone: Tone), to figure: inout Figure) {
    var (upper, lower): ([Spot], [Spot]) = ([], [])
    var last: (low: Double, high: Double)?
    func extend(to time: Double) {
      guard let last else { return }
      upper.append(Spot(x.place(time), y.place(last.high)))
      lower.append(Spot(x.place(time), y.place(last.low)))
    }
    func close() {
      figure.add(Path(upper + lower.reversed(), closed: true), .band, look.tone)
      (upper, lower, last) = ([], [], nil)
    }
    for step in curve.steps {
      extend(to: step.time)
      guard let low = step.lower, let high = step.upper, low.isFinite, high.isFinite else {
        close()
        continue
      }
      last = (low, high)
      extend(to: step.time)
    }
    extend(to: curve.end)
    close()
  }

  private func name(
    of curve: SurvivalPlot.Curve, _ look: (role: Role, tone: Tone), _ placer: inout LabelPlacer
  ) -> [Label] {
    let text = TextWidth.fitted("\(curve.name), n \(curve.count)", into: 220, size: Voice.label.size, bold: true)
    let others = curves.filter { $0.name != curve.name }
    // Where the curve is farthest from all others, on the side that faces away from the nearest.
    let places: [(distance: Double, spots: [(Spot, Label.Anchor)])] = stride(from: 0.1, through: 0.95, by: 0.05).map {
      let time = $0 * curve.end
      let level = y.place(value(of: curve, at: time))
      let gaps = others.map { y.place(value(of: $0, at: time)) - level }
      let nearest = gaps.min { $0.magnitude < $1.magnitude } ?? 100
      let (above, below) = (Spot(x.place(time) + 4, level - 7), Spot(x.place(time) - 4, level + 16))
      return (
        nearest.magnitude,
        nearest > 0 ? [(above, .start), (below, .end)] : [(below, .end), (above, .start)]
      )
    }.sorted { $0.distance > $1.distance }
    return placer.place([Label(text, 0, 0, .label, tone: look.tone, halo: true)], at: places.flatMap(\.spots))
  }

  private func addNumbers(to figure: inout Figure, top: Double) {
    figure.add(Label("At risk", 0, top, .small))
    for (index, curve) in curves.enumerated() {
      let line = top + 14 * Double(index) + (curves.count > 1 ? 13 : 0)
      if curves.count > 1 {
        figure.add(
          Label(
            TextWidth.fitted(curve.name, into: Self.start - 34, size: Voice.label.size, bold: true), 0, line, .label,
            tone: look(index).tone))
      }
      for tick in ticks {
        figure.add(Label("\(curve.atRisk(tick.value))", x.place(tick.value), line, .tick, .middle))
      }
    }
  }

  private var sentence: String {
    let parts = curves.map { curve in
      let last = curve.steps.last?.value ?? (plot.rises ? 0 : 1)
      return "\(curve.name): \(curve.count) subjects, \(Int((100 * last).rounded())) % at the end."
    }
    return "\(plot.title). \(parts.joined(separator: " "))"
  }
}
