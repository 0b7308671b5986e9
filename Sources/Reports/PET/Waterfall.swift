/// Changes of several patients, each relative to its own value before.
public struct WaterfallPlot: Sendable {
  /// One patient.
  public struct Row: Sendable {
    public let name: String
    /// After over before, less one.
    public let change: Double

    public init(name: String, change: Double) { (self.name, self.change) = (name, change) }
  }

  /// `mean SUVmax, after against before`.
  public let quantity: String
  public let rows: [Row]

  public init(quantity: String, rows: [Row]) { (self.quantity, self.rows) = (quantity, rows) }
}

extension Figure {
  /// Changes in percent from the largest rise to the largest fall, one bar a patient.
  public static func waterfall(_ plot: WaterfallPlot) -> Figure {
    let rows = plot.rows.sorted { ($1.change, $0.name) < ($0.change, $1.name) }
    let (left, step) = (48.0, 30.0)
    let right = left + step * Double(max(rows.count, 6))
    let high = max(0.5, ((rows.map(\.change).max() ?? 0) * 4).rounded(.up) / 4)
    let y = Axis(low: -1, high: high, start: 226, end: 30)
    let texts = rows.map { "\($0.name): \(percent($0.change))." }
    var figure = Figure(
      width: right + 8, height: 262, label: "Change of \(plot.quantity). " + texts.joined(separator: " "))
    figure.add(Label("Change of \(plot.quantity) / %", 0, 13, .small))
    var grid = Path()
    for tick in Axis.ticks(from: -100, to: high * 100, atMost: 7) {
      let place = y.place(tick.value / 100)
      grid.segment(left, place, right, place)
      figure.add(Label(tick.text.replacing("-", with: "−"), left - 6, place + 3.5, .tick, .end))
    }
    figure.add(grid, .grid)
    for (n, row) in rows.enumerated() {
      let (x, zero, end) = (left + (Double(n) + 0.5) * step, y.place(0), y.place(row.change))
      figure.addRectangle(
        x - 10, min(zero, end), width: 20, height: abs(end - zero), radius: 1, row.change > 0 ? .soft : .bar, .accent)
      let above = row.change > 0
      figure.add(Label(percent(row.change), x, above ? end - 5 : end + 13, .tick, .middle, halo: true))
      figure.add(Label(row.name, x, above ? zero + 13 : zero - 5, .small, .middle, halo: true))
    }
    figure.add(Path([Spot(left, y.place(0)), Spot(right, y.place(0))]), .axis)
    figure.add(Label("n \(rows.count) with both scans.", 0, 256, .small))
    return figure
  }

  private static func percent(_ change: Double) -> String {
    let whole = (change * 100).rounded()
    return (whole < 0 ? "−" : whole > 0 ? "+" : "") + NumberFormat.fixed(whole.magnitude, decimals: 0, .nearest)
  }
}
