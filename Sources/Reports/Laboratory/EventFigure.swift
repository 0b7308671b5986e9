/// Events of a cytometer by two channels, as a map of their density with contours and gates.
public struct EventPlot: Sendable {
  /// A place in the plane of both axes.
  public struct Point: Hashable, Sendable {
    public let x: Double
    public let y: Double
    public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  /// The border of a gate.
  public struct Outline: Sendable {
    public let name: String
    /// Such as `24.4 %`.
    public let share: String
    public let points: [Point]
    /// Whether it is the gate in question rather than another.
    public let isChosen: Bool

    public init(name: String, share: String, points: [Point], isChosen: Bool) {
      (self.name, self.share, self.points, self.isChosen) = (name, share, points, isChosen)
    }
  }

  public let title: String
  public let x: PlotAxis
  public let y: PlotAxis
  public let events: [Point]
  public let outlines: [Outline]
  public let note: String

  public init(title: String, x: PlotAxis, y: PlotAxis, events: [Point], outlines: [Outline], note: String) {
    (self.title, self.x, self.y, self.events) = (title, x, y, events)
    (self.outlines, self.note) = (outlines, note)
  }
}

extension Figure {
  /// The density of events in colours, contours at tenths of the greatest density, gates with their shares.
  public static func events(_ plot: EventPlot) -> Figure {
    let width = 340.0
    let field = Box(left: 48, top: 42, right: width - 12, bottom: 302)
    var figure = Figure(
      width: width, height: 340 + 13 * noteLines(plot.note, width: width),
      label: "\(plot.title): \(plot.y.title) against \(plot.x.title) of \(plot.events.count) events. "
        + plot.outlines.map { "\($0.name) \($0.share)." }.joined(separator: " "))
    figure.add(Label(TextWidth.fitted(plot.title, into: width, size: Voice.strong.size, bold: true), 0, 12, .strong))
    let map = DensityMap(plot)
    map.draw(in: field, on: &figure)
    figure.addAxes(plot.x, plot.y, field)
    let (x, y) = (plot.x.axis(field.left, field.right), plot.y.axis(field.bottom, field.top))
    var placer = LabelPlacer(
      bounds: Box(left: field.left + 2, top: field.top, right: field.right + 6, bottom: field.bottom - 2))
    let lines = plot.outlines.map { $0.points.map { Spot(x.place($0.x), y.place($0.y)) } }
    for (outline, line) in zip(plot.outlines, lines) where line.count > 2 {
      figure.add(Path(line, closed: true), outline.isChosen ? .outline : .whisker, outline.isChosen ? .accent : nil)
      placer.avoid(line: line + [line[0]])
    }
    for (outline, line) in zip(plot.outlines, lines) where line.count > 2 {
      let box = Box(
        left: line.map(\.x).min() ?? 0, top: line.map(\.y).min() ?? 0, right: line.map(\.x).max() ?? 0,
        bottom: line.map(\.y).max() ?? 0)
      let middle = (box.left + box.right) / 2
      for label in placer.place(
        [
          Label(
            "\(outline.name) \(outline.share)", 0, 0, outline.isChosen ? .label : .strong,
            tone: outline.isChosen ? .accent : nil, halo: true)
        ],
        at: [
          (Spot(middle, box.top - 5), .middle), (Spot(middle, box.bottom + 13), .middle),
          (Spot(box.right + 5, (box.top + box.bottom) / 2), .start),
          (Spot(box.left - 5, (box.top + box.bottom) / 2), .end),
        ])
      { figure.add(label) }
    }
    _ = figure.addNote(plot.note, 346, width: width)
    return figure
  }
}

/// Events counted in a grid and smoothed.
private struct DensityMap {
  static let size = 84
  let values: [Double]
  let top: Double

  init(_ plot: EventPlot) {
    let size = Self.size
    var counts = [Double](repeating: 0, count: size * size)
    for event in plot.events where event.x.isFinite && event.y.isFinite {
      let i = Int((event.x - plot.x.low) / (plot.x.high - plot.x.low) * Double(size))
      let j = Int((event.y - plot.y.low) / (plot.y.high - plot.y.low) * Double(size))
      guard (0..<size).contains(i), (0..<size).contains(j) else { continue }
      counts[j * size + i] += 1
    }
    // The binomial kernel of five places, once along and once across.
    let kernel = [1.0, 4, 6, 4, 1].map { $0 / 16 }
    func smoothed(_ source: [Double], _ stride: Int) -> [Double] {
      source.indices.map { place in
        let along = stride == 1 ? place % size : place / size
        return (-2...2).reduce(0) { sum, k in
          (0..<size).contains(along + k) ? sum + kernel[k + 2] * source[place + k * stride] : sum
        }
      }
    }
    values = smoothed(smoothed(counts, 1), size)
    top = values.max() ?? 0
  }

  func draw(in field: Box, on figure: inout Figure) {
    guard top > 0 else { return }
    let size = Self.size
    let (width, height) = ((field.right - field.left) / Double(size), (field.bottom - field.top) / Double(size))
    let levels = 12.0
    func level(_ i: Int, _ j: Int) -> Int {
      let value = values[j * size + i]
      return value < 0.2 ? 0 : max(1, Int(((value / top).squareRoot() * levels).rounded()))
    }
    for j in 0..<size {
      var i = 0
      while i < size {
        let own = level(i, j)
        var end = i + 1
        while end < size, level(end, j) == own { end += 1 }
        if own > 0 {
          figure.addCell(
            field.left + Double(i) * width, field.bottom - Double(j + 1) * height, width: Double(end - i) * width,
            height: height + 0.3, colour: ColourMap.events.colour((Double(own) - 1) / (levels - 1)))
        }
        i = end
      }
    }
    var contours = Path()
    for share in [0.1, 0.3, 0.5, 0.7, 0.9] { addContour(share * top, field, width, height, &contours) }
    figure.add(contours, .axis)
  }

  /// Straight pieces of a contour through every square of four neighbouring places.
  private func addContour(_ level: Double, _ field: Box, _ width: Double, _ height: Double, _ path: inout Path) {
    let size = Self.size
    func spot(_ i: Double, _ j: Double) -> Spot {
      Spot(field.left + (i + 0.5) * width, field.bottom - (j + 0.5) * height)
    }
    for j in 0..<(size - 1) {
      for i in 0..<(size - 1) {
        let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
        var crossings: [Spot] = []
        for k in 0..<4 {
          let (a, b) = (corners[k], corners[(k + 1) % 4])
          let (va, vb) = (values[a.1 * size + a.0], values[b.1 * size + b.0])
          guard (va >= level) != (vb >= level) else { continue }
          let t = (level - va) / (vb - va)
          crossings.append(
            spot(Double(a.0) + t * Double(b.0 - a.0), Double(a.1) + t * Double(b.1 - a.1)))
        }
        for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
          path.segment(crossings[pair].x, crossings[pair].y, crossings[pair + 1].x, crossings[pair + 1].y)
        }
      }
    }
  }
}
