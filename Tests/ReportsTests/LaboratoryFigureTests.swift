import Testing

@testable import Reports

@Suite("Figures of the laboratory") struct LaboratoryFigureTests {
  @Test("Groups show a point for every value, n below, and the exact p above")
  func samples() {
    let plot = SamplePlot(
      title: "CXCR4 by entity", quantity: "ratio",
      groups: [
        .init(name: "AML", values: [5, 6, 7, 8], centre: 6.5, lower: 5.75, upper: 7.25),
        .init(name: "MDS", values: [1, 2, 3], centre: 2, lower: 1.5, upper: 2.5),
      ], comparisons: [.init(first: 0, second: 1, p: 0.0571428)], note: "Bars: median and quartiles.")
    let figure = Figure.samples(plot)
    let points = figure.marks.count { if case .shape(let shape) = $0 { shape.role == .point } else { false } }
    #expect(points == 7)
    let texts = figure.texts.map(\.text)
    for text in ["n 4", "n 3", "p = 0.0571", "AML", "MDS", "Bars: median and quartiles."] {
      #expect(texts.contains(text), "\(text)")
    }
    #expect(figure.label.contains("AML against MDS: p = 0.0571."))
    for label in figure.texts {
      #expect(label.box.left >= -0.5 && label.box.right <= figure.width + 0.5 && label.box.bottom <= figure.height)
    }
  }

  @Test("Distributions are drawn to one height, the control as a ground, with the threshold's text")
  func histograms() throws {
    let figure = Figure.histograms(
      HistogramPlot(
        title: "CXCR4 on blasts", axis: PlotAxis(title: "CXCR4", low: 0, high: 1, marks: [.init(0.1, "0")]),
        curves: [
          .init(name: "isotype", heights: [0, 4, 0, 0, 0], isControl: true),
          .init(name: "CXCR4", heights: [0, 0, 0, 200, 0], isControl: false),
          .init(name: "none", heights: [0, 0, 0, 0, 0], isControl: false),
        ], threshold: .init(0.5, "isotype 99 %"), note: "n 5"))
    let texts = figure.texts.map(\.text)
    #expect(texts.contains("isotype") && texts.contains("CXCR4") && texts.contains("isotype 99 %"))
    #expect(!texts.contains("none"))
    let tops = figure.marks.compactMap { mark -> Double? in
      guard case .shape(let shape) = mark, shape.role == .fit, case .path(let path) = shape.geometry else { return nil }
      return path.steps.compactMap { step in if case .line(_, let y) = step { y } else { nil } }.min()
    }
    #expect(tops.count == 2 && tops[0] == tops[1])
  }

  @Test("Events become cells and contours, gates outlines with their shares; events outside are left out")
  func events() {
    let events = (0..<2000).map { EventPlot.Point(0.4 + 0.1 * Double($0 % 40) / 40, 0.5 + 0.1 * Double($0 / 40) / 50) }
    func figure(_ events: [EventPlot.Point]) -> Figure {
      Figure.events(
        EventPlot(
          title: "Blasts", x: PlotAxis(title: "CD45", low: 0, high: 1), y: PlotAxis(title: "SSC", low: 0, high: 1),
          events: events,
          outlines: [
            .init(
              name: "blasts", share: "24.4 %", points: [.init(0.3, 0.4), .init(0.6, 0.4), .init(0.5, 0.7)],
              isChosen: true)
          ], note: ""))
    }
    func cells(_ figure: Figure) -> Int { figure.marks.count { if case .cell = $0 { true } else { false } } }
    let drawn = figure(events)
    #expect(cells(drawn) > 20)
    #expect(drawn.texts.contains { $0.text == "blasts 24.4 %" })
    #expect(drawn.marks.contains { if case .shape(let shape) = $0 { shape.role == .outline } else { false } })
    #expect(cells(figure([.init(2, 2), .init(.nan, 0.5), .init(.infinity, 0)])) == 0)
  }

  @Test("A correlation shows every pair, the line and its band")
  func correlation() {
    let figure = Figure.correlation(
      CorrelationPlot(
        title: "Transcript and surface", x: PlotAxis(title: "x", low: 0, high: 4),
        y: PlotAxis(title: "y", low: -1, high: 3),
        pairs: [.init(1, 0), .init(2, 1), .init(3, 2)],
        line: [.init(x: 1, y: 0, lower: -0.5, upper: 0.5), .init(x: 3, y: 2, lower: 1.5, upper: 2.5)],
        note: "Pearson r 1; 3 pairs."))
    func count(_ role: Role) -> Int {
      figure.marks.count { if case .shape(let shape) = $0 { shape.role == role } else { false } }
    }
    #expect(count(.point) == 3 && count(.fit) == 1 && count(.band) == 1)
    #expect(figure.texts.contains { $0.text == "Pearson r 1; 3 pairs." })
  }

  private func count(_ role: Role, _ figure: Figure) -> Int {
    figure.marks.count { if case .shape(let shape) = $0 { shape.role == role } else { false } }
  }

  private func isWithin(_ figure: Figure) -> Bool {
    figure.texts.allSatisfy {
      $0.box.left >= -0.5 && $0.box.right <= figure.width + 0.5 && $0.box.bottom <= figure.height
    }
  }

  @Test("Series show points with bars, curves with bands, levels, the limit and a key of their names")
  func series() {
    let figure = Figure.series(
      SeriesPlot(
        title: "Purity", x: PlotAxis(title: "h", low: 0, high: 24), y: PlotAxis(title: "%", low: 90, high: 100),
        series: [
          .init(
            name: "batch 1", points: [.init(0, 99), .init(24, 94, lower: 93, upper: 95, isMarked: true)],
            curve: [.init(x: 0, y: 99, lower: 98, upper: 100), .init(x: 24, y: 94, lower: 93, upper: 95)]),
          .init(name: "batch 2 with a name that is long", points: [.init(0, 98), .init(12, 97), .init(24, 96)]),
          .init(name: "batch 3 with a name that is long too", points: [], traces: [[.init(0, 95), .init(1, 96)]]),
        ], levels: [.init(97, "mean")], limit: .init(95, "limit 95 %"), note: "n 2"))
    #expect(count(.band, figure) == 1 && count(.fit, figure) == 2 && count(.limit, figure) == 1)
    #expect(count(.error, figure) == 1 && count(.ring, figure) == 1)
    let texts = figure.texts.map(\.text)
    for text in ["batch 1", "limit 95 %", "mean", "n 2"] { #expect(texts.contains(text), "\(text)") }
    #expect(isWithin(figure))
    #expect(figure.label.contains("batch 1: 2 points."))
  }

  @Test("Bars have whiskers and n, and names of any length stay within the picture", arguments: [1, 5, 32])
  func bars(_ number: Int) {
    let figure = Figure.bars(
      BarPlot(
        title: "Expression", quantity: "relative",
        bars: (0..<number).map {
          .init(
            name: "sample \($0)" + String(repeating: " long", count: $0 % 7), value: Double($0) + 1, lower: Double($0),
            upper: Double($0) + 2, count: 3, isControl: $0 == 0)
        }, note: "Whiskers: one standard deviation."))
    #expect(count(.bar, figure) == number && count(.whisker, figure) == number)
    #expect(figure.texts.count { $0.text == "n 3" } == number)
    #expect(isWithin(figure))
  }
}
