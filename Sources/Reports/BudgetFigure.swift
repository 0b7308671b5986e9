import Foundation

/// What the uncertainty of each organ's dose is made of.
public struct BudgetPlot: Sendable {
  /// One organ.
  public struct Row: Sendable {
    public var name: String
    public var organ: Organ
    /// The relative standard uncertainty of the dose, all parts together.
    public var total: Double
    /// The parts by name, relative.
    public var parts: [String: Double]

    public init(name: String, organ: Organ, total: Double, parts: [String: Double]) {
      self.name = name
      self.organ = organ
      self.total = total
      self.parts = parts
    }
  }

  public var rows: [Row]
  /// The names of the parts, in the order of their columns.
  public var parts: [String]

  public init(rows: [Row], parts: [String]) {
    self.rows = rows
    self.parts = parts
  }

  /// The whole and the parts in per cent, by row.
  var cells: [[String]] { rows.map { row in [row.name, text(row.total)] + parts.map { text(row.parts[$0]) } } }

  var heads: [String] { ["Organ", "u / %"] + parts.map { $0.prefix(1).uppercased() + $0.dropFirst() + " / %" } }

  private func text(_ value: Double?) -> String {
    value.map { String(format: "%.1f", $0 * 100) } ?? NumberFormat.missing
  }
}

extension Figure {
  /// Uncertainty budgets: a row an organ, a column a part, all bars on one scale; `nil` without an organ.
  public static func budget(_ plot: BudgetPlot) -> Figure? {
    let largest = plot.rows.flatMap { [$0.total] + $0.parts.values }.filter(\.isFinite).max() ?? 0
    guard !plot.rows.isEmpty, largest > 0 else { return nil }
    let columns = ["Total"] + plot.parts.map { $0.prefix(1).uppercased() + $0.dropFirst() }
    let left = TextWidth.widest(plot.rows.map(\.name), size: Voice.tick.size, within: 94...160) + 10
    let step = min(142, (694 - left) / Double(columns.count))
    let bar = step - 48
    var figure = Figure(
      width: left + step * Double(columns.count), height: 26 + 24 * Double(plot.rows.count),
      label: "Relative standard uncertainty of each dose: "
        + plot.rows.map { String(format: "%@ %.1f %%", $0.name, $0.total * 100) }.joined(separator: ", ") + ".")
    for (index, title) in columns.enumerated() {
      let head = TextWidth.fitted(title, into: step - 4, size: Voice.small.size, bold: false)
      figure.add(Label(head, left + step * Double(index), 13, .small))
    }
    for (index, row) in plot.rows.enumerated() {
      let y = 24 + 24 * Double(index)
      figure.add(Label(row.name, 0, y + 10, .tick))
      for (place, value) in ([row.total] + plot.parts.map { row.parts[$0] }).enumerated() {
        guard let value, value.isFinite else { continue }
        let x = left + step * Double(place)
        figure.add(Path([Spot(x, y + 14), Spot(x + bar, y + 14)]), .grid)
        figure.addRectangle(
          x, y + 2, width: max(1, value / largest * bar), height: 9, radius: 1, place == 0 ? .bar : .soft,
          row.organ.tone)
        figure.add(
          Label(String(format: "%.1f %%", value * 100), x + bar + 4, y + 10, place == 0 ? .strong : .tick))
      }
    }
    return figure
  }
}
