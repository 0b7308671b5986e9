import Foundation

extension Figure {
  /// How far the mean doses of regions by other methods lie from those of one: a point a method on a line a region; `nil`
  /// without a region.
  ///
  /// - Parameters:
  ///   - reference: the method at 0.
  ///   - rows: a region and its relative differences, in the order of `methods`.
  public static func methodComparison(
    reference: String, methods: [String], rows: [(name: String, differences: [Double])]
  ) -> Figure? {
    let all = rows.flatMap(\.differences).filter(\.isFinite).map { $0 * 100 }
    guard !rows.isEmpty, !methods.isEmpty, !all.isEmpty else { return nil }
    let tones: [Tone] = [.liver, .marrow, .spleen]
    let (low, high) = (min(-1, all.min() ?? 0), max(1, all.max() ?? 0))
    let margin = (high - low) * 0.08
    let x = Axis(low: low - margin, high: high + margin, start: 132, end: 452)
    let (top, step) = (34.0, 22.0)
    let bottom = top + step * Double(rows.count)
    var figure = Figure(
      width: 468, height: bottom + 36,
      label: "Mean doses against \(reference): "
        + rows.map { row in
          row.name + " "
            + zip(methods, row.differences).map { String(format: "%@ %+.1f %%", $0, $1 * 100) }.joined(separator: ", ")
        }.joined(separator: "; ") + ".")
    var grid = Path()
    for tick in Axis.ticks(from: x.low, to: x.high, atMost: 7) {
      grid.segment(x.place(tick.value), top, x.place(tick.value), bottom)
      figure.add(Label(tick.text, x.place(tick.value), bottom + 14, .tick, .middle))
    }
    figure.add(grid, .grid)
    figure.add(Path([Spot(x.place(0), top - 2), Spot(x.place(0), bottom + 2)]), .reference)
    figure.add(Label("difference from \(reference) / %", (x.start + x.end) / 2, bottom + 30, .small, .middle))
    for (n, row) in rows.enumerated() {
      let y = top + step * (Double(n) + 0.5)
      figure.add(Label(row.name, 0, y + 3.5, .tick))
      for (m, difference) in row.differences.enumerated() where difference.isFinite {
        figure.addCircle(x.place(difference * 100), y, radius: 4, m == 0 ? .point : .open, tones[m % tones.count])
      }
    }
    for (m, method) in methods.enumerated() {
      let place = x.start + 110 * Double(m)
      figure.addCircle(place + 4, 13, radius: 4, m == 0 ? .point : .open, tones[m % tones.count])
      figure.add(Label(method, place + 14, 16.5, .tick))
    }
    return figure
  }
}
