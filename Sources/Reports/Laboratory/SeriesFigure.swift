/// Measurements against time, dose or number, in series with their curves.
public struct SeriesPlot: Sendable {
  /// One measurement.
  public struct Point: Sendable {
    public let x, y: Double
    /// The ends of its bar.
    public let lower, upper: Double?
    /// Whether it stands out, such as a control out of bounds.
    public let isMarked: Bool

    public init(_ x: Double, _ y: Double, lower: Double? = nil, upper: Double? = nil, isMarked: Bool = false) {
      (self.x, self.y, self.lower, self.upper, self.isMarked) = (x, y, lower, upper, isMarked)
    }
  }

  public struct Series: Sendable {
    public let name: String
    public let points: [Point]
    /// The curve with its interval; where empty, the points are joined.
    public let curve: [CorrelationPlot.LinePoint]
    /// Lines that belong to it and have no points of their own, such as single animals behind their mean.
    public let traces: [[EventPlot.Point]]

    public init(
      name: String, points: [Point], curve: [CorrelationPlot.LinePoint] = [], traces: [[EventPlot.Point]] = []
    ) {
      (self.name, self.points, self.curve, self.traces) = (name, points, curve, traces)
    }
  }

  public let title: String
  public let x: PlotAxis
  public let y: PlotAxis
  public let series: [Series]
  /// Levels across the field with their texts.
  public let levels: [PlotAxis.Mark]
  /// The level that must not be passed.
  public let limit: PlotAxis.Mark?
  public let note: String

  public init(
    title: String, x: PlotAxis, y: PlotAxis, series: [Series], levels: [PlotAxis.Mark] = [],
    limit: PlotAxis.Mark? = nil, note: String
  ) {
    (self.title, self.x, self.y, self.series) = (title, x, y, series)
    (self.levels, self.limit, self.note) = (levels, limit, note)
  }
}

extension Figure {
  private static let seriesTones: [Tone] = [.accent, .lesion, .liver, .info, .spleen, .marrow]

  /// Points with bars, curves with bands, levels and names; series differ in colour and in the shape of their points.
  public static func series(_ plot: SeriesPlot) -> Figure {
    let width = 420.0
    let field = Box(left: 54, top: 42, right: width - (plot.levels.isEmpty ? 14 : 44), bottom: 262)
    let (x, y) = (plot.x.axis(field.left, field.right), plot.y.axis(field.bottom, field.top))
    let key = plot.series.count > 1 ? seriesKey(plot.series.map(\.name), width: width - field.left) : []
    let below = 17 * Double((key.last?.row ?? -1) + 1)
    var figure = Figure(
      width: width, height: 304 + below + 13 * noteLines(plot.note, width: width), label: plot.sentence)
    figure.add(Label(TextWidth.fitted(plot.title, into: width, size: Voice.strong.size, bold: true), 0, 12, .strong))
    var lines = Path()
    for level in plot.levels where level.place >= plot.y.low && level.place <= plot.y.high {
      let place = y.place(level.place)
      lines.segment(field.left, place, field.right, place)
      figure.add(Label(level.text, field.right + 5, place + 3.5, .small))
    }
    figure.add(lines, .reference)
    if let limit = plot.limit, limit.place >= plot.y.low, limit.place <= plot.y.high {
      let place = y.place(limit.place)
      figure.add(Path([Spot(field.left, place), Spot(field.right, place)]), .limit)
      figure.add(Label(limit.text, field.right, place + 13, .limit, .end, halo: true))
    }
    figure.addAxes(plot.x, plot.y, field)
    for (index, series) in plot.series.enumerated() {
      let tone = seriesTones[index % seriesTones.count]
      func spot(_ px: Double, _ py: Double) -> Spot { Spot(x.place(px), y.place(py)) }
      let upper = series.curve.compactMap { point in point.upper.map { spot(point.x, $0) } }
      let lower = series.curve.compactMap { point in point.lower.map { spot(point.x, $0) } }
      if !upper.isEmpty { figure.add(Path(upper + lower.reversed(), closed: true), .band, tone) }
      for trace in series.traces { figure.add(Path(trace.map { spot($0.x, $0.y) }), .axis) }
      let line = series.curve.isEmpty ? series.points.map { spot($0.x, $0.y) } : series.curve.map { spot($0.x, $0.y) }
      figure.add(Path(line), index < seriesTones.count ? .fit : .dashed, tone)
      var bars = Path()
      for point in series.points {
        guard let low = point.lower, let high = point.upper else { continue }
        let (a, b) = (spot(point.x, low), spot(point.x, high))
        bars.segment(a.x, a.y, b.x, b.y)
        for end in [a, b] { bars.segment(end.x - 4, end.y, end.x + 4, end.y) }
      }
      figure.add(bars, .error, tone)
      for point in series.points {
        let place = spot(point.x, point.y)
        if point.isMarked { figure.addCircle(place.x, place.y, radius: 6, .ring) }
        figure.addSeriesMarker(index, at: place, tone)
      }
    }
    for (index, entry) in key.enumerated() {
      let place = Spot(field.left + entry.x + 5, field.bottom + 45 + 17 * Double(entry.row))
      figure.addSeriesMarker(index, at: place, seriesTones[index % seriesTones.count])
      figure.add(Label(entry.text, place.x + 9, place.y + 3.5, .tick))
    }
    _ = figure.addNote(plot.note, 308 + below + (key.isEmpty ? 0 : 4), width: width)
    return figure
  }

  /// The names of series in rows of a width.
  private static func seriesKey(_ names: [String], width: Double) -> [(text: String, x: Double, row: Int)] {
    var (x, row) = (0.0, 0)
    return names.map { name in
      let text = TextWidth.fitted(name, into: width - 20, size: Voice.tick.size, bold: false)
      let own = TextWidth.estimate(text, size: Voice.tick.size, bold: false) + 28
      if x > 0, x + own > width + 12 { (x, row) = (0, row + 1) }
      defer { x += own }
      return (text, x, row)
    }
  }

  private mutating func addSeriesMarker(_ index: Int, at spot: Spot, _ tone: Tone) {
    switch index % 4 {
    case 0: addCircle(spot.x, spot.y, radius: 3.5, .point, tone)
    case 1: addCircle(spot.x, spot.y, radius: 3, .open, tone)
    case 2: addRectangle(spot.x - 3.2, spot.y - 3.2, width: 6.4, height: 6.4, .point, tone)
    default:
      let corners = [Spot(spot.x, spot.y - 4), Spot(spot.x + 4, spot.y + 3), Spot(spot.x - 4, spot.y + 3)]
      add(Path(corners, closed: true), .point, tone)
    }
  }
}

extension SeriesPlot {
  fileprivate var sentence: String {
    let parts = series.map { "\($0.name): \($0.points.count) points." }
    return (["\(title): \(y.title) against \(x.title)."] + parts + [note]).joined(separator: " ")
  }
}
