/// Amounts of named things as bars with their intervals.
public struct BarPlot: Sendable {
  public struct Bar: Sendable {
    public let name: String
    public let value: Double
    /// The ends of its interval.
    public let lower, upper: Double?
    /// Written below the name, such as the number of replicates.
    public let count: Int?
    /// Whether it is what the others are compared with.
    public let isControl: Bool

    public init(
      name: String, value: Double, lower: Double? = nil, upper: Double? = nil, count: Int? = nil,
      isControl: Bool = false
    ) {
      (self.name, self.value, self.lower, self.upper) = (name, value, lower, upper)
      (self.count, self.isControl) = (count, isControl)
    }
  }

  public let title: String
  public let quantity: String
  public let bars: [Bar]
  public let note: String

  public init(title: String, quantity: String, bars: [Bar], note: String) {
    (self.title, self.quantity, self.bars, self.note) = (title, quantity, bars, note)
  }
}

extension Figure {
  /// A bar for every amount from zero, the interval over it, name and n below.
  public static func bars(_ plot: BarPlot) -> Figure {
    let left = 54.0
    let widest =
      plot.bars.map { TextWidth.estimate($0.name, size: Voice.tick.size, bold: false) }.max() ?? 0
    let room = (360 - left - 10) / Double(max(1, plot.bars.count))
    let step = min(max(widest + 8, room, 24), 108)
    let width = max(left + step * Double(plot.bars.count) + 10, 360)
    let (top, bottom) = (44.0, 244.0)
    let ends = plot.bars.flatMap { [$0.value, $0.upper ?? $0.value, $0.lower ?? $0.value] }.filter(\.isFinite)
    let ticks = Axis.threeSteps(to: ends.max() ?? 1)
    let y = Axis(low: 0, high: ticks.last?.value ?? 1, start: bottom, end: top)
    let hasCounts = plot.bars.contains { $0.count != nil }
    let foot = bottom + (hasCounts ? 46 : 32)
    var figure = Figure(
      width: width, height: foot + 13 * noteLines(plot.note, width: width), label: plot.sentence)
    figure.add(Label(TextWidth.fitted(plot.title, into: width, size: Voice.strong.size, bold: true), 0, 12, .strong))
    figure.add(Label(plot.quantity, 0, 28, .small))
    var grid = Path()
    for tick in ticks {
      grid.segment(left, y.place(tick.value), width - 10, y.place(tick.value))
      figure.add(Label(tick.text, left - 6, y.place(tick.value) + 3.5, .tick, .end))
    }
    figure.add(grid, .grid)
    let half = min(step * 0.34, 20)
    for (n, bar) in plot.bars.enumerated() {
      let middle = left + (Double(n) + 0.5) * step
      let height = y.place(max(0, bar.value))
      figure.addRectangle(
        middle - half, height, width: 2 * half, height: bottom - height, .bar, bar.isControl ? .neutral : .accent)
      if let lower = bar.lower, let upper = bar.upper {
        var whisker = Path([Spot(middle, y.place(lower)), Spot(middle, y.place(upper))])
        for end in [lower, upper] {
          whisker.segment(middle - half / 2, y.place(end), middle + half / 2, y.place(end))
        }
        figure.add(whisker, .whisker)
      }
      let name = TextWidth.fitted(bar.name, into: step - 3, size: Voice.tick.size, bold: false)
      figure.add(Label(name, middle, bottom + 16, .tick, .middle))
      if let count = bar.count { figure.add(Label("n \(count)", middle, bottom + 30, .small, .middle)) }
    }
    figure.add(Path([Spot(left, bottom), Spot(width - 10, bottom)]), .axis)
    _ = figure.addNote(plot.note, foot + 6, width: width)
    return figure
  }
}

extension BarPlot {
  fileprivate var sentence: String {
    (["\(title), \(quantity)."] + bars.map { "\($0.name): \(NumberFormat.significant($0.value))." } + [note])
      .joined(separator: " ")
  }
}
