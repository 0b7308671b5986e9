/// Distributions laid over each other, each over its own highest place.
public struct HistogramPlot: Sendable {
  /// One distribution.
  public struct Curve: Sendable {
    public let name: String
    /// Heights at equal distances from the axis's low to its high end.
    public let heights: [Double]
    /// Whether it is the control, drawn as a grey ground.
    public let isControl: Bool

    public init(name: String, heights: [Double], isControl: Bool) {
      (self.name, self.heights, self.isControl) = (name, heights, isControl)
    }
  }

  public let title: String
  public let axis: PlotAxis
  public let curves: [Curve]
  /// A place with a line and its text, such as the isotype's 99 percentile.
  public let threshold: PlotAxis.Mark?
  public let note: String

  public init(title: String, axis: PlotAxis, curves: [Curve], threshold: PlotAxis.Mark?, note: String) {
    (self.title, self.axis, self.curves, self.threshold, self.note) = (title, axis, curves, threshold, note)
  }
}

extension Figure {
  /// The distributions, controls as grey ground, with names at their peaks.
  public static func histograms(_ plot: HistogramPlot) -> Figure {
    let width = 380.0
    let field = Box(left: 10, top: 34, right: width - 10, bottom: 190)
    let x = plot.axis.axis(field.left, field.right)
    let parts = plot.curves.map { $0.name }.joined(separator: " and ")
    var figure = Figure(
      width: width, height: 228 + 13 * noteLines(plot.note, width: width),
      label: "\(plot.title): distributions of \(parts). \(plot.note)")
    figure.add(Label(TextWidth.fitted(plot.title, into: width, size: Voice.strong.size, bold: true), 0, 12, .strong))
    var placer = LabelPlacer(bounds: Box(left: field.left + 2, top: 18, right: field.right + 8, bottom: field.bottom))
    var names: [(Label, Spot)] = []
    let tones: [Tone] = [.accent, .info, .spleen, .liver]
    var coloured = 0
    for curve in plot.curves {
      guard let top = curve.heights.max(), top > 0, curve.heights.count > 1 else { continue }
      let line = curve.heights.enumerated().map { index, height in
        let place = plot.axis.low + (plot.axis.high - plot.axis.low) * Double(index) / Double(curve.heights.count - 1)
        return Spot(x.place(place), field.bottom - height / top * (field.bottom - field.top) * 0.94)
      }
      let tone: Tone = curve.isControl ? .neutral : tones[coloured % tones.count]
      if !curve.isControl { coloured += 1 }
      let closed = [Spot(line[0].x, field.bottom)] + line + [Spot(line[line.count - 1].x, field.bottom)]
      figure.add(Path(closed, closed: true), curve.isControl ? .soft : .band, tone)
      figure.add(Path(line), .fit, tone)
      placer.avoid(line: line)
      if let peak = line.min(by: { $0.y < $1.y }) {
        names.append((Label(curve.name, 0, 0, .label, tone: tone, halo: true), peak))
      }
    }
    if let threshold = plot.threshold, threshold.place >= plot.axis.low, threshold.place <= plot.axis.high {
      let place = x.place(threshold.place)
      figure.add(Path([Spot(place, field.top), Spot(place, field.bottom)]), .reference)
      for label in placer.place(
        [Label(threshold.text, 0, 0, .small, halo: true)],
        at: [(Spot(place + 4, 50), .start), (Spot(place - 4, 50), .end), (Spot(place + 4, 80), .start)])
      { figure.add(label) }
    }
    for (label, peak) in names {
      for placed in placer.place(
        [label],
        at: [
          (Spot(peak.x, peak.y - 5), .middle), (Spot(peak.x + 16, peak.y + 12), .start),
          (Spot(peak.x - 16, peak.y + 12), .end), (Spot(peak.x + 26, peak.y + 40), .start),
          (Spot(peak.x - 26, peak.y + 40), .end),
        ])
      { figure.add(placed) }
    }
    figure.addAxes(plot.axis, nil, field)
    _ = figure.addNote(plot.note, 234, width: width)
    return figure
  }
}
