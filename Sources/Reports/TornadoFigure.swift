import Foundation
import Quantities

extension Figure {
  /// Bars of the activity, inputs filled and settings open, about a line at the activity; `nil` without a row.
  public static func tornado(_ plot: TornadoPlot) -> Figure? {
    let rows = plot.rows.filter { $0.least.isFinite && $0.most.isFinite && $0.most >= $0.least }
    let values = rows.flatMap { [$0.least.gigabecquerels, $0.most.gigabecquerels] } + [plot.activity.gigabecquerels]
    guard !rows.isEmpty, let low = values.min(), let high = values.max(), high > low else { return nil }
    let margin = (high - low) * 0.04
    let names = TextWidth.widest(rows.map(\.name), size: Voice.tick.size, within: 118...230)
    let width = names + 258
    let x = Axis(low: max(0, low - margin), high: high + margin, start: names + 54, end: width - 8)
    let first = rows.firstIndex { $0.isSetting } ?? rows.count
    func top(_ index: Int) -> Double { 30 + 18 * Double(index) + (index >= first && first > 0 ? 7 : 0) }
    let bottom = top(rows.count - 1) + 20
    var figure = Figure(width: width, height: bottom + 30, label: sentence(plot, rows))
    let ticks = Axis.ticks(from: x.low, to: x.high, atMost: 7)
    var grid = Path()
    for tick in ticks { grid.segment(x.place(tick.value), 24, x.place(tick.value), bottom) }
    figure.add(grid, .grid)
    figure.add(Label("What moves \(NumberFormat.prescribable(plot.activity))\u{00A0}GBq", 0, 13, .small))
    for (index, row) in rows.enumerated() {
      let y = top(index)
      let name = TextWidth.fitted(row.name, into: names, size: Voice.tick.size, bold: false)
      figure.add(Label(name, 0, y + 8, .tick))
      figure.add(Label(row.aside, names + 44, y + 8, .small, .end))
      let (a, b) = (x.place(row.least.gigabecquerels), x.place(row.most.gigabecquerels))
      figure.addRectangle(
        a, y, width: max(1, b - a), height: 10, radius: 1, row.isSetting ? .open : .bar, .accent)
    }
    let at = x.place(plot.activity.gigabecquerels)
    figure.add(Path([Spot(at, 22), Spot(at, bottom)]), .axis)
    figure.addTimeAxis(ticks, x, y: bottom)
    figure.add(Label("Activity / GBq", width - 8, bottom + 29, .small, .end))
    return figure
  }

  private static func sentence(_ plot: TornadoPlot, _ rows: [TornadoPlot.Row]) -> String {
    let widest = rows.max { ($0.most - $0.least) < ($1.most - $1.least) }!
    return
      "What moves \(NumberFormat.prescribable(plot.activity)) GBq: \(rows.count) inputs and settings. The most: "
      + "\(widest.name), from \(NumberFormat.prescribable(widest.least)) to "
      + "\(NumberFormat.prescribable(widest.most)) GBq."
  }
}
