import Foundation
import Kinetics
import Provenance
import Quantities
import Radionuclides
import Testing

@testable import Dosimetry
@testable import Therapy

@Suite("Limits on biologically effective dose, what-if, labels")
struct DecisionTests {
  func kidneys(_ d: Double = 1.44, halfLife: Double = 41) throws -> OrganDose {
    try organ("Kidneys", grayPerGigabecquerel: d, halfLife: halfLife)
  }

  func marrow(_ d: Double = 0.42, halfLife: Double = 92) throws -> OrganDose {
    try organ("Marrow", grayPerGigabecquerel: d, halfLife: halfLife)
  }

  func both(_ d: Double = 1.44, marrow m: Double = 1.4) throws -> [DoseLimit] {
    [
      try DoseLimit(name: "Kidneys", limit: .grays(23), reading: .total, organ: kidneys(d)),
      try DoseLimit(name: "Marrow after day 0", limit: .grays(1), reading: .afterGraft, organ: marrow(m)),
    ]
  }

  @Test(
    "WE-7.7 and SCIENCE 16, A11: activities within BED 28, 40 and what irradiation leaves",
    arguments: [
      (28.0, 0.0, 13.112942697596306), (40, 0, 17.060440643837783), (40, 18, 10.90164508461527), (28, 18, 5.7338),
    ])
  func biological(limit: Double, counted: Double, expected: Double) throws {
    let bed = try DoseLimit(
      name: "Kidneys, BED", limit: .grays(limit), counted: .grays(counted), effect: .kidneys, organ: kidneys())
    let p = try Prescription(limits: [bed], graft: .days(14), acceptedRisk: nil, seed: 1)
    #expect(isClose(p.bestEstimate.gigabecquerels, expected, 1e-4))
    #expect(p.activity <= p.bestEstimate)
    let dose = bed.perActivity(graft: .days(14)) * p.bestEstimate
    #expect(isClose(bed.biologicallyEffectiveDose(of: dose, .kidneys).grays, limit - counted, 1e-6))
  }

  @Test("A BED limit keeps its risk over the draws, and a used-up one is refused")
  func biologicalRisk() throws {
    let bed = try DoseLimit(name: "BED", limit: .grays(28), effect: .kidneys, organ: kidneys())
    let p = try Prescription(limits: [bed], graft: .days(14), acceptedRisk: 0.05, seed: 3)
    #expect(p.outcomes[0].probabilityOfExceeding <= 0.05 && p.outcomes[0].probabilityOfExceeding > 0.045)
    #expect(p.activity < p.bestEstimate)
    #expect(throws: TherapyError.self) {
      try DoseLimit(name: "BED", limit: .grays(28), counted: .grays(28), effect: .kidneys, organ: kidneys())
    }
  }

  @Test("The governing limit alone allows at least as much as both together, and no limit exceeds its own risk")
  func combination() throws {
    // Marrow and kidneys about equally close.
    let limits = try both(1.44, marrow: 1.05)
    let all = try Prescription(limits: limits, graft: .days(14), acceptedRisk: 0.05, seed: 3)
    let one = try Prescription(limits: limits, graft: .days(14), acceptedRisk: 0.05, combination: .governing, seed: 3)
    #expect(one.activity >= all.activity)
    #expect(one.outcomes.allSatisfy { $0.probabilityOfExceeding <= 0.05 })
    #expect(all.probabilityOfExceedingAny(at: all.activity) <= 0.05)
  }

  @Test("A what-if with the prescription's own choice gives the prescription's own numbers")
  func whatIf() throws {
    let p = try Prescription(limits: both(), graft: .days(14), acceptedRisk: 0.05, seed: 3)
    let slider = WhatIf(p)
    let same = try slider.answer(.init(graft: .days(14), acceptedRisk: 0.05))
    #expect(same.largest == p.activity)
    #expect(same.probabilityOfExceedingAny == p.probabilityOfExceedingAny(at: p.activity))
    for (gauge, outcome) in zip(same.gauges, p.outcomes) {
      #expect(gauge.limit == outcome.limit.name && gauge.probabilityOfExceeding == outcome.probabilityOfExceeding)
      #expect(isClose(gauge.dose.grays, outcome.dose.value.grays, 1e-12))
    }
    #expect(same.governing.limit == p.governing.limit.name)
    let day = try #require(same.earliestGraft)
    let best = try #require(try GraftTiming.earliest(for: p.outcomes[1].limit, at: p.activity, seed: 1)).best
    #expect(isClose(day.days, best.days, 1e-9))
  }

  @Test("Later graft, higher risk or a smaller factor never allows less")
  func whatIfMonotone() throws {
    let slider = WhatIf(try Prescription(limits: both(), graft: .days(14), acceptedRisk: 0.05, seed: 3))
    func largest(_ days: Double = 14, _ risk: Double = 0.05, _ factor: Double = 1) throws -> Activity {
      try slider.answer(
        .init(graft: .days(days), acceptedRisk: risk, conversionFactors: ["Kidneys": factor])
      ).largest
    }
    var last = Activity.zero
    for day in 5...21 {
      #expect(try largest(Double(day)) >= last)
      last = try largest(Double(day))
    }
    #expect(try largest(14, 0.01) < largest(14, 0.05) && largest(14, 0.05) < largest(14, 0.2))
    #expect(try largest(20, 0.05, 0.64) >= largest(20, 0.05, 0.8) && largest(20, 0.05, 0.8) >= largest(20, 0.05, 1))
    let only = try slider.answer(.init(graft: .days(14), acceptedRisk: 0.05, leftOut: ["Marrow after day 0"]))
    #expect(only.gauges.count == 1 && only.earliestGraft == nil)
    #expect(throws: TherapyError.self) {
      try slider.answer(.init(graft: .days(14), acceptedRisk: 0.05, leftOut: ["Kidneys", "Marrow after day 0"]))
    }
    #expect(throws: TherapyError.self) { try slider.answer(.init(graft: .zero, acceptedRisk: 0.05)) }
    #expect(throws: TherapyError.self) { try slider.answer(.init(graft: .days(1), acceptedRisk: .nan)) }
  }

  @Test("The quantile without sorting is the sample's", arguments: [0.0, 0.01, 0.05, 0.5, 0.777, 1])
  func selection(p: Double) {
    var state: UInt64 = 4
    let values = (0..<999).map { _ -> Double in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 50)
    }
    let sorted = values.sorted()
    let position = p * 998
    let below = Int(position)
    let expected = sorted[below] + (position - Double(below)) * (sorted[min(below + 1, 998)] - sorted[below])
    #expect(quantile(values, p) == expected)
    #expect(quantile([3, 3, 3, 3], p) == 3 && quantile([7], p) == 7)
  }

  @Test("A multiplicative input of u moves the activity of one limit by exp(± 1.96 σ)")
  func sensitivity() throws {
    let one = try DoseLimit(name: "Kidneys", limit: .grays(23), reading: .total, organ: kidneys())
    let p = try Prescription(limits: [one], graft: .days(14), acceptedRisk: 0.05, seed: 3)
    let rows = p.sensitivities()
    let volume = try #require(rows.first { $0.input == "volume of Kidneys" })
    let factor = exp(1.959963985 * log(1 + 0.05 * 0.05).squareRoot())
    #expect(isClose(volume.most / p.activity, factor, 2e-3) && isClose(volume.least / p.activity, 1 / factor, 2e-3))
    #expect(rows.contains { $0.input == "calibration" } && rows.contains { $0.input == "fit of Kidneys" })
    for (a, b) in zip(rows, rows.dropFirst()) { #expect(a.most - a.least >= b.most - b.least) }
    #expect(rows.allSatisfy { $0.least <= p.activity && $0.most >= p.activity })
  }

  @Test("The label that was measured is the prescription itself; others decay as they must")
  func labels() throws {
    let table = try NuclideTable.icrp107()
    let lutetium = try table.nuclide("Lu-177")
    func option(_ name: String) throws -> LabelOption {
      try LabelOption(
        try table.nuclide(name), measured: lutetium, limits: try shaped(), others: [], graft: .days(14),
        acceptedRisk: 0.05,
        combination: .all, cap: nil, seed: 3, set: SelfDoseSet())
    }
    let own = try option("Lu-177")
    let p = try Prescription(limits: try shaped(), graft: .days(14), acceptedRisk: 0.05, seed: 3)
    #expect(own.prescription.activity == p.activity)
    let yttrium = try option("Y-90")
    #expect(isClose(yttrium.doses[0].lateHalfLife.hours, 29.653901127298763, 1e-3))
    #expect(isClose(yttrium.doses[1].lateHalfLife.hours, 49.50079147089662, 1e-3))
    // WE-6.6 with φ: the kidneys' dose of ⁹⁰Y is 4.56 · 0.952/1.015 times that of ¹⁷⁷Lu for one exponential.
    let ratio = yttrium.doses[0].perActivity.value / own.doses[0].perActivity.value
    #expect(isClose(ratio, 4.562372952094445 * 0.951894811802603 / 1.0150194849735545, 0.02))
    let (y, lu) = (try #require(yttrium.earliestGraft), try #require(own.earliestGraft))
    #expect(y.best < lu.best)
    let actinium = try option("Ac-225")
    #expect(actinium.prescription.activity < .megabecquerels(100))
    #expect(actinium.doses[0].alphaShare > 0.9)
    #expect(
      isClose(
        actinium.doses[0].weightedPerActivity / actinium.doses[0].perActivity.value,
        1 + 4 * actinium.doses[0].alphaShare, 1e-12))
  }

  /// Kidneys and marrow whose S values are those of the set, so that other nuclides' compare.
  private func shaped() throws -> [DoseLimit] {
    let lutetium = try NuclideTable.icrp107().nuclide("Lu-177")
    func shaped(_ base: OrganDose, _ region: DoseRegion) throws -> OrganDose {
      let s = try #require(try SelfDoseSet().sValue(lutetium, target: region, source: region))
      let scale = base.sValue.total / s.total
      return try OrganDose(
        region: region, curves: base.curves, scale: scale, sValue: s, administered: base.administered,
        components: [.init("calibration", 0.03, isShared: true)], isUnverified: false)
    }
    let k = try shaped(kidneys(), DoseRegion(name: "Kidneys", mass: .grams(310), pieces: 2, shape: .organ))
    let m = try shaped(marrow(), DoseRegion(name: "Marrow", mass: .grams(1170), shape: .redMarrow))
    return [
      try DoseLimit(name: "Kidneys", limit: .grays(23), reading: .total, organ: k),
      try DoseLimit(name: "Marrow after day 0", limit: .grays(1), reading: .afterGraft, organ: m),
    ]
  }

  @Test("No point of the front is beaten by another, and every other point is")
  func pareto() throws {
    let table = try NuclideTable.icrp107()
    let lutetium = try table.nuclide("Lu-177")
    let options = try ["Lu-177", "Y-90", "Tb-161"].map {
      try LabelOption(
        try table.nuclide($0), measured: lutetium, limits: try shaped(), others: [], graft: .days(14),
        acceptedRisk: 0.05,
        combination: .all, cap: nil, seed: 3, set: SelfDoseSet())
    }
    let points = LabelOption.pareto(options)
    #expect(points.count == 72 && points.contains { $0.isOnFront } && points.contains { !$0.isOnFront })
    func beats(_ a: ParetoPoint, _ b: ParetoPoint) -> Bool {
      a.marrow >= b.marrow && a.kidneys <= b.kidneys && a.wait <= b.wait
        && (a.marrow, a.kidneys, a.wait) != (b.marrow, b.kidneys, b.wait)
    }
    for point in points { #expect(point.isOnFront == !points.contains { beats($0, point) }) }
  }

  @Test("WE-6.4: total-body irradiation of 4 × 2 and 5 × 2 Gy; a radionuclide has its own factor")
  func otherIrradiation() throws {
    func beam(_ n: Int) throws -> OtherIrradiation {
      try OtherIrradiation(
        name: "TBI", kind: .totalBody, date: nil, fractions: n, fractionDose: .grays(2), effectiveHalfLife: nil,
        shares: ["kidneys": 1], counting: .biological)
    }
    #expect(isClose(try beam(4).biologicallyEffectiveDose(of: "kidneys", .kidneys).grays, 14.4, 1e-12))
    #expect(isClose(try beam(5).biologicallyEffectiveDose(of: "kidneys", .kidneys).grays, 18, 1e-12))
    #expect(try beam(5).dose(of: "kidneys").grays == 10 && beam(5).dose(of: "liver") == .zero)
    let cycle = try OtherIrradiation(
      name: "cycle", kind: .radionuclide, date: nil, fractions: 1, fractionDose: .grays(23),
      effectiveHalfLife: .hours(41),
      shares: ["kidneys": 1], counting: .both)
    #expect(isClose(cycle.biologicallyEffectiveDose(of: "kidneys", .kidneys).grays, 36.526940639269405, 1e-9))
    #expect(throws: TherapyError.self) {
      try OtherIrradiation(
        name: "cycle", kind: .radionuclide, date: nil, fractions: 1, fractionDose: .grays(23), effectiveHalfLife: nil,
        shares: ["kidneys": 1], counting: .both)
    }
    #expect(throws: TherapyError.self) {
      try OtherIrradiation(
        name: "TBI", kind: .totalBody, date: nil, fractions: 0, fractionDose: .grays(2), effectiveHalfLife: nil,
        shares: ["kidneys": 1], counting: .none)
    }
  }

  @Test("The published BED limit is 40 Gy, 28 Gy with risk factors or total-body irradiation")
  func publishedLimit() {
    #expect(KidneyBED.published(hasRiskFactors: false, withTotalBody: false).grays == 40)
    #expect(KidneyBED.published(hasRiskFactors: true, withTotalBody: false).grays == 28)
    #expect(KidneyBED.published(hasRiskFactors: false, withTotalBody: true).grays == 28)
  }

  @Test("WE-11.1: the learned factor of the kidneys, 0.610, with an interval that holds it")
  func learned() throws {
    let learned = try LearnedConversionFactor(before: [1.59, 1.44, 1.18, 1.30], after: [0.87, 1.21, 0.68, 0.68])
    #expect(isClose(learned.factor, 0.6101468424061418, 1e-9))
    #expect(learned.interval.lower < 0.61 && learned.interval.upper > 0.61)
    #expect(learned.prediction.lower < learned.interval.lower && learned.prediction.upper > learned.interval.upper)
    // By hand: t(0.975, 3) = 3.182446 and the SD of the four logarithms.
    let logs = zip([1.59, 1.44, 1.18, 1.30], [0.87, 1.21, 0.68, 0.68]).map { log($1 / $0) }
    let mean = logs.reduce(0, +) / 4
    let deviation = (logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3).squareRoot()
    #expect(isClose(learned.interval.upper, exp(mean + 3.182446305284263 * deviation / 2), 1e-9))
    #expect(throws: (any Error).self) { try LearnedConversionFactor(before: [1], after: [1]) }
    #expect(throws: (any Error).self) { try LearnedConversionFactor(before: [1, 0], after: [1, 1]) }
  }

  @Test(
    "Activities below 0.1 GBq are cut to 0.01 MBq",
    arguments: [(0.0123456, 0.01234), (0.000012, 0.00001), (0.0999999, 0.09999)])
  func roundsDown(exact: Double, shown: Double) {
    #expect(abs(Activity.gigabecquerels(exact).roundedDown.gigabecquerels - shown) < 1e-12)
  }
}

@Suite("Radiation safety around the patient")
struct ContactTests {
  func patient() throws -> PatientDoseRate {
    try PatientDoseRate(
      administered: .gigabecquerels(12.4),
      retention: try WholeBodyRetention(
        [(0.5, 10.0), (0.5, 96)].map { .init(share: $0.0, effectiveHalfLife: .hours($0.1)) }),
      rateOfOneGigabecquerel: .microsievertsPerHour(5.94))
  }

  @Test("After the contact is taken up again, just its limit is received")
  func contact() throws {
    for contact in Contact.atHome {
      let time = try #require(try patient().avoided(contact))
      let rest = try patient().dose(of: contact, from: time)
      #expect(time == .zero ? rest <= contact.limit : isClose(rest.base, contact.limit.base, 1e-6))
    }
  }

  @Test("A stay is the difference of two endless ones, and two halves make a whole")
  func stay() throws {
    let p = try patient()
    let place = Length.centimetres(100)
    let whole = try p.dose(at: place, from: .days(5), lasting: .hours(2))
    let halves =
      try p.dose(at: place, from: .days(5), lasting: .hours(1))
      + p.dose(at: place, from: .days(5) + .hours(1), lasting: .hours(1))
    #expect(isClose(whole.base, halves.base, 1e-9))
    #expect(isClose(whole.base, try 2 * p.rate(at: place, after: .days(5) + .hours(1)).microsievertsPerHour, 1e-3))
  }

  @Test("What has left and what is there decay to what was given")
  func urine() throws {
    let decay = RateConstant(halfLife: .hours(159.528))
    for hours in [0.0, 24, 48, 300] {
      let left = try patient().excreted(until: .hours(hours), decay: decay)
      let held = 12.4 * (try patient().retention.share(at: .hours(hours)))
      #expect(abs(left.gigabecquerels + held - 12.4 * exp2(-hours / 159.528)) < 1e-9)
    }
  }

  @Test("Urine with ¹⁷⁷ᵐLu is stored by the sum rule, longer than ¹⁷⁷Lu alone")
  func sumRule() throws {
    let lutetium = (
      activity: Activity.gigabecquerels(3.7), limit: Activity.megabecquerels(10), halfLife: Time.days(6.647)
    )
    let impurity = (
      activity: Activity.megabecquerels(0.37), limit: Activity.megabecquerels(1), halfLife: Time.days(160.4)
    )
    let alone = try #require(RadiationProtection.storage(of: [lutetium]))
    #expect(isClose(alone.days, 6.647 * log2(370), 1e-9))
    let both = try #require(RadiationProtection.storage(of: [lutetium, impurity]))
    #expect(isClose(370 * exp2(-both.days / 6.647) + 0.37 * exp2(-both.days / 160.4), 1, 1e-9))
    #expect(both > alone)
    #expect(RadiationProtection.storage(of: [impurity]) == .zero)
    #expect(RadiationProtection.storage(of: []) == nil)
  }

  @Test("The German cases: 3.5, 4.345 and 7.22 µSv/h, each with its open question")
  func rules() {
    let rules = DischargeRule.german(physicalHalfLife: .days(6.647))
    #expect(rules.map { ($0.limit.microsievertsPerHour * 1000).rounded() } == [3500, 4345, 7220])
    #expect(rules.allSatisfy { !$0.openQuestion.isEmpty })
    #expect(ExemptionLimit.of("Lu-177")?.becquerelsPerGram == 100 && ExemptionLimit.of("Xe-133") == nil)
  }
}
