import Foundation
import Kinetics
import Quantities
import Radionuclides
import Testing

@testable import Dosimetry
@testable import Therapy

func isClose(_ a: Double, _ b: Double, _ relative: Double) -> Bool { abs(a - b) <= relative * abs(b) }

/// An organ with one exponential whose best estimate is a given dose per activity.
func organ(
  _ name: String, grayPerGigabecquerel d: Double, halfLife: Double, calibration: Double = 0.03, own: Double = 0.05
) throws -> OrganDose {
  let decay = RateConstant(halfLife: .hours(159.528))
  let rate = RateConstant(halfLife: .hours(halfLife)).perHour
  let curve = try TimeActivityCurve(
    region: name,
    points: [1.0, 4, 24, 48, 168].map {
      .init(time: .hours($0), activity: .megabecquerels(5 * exp(-rate * $0)))
    }, physicalDecay: decay)
  let estimate = try curve.analysed(with: .init(weighting: .relative(0.02), fixedModel: .F2))
  let administered = Activity.megabecquerels(200)
  let s = SValue(base: d * 1e-9 * administered.base / estimate.timeIntegratedActivity.value.base)
  return try OrganDose(
    region: .init(name: name, mass: .grams(300), shape: .organ), curves: [estimate],
    sValue: .init(electron: s, photon: .zero, relativeUncertainty: 0.01, set: "test", source: .init("test")),
    administered: administered,
    components: [.init("calibration", calibration, isShared: true), .init("volume", own)], isUnverified: false)
}

@Suite("Prescription")
struct PrescriptionTests {
  func limits(kidneys: Double = 1.44, marrow: Double = 0.42, halfLife: Double = 92) throws -> [DoseLimit] {
    [
      try DoseLimit(
        name: "Kidneys", limit: .grays(23), reading: .total,
        organ: organ("kidneys", grayPerGigabecquerel: kidneys, halfLife: 41)),
      try DoseLimit(
        name: "Marrow after day 0", limit: .grays(1), reading: .afterGraft,
        organ: organ("marrow", grayPerGigabecquerel: marrow, halfLife: halfLife)),
    ]
  }

  @Test(
    "WE-7.1: Table 2 of Braitsch 2025 by the kidney limit",
    arguments: [
      (1.59, 0.42, 14.465408805031446, 29.93398983257251), (1.44, 0.57, 15.972222222222223, 22.056624087158692),
      (1.73, 0.47, 13.294797687861271, 26.74952282910735), (1.18, 0.44, 19.491525423728813, nil),
      (0.73, 0.11, 31.506849315068493, nil), (1.30, 0.16, 17.692307692307693, nil),
      (2.97, 0.01, 7.744107744107744, nil),
    ])
  func tableTwo(kidneys: Double, marrow: Double, expected: Double, marrowLimited: Double?) throws {
    let p = try Prescription(
      limits: limits(kidneys: kidneys, marrow: marrow), graft: .days(14), acceptedRisk: nil, seed: 1)
    #expect(isClose(p.outcomes[0].bestEstimate.gigabecquerels, expected, 1e-9))
    #expect(isClose(p.bestEstimate.gigabecquerels, expected, 1e-9))
    #expect(p.activity.gigabecquerels <= expected && expected - p.activity.gigabecquerels < 0.01)
    if let marrowLimited {
      #expect(isClose(p.outcomes[1].bestEstimate.gigabecquerels, marrowLimited, 1e-6))
    }
  }

  @Test("WE-7.3: the log-normal rule")
  func logNormal() throws {
    let d = try LogNormalDose(median: .graysPerGigabecquerel(1.44), coefficientOfVariation: 0.2)
    #expect(isClose(d.logDeviation, 0.1980422004353651, 1e-9))
    #expect(isClose(d.activity(within: .grays(23), risk: 0.5).gigabecquerels, 15.972222222222223, 1e-9))
    #expect(isClose(d.activity(within: .grays(23), risk: 0.05).gigabecquerels, 11.531710445373236, 1e-6))
    #expect(isClose(d.probability(of: .gigabecquerels(14.4), exceeding: .grays(23)), 0.30040486324342897, 1e-6))
  }

  @Test("The joint draws agree with the log-normal rule where it applies")
  func jointAgainstClosedForm() throws {
    let only = [try limits()[0]]
    let p = try Prescription(limits: only, graft: .days(14), acceptedRisk: 0.05, seed: 7)
    let cv = try #require(only[0].organ.perActivity.relativeUncertainty)
    let closed = try LogNormalDose(median: .graysPerGigabecquerel(1.44), coefficientOfVariation: cv)
      .activity(within: .grays(23), risk: 0.05)
    #expect(isClose(p.activity.gigabecquerels, closed.gigabecquerels, 0.01))
    #expect(abs(p.outcomes[0].probabilityOfExceeding - 0.05) < 0.003)
  }

  @Test("WE-7.4: the amino-acid factor", arguments: [(1.0, 15.972222), (0.80, 19.965278), (0.64, 24.956597)])
  func conversion(factor: Double, expected: Double) throws {
    let limit = try DoseLimit(
      name: "Kidneys", limit: .grays(23), reading: .total, conversionFactor: factor,
      organ: organ("kidneys", grayPerGigabecquerel: 1.44, halfLife: 41))
    let p = try Prescription(limits: [limit], graft: .days(14), acceptedRisk: nil, seed: 1)
    #expect(isClose(p.bestEstimate.gigabecquerels, expected, 1e-6))
  }

  /// WE-7.6: days for a marrow dose of 0.42 Gy/GBq by activity and half-life.
  static let grid: [(Double, Double, Double, Double)] = zip(
    [6.0, 8, 10, 12, 14, 16],
    [
      [2.67, 4.0, 5.11, 6.78, 8.86], [3.5, 5.25, 6.7, 8.89, 11.62], [4.14, 6.21, 7.94, 10.52, 13.76],
      [4.67, 7.0, 8.94, 11.86, 15.51], [5.11, 7.67, 9.8, 12.99, 16.99], [5.5, 8.25, 10.54, 13.97, 18.27],
    ]
  ).flatMap { activity, days in zip([48, 72, 92, 122, 159.528], days).map { (activity, 0.42, $0, $1) } }

  @Test(
    "WE-7.5 and 7.6: the earliest day of the graft",
    arguments: [
      (12.4, 0.42, 48.0, 4.761458897007097), (12.4, 0.42, 92, 9.126129552596936), (12.4, 0.42, 122, 12.102041363226371),
      (12.4, 0.42, 159.52800000000002, 15.82470864420309),
      (6.133333333333334, 1.06, 49.50079147089662, 5.570356291786535),
    ] + Self.grid)
  func earliest(activity: Double, dose: Double, halfLife: Double, days: Double) throws {
    let rate = RateConstant(halfLife: .hours(halfLife))
    let course = ExponentialSum([.init(amplitude: .megabecquerels(1), rate: rate)])
    let day = try #require(
      GraftTiming.earliest(limit: .grays(1)) { .grays(activity * dose * course.share(after: $0)) })
    #expect(abs(day.days - days) < (days.description.count > 6 ? 1e-6 : 0.005))
  }

  @Test("WE-6.7: what remains of 5.04 Gy after 14 days, and its rate")
  func residual() throws {
    let limit = try DoseLimit(
      name: "Marrow", limit: .grays(1), reading: .afterGraft,
      organ: organ("marrow", grayPerGigabecquerel: 5.04 / 12, halfLife: 92))
    #expect(isClose(limit.perActivity(graft: .days(14)).graysPerGigabecquerel * 12, 0.40088207643280027, 1e-6))
    let rate = limit.organ.course.value(at: .days(14)).base * limit.organ.sValue.total.base * 12e9
    #expect(isClose(AbsorbedDoseRate.graysPerSecond(rate).milligraysPerHour, 3.0203291414827387, 1e-6))
  }

  @Test("WE-7.7: limits on the biologically effective dose")
  func biological() throws {
    let kidneys = BiologicalEffect.kidneys
    let g = kidneys.leaCatchesideFactor(
      of: ExponentialSum([.init(amplitude: .megabecquerels(1), rate: RateConstant(halfLife: .hours(41)))]))
    for (bed, activity) in [(28.0, 13.112942697596306), (40, 17.060440643837783), (40 - 18, 10.90164508461527)] {
      #expect(isClose(kidneys.dose(for: .grays(bed), factor: g).grays / 1.44, activity, 1e-9))
    }
    // SCIENCE 16, A11: with 10 Gy of total-body irradiation 10 Gy of BED 28 are left.
    #expect(isClose(kidneys.dose(for: .grays(10), factor: g).grays, 8.2567, 1e-4))
  }

  @Test("The readings of 1 Gy to the marrow")
  func readings() throws {
    let marrow = try organ("marrow", grayPerGigabecquerel: 0.42, halfLife: 92)
    func dose(_ reading: LimitReading) throws -> Double {
      try DoseLimit(name: "Marrow", limit: .grays(1), reading: reading, organ: marrow)
        .perActivity(graft: .days(14)).graysPerGigabecquerel
    }
    #expect(isClose(try dose(.total), 0.42, 1e-9))
    #expect(isClose(try dose(.afterGraft) + dose(.untilGraft), 0.42, 1e-9))
    #expect(isClose(try dose(.afterGraft) / 0.42, exp2(-14 * 24 / 92.0), 1e-6))
    #expect(try dose(.dayOfGraft) < dose(.afterGraft))
  }

  @Test("A higher limit, a smaller dose or a later graft never lowers the activity")
  func monotone() throws {
    func activity(_ limit: Double, kidneys: Double = 1.44, day: Double = 14) throws -> Activity {
      let all = try limits(kidneys: kidneys, marrow: 2.2)
      let first = try DoseLimit(name: "Kidneys", limit: .grays(limit), reading: .total, organ: all[0].organ)
      return try Prescription(limits: [first, all[1]], graft: .days(day), acceptedRisk: 0.05, seed: 3).activity
    }
    #expect(try activity(18) <= activity(23))
    #expect(try activity(23) <= activity(28))
    #expect(try activity(23, kidneys: 1.6) <= activity(23))
    #expect(try activity(23, day: 10) <= activity(23, day: 14))
    #expect(try activity(23, day: 14) <= activity(23, day: 21))
  }

  @Test("Less accepted risk, less activity; the best estimate has even odds")
  func risk() throws {
    let all = try limits()
    let five = try Prescription(limits: all, graft: .days(14), acceptedRisk: 0.05, seed: 3)
    let one = try Prescription(limits: all, graft: .days(14), acceptedRisk: 0.01, seed: 3)
    let best = try Prescription(limits: all, graft: .days(14), acceptedRisk: nil, seed: 3)
    #expect(one.activity < five.activity && five.activity < best.activity)
    #expect(abs(best.outcomes[0].probabilityOfExceeding - 0.5) < 0.02)
    #expect(five.governing.limit.name == "Kidneys")
    #expect(five.probabilityOfExceedingAny(at: five.activity) <= 0.05)
  }

  @Test("The marrow governs where it must, and a cap where it is lowest")
  func governing() throws {
    let heavy = try Prescription(limits: limits(marrow: 2.2), graft: .days(10), acceptedRisk: 0.05, seed: 3)
    #expect(heavy.governing.limit.name == "Marrow after day 0")
    let capped = try Prescription(
      limits: limits(), graft: .days(14), acceptedRisk: 0.05, cap: .gigabecquerels(7.4), seed: 3)
    #expect(capped.isCapped)
    #expect(capped.activity.gigabecquerels == 7.4)
    // Below both ends of every input's interval the cap alone decides; between them it cuts the bar.
    let free = try Prescription(limits: limits(), graft: .days(14), acceptedRisk: 0.05, seed: 3)
    let low = try #require(free.sensitivities().map(\.least).min())
    func bars(_ cap: Activity) throws -> [Sensitivity] {
      try Prescription(limits: limits(), graft: .days(14), acceptedRisk: 0.05, cap: cap, seed: 3).sensitivities()
    }
    #expect(try bars(low * 0.9).isEmpty)
    let between = low + (free.activity - low) * 0.5
    #expect(try bars(between).first?.most == between.roundedDown)
    #expect(try bars(between).first?.least == free.sensitivities().first?.least)
  }

  @Test(
    "A limit never rounds up",
    arguments: [(13.7785, 13.77), (13.77, 13.77), (0.07, 0.07), (7.749999, 7.74), (15.97, 15.97)])
  func roundsDown(exact: Double, shown: Double) {
    #expect(abs(Activity.gigabecquerels(exact).roundedDown.gigabecquerels - shown) < 1e-9)
  }

  @Test("The same seed gives the same answer, another almost the same")
  func seeds() throws {
    let a = try Prescription(limits: limits(), graft: .days(14), acceptedRisk: 0.05, seed: 3)
    let b = try Prescription(limits: limits(), graft: .days(14), acceptedRisk: 0.05, seed: 3)
    let c = try Prescription(limits: limits(), graft: .days(14), acceptedRisk: 0.05, seed: 4)
    #expect(a.activity == b.activity)
    #expect(isClose(a.activity.base, c.activity.base, 0.01))
  }

  @Test("The interval of the earliest day holds the best estimate and grows with the activity")
  func interval() throws {
    let marrow = try limits()[1]
    let low = try #require(try GraftTiming.earliest(for: marrow, at: .gigabecquerels(8), seed: 1))
    let high = try #require(try GraftTiming.earliest(for: marrow, at: .gigabecquerels(14), seed: 1))
    #expect(low.interval.contains(low.best) && high.interval.contains(high.best))
    #expect(low.best < high.best)
  }

  @Test("What cannot be prescribed is refused")
  func refusals() throws {
    let all = try limits()
    #expect(throws: TherapyError.self) { try Prescription(limits: [], graft: .days(14), acceptedRisk: 0.05, seed: 1) }
    #expect(throws: TherapyError.self) { try Prescription(limits: all, graft: .zero, acceptedRisk: 0.05, seed: 1) }
    #expect(throws: TherapyError.self) { try Prescription(limits: all, graft: .days(14), acceptedRisk: 0, seed: 1) }
    #expect(throws: TherapyError.self) { try Prescription(limits: all, graft: .days(14), acceptedRisk: .nan, seed: 1) }
    #expect(throws: TherapyError.self) {
      try DoseLimit(name: "Kidneys", limit: .grays(23), reading: .total, priorDose: .grays(23), organ: all[0].organ)
    }
    #expect(throws: TherapyError.self) {
      try DoseLimit(name: "Kidneys", limit: .grays(23), reading: .total, conversionFactor: 0, organ: all[0].organ)
    }
  }
}
