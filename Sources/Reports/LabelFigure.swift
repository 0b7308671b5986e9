import Foundation
import Quantities

extension Figure {
  /// Labels beside one another at each one's own activity: kidneys, marrow, lesion, wait; `nil` without a label.
  ///
  /// Each column has its own scale, which its longest bar fills.
  public static func labels(_ plot: LabelPlot) -> Figure? {
    let rows = plot.rows
    guard !rows.isEmpty else { return nil }
    let columns: [(title: String, tone: Tone, values: [Double?], text: (Int) -> String)] = [
      (
        "Kidneys / Gy", .kidneyLeft, rows.map { $0.kidneys?.grays },
        { rows[$0].kidneys.map { NumberFormat.dose($0) } ?? NumberFormat.missing }
      ),
      (
        "Marrow / Gy", .marrow, rows.map { $0.marrow?.grays },
        { rows[$0].marrow.map { NumberFormat.dose($0) } ?? NumberFormat.missing }
      ),
      (
        "Lesion / Gy", .lesion, rows.map { $0.lesion?.grays },
        { rows[$0].lesion.map { NumberFormat.dose($0) } ?? NumberFormat.missing }
      ),
      (
        "Earliest graft / d", .neutral, rows.map { $0.earliestGraft?.days },
        { rows[$0].earliestGraft.map { NumberFormat.earliestWholeDay($0) } ?? NumberFormat.missing }
      ),
    ].filter { $0.2.contains { $0 != nil } }
    let (left, step, bar) = (128.0, 142.0, 92.0)
    let height = 26 + 26 * Double(rows.count)
    var figure = Figure(
      width: left + step * Double(columns.count), height: height,
      label: "Labels at their own activity: "
        + rows.map { "\($0.name) \($0.activity)" }.joined(separator: ", ") + ".")
    for (index, column) in columns.enumerated() {
      figure.add(Label(column.title, left + step * Double(index), 13, .small))
    }
    for (index, row) in rows.enumerated() {
      let y = 26 + 26 * Double(index)
      figure.add(Label(row.name, 0, y + 10, row.isMeasured ? .strong : .tick))
      figure.add(
        Label(row.activity + (row.isAlpha ? "*" : ""), 118, y + 10, row.isMeasured ? .strong : .tick, .end))
      for (place, column) in columns.enumerated() {
        let x = left + step * Double(place)
        let largest = column.values.compactMap { $0 }.max() ?? 1
        let value = column.values[index]
        figure.add(Path([Spot(x, y + 14), Spot(x + bar, y + 14)]), .grid)
        if let value, largest > 0 {
          figure.addRectangle(
            x, y + 2, width: max(1, value / largest * bar), height: 9, radius: 1,
            column.tone == .neutral ? .soft : .bar, column.tone)
        }
        figure.add(Label(column.text(index), x + bar + 6, y + 10, row.isMeasured ? .strong : .tick))
      }
    }
    return figure
  }

  /// Marrow dose against the wait for activities up to each label's own; what is on the front is a line with points.
  ///
  /// `nil` without a point that has a wait.
  public static func pareto(_ plot: LabelPlot) -> Figure? { ParetoDrawing(plot: plot)?.figure() }
}

private struct ParetoDrawing {
  let plot: LabelPlot
  let x: Axis
  let y: Axis
  let doses: [Tick]

  init?(plot: LabelPlot) {
    let points = plot.rows.flatMap(\.points)
    guard let wait = points.map(\.wait.days).max(), let dose = points.map(\.marrow.grays).max(), dose > 0 else {
      return nil
    }
    self.plot = plot
    doses = Axis.threeSteps(to: dose)
    x = Axis(low: 0, high: max(plot.graft.days, wait, 1), start: 34, end: 364)
    y = Axis(low: 0, high: doses[3].value, start: 196, end: 24)
  }

  func figure() -> Figure {
    var figure = Figure(width: 376, height: 226, label: sentence)
    var placer = LabelPlacer(bounds: Box(left: x.start + 2, top: y.end, right: x.end + 4, bottom: y.start - 2))
    var grid = Path()
    for tick in doses {
      grid.segment(x.start, y.place(tick.value), x.end, y.place(tick.value))
      figure.add(Label(tick.text, 30, y.place(tick.value) + 3.5, .tick, .end))
    }
    figure.add(grid, .grid)
    figure.add(Label("Total marrow dose / Gy", 0, 13, .small))
    let graft = x.place(plot.graft.days)
    figure.add(Path([Spot(graft, y.end), Spot(graft, y.start)]), .reference)
    var labels = placer.place(
      [Label("graft day \(NumberFormat.days(plot.graft))", 0, 0, .small, halo: true)],
      at: [(Spot(graft - 4, y.start - 6), .end), (Spot(graft + 4, y.start - 6), .start)])
    var ends: [(row: LabelPlot.Row, end: Spot, tone: Tone)] = []
    for row in plot.rows where !row.points.isEmpty {
      let tone: Tone = row.isMeasured ? .accent : .neutral
      let line = row.points.map { Spot(x.place($0.wait.days), y.place($0.marrow.grays)) }
      figure.add(Path(line), .dashed, tone)
      placer.avoid(line: line)
      for (point, spot) in zip(row.points, line) where point.isOnFront {
        figure.addCircle(spot.x, spot.y, radius: 2.6, .point, tone)
      }
      ends.append((row, line[line.count - 1], tone))
    }
    for (row, end, tone) in ends {
      figure.addCircle(end.x, end.y, radius: row.isMeasured ? 4.5 : 3.7, row.isMeasured ? .chosen : .open, tone)
      placer.avoid(Box(left: end.x - 5, top: end.y - 5, right: end.x + 5, bottom: end.y + 5))
    }
    for (row, end, tone) in ends {
      var lines = [Label("\(row.name) \(row.activity)", 0, 0, .label, tone: tone, halo: true)]
      if let kidneys = row.points.last?.kidneys {
        lines.append(Label("kidneys \(NumberFormat.grays(kidneys))", 0, 0, .small, halo: true))
      }
      labels += placer.place(
        lines,
        at: [
          (Spot(end.x + 8, end.y - 2), .start), (Spot(end.x - 8, end.y - 12), .end),
          (Spot(end.x + 8, end.y + 14), .start),
          (Spot(end.x - 8, end.y + 14), .end), (Spot(end.x, end.y - 22), .middle),
          (Spot(end.x + 14, end.y + 34), .start),
          (Spot(end.x, end.y - 44), .middle), (Spot(end.x + 30, end.y + 22), .start),
        ])
    }
    for label in labels { figure.add(label) }
    figure.addTimeAxis(Axis.ticks(from: 0, to: x.high, atMost: 9), x, y: y.start)
    figure.add(Label("Earliest graft / days after therapy", 364, 225, .small, .end))
    return figure
  }

  private var sentence: String {
    "Total marrow dose against the earliest graft for activities up to each label's own. "
      + plot.rows.compactMap { row in
        row.points.last.map {
          "\(row.name) \(row.activity): \(NumberFormat.grays($0.marrow)) after \(NumberFormat.earliestDay($0.wait)) days."
        }
      }.joined(separator: " ")
  }
}
