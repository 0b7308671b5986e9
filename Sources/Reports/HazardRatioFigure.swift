import Foundation

/// Hazard ratios with their intervals, one row each.
public struct HazardRatioPlot: Sendable {
  /// A covariate.
  public struct Row: Hashable, Sendable {
    public let name: String
    public let ratio: Double
    public let lower: Double
    public let upper: Double
    /// As it is written, such as "p = 0.012".
    public let probability: String

    public init(name: String, ratio: Double, lower: Double, upper: Double, probability: String) {
      (self.name, self.ratio, self.lower, self.upper, self.probability) = (name, ratio, lower, upper, probability)
    }
  }

  public let title: String
  public let rows: [Row]
  public let note: String

  public init(title: String, rows: [Row], note: String) {
    (self.title, self.rows, self.note) = (title, rows, note)
  }
}

extension Figure {
  /// Ratios on a logarithmic axis around 1, with numbers at the right; `nil` without a row.
  ///
  /// An interval that leaves 1/100…100 is cut there with an arrow. The first 40 rows are drawn.
  public static func hazardRatios(_ plot: HazardRatioPlot) -> Figure? {
    let rows = plot.rows.prefix(40).filter { $0.ratio > 0 && $0.ratio.isFinite && $0.lower > 0 && $0.upper.isFinite }
    guard !rows.isEmpty else { return nil }
    let (width, top, pitch) = (620.0, 44.0, 24.0)
    let bottom = top + Double(rows.count) * pitch
    var figure = Figure(
      width: width, height: bottom + 50,
      label: plot.title + ". "
        + rows.map { "\($0.name): \(number($0.ratio)) (\(number($0.lower)) to \(number($0.upper)))." }
        .joined(separator: " "))
    let low = min(0.5, max(0.01, rows.map(\.lower).min() ?? 0.5) * 0.9)
    let high = max(2, min(100, rows.map(\.upper).max() ?? 2) * 1.1)
    let x = Axis(low: low, high: high, start: 170, end: 400, isLogarithmic: true)
    figure.add(Label(TextWidth.fitted(plot.title, into: width, size: Voice.strong.size, bold: true), 0, 12, .strong))
    figure.add(Label("Hazard ratio (95 %)", 416, top - 12, .small))
    figure.add(Label("lower hazard", x.place(1) - 8, top - 12, .small, .end))
    figure.add(Label("higher", x.place(1) + 8, top - 12, .small))
    figure.add(Path([Spot(x.place(1), top - 4), Spot(x.place(1), bottom)]), .reference)
    for (index, row) in rows.enumerated() {
      let middle = top + (Double(index) + 0.5) * pitch
      figure.add(Path([Spot(0, middle + pitch / 2), Spot(width, middle + pitch / 2)]), .grid)
      figure.add(
        Label(TextWidth.fitted(row.name, into: 160, size: Voice.tick.size, bold: false), 0, middle + 3.5, .tick))
      let (a, b) = (x.place(row.lower), x.place(row.upper))
      var bar = Path()
      bar.segment(a, middle, b, middle)
      for (end, isCut, direction) in [(a, row.lower < low, 1.0), (b, row.upper > high, -1.0)] {
        if isCut {
          bar.segment(end, middle, end + direction * 5, middle - 3.5)
          bar.segment(end, middle, end + direction * 5, middle + 3.5)
        } else {
          bar.segment(end, middle - 4, end, middle + 4)
        }
      }
      figure.add(bar, .error, .accent)
      let p = x.place(row.ratio)
      figure.addRectangle(p - 4, middle - 4, width: 8, height: 8, .bar, .accent)
      figure.add(
        Label("\(number(row.ratio)) (\(number(row.lower))–\(number(row.upper)))", 416, middle + 3.5, .strong))
      figure.add(Label(row.probability, width, middle + 3.5, .tick, .end))
    }
    let ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].filter { low <= $0 && $0 <= high }
    figure.addTimeAxis(ticks.compactMap { tick($0) }, x, y: bottom + 4)
    figure.add(
      Label(TextWidth.fitted(plot.note, into: width, size: Voice.small.size, bold: false), 0, bottom + 44, .small))
    return figure
  }

  private static func tick(_ value: Double) -> Tick? {
    let power = Int(log10(value * 1.0000001).rounded(.down))
    return Tick(Int((value / pow(10, Double(power))).rounded()), power: power)
  }

  private static func number(_ value: Double) -> String {
    if value >= 100 { return value > 1e4 ? "> 10 000" : "\(Int(value.rounded()))" }
    return value < 0.01 ? "< 0.01" : String(format: "%.2f", value)
  }
}
