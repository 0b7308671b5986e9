import Quantities
import Testing
import Uptake

@testable import Reports

private func suv(_ value: Double?) -> UptakeValue? { value.map { UptakeValue(base: $0) } }

@Suite("Figures of PET")
struct PETFigureTests {
  private static let table = SiteTable(
    sites: SiteTemplate.herhaus2016.sites,
    rows: [
      SiteTable.Row(
        name: "P01", group: "AML, visually positive", values: [15.78, 7.5, nil, 0.3, 20].map(suv), mean: suv(10.9)),
      SiteTable.Row(name: "P02", group: "AML, visually positive", values: [nil, nil, nil, 2, 3].map(suv), mean: nil),
      SiteTable.Row(name: "P10", group: "control", values: [1, 2, 3, 2, 1].map(suv), mean: suv(1.8)),
    ])

  private static let figures: [(String, Figure)] = {
    let groups = GroupPlot(
      quantity: "mean SUVmax",
      groups: [
        .init(name: "positive", values: [10, 10, 10, 4, 8].compactMap(suv)), .init(name: "negative", values: []),
        .init(name: "a control group with a long name", values: [2, 2.01, 2.02, 1.5, 1.4].compactMap(suv)),
      ],
      comparisons: [.init(first: 0, second: 1, p: 0.0159), .init(first: 0, second: 2, p: 1e-7)],
      note: "Mann-Whitney, exact, two-sided, exploratory.")
    let entities = EntityPlot(
      quantity: "SUVmax", guides: [6, 12],
      rows: [
        .init(name: "multiple myeloma", count: 112, mean: 13.4, deviation: 5.2),
        .init(name: "a rare neuroendocrine carcinoma of the lung", count: 1, mean: 3, deviation: nil),
      ])
    let waterfall = WaterfallPlot(
      quantity: "mean SUVmax, after against before",
      rows: [.init(name: "P01", change: -0.84), .init(name: "P02", change: 1.4), .init(name: "P03", change: 0)])
    let skeleton = try? SkeletalUptake(
      .braitsch2025,
      [SiteUptake("C4", maximum: UptakeValue(base: 1.13)), SiteUptake("L5", missing: "fracture")])
    let raster = Raster(columns: 4, rows: 4, pixels: [UInt32](repeating: 0x405060, count: 16))
    let fusion = FusionPlot(
      name: "right ilium", maximum: suv(7.4), window: UptakeValue(base: 10), map: .ember,
      underlay: "CT, −160 to 240 HU",
      extent: .millimetres(200),
      planes: ["axial", "coronal", "sagittal"].map { .init(name: $0, raster: raster, left: "R", top: "H") })
    let projection = ProjectionPlot(
      views: ["from the front", "from the left"].map { title in
        .init(
          title: title, raster: Raster(columns: 2, rows: 4, pixels: [UInt32](repeating: 0xFFFFFF, count: 8)),
          marks: (0..<5).map { .init(name: "site \($0)", value: suv(3), x: 0.5, y: 0.7 + 0.01 * Double($0)) })
      }, window: UptakeValue(base: 10))
    return [
      ("heat map", .heatMap(table)), ("groups", .groupScatter(groups)), ("entities", .entityBars(entities)),
      ("waterfall", .waterfall(waterfall)), ("fusion", .fusion(fusion)), ("projection", .projections(projection)),
    ] + (skeleton.map { [("sites", .siteSchematic($0))] } ?? [])
  }()

  @Test("No two texts touch, no tag is left open, and the picture says what it shows")
  func legible() {
    #expect(Self.figures.count == 7)
    for (name, figure) in Self.figures {
      #expect(collisions(in: figure) == [], "\(name)")
      #expect(markupFaults(figure.standaloneSVG()) == [], "\(name)")
      #expect(figure.label.count > 20, "\(name)")
    }
  }

  @Test("Every figure becomes SVG, PNG and PDF, the same bytes each time")
  func formats() throws {
    for (name, figure) in Self.figures {
      for (format, magic) in [(FigureFormat.png, [0x89, 0x50, 0x4E, 0x47]), (.pdf, [0x25, 0x50, 0x44, 0x46])] {
        let bytes = try figure.file(format, title: name)
        #expect(bytes.prefix(4).map(Int.init) == magic, "\(name)")
        #expect(try figure.file(format, title: name) == bytes, "\(name)")
      }
      #expect(try figure.file(.svg, title: name).starts(with: "<?xml".utf8))
    }
  }

  @Test("A heat map has one window for all: the colours of 0 and 16 are its ends, a missing site is hatched")
  func window() {
    let cells = Figure.heatMap(Self.table).marks.compactMap { mark -> Int? in
      if case .cell(let cell) = mark, cell.height == 17 { cell.colour } else { nil }
    }
    // Four sites and a mean, two sites, five sites and a mean.
    #expect(cells.count == 13)
    #expect(cells[0] == ColourMap.ember.colour(15.78 / 16))
    #expect(cells[3] == ColourMap.ember.colour(1))
    let hatched = Figure.heatMap(Self.table).marks.count { mark in
      if case .shape(let shape) = mark { shape.role == .hatch } else { false }
    }
    #expect(hatched == 6)
    #expect(Figure.heatMap(Self.table).texts.contains { $0.text == "n 4" })
  }

  @Test("The map rises evenly in lightness from end to end")
  func map() {
    let lightness = (0...20).map { step -> Int in
      let colour = ColourMap.ember.colour(Double(step) / 20)
      return 2126 * (colour >> 16 & 255) + 7152 * (colour >> 8 & 255) + 722 * (colour & 255)
    }
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 < $1 })
    #expect(ColourMap.ember.colour(.nan) == ColourMap.ember.colour(0))
    #expect(ColourMap.grey.colour(0.5) == 0x808080)
    #expect(ColourMap.blend(0xFF0000, over: 0x0000FF, opacity: 0.5) == 0x800080)
  }
}
