import Foundation
import Kinetics
import Provenance
import Quantities
import Radionuclides
import Testing

@testable import Dosimetry

/// S values by hand, in mGy/(MBq s).
struct StatedSet: SValueSet {
  let name = "stated"
  let values: [[String]: Double]

  func sValue(_ nuclide: Nuclide, target: DoseRegion, source: DoseRegion) throws -> SValueEntry? {
    values[[target.name, source.name]].map {
      SValueEntry(
        electron: .milligraysPerMegabecquerelSecond($0), photon: .zero, relativeUncertainty: 0.02, set: name,
        source: Source("stated"))
    }
  }
}

@Suite("Cross-dose, remainder and blood")
struct CrossDoseTests {
  /// WE-4.3: OLINDA/EXM 2, adult male.
  static let set = StatedSet(values: [
    ["marrow", "total body"]: 2.74e-7, ["marrow", "marrow"]: 1.15e-5, ["marrow", "kidneys"]: 3.35e-8,
    ["marrow", "liver"]: 3.09e-8, ["marrow", "spleen"]: 3.67e-8,
  ])
  static let masses = ["marrow": 1170.0, "kidneys": 310, "liver": 1800, "spleen": 150]
  static let hours = ["marrow": 8.0, "kidneys": 3.64, "liver": 8, "spleen": 2]

  let lutetium: Nuclide
  init() throws { lutetium = try NuclideTable.icrp107().nuclide("Lu-177") }

  func region(_ name: String, _ grams: Double) -> DoseRegion {
    DoseRegion(name: name, mass: .grams(grams), shape: .organ)
  }

  var sources: [DoseSource] {
    Self.masses.keys.sorted().map {
      DoseSource(region: region($0, Self.masses[$0]!), coefficient: .hours(Self.hours[$0]!))
    }
  }

  @Test("WE-4.3: S of the remainder and the marrow's dose from all sources")
  func remainder() throws {
    let marrow = region("marrow", 1170)
    func s(_ source: String) throws -> SValueEntry {
      try #require(try Self.set.sValue(lutetium, target: marrow, source: region(source, 1)))
    }
    let (rest, mass) = try RemainderOfBody.sValue(
      fromBody: try s("total body"), bodyMass: .kilograms(73),
      values: try Self.masses.map { (.grams($0.value), try s($0.key)) })
    #expect(isClose(mass.grams, 69570, 1e-9))
    #expect(isClose(rest.total.milligraysPerMegabecquerelSecond, 9.307876958459102e-8, 1e-6))
    let left = try RemainderOfBody.coefficient(ofBody: .hours(76.46), organs: sources)
    #expect(isClose(left.hours, 54.82, 1e-9))
    let dose = try MIRDDose(target: marrow, sources: sources, nuclide: lutetium, set: Self.set)
    let total = dose.perActivity + left * rest.total
    #expect(dose.missing.isEmpty)
    #expect(isClose(total.graysPerGigabecquerel, 0.35116242533505815, 1e-6))
    #expect(isClose((left * rest.total).graysPerGigabecquerel, 0.018369281335058205, 1e-6))
  }

  @Test("The remainder restores the body: Σ S(target ← source) m is the same with it")
  func energyBalance() throws {
    let marrow = region("marrow", 1170)
    let values = try Self.masses.map { name, grams in
      (
        mass: Mass.grams(grams),
        sValue: try #require(try Self.set.sValue(lutetium, target: marrow, source: region(name, 1)))
      )
    }
    let body = try #require(try Self.set.sValue(lutetium, target: marrow, source: region("total body", 1)))
    let (rest, mass) = try RemainderOfBody.sValue(fromBody: body, bodyMass: .kilograms(73), values: values)
    let parts = values.map { $0.sValue.total * $0.mass.grams }.total() + rest.total * mass.grams
    #expect(isClose(parts.base, (body.total * 73_000).base, 1e-12))
  }

  @Test("Organs that hold more than the body, or outweigh it, are refused")
  func negative() throws {
    #expect(throws: DosimetryError.self) { try RemainderOfBody.coefficient(ofBody: .hours(21), organs: sources) }
    let body = try #require(
      try Self.set.sValue(lutetium, target: region("marrow", 1170), source: region("total body", 1)))
    #expect(throws: DosimetryError.self) {
      try RemainderOfBody.sValue(fromBody: body, bodyMass: .kilograms(1), values: [(.grams(2000), body)])
    }
  }

  @Test("A source whose S value the set does not hold is named, not counted as 0")
  func missing() throws {
    let others = sources.filter { $0.region.name != "kidneys" }
    let dose = try MIRDDose(target: region("kidneys", 310), sources: others, nuclide: lutetium, set: Self.set)
    #expect(dose.missing == ["liver", "marrow", "spleen"] && dose.contributions.isEmpty)
    // Its own dose is not left out.
    #expect(throws: DosimetryError.self) {
      try MIRDDose(target: region("kidneys", 310), sources: sources, nuclide: lutetium, set: Self.set)
    }
  }

  @Test("WE-4.1: blood gives a thirtieth of the marrow's published dose")
  func blood() throws {
    let course = ExponentialSum(
      [(0.10, 0.23), (0.025, 7), (0.002, 40)].map {
        .init(amplitude: .becquerels($0.0 / 1000), rate: RateConstant(halfLife: .hours($0.1)))
      })
    #expect(isClose(course.integral.becquerelSeconds / 3.6, 0.40106922136713186, 1e-9))
    // φ = 1 as in the example.
    let s = try DoseConstant(energyPerDecay: lutetium.emitted.electrons).sValue(mass: .grams(1170))
    let entry = SValueEntry(electron: s, photon: .zero, relativeUncertainty: 0, set: "φ = 1", source: Source("example"))
    func dose(_ ratio: RedMarrow.BloodRatio) throws -> Double {
      RedMarrow.perActivity(
        bloodDecaysPerMillilitre: course.integral, administered: .becquerels(1), ratio: try RedMarrow.ratio(ratio),
        marrow: .grams(1170), sValue: entry
      ).graysPerGigabecquerel
    }
    #expect(isClose(try dose(.equal), 0.03421928031465597, 1e-4))
    #expect(isClose(try RedMarrow.ratio(.haematocrit(0.47)), 0.3584905660377358, 1e-12))
    #expect(isClose(try RedMarrow.ratio(.haematocrit(0.30)), 0.27142857142857146, 1e-12))
    #expect(isClose(try dose(.haematocrit(0.47)) / dose(.equal), 0.3584905660377358, 1e-12))
    #expect(throws: DosimetryError.self) { try RedMarrow.ratio(.haematocrit(0)) }
    #expect(throws: DosimetryError.self) { try RedMarrow.ratio(.haematocrit(.nan)) }
  }
}

@Suite("Dose of one organ")
struct OrganDoseTests {
  static let decay = RateConstant(halfLife: .hours(159.528))

  /// An organ with one exponential.
  func organ(_ halfLife: Double, cross: [CrossDose] = []) throws -> OrganDose {
    try OrganDose(
      region: .init(name: "organ", mass: .grams(300), shape: .organ), curves: [try curve(halfLife)],
      sValue: try entry(1e-13), cross: cross, administered: .megabecquerels(200),
      components: [.init("calibration", 0.05, isShared: true)], isUnverified: false)
  }

  func entry(_ s: Double) throws -> SValueEntry {
    SValueEntry(
      electron: .graysPerBecquerelSecond(s), photon: .zero, relativeUncertainty: 0.02, set: "test",
      source: Source("test"))
  }

  static let other = DoseRegion(name: "other", mass: .grams(500), shape: .organ)

  func curve(_ halfLife: Double) throws -> CurveEstimate {
    let rate = RateConstant(halfLife: .hours(halfLife)).perHour
    return try TimeActivityCurve(
      region: "organ",
      points: [1.0, 4, 24, 48, 168].map { .init(time: .hours($0), activity: .megabecquerels(5 * exp(-rate * $0))) },
      physicalDecay: Self.decay
    ).analysed(with: .init(weighting: .relative(0.03), fixedModel: .F2))
  }

  @Test("Cross-dose adds to the self-dose, in the estimate and in every draw")
  func additive() throws {
    let plain = try organ(60)
    let part = CrossDose(
      emitter: .region(Self.other), source: "other", curves: [try curve(100)], scale: 2, sValue: try entry(1e-15))
    let with = try organ(60, cross: [part])
    let extra = 2 * part.curves[0].timeIntegratedActivity.value.base * 1e-15 / 2e8
    #expect(isClose((with.perActivity.value - plain.perActivity.value).base, extra, 1e-9))
    let draws = JointDoses([with], count: 400, seed: 3).graysPerBecquerel(0, after: .zero)
    let alone = JointDoses([plain], count: 400, seed: 3).graysPerBecquerel(0, after: .zero)
    #expect(draws.reduce(0, +) > alone.reduce(0, +) * (1 + 0.5 * extra / plain.perActivity.value.base))
    #expect(isClose(with.doseCourse.integral.base * 1e-13, with.perActivity.value.base, 1e-9))
  }

  @Test("An organ of the case that is also a source moves with its own draw")
  func sharedDraw() throws {
    let source = try OrganDose(
      region: .init(name: "source", mass: .grams(300), shape: .organ), curves: [try curve(60)],
      sValue: try entry(1e-13),
      administered: .megabecquerels(200), components: [], isUnverified: false)
    let target = try OrganDose(
      region: .init(name: "target", mass: .grams(300), shape: .organ), curves: [try curve(60)],
      sValue: try entry(1e-30),
      cross: [
        CrossDose(
          emitter: .region(source.region), source: "source", curves: source.curves, scale: 1, sValue: try entry(1e-13))
      ],
      administered: .megabecquerels(200), components: [], isUnverified: false)
    let joint = JointDoses([source, target], count: 50, seed: 5)
    // Without the S values' own factors both are the same number in every draw.
    let (a, b) = (
      joint.graysPerBecquerel(0, after: .zero, fitOnly: true), joint.graysPerBecquerel(1, after: .zero, fitOnly: true)
    )
    #expect(zip(a, b).allSatisfy { isClose($0, $1, 1e-9) })
  }

  @Test(
    "WE-6.6: half-lives under other labels",
    arguments: [("Y-90", 41.0, 29.653901127298763), ("Tb-161", 92, 94.03379923735089)])
  func translated(name: String, halfLife: Double, expected: Double) throws {
    let table = try NuclideTable.icrp107()
    let (lutetium, other) = (try table.nuclide("Lu-177"), try table.nuclide(name))
    let organ = try organ(halfLife).translated(from: lutetium, to: other, sValue: try entry(1e-13))
    #expect(isClose(organ.lateHalfLife.hours, expected, 1e-4))
    let u = try #require(organ.perActivity.relativeUncertainty)
    #expect(u > 0.05 && u < 0.10)
    let draws = JointDoses([organ], count: 2000, seed: 1).graysPerBecquerel(0, after: .zero)
    let mean = draws.reduce(0, +) / 2000
    #expect(isClose(mean, organ.perActivity.value.base, 0.02))
  }

  @Test("The dose rate integrates to the dose and is highest at its peak")
  func doseRate() throws {
    let organ = try organ(60)
    let one = Activity.gigabecquerels(1)
    let peak = organ.peakDoseRate(of: one)
    #expect(peak.time == .zero && isClose(peak.rate.base, organ.doseRate(at: .zero, of: one).base, 1e-12))
    var sum = 0.0
    let step = 0.5
    for index in 0..<6000 {
      sum += organ.doseRate(at: .hours((Double(index) + 0.5) * step), of: one).base * step * 3600
    }
    #expect(isClose(sum, organ.perActivity.value.graysPerGigabecquerel, 1e-4))
  }

  @Test("What is delivered until and after a time is all of it, and what is left only falls")
  func residual() throws {
    let organ = try organ(92)
    var last = organ.perActivity.value
    for day in stride(from: 1.0, through: 30, by: 1) {
      let rest = organ.perActivity(after: .days(day)).value
      #expect(rest < last && rest > .zero)
      last = rest
    }
    #expect(isClose(organ.perActivity(after: .days(14)).value / organ.perActivity.value, exp2(-14 * 24 / 92.0), 1e-4))
  }
}
