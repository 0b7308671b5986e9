import Foundation
import Quantities
import Testing
import Volumes

@testable import Scintigraphy

@Suite("Planar quantification from views to activities")
struct PlanarQuantificationTests {
  private let mu = AttenuationCoefficient.perCentimetre(0.13)
  private let sensitivity = Sensitivity.countsPerSecondPerMegabecquerel(6)

  /// Two views of a slab 22 cm thick with background, and organs of 5 × 5 cm and 4 cm thickness at a depth of 7 cm.
  ///
  /// Expected counts, not drawn ones: activities follow exactly. One pixel is 5 mm.
  private func scan(
    hours: Double = 1, organs: [(column: Int, row: Int, megabecquerels: Double)], shift: (Int, Int) = (0, 0),
    background: Double = 0.02
  ) throws -> PlanarScan {
    let (columns, rows) = (80, 120)
    let (seconds, m) = (200.0, 0.13)
    var views = [[Float]](repeating: [Float](repeating: 0, count: columns * rows), count: 2)
    // MBq per cm³ of background; a pixel has 0.25 cm².
    let whole = background * 0.25 * (1 - exp(-m * 22)) / m
    for row in 10..<110 {
      for column in 10..<70 {
        let place = (row + shift.1) * columns + column + shift.0
        for (v, depth) in [7.0, 15].enumerated() {
          var activity = whole
          for organ in organs
          where (organ.column..<organ.column + 10).contains(column) && (organ.row..<organ.row + 10).contains(row) {
            let slab = exp(-m * depth) * sinh(m * 2) / (m * 2)
            activity += (organ.megabecquerels / 100 - background * 0.25 * 4) * slab
          }
          views[v][place] = Float(activity * 6 * seconds)
        }
      }
    }
    return try PlanarScan(
      start: .hours(hours), duration: .seconds(seconds), exposure: .seconds(seconds), bed: nil, columns: columns,
      rows: rows, pixel: .millimetres(5), front: PlanarView(main: views[0]), back: PlanarView(main: views[1]))
  }

  private func region(_ name: String, _ column: Int, _ row: Int, mirrorOf: String? = nil) throws
    -> PlanarRegionOfInterest
  {
    PlanarRegionOfInterest(
      name: name, region: try PlanarRegion(columns: column...column + 9, rows: row...row + 9),
      background: try PlanarRegion(columns: column...column + 9, rows: row + 14...row + 20),
      geometry: PlanarGeometry(
        coefficient: Uncertain(mu, relative: 0.03),
        body: Uncertain(.centimetres(22), standardUncertainty: .centimetres(0.5)),
        organ: Uncertain(.centimetres(4), standardUncertainty: .centimetres(0.3)), depth: .centimetres(7),
        method: .thickness, scaling: .attenuated), mirrorOf: mirrorOf)
  }

  private func quantification(_ regions: [PlanarRegionOfInterest]) throws -> PlanarQuantification {
    try PlanarQuantification(
      regions: regions, calibration: .sensitivity(sensitivity, relativeUncertainty: 0.03), deadTime: nil,
      scatter: .none, pointUncertainty: 0.05)
  }

  @Test("Activities in a slab with background are exact, and the budget adds up with the analytic sensitivities")
  func exact() throws {
    let scan = try scan(organs: [(20, 30, 9), (50, 30, 4)])
    let found = try quantification([try region("Left", 20, 30), try region("Right", 50, 30)])
      .activities(in: [scan], drawnOn: 0, registers: true)
    for (region, truth) in zip(found.regions, [9.0, 4]) {
      let point = region.measurements[0]
      let activity = try #require(point.activity)
      #expect((activity.value.megabecquerels / truth - 1).magnitude < 1e-5)
      let u = activity.relativeUncertainty ?? 0
      #expect((u / point.budget.relative - 1).magnitude < 1e-9)
      #expect(point.budget.first { $0.name == "calibration" }?.scope == .all)
    }
    // With little background d ln A/d ln μ = μT/2 less what self-attenuation takes back.
    let cold = try self.scan(organs: [(20, 30, 9)], background: 1e-6)
    let budget = try quantification([try region("Left", 20, 30)])
      .activities(in: [cold], drawnOn: 0, registers: false).regions[0].measurements[0].budget
    let half = 0.13 * 4 / 2
    let slope = 0.13 * 11 + 1 - half / tanh(half)
    let found2 = try #require(budget.first { $0.name == "attenuation coefficient" })
    #expect((found2.relative / (0.03 * slope) - 1).magnitude < 0.05)
  }

  @Test("The background within the organ is not taken twice: k by area gives too little, by depth the truth")
  func scaling() throws {
    let scan = try scan(organs: [(20, 30, 9)])
    let good = try region("Left", 20, 30)
    var geometry = good.geometry
    geometry.scaling = .area
    let bad = PlanarRegionOfInterest(
      name: "Left", region: good.region, background: good.background, geometry: geometry)
    let found = try quantification([bad]).activities(in: [scan], drawnOn: 0, registers: false)
    let value = try #require(found.regions[0].measurements[0].activity).value.megabecquerels
    // The organ displaces 100 cm³ of background of 0.02 MBq/cm³.
    #expect((value / (9 - 2) - 1).magnitude < 1e-4)
  }

  @Test("Views weighted by their transmissions give the truth with less noise than their geometric mean")
  func weighted() throws {
    let scan = try scan(organs: [(20, 30, 9)])
    let good = try region("Left", 20, 30)
    let slab = sinh(0.13 * 2) / (0.13 * 2)
    func measure(_ views: PlanarGeometry.Views) throws -> (activity: Double, noise: Double) {
      var geometry = good.geometry
      geometry.method = .transmission(
        front: exp(-0.13 * 7) * slab, back: exp(-0.13 * 15) * slab, relativeUncertainty: 0.03)
      geometry.views = views
      let one = PlanarRegionOfInterest(
        name: "Left", region: good.region, background: good.background, geometry: geometry)
      let found = try quantification([one]).activities(in: [scan], drawnOn: 0, registers: false)
      let point = found.regions[0].measurements[0]
      return (
        try #require(point.activity).value.megabecquerels,
        try #require(point.budget.first { $0.name == "counts" }).relative
      )
    }
    let (mean, weighted) = (try measure(.geometricMean), try measure(.weighted))
    #expect((mean.activity / 9 - 1).magnitude < 1e-5 && (weighted.activity / 9 - 1).magnitude < 1e-5)
    #expect(weighted.noise < 0.9 * mean.noise)
    // u⁻² adds up over the views; that of the geometric mean is half of the root of the sum of squares.
    let views = [(Counted(counts: 30, variance: 900), 0.1), (Counted(counts: 400, variance: 1600), 0.4)]
    let found = try #require(ConjugateView.weighted(views))
    let information = 0.01 / 900 + 0.16 / 1600
    #expect((found.variance * information - 1).magnitude < 1e-12)
    #expect((found.counts - (30 * 0.1 / 900 + 400 * 0.4 / 1600) / information).magnitude < 1e-9)
    #expect(
      ConjugateView.weighted([(Counted(counts: -40, variance: 900), 0.1), (Counted(counts: 5, variance: 900), 0.1)])
        == nil)
    var thick = good.geometry
    thick.views = .weighted
    let refused = PlanarRegionOfInterest(
      name: "Left", region: good.region, background: good.background, geometry: thick)
    #expect(throws: ScintigraphyError.self) {
      try quantification([refused]).activities(in: [scan], drawnOn: 0, registers: false)
    }
  }

  @Test("Regions follow a patient who lies elsewhere, and the shift is told")
  func registration() throws {
    let organs = [(20, 30, 9.0), (50, 50, 4)]
    let first = try scan(organs: organs)
    let later = try scan(
      hours: 24, organs: organs.map { ($0.0, $0.1, $0.2 * 0.6) }, shift: (4, -3), background: 0.01)
    let regions = [try region("Left", 20, 30), try region("Right", 50, 50)]
    let found = try quantification(regions).activities(in: [first, later], drawnOn: 0, registers: true)
    let shift = try #require(found.shifts[1])
    #expect((shift.across.millimetres - 20).magnitude < 1.5 && (shift.down.millimetres + 15).magnitude < 1.5)
    #expect(shift.turn.degrees.magnitude < 0.5 && found.shifts[0] == nil)
    let carried = try #require(found.regions[0].measurements[1].activity).value.megabecquerels
    #expect((carried / 5.4 - 1).magnitude < 0.04)
    let left = try quantification(regions).activities(in: [first, later], drawnOn: 0, registers: false)
    let lost = left.regions[0].measurements[1].activity?.value.megabecquerels ?? 0
    #expect(lost < 0.8 * 5.4)
  }

  @Test("A kidney under the liver is taken from the other side, and said so")
  func mirror() throws {
    let scan = try scan(organs: [(20, 30, 9), (50, 30, 9)])
    let liver = PlanarRegionOfInterest(
      name: "Liver", region: try PlanarRegion(columns: 45...66, rows: 25...36), background: nil,
      geometry: try region("x", 50, 30).geometry)
    let found = try quantification([
      try region("Left", 20, 30), try region("Right", 50, 30, mirrorOf: "Left"), liver,
    ]).activities(in: [scan], drawnOn: 0, registers: false)
    let right = found.regions[1].measurements[0]
    #expect(right.overlap > 0.5 && right.activity?.value == found.regions[0].measurements[0].activity?.value)
    #expect(right.findings.contains { $0.code == "overlap-mirrored" })
    #expect(right.budget.contains { $0.name == "asymmetry" && $0.relative == 0.1 })
  }

  @Test("Counts of regions that overlap at their edges are told apart, whether a part or all of the edge emits")
  func overlap() throws {
    let (coverages, regions) = try strips([0...13, 8...21, 60...69])
    let overlaps = try PlanarOverlap(coverages, regions)
    #expect(overlaps.neighbours(of: 0) == [1] && overlaps.neighbours(of: 2).isEmpty && overlaps.covered(0) == 0)
    let share = try #require(overlaps.spill(of: 1, in: 0))
    #expect(
      (share.front - 3.0 / 14).magnitude < 1e-12 && (share.uncertainty - 6.0 / 14 / 24.0.squareRoot()).magnitude < 1e-12
    )
    let alone = try overlaps.separated(
      [Counted(500 + 800 * share.front), Counted(800 + 500 * share.front), Counted(70)], \.front)
    for (found, truth) in zip(alone, [500.0, 800, 70]) { #expect((found.counts / truth - 1).magnitude < 1e-12) }
    // Covered by more than half: no edge.
    let inside = try strips([0...19, 4...9])
    let covering = try PlanarOverlap(inside.0, inside.1)
    #expect(covering.neighbours(of: 0).isEmpty && covering.covered(0) == 0.3)

    // The left region holds the four outer columns of the right organ, four tenths of its area; of its own area that is a
    // quarter: n = 9 + 1.6 and 4, p = 0.2 and 0.125.
    let scan = try scan(organs: [(20, 30, 9), (32, 30, 4)], background: 1e-9)
    let good = try region("Left", 20, 30)
    let wide = PlanarRegionOfInterest(
      name: "Left", region: try PlanarRegion(columns: 20...35, rows: 30...39), background: good.background,
      geometry: good.geometry)
    let point = try quantification([wide, try region("Right", 32, 30)])
      .activities(in: [scan], drawnOn: 0, registers: false).regions[0].measurements[0]
    let part = try #require(point.budget.first { $0.name == "overlap with Right" })
    let (left, right) = ((10.6 - 0.2 * 4) / 0.975, (4 - 0.125 * 10.6) / 0.975)
    #expect((try #require(point.activity).value.megabecquerels / left - 1).magnitude < 1e-5)
    #expect(part.scope == .region && (part.relative / (0.4 / 24.0.squareRoot() * right / left) - 1).magnitude < 1e-4)
    #expect(point.findings.contains { $0.code == "regions-overlap" && $0.text.contains("of the counts of Right") })
  }

  /// Regions of ten rows.
  private func strips(_ columns: [ClosedRange<Int>]) throws -> ([PlanarCoverage], [PlanarRegionOfInterest]) {
    let drawn = try columns.map { try PlanarRegion(columns: $0, rows: 0...9) }
    let geometry = PlanarGeometry(coefficient: Uncertain(mu, relative: 0), method: .none, scaling: .area)
    return (
      try drawn.map { try $0.coverage(columns: 80, rows: 20) },
      drawn.indices.map {
        PlanarRegionOfInterest(name: "\($0)", region: drawn[$0], background: nil, geometry: geometry)
      }
    )
  }

  @Test("What a CT says of an overlap is taken in place of half of the shared area, each view by its own share")
  func knownSpill() throws {
    // Of the right organ 0.4 lies in the left region, of the left organ nothing in the right one.
    let scan = try scan(organs: [(20, 30, 9), (32, 30, 4)], background: 1e-9)
    let (good, right) = (try region("Left", 20, 30), try region("Right", 32, 30))
    let wide = PlanarRegionOfInterest(
      name: "Left", region: try PlanarRegion(columns: 20...35, rows: 30...39), background: good.background,
      geometry: good.geometry, spills: ["Right": try PlanarSpill(front: 0, back: 0, uncertainty: 0)])
    let known = PlanarRegionOfInterest(
      name: "Right", region: right.region, background: right.background, geometry: right.geometry,
      spills: ["Left": try PlanarSpill(front: 0.4, back: 0.4, uncertainty: 0.05)])
    let found = try quantification([wide, known]).activities(in: [scan], drawnOn: 0, registers: false).regions
    for (region, truth) in zip(found, [9.0, 4]) {
      #expect((try #require(region.measurements[0].activity).value.megabecquerels / truth - 1).magnitude < 1e-5)
    }
    let part = found[0].measurements[0].budget.first { $0.name == "overlap with Right" }
    #expect((try #require(part).relative / (0.05 * 4 / 9) - 1).magnitude < 1e-4)
    #expect(!found[1].measurements[0].budget.contains { $0.name.hasPrefix("overlap") })
    #expect(throws: ScintigraphyError.self) { try PlanarSpill(front: 1.2, back: 0, uncertainty: 0) }
  }

  @Test("A CT tells what of an organ lies behind another region's outline, and leaves its part out of the background")
  func spillByCT() throws {
    let grid = Grid(
      columns: 40, rows: 10, slices: 30, origin: .zero, columnStep: SIMD3(2.5, 0, 0), rowStep: SIMD3(0, 10, 0),
      sliceStep: SIMD3(0, 0, 5))
    let rays = try BodyRays(
      hounsfieldUnits: [Int16](repeating: 0, count: grid.count), on: grid, conversion: .keV208)
    func block(_ columns: ClosedRange<Int>, _ rows: ClosedRange<Int>) throws -> RegionTransmission {
      let box = VoxelBox(
        columns: columns.lowerBound..<columns.upperBound + 1, rows: rows.lowerBound..<rows.upperBound + 1,
        slices: 5..<15)
      let mask = try #require(Mask(grid: grid, box: box, members: [Bool](repeating: true, count: box.count)))
      return try RegionTransmission(of: mask, through: rays)
    }
    // Columns 10 to 19 and slices 5 to 14; a drawing over its last three columns.
    let organ = try block(10...19, 2...4)
    let spill = try organ.spill(into: try PlanarRegion(columns: 17...26, rows: 5...14), through: rays)
    #expect((spill.front - 0.3).magnitude < 1e-5 && (spill.back - 0.3).magnitude < 1e-5)
    // 5 mm are two columns: 0.5 and 0.1; along the body one slice of ten.
    #expect((spill.uncertainty - 0.2).magnitude < 1e-3)

    // Another organ in front of all of a drawing: only what is neither of the two is background.
    let (own, other) = (try block(20...29, 6...7), try block(20...29, 1...2))
    let (drawn, beside) = (
      try PlanarRegion(columns: 20...29, rows: 5...14), try PlanarRegion(columns: 2...8, rows: 18...25)
    )
    let alone = try own.backgroundShares(drawn: drawn, background: beside, through: rays)
    let both = try own.backgroundShares(drawn: drawn, background: beside, through: rays, besides: [other])
    let m = 0.13506 * 1.0
    let taken = { (rows: [Double]) in rows.reduce(0) { $0 + exp(-m * ($1 + 0.5)) } }
    let whole = taken((0..<10).map(Double.init))
    #expect((alone.front - (1 - taken([6, 7]) / whole)).magnitude < 1e-4)
    #expect((both.front - (1 - taken([6, 7, 1, 2]) / whole)).magnitude < 1e-4)
  }

  @Test("A region without counts above background gives no activity and a serious finding")
  func nothing() throws {
    let scan = try scan(organs: [])
    let found = try quantification([try region("Left", 20, 30)])
      .activities(in: [scan], drawnOn: 0, registers: false)
    // The slab's own background minus less than all of it is positive; k by area is not.
    var geometry = try region("Left", 20, 30).geometry
    geometry.scaling = .area
    let all = PlanarRegionOfInterest(
      name: "Left", region: try PlanarRegion(columns: 0...9, rows: 30...39),
      background: try PlanarRegion(columns: 20...29, rows: 30...39), geometry: geometry)
    let none = try quantification([all]).activities(in: [scan], drawnOn: 0, registers: false)
    #expect(none.regions[0].measurements[0].activity == nil)
    #expect(none.regions[0].measurements[0].findings.map(\.code) == ["net-not-positive"])
    #expect(found.regions[0].measurements[0].activity != nil)
  }

  @Test("Probe normalisation needs no sensitivity: the share of the body's counts times its retention")
  func probe() throws {
    let scan = try scan(hours: 24, organs: [(20, 30, 9), (50, 30, 4)], background: 1e-9)
    let readings = [(0.0, 5000.0), (24, 1900)].map { time, rate in
      ProbeReadings.Reading(
        time: .hours(time), front: .countsPerSecond(rate), back: .countsPerSecond(rate), background: .zero,
        duration: .minutes(1))
    }
    func none(_ name: String, _ region: PlanarRegion) -> PlanarRegionOfInterest {
      PlanarRegionOfInterest(
        name: name, region: region, background: nil,
        geometry: PlanarGeometry(coefficient: Uncertain(mu, relative: 0), method: .none, scaling: .area))
    }
    let quantification = try PlanarQuantification(
      regions: [none("Left", try PlanarRegion(columns: 20...29, rows: 30...39))],
      calibration: .probe(
        try ProbeReadings(readings, distance: .centimetres(200), firstIsBeforeVoiding: true),
        administered: .megabecquerels(200), relativeUncertainty: 0.02,
        wholeBody: none("Body", try PlanarRegion(columns: 0...79, rows: 0...119))),
      deadTime: nil, scatter: .none, pointUncertainty: 0.05)
    let found = try quantification.activities(in: [scan], drawnOn: 0, registers: false)
    let point = found.regions[0].measurements[0]
    #expect((try #require(point.activity).value.megabecquerels / (200 * 0.38 * 9 / 13) - 1).magnitude < 1e-3)
    #expect(point.budget.contains { $0.name == "probe" && $0.scope == .time && $0.relative > 0 })
  }

  @Test("Scans, windows and settings that do not fit are refused")
  func refused() throws {
    let scan = try scan(organs: [(20, 30, 9)])
    let one = try region("Left", 20, 30)
    func code(_ body: () throws -> Void) -> String? {
      #expect(throws: ScintigraphyError.self) { try body() }?.code
    }
    #expect(
      code {
        _ = try PlanarQuantification(
          regions: [one], calibration: .sensitivity(sensitivity, relativeUncertainty: 0), deadTime: nil,
          scatter: .dualWindow(k: 0.5), pointUncertainty: 0
        ).activities(in: [scan], drawnOn: 0, registers: false)
      } == "scatter-window-missing")
    #expect(code { _ = try quantification([one, one]) } == "planar-regions")
    #expect(code { _ = try quantification([try region("Left", 20, 30, mirrorOf: "Right")]) } == "mirror-missing")
    #expect(code { _ = try quantification([one]).activities(in: [], drawnOn: 0, registers: true) } == "no-scans")
    #expect(
      code {
        _ = try PlanarScan(
          start: .zero, duration: .seconds(1), exposure: .seconds(1), bed: nil, columns: 2, rows: 2,
          pixel: .millimetres(2), front: PlanarView(main: [1, 1, 1, 1]), back: PlanarView(main: [1, 1]))
      } == "views-differ")
  }
}
