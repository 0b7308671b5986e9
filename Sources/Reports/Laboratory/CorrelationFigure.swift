/// Pairs with the straight line through them and its interval.
public struct CorrelationPlot: Sendable {
  /// The line at one place.
  public struct LinePoint: Sendable {
    public let x: Double
    public let y: Double
    public let lower: Double?
    public let upper: Double?

    public init(x: Double, y: Double, lower: Double?, upper: Double?) {
      (self.x, self.y, self.lower, self.upper) = (x, y, lower, upper)
    }
  }

  public let title: String
  public let x: PlotAxis
  public let y: PlotAxis
  public let pairs: [EventPlot.Point]
  public let line: [LinePoint]
  public let note: String

  public init(title: String, x: PlotAxis, y: PlotAxis, pairs: [EventPlot.Point], line: [LinePoint], note: String) {
    (self.title, self.x, self.y, self.pairs) = (title, x, y, pairs)
    (self.line, self.note) = (line, note)
  }
}

extension Figure {
  /// Points, the line of least squares and the band of its 95 % interval.
  public static func correlation(_ plot: CorrelationPlot) -> Figure {
    let width = 360.0
    let field = Box(left: 48, top: 42, right: width - 12, bottom: 262)
    var figure = Figure(
      width: width, height: 300 + 13 * noteLines(plot.note, width: width),
      label: "\(plot.title): \(plot.y.title) against \(plot.x.title), \(plot.pairs.count) pairs. \(plot.note)")
    figure.add(Label(TextWidth.fitted(plot.title, into: width, size: Voice.strong.size, bold: true), 0, 12, .strong))
    let (x, y) = (plot.x.axis(field.left, field.right), plot.y.axis(field.bottom, field.top))
    let upper = plot.line.compactMap { point in point.upper.map { Spot(x.place(point.x), y.place($0)) } }
    let lower = plot.line.compactMap { point in point.lower.map { Spot(x.place(point.x), y.place($0)) } }
    figure.add(Path(upper + lower.reversed(), closed: true), .band, .accent)
    figure.add(Path(plot.line.map { Spot(x.place($0.x), y.place($0.y)) }), .fit, .accent)
    figure.addAxes(plot.x, plot.y, field)
    for pair in plot.pairs { figure.addCircle(x.place(pair.x), y.place(pair.y), radius: 3.5, .point, .accent) }
    _ = figure.addNote(plot.note, 306, width: width)
    return figure
  }
}
