import Foundation
import Numerics
import Quantities
import Testing

@testable import Scintigraphy

private func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-6) -> Bool {
  (a / b - 1).magnitude < tolerance
}

@Suite("Planar scintigraphy")
struct PlanarTests {
  @Test("WE-2.1: three windows with both readings of their widths, two windows, and the triangle below")
  func scatter() throws {
    let peak = Energy.kiloelectronvolts(208)
    let windows = ScatterWindows(peak: peak, mainWidth: 0.12)
    let edges = [
      windows.lower.lowerBound, windows.main.lowerBound, windows.main.upperBound, windows.upper.upperBound,
    ].map(\.kiloelectronvolts)
    for (found, expected) in zip(edges, [174.72, 195.52, 220.48, 251.68]) { #expect(near(found, expected)) }
    let counts = (Counted(100_000), Counted(20_000), Counted(3000))
    func primary(_ correction: ScatterCorrection) throws -> Counted {
      try correction.primary(main: counts.0, lower: counts.1, upper: counts.2)
    }
    #expect(near(try primary(.tripleWindow(windows)).counts, 86_800))
    let swapped = ScatterWindows(peak: peak, mainWidth: 0.12, reading: .swapped)
    #expect(near(100_000 - (try primary(.tripleWindow(swapped)).counts), 9800))
    #expect(near(try primary(.dualWindow(k: 0.5)).counts, 90_000))
    #expect(near(try primary(.lowerTriangle(main: windows.main.width, lower: windows.lower.width)).counts, 88_000))
    let narrow = ScatterWindows(peak: peak, mainWidth: 0.12, reading: .percentOfWindow)
    #expect(near(narrow.upper.width.kiloelectronvolts, 3.744) && near(narrow.lower.width.kiloelectronvolts, 2.496))
    // Var = C_pk + 0.6²·C_low + 0.4²·C_up.
    #expect(near(try primary(.tripleWindow(windows)).variance, 100_000 + 0.36 * 20_000 + 0.16 * 3000))
    #expect(throws: ScintigraphyError.self) {
      try ScatterCorrection.tripleWindow(windows).primary(main: counts.0, lower: counts.1, upper: nil)
    }
  }

  @Test("WE-2.2: the background is scaled by area and by thickness")
  func background() throws {
    let net = { (k: Double) in
      backgroundSubtracted(Counted(50_000), pixels: 400, background: Counted(12_000), backgroundPixels: 200, k: k)
    }
    #expect(net(try BackgroundScaling.area.factors().front).counts == 26_000)
    let k = try BackgroundScaling.thickness(organ: .centimetres(4), body: .centimetres(22)).factors()
    #expect(near(k.front, 0.8181818181818181) && near(net(k.front).counts, 30_363.636363636364))
    #expect(net(1).variance == 50_000 + 4 * 12_000)
  }

  @Test("The attenuated share is the slab's own integral, sums to one over slabs, and goes over into 1 − x/T")
  func attenuatedShare() throws {
    let mu = AttenuationCoefficient.perCentimetre(0.13)
    func part(_ from: Double, _ to: Double) throws -> (front: Double, back: Double) {
      let k = try BackgroundScaling.attenuated(
        organ: .centimetres(to - from), depth: .centimetres((from + to) / 2), body: .centimetres(22), coefficient: mu
      ).factors()
      return (1 - k.front, 1 - k.back)
    }
    let parts = try [(0.0, 4.0), (4, 15), (15, 22)].map { try part($0.0, $0.1) }
    #expect(near(parts.reduce(0) { $0 + $1.front }, 1) && near(parts.reduce(0) { $0 + $1.back }, 1))
    let expected = (exp(-0.13 * 4) - exp(-0.13 * 15)) / (1 - exp(-0.13 * 22))
    #expect(near(parts[1].front, expected))
    let thin = try BackgroundScaling.attenuated(
      organ: .centimetres(4), depth: .centimetres(7), body: .centimetres(22), coefficient: .perCentimetre(1e-7)
    ).factors()
    #expect(near(thin.front, 1 - 4.0 / 22, 1e-5))
  }

  @Test("WE-2.3: the conjugate view by MIRD 16")
  func conjugateView() throws {
    let mu = AttenuationCoefficient.perCentimetre(0.12)
    let attenuation = try Attenuation.thickness(coefficient: mu, body: .centimetres(22)).factor()
    let f = ConjugateView.selfAttenuation(mu, thickness: .centimetres(4))
    #expect(near(attenuation, 3.7434213772608618) && near(f, 0.9904641224863296))
    let activity = ConjugateView.activity(
      anterior: .countsPerSecond(520), posterior: .countsPerSecond(310), attenuation: attenuation, selfAttenuation: f,
      sensitivity: .countsPerSecondPerMegabecquerel(9))
    #expect(near(activity.megabecquerels, 165.40455840128834))
  }

  @Test("WE-2.4: probe normalisation, its decay-corrected retention, and what is refused")
  func probe() throws {
    func reading(_ hours: Double, _ rate: Double) -> ProbeReadings.Reading {
      .init(
        time: .hours(hours), front: .countsPerSecond(rate * 2 + 20), back: .countsPerSecond(rate / 2 + 20),
        background: .countsPerSecond(20), duration: .minutes(1))
    }
    let probe = try ProbeReadings(
      [reading(0, 5000), reading(24, 1900)], distance: .centimetres(200), firstIsBeforeVoiding: true)
    let retention = try probe.retention(at: .hours(24)).value
    #expect(near(retention, 0.38))
    #expect(near(200 * retention * 24_000 / 400_000, 4.56))
    #expect(
      near(
        ProbeReadings.biological(retention, at: .hours(24), decay: .perHour(log(2) / 159.528)), 0.4217661252868236, 1e-4
      ))
    #expect(try probe.retention(at: .zero).relativeUncertainty == 0)
    let codes: [(String, () throws -> ProbeReadings)] = [
      (
        "retention-rises",
        {
          try ProbeReadings(
            [reading(0, 5000), reading(1, 5200)], distance: .centimetres(200), firstIsBeforeVoiding: true)
        }
      ),
      (
        "probe-distance",
        {
          try ProbeReadings([reading(0, 5000)], distance: .centimetres(100), firstIsBeforeVoiding: true)
        }
      ),
      (
        "probe-before-administration",
        {
          try ProbeReadings(
            [reading(-0.5, 5000), reading(24, 1900)], distance: .centimetres(200), firstIsBeforeVoiding: true)
        }
      ),
      ("probe-times", { try ProbeReadings([], distance: .centimetres(200), firstIsBeforeVoiding: true) }),
      (
        "probe-reading",
        {
          try ProbeReadings([reading(0, 0)], distance: .centimetres(200), firstIsBeforeVoiding: true)
        }
      ),
    ]
    for (code, make) in codes { #expect(#expect(throws: ScintigraphyError.self) { try make() }?.code == code) }
    let late = try ProbeReadings([reading(0, 5000)], distance: .centimetres(200), firstIsBeforeVoiding: false)
    #expect(late.findings.map(\.code) == ["first-reading-after-voiding"])
    #expect(throws: ScintigraphyError.self) { try late.retention(at: .hours(24)) }
  }

  @Test("WE-2.5: dead time of both kinds, inverted exactly, and refused above 20 % loss")
  func deadTime() throws {
    let observed = CountRate.countsPerSecond(100_000)
    let tau = Time.seconds(1e-6)
    #expect(near(try DeadTime(.nonParalysable, time: tau).trueRate(observed: observed).base, 111_111.11111111111))
    let paralysable = try DeadTime(time: tau)
    #expect(paralysable.model == .paralysable)
    #expect(near(try paralysable.trueRate(observed: observed).base, 111_832.55915896295))
    for n in stride(from: 1000.0, through: 220_000, by: 7300) {
      let found = try paralysable.trueRate(observed: .countsPerSecond(n * exp(-n * 1e-6))).base
      #expect(near(found, n, 1e-10))
    }
    for rate in [185_000.0, 367_879.5, 1e7] {
      let error = #expect(throws: ScintigraphyError.self) { try paralysable.trueRate(observed: .countsPerSecond(rate)) }
      #expect(error?.code == "dead-time-loss")
    }
    #expect(throws: ScintigraphyError.self) {
      try DeadTime(.nonParalysable, time: tau).trueRate(observed: .countsPerSecond(210_000))
    }
  }

  @Test("WE-2.6: a row's time on a moving bed, from either end")
  func bed() throws {
    let bed = try BedMotion(speed: .centimetresPerMinute(12))
    #expect(near(bed.time(at: .centimetres(96)).minutes, 8) && near(bed.time(at: .centimetres(195)).minutes, 16.25))
    #expect(near(exp(log(2) / (159.528 * 60) * 8), 1.0005794995239277, 1e-6))
    let back = try BedMotion(speed: .centimetresPerMinute(12), beginsAtFeet: true)
    let forward = bed.time(atRow: 100, rows: 640, height: .millimetres(2.4))
    #expect(near((forward + back.time(atRow: 100, rows: 640, height: .millimetres(2.4))).minutes, 639 * 0.24 / 12))
  }

  @Test("A drawn region's coverage has the polygon's area and cuts holes")
  func coverage() throws {
    let circle = try PlanarRegion(centre: SIMD2(20.3, 18.7), semiaxes: SIMD2(9, 6))
    #expect(near(try circle.coverage(columns: 50, rows: 40).pixels, .pi * 54, 2e-3))
    let box = try PlanarRegion(columns: 3...6, rows: 2...4).coverage(columns: 10, rows: 10)
    #expect(
      near(box.pixels, 12) && near(box.middleRow, 3) && box.fractions.allSatisfy { $0 == 0 || near(Double($0), 1) })
    let ring = try PlanarRegion(polygons: [
      [SIMD2(0, 0), SIMD2(8, 0), SIMD2(8, 8), SIMD2(0, 8)], [SIMD2(2, 2), SIMD2(6, 2), SIMD2(6, 6), SIMD2(2, 6)],
    ])
    #expect(near(try ring.coverage(columns: 20, rows: 20).pixels, 48, 1e-5))
    #expect(throws: ScintigraphyError.self) { try circle.coverage(columns: 25, rows: 40) }
    #expect(throws: ScintigraphyError.self) { try PlanarRegion(polygons: [[.zero, SIMD2(1, 1)]]) }
  }
}
