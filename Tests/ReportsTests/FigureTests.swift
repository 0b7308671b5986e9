import Foundation
import Quantities
import Testing

@testable import Reports

/// What is wrong with the texts of a figure: two that touch, or one beyond the frame.
func collisions(in figure: Figure) -> [String] {
  var faults: [String] = []
  let texts = figure.texts
  for (index, a) in texts.enumerated() {
    let box = a.box
    if box.left < -0.5 || box.right > figure.width + 4 || box.top < -0.5 || box.bottom > figure.height + 3 {
      faults.append("'\(a.text)' leaves the frame: \(box)")
    }
    for b in texts[(index + 1)...] where box.overlap(b.box) > 0.3 { faults.append("'\(a.text)' touches '\(b.text)'") }
  }
  return faults
}

@Suite("Figures stay legible")
struct FigureTests {
  @Test("No two texts of the design's own figures touch")
  func realistic() throws {
    for panel in Fixture.panels { #expect(collisions(in: .curve(panel, until: .hours(240))) == []) }
    do {
      let f = try #require(Figure.risk(Fixture.risk()))
      #expect(collisions(in: f) == [])
    }
    do {
      let f = try #require(Figure.graft(Fixture.graft()))
      #expect(collisions(in: f) == [])
    }
  }

  @Test("The chosen point may stand anywhere", arguments: [6.0, 6.1, 8, 12, 14, 15.9, 16, 17, 19.9, 20])
  func chosenAnywhere(gigabecquerels: Double) throws {
    for accepted in [nil, 0.0, 0.05, 0.5, 1.0] {
      var plot = Fixture.risk(acceptedRisk: accepted, chosen: gigabecquerels)
      do {
        let f = try #require(Figure.risk(plot))
        #expect(collisions(in: f) == [])
      }
      plot.curves.removeLast()
      do {
        let f = try #require(Figure.risk(plot))
        #expect(collisions(in: f) == [])
      }
      plot.bestEstimate = (.gigabecquerels(gigabecquerels), 0, "best estimate meets 23 Gy of the kidneys together")
      do {
        let f = try #require(Figure.risk(plot))
        #expect(collisions(in: f) == [])
      }
    }
  }

  @Test("Five curves that lie on each other keep their names apart")
  func manyCurves() throws {
    var plot = Fixture.risk()
    plot.curves = (1...5).map { n in
      .init(name: "limit number \(n)", organ: .liver, probabilities: plot.curves[0].probabilities)
    }
    do {
      let f = try #require(Figure.risk(plot))
      #expect(collisions(in: f) == [])
    }
  }

  @Test("The axis of activity may be tiny or huge", arguments: [1e-6, 1e-3, 1, 1e3, 1e6])
  func riskScales(scale: Double) throws {
    var plot = Fixture.risk()
    plot.activities = plot.activities.map { $0 * scale }
    plot.chosen = plot.chosen * scale
    plot.bestEstimate?.activity = .gigabecquerels(15.97 * scale)
    do {
      let f = try #require(Figure.risk(plot))
      #expect(collisions(in: f) == [])
    }
  }

  @Test("A risk plot needs two activities")
  func noRisk() {
    var plot = Fixture.risk()
    plot.activities = [.gigabecquerels(3)]
    #expect(Figure.risk(plot) == nil)
    plot.activities = [.gigabecquerels(3), .gigabecquerels(.nan)]
    #expect(Figure.risk(plot) == nil)
  }

  @Test("A curve may be of any size", arguments: [1e-12, 1e-6, 1e-3, 0.02, 0.7, 1, 37, 9_999, 1e6, 1e12])
  func curveScales(megabecquerels: Double) {
    for (times, end) in [(Fixture.times, 240.0), ([0.02], 0.03), ([1000, 5000], 7500)] {
      let panel = Fixture.panel(
        "x", "Lesion in the left proximal femur, lateral", .lesion, peak: megabecquerels, uptake: 0,
        halfLife: end / 4, times: times, beyond: 0.34)
      #expect(collisions(in: .curve(panel, until: .hours(end))) == [])
    }
  }

  @Test("A panel shows every point once, with its own sign", arguments: [0, 1, 12])
  func points(count: Int) {
    var panel = Fixture.panel(
      "x", "Liver", .liver, peak: 4, uptake: 1, halfLife: 60, times: (0..<count).map { 3 + 12 * Double($0) }, beyond: 0)
    panel.fit = []
    let figure = Figure.curve(panel, until: .hours(240))
    let signs = figure.marks.filter { if case .shape(let s) = $0 { s.role == .point } else { false } }
    #expect(signs.count == count)
    #expect(collisions(in: figure) == [])
  }

  @Test("Values that are not numbers are left out of a picture")
  func notNumbers() {
    var panel = Fixture.panels[0]
    panel.points[2].activity = .becquerels(.nan)
    panel.points[3].standardUncertainty = .becquerels(.infinity)
    panel.fit[10].upper = .becquerels(.nan)
    panel.extrapolatedFraction = .nan
    let svg = Figure.curve(panel, until: .hours(.nan)).svg() + Figure.curve(panel, until: .hours(240)).svg()
    #expect(!svg.lowercased().contains("nan") && !svg.contains("inf"))
    for case .shape(let shape) in Figure.curve(panel, until: .hours(240)).marks {
      guard case .path(let path) = shape.geometry else { continue }
      for case .line(let x, let y) in path.steps { #expect(x.isFinite && y.isFinite && x >= 20) }
    }
  }

  @Test("Ticks are round, few and begin at zero")
  func ticks() {
    #expect(Axis.threeSteps(to: 5.2).map(\.text) == ["0", "2", "4", "6"])
    #expect(Axis.threeSteps(to: 1.7).map(\.text) == ["0", "0.6", "1.2", "1.8"])
    #expect(Axis.threeSteps(to: 9.1).map(\.text) == ["0", "4", "8", "12"])
    #expect(Axis.hours(to: 240, atMost: 7).map(\.text) == ["0", "48", "96", "144", "192", "240"])
    #expect(Axis.ticks(from: 6, to: 20, atMost: 8).map(\.text) == ["6", "8", "10", "12", "14", "16", "18", "20"])
    #expect(Axis.decades(of: [5.7, 0.13], with: 1).map(\.text) == ["0.1", "1", "10"])
    for exponent in -300...300 {
      let largest = 1.7 * pow(10, Double(exponent))
      let ticks = Axis.threeSteps(to: largest)
      #expect(ticks.count == 4 && (ticks.last?.value ?? 0) >= largest)
    }
  }

  @Test("The graft may come at any time of any dose", arguments: [0.001, 0.2, 1, 50, 1e4])
  func graftScales(scale: Double) throws {
    for (reached, planned) in [(9.7, 14.0), (0, 0), (21, 21), (13.9, 14), (14.1, 14)] {
      var plot = Fixture.graft(scale: scale)
      plot.limitReached = .days(reached)
      plot.planned = (.days(planned), .grays(scale * 5.78 * exp(-0.1808 * planned)))
      do {
        let f = try #require(Figure.graft(plot))
        #expect(collisions(in: f) == [])
      }
    }
  }

  @Test("The limit is on the axis of a graft plot whatever the dose", arguments: [1e-9, 1, 1e4, 1e9])
  func limitOnAxis(scale: Double) throws {
    let figure = try #require(Figure.graft(Fixture.graft(scale: scale)))
    var line: Double?
    for case .shape(let shape) in figure.marks where shape.role == .limit {
      if case .path(let path) = shape.geometry, case .move(_, let y)? = path.steps.first { line = y }
    }
    let one = try #require(figure.texts.first { $0.text == "1" }, "the axis has no tick at 1 Gy")
    #expect(abs(try #require(line) - (one.y - 3.5)) < 1e-9)
  }

  @Test("Limits stand at the same place in every bar and whiskers never reach zero")
  func bars() throws {
    func limitPlace(_ figure: Figure) -> Double? {
      for case .shape(let shape) in figure.marks where shape.role == .gauge {
        if case .path(let path) = shape.geometry, case .move(let x, _)? = path.steps.first { return x }
      }
      return nil
    }
    let places = [(19.8, 23.0), (0.46, 1), (60, 2)].map { dose, limit in
      limitPlace(
        .doseBar(
          Uncertain(.grays(dose), relative: 0.1), limit: .grays(limit), full: .grays(30), organ: .liver, name: "x"))
    }
    #expect(places == [160, 160, 160])
    let wide = Figure.doseBar(Uncertain(.grays(1), relative: 3), limit: nil, full: .grays(30), organ: .liver, name: "x")
    for case .shape(let shape) in wide.marks where shape.role == .whisker {
      guard case .path(let path) = shape.geometry, case .move(let x, _)? = path.steps.first else { continue }
      #expect(x > 0)
    }
  }

  @Test("The 95 % interval of a bar is log-normal: 19.8 ± 1.8 Gy from 16.6 to 23.6 Gy")
  func whisker() throws {
    let bar = Figure.doseBar(
      Uncertain(.grays(19.8), standardUncertainty: .grays(1.8)), limit: .grays(23), full: .grays(1), organ: .liver,
      name: "x")
    var ends: [Double] = []
    for case .shape(let shape) in bar.marks where shape.role == .whisker {
      guard case .path(let path) = shape.geometry, case .move(let a, _) = path.steps[0],
        case .line(let b, _) = path.steps[1]
      else { continue }
      ends = [a, b].map { $0 / 208 * 29.9 }
    }
    try #require(ends.count == 2)
    #expect(abs(ends[0] - 16.58) < 0.02 && abs(ends[1] - 23.64) < 0.02)
  }
}

@Suite("Figures of the decision stay legible")
struct DecisionFigureTests {
  static func row(_ name: String, _ least: Double, _ most: Double, _ isSetting: Bool) -> TornadoPlot.Row {
    .init(
      name: name, aside: isSetting ? "A7-1" : "u 5.0 %", least: .gigabecquerels(least), most: .gigabecquerels(most),
      isSetting: isSetting)
  }

  static let tornado = TornadoPlot(
    activity: .gigabecquerels(13.77),
    rows: [
      row("calibration", 12.5, 15.2, false), row("fit of Marrow after the graft has come", 10.2, 18.8, false),
      row("1 Gy to the marrow", 2.3, 13.77, true), row("Amino-acid factor", 13.77, 21.5, true),
    ])

  static func label(_ name: String, _ day: Double, _ dose: Double, measured: Bool = false) -> LabelPlot.Row {
    let points = (1...12).map { step -> LabelPlot.Point in
      let share = Double(step) / 12
      return LabelPlot.Point(
        wait: .days(day * share), marrow: .grays(dose * share), kidneys: .grays(19.8 * share), isOnFront: step % 2 == 0)
    }
    return LabelPlot.Row(
      name: name, activity: "13.77 GBq", governing: "kidneys", kidneys: .grays(19.8), marrow: .grays(dose),
      lesion: .grays(40), earliestGraft: .days(day), recovery: .days(day + 23), isAlpha: false, points: points,
      isMeasured: measured)
  }

  static let labels = LabelPlot(
    rows: [
      label("¹⁷⁷Lu", 9.6, 6.0, measured: true), label("⁹⁰Y", 3.5, 4.1), label("¹⁶¹Tb", 10.1, 6.6),
      label("¹⁸⁸Re", 1.2, 3),
      .init(
        name: "²²⁵Ac", activity: "refused", governing: "", kidneys: nil, marrow: nil, lesion: nil, earliestGraft: nil,
        recovery: nil, isAlpha: true, points: [], isMeasured: false),
    ], graft: .days(14))

  @Test("No two texts of tornado, labels and front touch")
  func legible() throws {
    for figure in [Figure.tornado(Self.tornado), .labels(Self.labels), .pareto(Self.labels)] {
      #expect(collisions(in: try #require(figure)) == [])
      #expect(markupFaults(try #require(figure).standaloneSVG()) == [])
    }
  }

  @Test("A refused label has dashes, not zeros; nothing to draw draws nothing")
  func missing() throws {
    let texts = try #require(Figure.labels(Self.labels)).texts.map(\.text)
    #expect(texts.count { $0 == NumberFormat.missing } == 4 && !texts.contains("0"))
    #expect(Figure.tornado(.init(activity: .gigabecquerels(1), rows: [])) == nil)
    #expect(Figure.labels(.init(rows: [], graft: .days(14))) == nil)
    #expect(Figure.pareto(.init(rows: [Self.labels.rows[4]], graft: .days(14))) == nil)
  }

  @Test("Bars of the tornado stand on either side of the line, never across the frame")
  func bars() throws {
    let figure = try #require(Figure.tornado(Self.tornado))
    #expect(figure.label.contains("fit of Marrow") || figure.label.contains("1 Gy"))
    for least in [0.0, 0.01, 13.76] {
      let plot = TornadoPlot(activity: .gigabecquerels(13.77), rows: [Self.row("one", least, 13.77, false)])
      #expect(collisions(in: try #require(Figure.tornado(plot))) == [])
    }
  }
}
