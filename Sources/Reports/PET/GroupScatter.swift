import Quantities
public import Uptake

/// Values of groups with the exact tests between them.
public struct GroupPlot: Sendable {
  /// One group.
  public struct Group: Sendable {
    public let name: String
    public let values: [UptakeValue]

    public init(name: String, values: [UptakeValue]) { (self.name, self.values) = (name, values) }
  }

  /// A test of two groups by their places among the groups.
  public struct Comparison: Sendable {
    public let first: Int
    public let second: Int
    /// Two-sided.
    public let p: Double

    public init(first: Int, second: Int, p: Double) { (self.first, self.second, self.p) = (first, second, p) }
  }

  /// What the values are: `mean SUVmax`.
  public let quantity: String
  public let groups: [Group]
  public let comparisons: [Comparison]
  /// Which test gave p, in a sentence under the picture.
  public let note: String

  public init(quantity: String, groups: [Group], comparisons: [Comparison], note: String) {
    (self.quantity, self.groups, self.comparisons, self.note) = (quantity, groups, comparisons, note)
  }
}

extension Figure {
  /// Every value as a point beside its neighbours, the mean of each group as a line, p above the groups compared.
  public static func groupScatter(_ plot: GroupPlot) -> Figure {
    let (left, step, bracket) = (44.0, 120.0, 20.0)
    let top = 30 + bracket * Double(plot.comparisons.count)
    let (bottom, right) = (top + 190, left + step * Double(plot.groups.count))
    let largest = plot.groups.flatMap(\.values).map(\.base).max() ?? 1
    let ticks = Axis.threeSteps(to: largest)
    let y = Axis(low: 0, high: ticks.last?.value ?? 1, start: bottom, end: top)
    var figure = Figure(width: max(right + 8, 380), height: bottom + 64, label: plot.sentence)
    figure.add(Label(plot.quantity, 0, 13, .small))
    var grid = Path()
    for tick in ticks {
      grid.segment(left, y.place(tick.value), right, y.place(tick.value))
      figure.add(Label(tick.text, left - 6, y.place(tick.value) + 3.5, .tick, .end))
    }
    figure.add(grid, .grid)
    func centre(_ n: Int) -> Double { left + (Double(n) + 0.5) * step }
    for (n, group) in plot.groups.enumerated() {
      if !group.values.isEmpty {
        let mean = y.place(group.values.total().base / Double(group.values.count))
        figure.add(Path([Spot(centre(n) - 26, mean), Spot(centre(n) + 26, mean)]), .mean)
      }
      for spot in swarm(group.values.map { y.place($0.base) }, about: centre(n)) {
        figure.addCircle(spot.x, spot.y, radius: 4, .point, .accent)
      }
      let name = TextWidth.fitted(group.name, into: step - 6, size: Voice.strong.size, bold: true)
      figure.add(Label(name, centre(n), bottom + 17, .strong, .middle))
      figure.add(Label("n \(group.values.count)", centre(n), bottom + 31, .small, .middle))
    }
    for (n, comparison) in plot.comparisons.enumerated() {
      let (a, b) = (centre(comparison.first), centre(comparison.second))
      let line = top - 8 - bracket * Double(n)
      figure.add(Path([Spot(a, line + 4), Spot(a, line), Spot(b, line), Spot(b, line + 4)]), .axis)
      figure.add(Label(exactProbability(comparison.p), (a + b) / 2, line - 3, .tick, .middle))
    }
    figure.add(Label(plot.note, 0, bottom + 54, .small))
    return figure
  }

  /// `p = 0.0317`, with three significant digits, or a bound below 0.0001.
  static func exactProbability(_ p: Double) -> String {
    p < 0.0001 ? "p < 0.0001" : "p = \(NumberFormat.significant(p))"
  }

  /// Places of points at given heights about a line: each as near to it as those before leave room.
  static func swarm(_ heights: [Double], about x: Double) -> [Spot] {
    var placed: [Spot] = []
    for height in heights.sorted() {
      let offsets = (0...40).map { Double(($0 + 1) / 2) * ($0.isMultiple(of: 2) ? 4.5 : -4.5) }
      let free = offsets.first { offset in
        placed.allSatisfy { spot in
          let (dx, dy) = (spot.x - x - offset, spot.y - height)
          return dx * dx + dy * dy >= 81
        }
      }
      placed.append(Spot(x + (free ?? 0), height))
    }
    return placed
  }
}

extension GroupPlot {
  fileprivate var sentence: String {
    let means = groups.map { group in
      let mean = group.values.isEmpty ? nil : group.values.total().base / Double(group.values.count)
      return "\(group.name): n \(group.values.count), mean \(NumberFormat.fixed(mean ?? .nan, decimals: 2, .nearest))."
    }
    let tests = comparisons.map {
      "\(groups[$0.first].name) against \(groups[$0.second].name): \(Figure.exactProbability($0.p))."
    }
    return (["\(quantity) by group."] + means + tests).joined(separator: " ")
  }
}
