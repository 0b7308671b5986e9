/// Values of groups as points with centre and spread.
public struct SamplePlot: Sendable {
  /// One group.
  public struct Group: Sendable {
    public let name: String
    public let values: [Double]
    /// The mean or median.
    public let centre: Double
    /// The ends of the bar about it: mean ± SEM, or the quartiles.
    public let lower: Double
    public let upper: Double

    public init(name: String, values: [Double], centre: Double, lower: Double, upper: Double) {
      (self.name, self.values, self.centre, self.lower, self.upper) = (name, values, centre, lower, upper)
    }
  }

  /// What stands above two groups, by their places.
  public struct Comparison: Sendable {
    public let first: Int
    public let second: Int
    /// Two-sided.
    public let p: Double

    public init(first: Int, second: Int, p: Double) { (self.first, self.second, self.p) = (first, second, p) }
  }

  public let title: String
  public let quantity: String
  public let groups: [Group]
  public let comparisons: [Comparison]
  /// Whether values of the same place in neighbouring groups belong together and are joined.
  public let isPaired: Bool
  /// What centre and spread are, and the test.
  public let note: String

  public init(
    title: String, quantity: String, groups: [Group], comparisons: [Comparison], isPaired: Bool = false, note: String
  ) {
    (self.title, self.quantity, self.groups, self.comparisons) = (title, quantity, groups, comparisons)
    (self.isPaired, self.note) = (isPaired, note)
  }
}

extension Figure {
  /// Every value as a point, centre and spread as bars, exact p above the groups compared, n below each.
  public static func samples(_ plot: SamplePlot) -> Figure {
    let (left, step, bracket) = (52.0, 112.0, 20.0)
    let width = max(left + step * Double(plot.groups.count) + 8, 360)
    let right = left + step * Double(plot.groups.count)
    let top = 48 + bracket * Double(plot.comparisons.count)
    let bottom = top + 200
    let all = plot.groups.flatMap { $0.values + [$0.lower, $0.upper] }.filter(\.isFinite)
    let low = min(0, all.min() ?? 0)
    let ticks =
      low < 0
      ? Axis.ticks(from: low, to: max(all.max() ?? 1, low + 1e-9), atMost: 5) : Axis.threeSteps(to: all.max() ?? 1)
    let y = Axis(low: low, high: max(all.max() ?? 1, ticks.last?.value ?? 1), start: bottom, end: top)
    var figure = Figure(
      width: width, height: bottom + 48 + 13 * noteLines(plot.note, width: width), label: plot.sentence)
    figure.add(Label(TextWidth.fitted(plot.title, into: width, size: Voice.strong.size, bold: true), 0, 12, .strong))
    figure.add(Label(plot.quantity, 0, 28, .small))
    var grid = Path()
    for tick in ticks {
      grid.segment(left, y.place(tick.value), right, y.place(tick.value))
      figure.add(Label(tick.text.replacing("-", with: "−"), left - 6, y.place(tick.value) + 3.5, .tick, .end))
    }
    figure.add(grid, .grid)
    func centre(_ n: Int) -> Double { left + (Double(n) + 0.5) * step }
    let spots = plot.groups.indices.map { n -> [Spot] in
      let heights = plot.groups[n].values.map { y.place($0) }
      return plot.isPaired ? heights.map { Spot(centre(n), $0) } : swarm(heights, about: centre(n))
    }
    if plot.isPaired {
      var lines = Path()
      for n in plot.groups.indices.dropFirst() {
        for (a, b) in zip(spots[n - 1], spots[n]) { lines.segment(a.x, a.y, b.x, b.y) }
      }
      figure.add(lines, .axis)
    }
    for (n, group) in plot.groups.enumerated() {
      if !group.values.isEmpty, group.centre.isFinite {
        let middle = y.place(group.centre)
        var bars = Path([Spot(centre(n) - 20, middle), Spot(centre(n) + 20, middle)])
        if group.lower.isFinite, group.upper.isFinite {
          bars.segment(centre(n), y.place(group.lower), centre(n), y.place(group.upper))
          for end in [group.lower, group.upper] {
            bars.segment(centre(n) - 9, y.place(end), centre(n) + 9, y.place(end))
          }
        }
        figure.add(bars, .mean)
      }
      for spot in spots[n] { figure.addCircle(spot.x, spot.y, radius: 3.5, .point, .accent) }
      let name = TextWidth.fitted(group.name, into: step - 6, size: Voice.strong.size, bold: true)
      figure.add(Label(name, centre(n), bottom + 17, .strong, .middle))
      figure.add(Label("n \(group.values.count)", centre(n), bottom + 31, .small, .middle))
    }
    for (n, comparison) in plot.comparisons.enumerated() {
      let (a, b) = (centre(comparison.first), centre(comparison.second))
      let line = top - 8 - bracket * Double(n)
      figure.add(Path([Spot(a, line + 4), Spot(a, line), Spot(b, line), Spot(b, line + 4)]), .axis)
      figure.add(Label(exactProbability(comparison.p), (a + b) / 2, line - 3, .tick, .middle, halo: true))
    }
    _ = figure.addNote(plot.note, bottom + 52, width: width)
    return figure
  }
}

extension SamplePlot {
  fileprivate var sentence: String {
    let parts = groups.map { "\($0.name): n \($0.values.count), \(NumberFormat.significant($0.centre))." }
    let tests = comparisons.map {
      "\(groups[$0.first].name) against \(groups[$0.second].name): \(Figure.exactProbability($0.p))."
    }
    return (["\(title), \(quantity)."] + parts + tests).joined(separator: " ")
  }
}
