import Quantities
public import Uptake

/// Maximum intensity projections with places on them.
public struct ProjectionPlot: Sendable {
  /// A place on a view, from 0 at its left and top edge to 1 at the right and bottom one.
  public struct Mark: Sendable {
    public let name: String
    public let value: UptakeValue?
    public let x: Double
    public let y: Double

    public init(name: String, value: UptakeValue?, x: Double, y: Double) {
      (self.name, self.value, self.x, self.y) = (name, value, x, y)
    }
  }

  /// One side.
  public struct View: Sendable {
    public let title: String
    public let raster: Raster
    public let marks: [Mark]

    public init(title: String, raster: Raster, marks: [Mark]) {
      (self.title, self.raster, self.marks) = (title, raster, marks)
    }
  }

  public let views: [View]
  /// The uptake that is drawn black.
  public let window: UptakeValue

  public init(views: [View], window: UptakeValue) { (self.views, self.window) = (views, window) }
}

extension Figure {
  /// Views side by side, inverted grey in both themes, the places of the first named beside it.
  public static func projections(_ plot: ProjectionPlot) -> Figure {
    let (height, top, column) = (440.0, 22.0, 118.0)
    let widths = plot.views.map { height * Double($0.raster.columns) / Double($0.raster.rows) }
    let places = plot.views.first?.marks ?? []
    let named = places.map { mark in
      mark.value.map { "\(mark.name) \(NumberFormat.fixed($0.base, decimals: 2, .nearest))" } ?? mark.name
    }
    var figure = Figure(
      width: widths.reduce(0, +) + column + 8 * Double(max(0, plot.views.count - 1)), height: top + height + 40,
      label: "Maximum intensity projection, SUV 0 to \(NumberFormat.shortest(plot.window.base)). "
        + named.joined(separator: ", ") + ".")
    var x = 0.0
    for (n, view) in plot.views.enumerated() {
      figure.add(Label(view.title, x, 13, .small))
      figure.add(view.raster, x, top, width: widths[n], height: height)
      for mark in view.marks {
        figure.addCircle(x + mark.x * widths[n], top + mark.y * height, radius: 6, .outline, .accent)
      }
      if n == 0 {
        figure.addNames(of: view.marks, from: (x, widths[n]), top, height)
        x += column
      }
      x += widths[n] + 8
    }
    figure.addScale(.invertedGrey, to: plot.window, quantity: "SUV", 4, top + height + 10, width: 130)
    return figure
  }

  /// Names in a column at the right of a view, in the order of their places.
  private mutating func addNames(
    of marks: [ProjectionPlot.Mark], from view: (x: Double, width: Double), _ top: Double, _ height: Double
  ) {
    let edge = view.x + view.width + 22
    var free = top + 8
    for mark in marks.sorted(by: { $0.y < $1.y }) {
      let (mx, my) = (view.x + mark.x * view.width, top + mark.y * height)
      let y = max(my, free)
      free = y + 30
      add(Path([Spot(mx + 6, my), Spot(edge - 16, y), Spot(edge - 4, y)]), .axis)
      add(
        Label(
          mark.value.map { NumberFormat.fixed($0.base, decimals: 2, .nearest) } ?? "–", edge, y + 3.5, .strong))
      add(Label(TextWidth.fitted(mark.name, into: 92, size: Voice.small.size, bold: false), edge, y + 15, .small))
    }
  }
}
