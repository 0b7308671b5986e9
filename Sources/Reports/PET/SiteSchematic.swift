import Quantities
public import Uptake

extension Figure {
  /// A skeleton from the front with the SUVmax of every site in the colours of the window from 0 to 16.
  ///
  /// The patient's right is at the left, as on the images. Sites that are missing are hatched and say so.
  public static func siteSchematic(_ uptake: SkeletalUptake) -> Figure {
    var label = "SUVmax at the sites of \(uptake.template.name)."
    for site in uptake.sites {
      label += " \(site.site): \(site.maximum.map { NumberFormat.fixed($0.base, decimals: 2, .nearest) } ?? "missing")."
    }
    var figure = Figure(width: 330, height: 400, label: label)
    figure.add(Label("SUVmax", 0, 13, .small))
    figure.addSkeleton()
    var labels = LabelColumn()
    for site in uptake.sites {
      guard let place = SkeletonPlan.places[site.site] else { continue }
      figure.add(site: site, at: place)
      labels.add(site, at: place)
    }
    labels.draw(on: &figure)
    let mean =
      uptake.meanMaximum.map { "mean \(NumberFormat.fixed($0.base, decimals: 2, .nearest)), n \(uptake.available)" }
      ?? "no mean: n \(uptake.available)"
    figure.add(Label(mean, 165, 366, .strong, .middle))
    figure.addScale(.ember, to: heatMapWindow, quantity: "SUVmax", 70, 378, width: 130)
    return figure
  }

  private mutating func addSkeleton() {
    addCircle(SkeletonPlan.middle, 44, radius: 24, .axis)
    for n in SkeletonPlan.vertebrae.indices {
      let box = SkeletonPlan.vertebra(n)
      addRectangle(
        box.left, box.top, width: box.right - box.left, height: box.bottom - box.top, radius: 2, .axis)
    }
    for side in [-1.0, 1] {
      add(SkeletonPlan.ilium(side), .axis)
      addCircle(SkeletonPlan.middle + side * 46, 330, radius: 7, .axis)
      var ribs = Path()
      for n in 0..<7 {
        let y = 112 + Double(n) * 12.5
        ribs.move(SkeletonPlan.middle + side * 9, y)
        ribs.curve(
          SkeletonPlan.middle + side * 30, y - 7, SkeletonPlan.middle + side * 52, y + 4,
          SkeletonPlan.middle + side * (44 + Double(n)), y + 18)
      }
      add(ribs, .grid)
    }
  }

  private mutating func add(site: SiteUptake, at place: Spot) {
    let (width, height) = (22.0, 12.0)
    let (x, y) = (place.x - width / 2, place.y - height / 2)
    if let maximum = site.maximum {
      addCell(x, y, width: width, height: height, colour: ColourMap.ember.colour(maximum / Self.heatMapWindow))
    } else {
      addRectangle(x, y, width: width, height: height, .hatch)
    }
    addRectangle(x, y, width: width, height: height, .axis)
  }
}

/// Names and values beside the skeleton, those of one side below each other without touching.
private struct LabelColumn {
  private var entries: [(site: SiteUptake, place: Spot, isRight: Bool)] = []

  mutating func add(_ site: SiteUptake, at place: Spot) {
    let centred = place.x == SkeletonPlan.middle
    entries.append((site, place, centred ? true : place.x > SkeletonPlan.middle))
  }

  func draw(on figure: inout Figure) {
    for isRight in [false, true] {
      var free = 0.0
      for entry in entries.filter({ $0.isRight == isRight }).sorted(by: { $0.place.y < $1.place.y }) {
        let y = max(entry.place.y, free)
        free = y + 30
        let edge = isRight ? 252.0 : 78
        let start = entry.place.x + (isRight ? 12 : -12)
        figure.add(
          Path([
            Spot(start, entry.place.y), Spot(isRight ? edge - 14 : edge + 14, y), Spot(edge - (isRight ? 4 : -4), y),
          ]),
          .axis)
        let value = entry.site.maximum.map { NumberFormat.fixed($0.base, decimals: 2, .nearest) } ?? "missing"
        let anchor: Label.Anchor = isRight ? .start : .end
        figure.add(Label(value, edge, y + 3.5, entry.site.maximum == nil ? .small : .strong, anchor))
        figure.add(Label(entry.site.site, edge, y + 15, .small, anchor))
      }
    }
  }
}

/// Where the parts of the drawn skeleton lie.
private enum SkeletonPlan {
  static let middle = 165.0
  static let vertebrae = (1...7).map { "C\($0)" } + (1...12).map { "T\($0)" } + (1...5).map { "L\($0)" }

  /// A vertebra from C1 at the top to L5, growing downwards.
  static func vertebra(_ n: Int) -> Box {
    let heights = vertebrae.indices.map { 5.5 + 0.28 * Double($0) }
    let top = 70 + heights[..<n].reduce(0) { $0 + $1 + 1.4 }
    let half = 6 + 0.27 * Double(n)
    return Box(left: middle - half, top: top, right: middle + half, bottom: top + heights[n])
  }

  static func ilium(_ side: Double) -> Path {
    func x(_ offset: Double) -> Double { middle + side * offset }
    var path = Path()
    path.move(x(10), 306)
    path.curve(x(20), 292, x(40), 274, x(58), 284)
    path.curve(x(66), 298, x(58), 314, x(46), 324)
    path.curve(x(32), 330, x(20), 322, x(10), 306)
    path.close()
    return path
  }

  static let places: [String: Spot] = {
    var places = Dictionary(
      uniqueKeysWithValues: vertebrae.enumerated().map { n, name in
        (name, Spot(middle, (vertebra(n).top + vertebra(n).bottom) / 2))
      })
    places["skull base"] = Spot(middle, 60)
    places["right ilium"] = Spot(middle - 40, 300)
    places["left ilium"] = Spot(middle + 40, 300)
    return places
  }()
}
