import Foundation

/// A mean with its spread for each of several entities.
public struct EntityPlot: Sendable {
  /// One entity.
  public struct Row: Sendable {
    public let name: String
    public let count: Int
    public let mean: Double
    /// `nil` for one patient.
    public let deviation: Double?

    public init(name: String, count: Int, mean: Double, deviation: Double?) {
      (self.name, self.count, self.mean, self.deviation) = (name, count, mean, deviation)
    }
  }

  /// `SUVmax`, or `SUVmax / blood pool`.
  public let quantity: String
  /// Dotted lines of the paper for orientation; no cut-offs.
  public let guides: [Double]
  public let rows: [Row]

  public init(quantity: String, guides: [Double], rows: [Row]) {
    (self.quantity, self.guides, self.rows) = (quantity, guides, rows)
  }
}

extension Figure {
  /// Means of entities as bars with their standard deviation, the largest first.
  public static func entityBars(_ plot: EntityPlot) -> Figure {
    let (left, width, height) = (132.0, 250.0, 24.0)
    let rows = plot.rows.sorted { ($1.mean, $0.name) < ($0.mean, $1.name) }
    let bottom = 26 + Double(rows.count) * height
    let largest = (rows.map { $0.mean + ($0.deviation ?? 0) } + plot.guides.map { $0 * 1.05 }).max() ?? 1
    let ticks = Axis.threeSteps(to: largest)
    let x = Axis(low: 0, high: ticks.last?.value ?? 1, start: left, end: left + width)
    let texts = rows.map { "\($0.name): \(NumberFormat.fixed($0.mean, decimals: 2, .nearest)), n \($0.count)." }
    var figure = Figure(
      width: left + width + 96, height: bottom + 48,
      label: "Mean \(plot.quantity) by entity. " + texts.joined(separator: " "))
    figure.add(Label(plot.quantity, 0, 13, .small))
    for guide in plot.guides {
      figure.add(Path([Spot(x.place(guide), 20), Spot(x.place(guide), bottom)]), .reference)
      figure.add(Label(NumberFormat.shortest(guide), x.place(guide), 15, .small, .middle))
    }
    for (n, row) in rows.enumerated() {
      let middle = 26 + (Double(n) + 0.5) * height
      let name = TextWidth.fitted(row.name, into: left - 12, size: Voice.tick.size, bold: false)
      figure.add(Label(name, 0, middle + 3.5, .tick))
      figure.addRectangle(
        left, middle - 7, width: x.place(row.mean) - left, height: 14, radius: 1, .bar, .accent)
      if let deviation = row.deviation {
        let (a, b) = (x.place(row.mean - deviation), x.place(row.mean + deviation))
        var whisker = Path([Spot(a, middle), Spot(b, middle)])
        whisker.segment(a, middle - 3, a, middle + 3)
        whisker.segment(b, middle - 3, b, middle + 3)
        figure.add(whisker, .whisker)
      }
      let end = x.place(row.mean + (row.deviation ?? 0))
      let value = NumberFormat.fixed(row.mean, decimals: 2, .nearest)
      figure.add(Label(value, end + 7, middle + 3.5, .strong, halo: true))
      figure.add(
        Label("n \(row.count)", end + 13 + TextWidth.estimate(value, size: 10.5, bold: true), middle + 3.5, .small))
    }
    figure.addTimeAxis(ticks, x, y: bottom)
    figure.add(
      Label(
        "Bars: mean, whiskers: SD. Dotted lines are guides of the published figure, no cut-offs.", 0, bottom + 42,
        .small))
    return figure
  }
}

extension NumberFormat {
  /// A number without zeros at its end: `6`, `4.5`.
  static func shortest(_ number: Double) -> String {
    DecimalText(number)?.shortestText() ?? "–"
  }
}
