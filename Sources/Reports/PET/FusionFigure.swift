public import Quantities
public import Uptake

/// Three planes through one place, as they are shown.
public struct FusionPlot: Sendable {
  /// One plane.
  public struct Plane: Sendable {
    /// `axial`, `coronal` or `sagittal`.
    public let name: String
    public let raster: Raster
    /// The letters at the left and the top edge: R, A, H.
    public let left: String
    public let top: String

    public init(name: String, raster: Raster, left: String, top: String) {
      (self.name, self.raster, self.left, self.top) = (name, raster, left, top)
    }
  }

  /// The site or lesion.
  public let name: String
  public let maximum: UptakeValue?
  /// The uptake at the end of the colours.
  public let window: UptakeValue
  /// The map of the uptake.
  public let map: ColourMap
  /// What lies under the uptake: `CT −160 to 240 HU`; `nil` when there is nothing.
  public let underlay: String?
  /// The edge of a plane.
  public let extent: Length
  public let planes: [Plane]

  public init(
    name: String, maximum: UptakeValue?, window: UptakeValue, map: ColourMap, underlay: String?, extent: Length,
    planes: [Plane]
  ) {
    (self.name, self.maximum, self.window, self.map) = (name, maximum, window, map)
    (self.underlay, self.extent, self.planes) = (underlay, extent, planes)
  }
}

extension Figure {
  /// Planes side by side with a cross at the place, a scale of lengths and one of uptake.
  public static func fusion(_ plot: FusionPlot) -> Figure {
    let (edge, gap, top) = (210.0, 8.0, 26.0)
    let value = plot.maximum.map { "SUVmax \(NumberFormat.fixed($0.base, decimals: 2, .nearest))" }
    var figure = Figure(
      width: edge * Double(plot.planes.count) + gap * Double(max(0, plot.planes.count - 1)), height: top + edge + 50,
      label: "\(plot.name)\(value.map { ", \($0)" } ?? ""): \(plot.planes.map(\.name).joined(separator: ", ")), "
        + "\(plot.underlay == nil ? "uptake alone" : "uptake over \(plot.underlay ?? "")").")
    let name = TextWidth.fitted(plot.name, into: 260, size: Voice.strong.size, bold: true)
    figure.add(Label(name, 0, 13, .strong))
    if let value {
      figure.add(Label(value, TextWidth.estimate(name, size: Voice.strong.size, bold: true) + 14, 13, .tick))
    }
    let scale = edge / plot.extent.millimetres
    for (n, plane) in plot.planes.enumerated() {
      let x = Double(n) * (edge + gap)
      figure.add(plane.raster, x, top, width: edge, height: edge)
      var cross = Path()
      let (cx, cy) = (x + edge / 2, top + edge / 2)
      for (a, b) in [(-edge / 2, -10.0), (10, edge / 2)] {
        cross.segment(cx + a, cy, cx + b, cy)
        cross.segment(cx, cy + a, cx, cy + b)
      }
      figure.add(cross, plot.underlay == nil ? .reference : .cross)
      figure.addRectangle(x, top, width: edge, height: edge, .grid)
      figure.addPlate(plane.left, x + 5, cy - 6)
      figure.addPlate(plane.top, cx + 5, top + 14)
      figure.addPlate(plane.name, x + 6, top + edge - 8)
      if n == plot.planes.count - 1 {
        let bar = 50 * scale
        figure.addCell(x + edge - bar - 8, top + edge - 9, width: bar, height: 2, colour: 0xffffff)
        figure.add(Label("50 mm", x + edge - 8, top + edge - 13, .onDark, .end))
      }
    }
    figure.addScale(plot.map, to: plot.window, quantity: "SUV", 4, top + edge + 12, width: 150)
    if let underlay = plot.underlay {
      figure.add(Label("over \(underlay)", figure.width, top + edge + 21, .small, .end))
    }
    return figure
  }

  /// White text on a dark plate, legible on any picture.
  private mutating func addPlate(_ text: String, _ x: Double, _ y: Double) {
    let label = Label(text, x, y, .onDark)
    let box = label.box.widened(by: 2)
    addCell(box.left, box.top, width: box.right - box.left, height: box.bottom - box.top, colour: 0x080715)
    add(label)
  }
}
