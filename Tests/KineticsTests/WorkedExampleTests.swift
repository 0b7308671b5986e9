import Foundation
import Quantities
import Testing

@testable import Kinetics

let lutetium = RateConstant(halfLife: .hours(159.528))

func curve(
  _ times: [Double], _ activities: [Double], region: String = "kidney", decay: RateConstant = lutetium
) throws -> TimeActivityCurve {
  try TimeActivityCurve(
    region: region,
    points: zip(times, activities).map { .init(time: .hours($0), activity: .megabecquerels($1)) },
    physicalDecay: decay)
}

func isClose(_ a: Double, _ b: Double, _ relative: Double) -> Bool { abs(a - b) <= relative * abs(b) }

@Suite("The worked examples of SCIENCE section 5")
struct WorkedExampleTests {
  let sourceTimes = [1.0, 4, 24, 48, 168]

  @Test("WE-5.1: the kidney curve of the source paper integrates to its coefficient")
  func kidneyOfTheSourcePaper() {
    let f = ExponentialSum([
      .init(amplitude: .megabecquerels(0.034267690457118145), rate: .perHour(0.016906028794145007)),
      .init(amplitude: .megabecquerels(-0.034267690457118145), rate: .perHour(0.13040434365344694)),
    ])
    #expect(isClose(f.integral.megabecquerelHours, 1.7641706265160604, 1e-9))
    #expect(isClose(f.share(after: .hours(96)), 0.22669966531659044, 1e-6))
    #expect(isClose(f.value(at: .hours(18)).megabecquerels, 0.022, 1e-6))
    #expect(isClose(f.lateHalfLife!.hours, 41, 1e-9))
  }

  @Test("WE-5.2: five points with uptake, models, criterion, weights and average")
  func uptake() throws {
    let tac = try curve(sourceTimes, [1.3, 3.3, 8.6, 6.1, 0.8])
    let f1 = try CurveFit(.F1, to: tac, weighting: .relative(0.1))
    let f2 = try CurveFit(.F2, to: tac, weighting: .relative(0.1))
    let f3u = try CurveFit(.F3u, to: tac, weighting: .relative(0.1))
    #expect(isClose(f1.parameters[0].value, 1.7846166529884637, 1e-6))
    #expect(isClose(f1.chiSquared, 160.21701292415216, 1e-6))
    #expect(isClose(InformationCriterion.sigmaKnown.value(for: f1)!, 163.5503462574855, 1e-6))
    #expect(isClose(InformationCriterion.sigmaUnknown.value(for: f1)!, 27.335456572949813, 1e-6))
    #expect(isClose(f2.chiSquared, 160.2146888787827, 1e-6))
    #expect(isClose(f2.timeIntegratedActivity.value.megabecquerelHours, 408.48953083788825, 1e-4))
    // The specification prints 84.197 here, which follows from the wrong sign of the covariance of A₁ and λ₁; an
    // independent gᵀVg with V = (JᵀWJ)⁻¹ gives 52.896, with the printed variances and correlation (+0.5995).
    #expect(isClose(f2.timeIntegratedActivity.standardUncertainty!.megabecquerelHours, 52.896066, 1e-4))
    #expect(isClose(InformationCriterion.sigmaUnknown.value(for: f2)!, 47.335384044378, 1e-6))
    #expect(isClose(f3u.chiSquared, 4.210752434136383, 1e-6))
    for (parameter, expected) in zip(f3u.parameters, [14.387977354703725, 0.012855678975371203, 0.0947853689751335]) {
      #expect(isClose(parameter.value, expected, 1e-4))
    }
    for (parameter, cv) in zip(f3u.parameters, [0.13311123694750585, 0.08711029778062973, 0.1453356631438332]) {
      #expect(isClose(parameter.standardUncertainty! / parameter.value, cv, 1e-3))
    }
    #expect(isClose(abs(f3u.largestCorrelation), 0.8867264969462209, 1e-3))
    #expect(isClose(f3u.timeIntegratedActivity.value.megabecquerelHours, 691.3359031869786, 1e-4))
    #expect(isClose(f3u.timeIntegratedActivity.standardUncertainty!.megabecquerelHours, 38.85466281660127, 1e-4))
    #expect(isClose(InformationCriterion.sigmaKnown.value(for: f3u)!, 34.21075243413638, 1e-6))
    #expect(InformationCriterion.sigmaUnknown.value(for: f3u) == nil)

    let estimate = try tac.analysed(with: .init(weighting: .relative(0.1)))
    #expect(estimate.average.best.model == .F3u)
    #expect(isClose(estimate.timeIntegratedActivity.value.megabecquerelHours, 691.3359031869786, 1e-4))
  }

  @Test("WE-5.9: a wash-out curve is averaged over three models")
  func washout() throws {
    let tac = try curve(sourceTimes, [2.10, 2.02, 1.70, 1.45, 0.60])
    let estimate = try tac.analysed(
      with: .init(weighting: .relative(0.07), candidates: [.F1, .F2, .F3p]))
    let expected: [CurveModel: (chi: Double, criterion: Double, tia: Double, u: Double, weight: Double)] = [
      .F1: (43.34459065192844, 46.67792398526178, 386.1231489690878, 12.352772100980825, 1.1861110152827881e-08),
      .F2: (0.1780161467483859, 10.178016146748387, 280.0855431150017, 15.062660784513566, 0.9999530773916685),
      .F3p: (0.11244981317953623, 30.112449813179538, 301.1733348575658, 58.418588874776326, 4.6910747221225924e-05),
    ]
    #expect(estimate.candidates.count == 3)
    for candidate in estimate.candidates {
      let wanted = try #require(expected[candidate.model])
      let fit = try #require(candidate.fit)
      #expect(isClose(fit.chiSquared, wanted.chi, 1e-4))
      #expect(isClose(candidate.criterion!, wanted.criterion, 1e-4))
      #expect(isClose(fit.timeIntegratedActivity.value.megabecquerelHours, wanted.tia, 1e-4))
      #expect(isClose(fit.timeIntegratedActivity.standardUncertainty!.megabecquerelHours, wanted.u, 1e-3))
      #expect(isClose(candidate.weight, wanted.weight, 1e-3))
    }
    #expect(isClose(estimate.timeIntegratedActivity.value.megabecquerelHours, 280.08653361679325, 1e-4))
    #expect(isClose(estimate.timeIntegratedActivity.standardUncertainty!.megabecquerelHours, 15.064868829495579, 1e-4))
    #expect(isClose(estimate.average.best.function.lateHalfLife!.hours, 93.55116116147528, 1e-4))
  }

  @Test("WE-5.3: trapezoids and their tails")
  func trapezoids() throws {
    let tac = try curve(sourceTimes, [1.3, 3.3, 8.6, 6.1, 0.8])
    #expect(isClose(Trapezoid.integral(of: tac, rule: .linear).megabecquerelHours, 716.95, 1e-9))
    #expect(isClose(Trapezoid.integral(of: tac, rule: .linearUpLogDown).megabecquerelHours, 614.3155907970196, 1e-9))
    #expect(isClose(Trapezoid.physicalTail(of: tac).megabecquerelHours, 184.12020358634769, 1e-6))
    #expect(isClose(Trapezoid.lastPairTail(of: tac)!.megabecquerelHours, 47.25729670490086, 1e-9))
    #expect(isClose(Trapezoid.bound(of: tac).megabecquerelHours, 901.0702035863476, 1e-6))
  }

  @Test(
    "WE-5.4: the error of Hänscheid's rule",
    arguments: [
      (0.75, 0.8919053362520408), (1, 1), (1.4426950408889634, 1.061475690846086), (2, 1), (2.5, 0.8838834764831844),
    ])
  func haenscheid(x: Double, factor: Double) {
    #expect(isClose(SingleTimePoint.haenscheidRatio(at: .hours(x * 41), halfLife: .hours(41)), factor, 1e-9))
    let truth = ExponentialSum([.init(amplitude: .megabecquerels(3), rate: RateConstant(halfLife: .hours(41)))])
    let estimate = SingleTimePoint.haenscheid(activity: truth.value(at: .hours(x * 41)), at: .hours(x * 41))
    #expect(isClose(estimate / truth.integral, factor, 1e-9))
  }

  @Test(
    "WE-5.5: Madsen's rule with a population half-life of 41 h",
    arguments: [
      (24.0, 1.160324233855433, 0.870492806491545), (48, 1.0179737111667833, 0.9425766837519475),
      (59, 0.9587019540838085, 0.9775811064395628), (72, 0.8930869893007719, 1.020629691741684),
      (96, 0.7835215798884605, 1.1051461229852135),
    ])
  func madsen(t: Double, at31: Double, at51: Double) {
    for (half, expected) in [(31.0, at31), (51, at51)] {
      let truth = ExponentialSum([.init(amplitude: .megabecquerels(1), rate: RateConstant(halfLife: .hours(half)))])
      let estimate = SingleTimePoint.madsen(
        activity: truth.value(at: .hours(t)), at: .hours(t), rate: RateConstant(halfLife: .hours(41)))
      #expect(isClose(estimate / truth.integral, expected, 1e-6))
    }
  }

  @Test("WE-5.6: the population's kidney half-life pulls two points towards it")
  func prior() throws {
    let prior = PopulationPrior.kidney
    #expect(isClose(prior.median.hours, 39.832333890108316, 1e-9))
    #expect(isClose(prior.logDeviation, 0.24038749942758253, 1e-9))
    #expect(isClose(prior.interval.lowerBound.hours, 24.86666488357994, 1e-6))
    #expect(isClose(prior.interval.upperBound.hours, 63.80489022397016, 1e-6))
    let tac = try curve([24, 72], [8.2, 4.4])
    let free = try tac.analysed(with: .init(weighting: .relative(0.1)))
    #expect(isClose(free.lateHalfLife.hours, 53.4449509767913, 1e-4))
    #expect(isClose(free.timeIntegratedActivity.value.megabecquerelHours, 863.1289080853487, 1e-4))
    #expect(free.findings.contains { $0.code == "saturated" })
    let held = try tac.analysed(with: .init(weighting: .relative(0.1), prior: prior))
    #expect(isClose(held.lateHalfLife.hours, 47.14683605121157, 1e-4))
    #expect(isClose(held.average.best.parameters[0].value, 12.133497137604538, 1e-4))
    #expect(isClose(held.timeIntegratedActivity.value.megabecquerelHours, 825.3023547067764, 1e-4))
    #expect(held.findings.contains { $0.code == "population-prior" })
  }

  @Test("WE-5.7: constants of the population")
  func population() {
    #expect(isClose((RateConstant(halfLife: .hours(41)) - lutetium).halfLife.hours, 55.18230291576673, 1e-6))
    #expect(isClose(log(PopulationPrior.tumour.median.hours), 4.770753386302722, 1e-9))
    #expect(isClose(PopulationPrior.tumour.logDeviation, 0.25794440653184986, 1e-9))
    #expect(isClose(PopulationPrior.tumour.probability(above: .hours(159.528)), 0.12125722886194823, 1e-6))
    let wholeBody = ExponentialSum([
      .init(amplitude: .megabecquerels(0.5), rate: RateConstant(halfLife: .hours(10))),
      .init(amplitude: .megabecquerels(0.5), rate: RateConstant(halfLife: .hours(96))),
    ])
    #expect(isClose(wholeBody.integral.megabecquerelHours, 76.46283716711507, 1e-9))
    for (t, retention) in [(24.0, 0.5151804930337571), (48, 0.37150180239010244), (96, 0.2506442909720571)] {
      #expect(isClose(wholeBody.value(at: .hours(t)).megabecquerels, retention, 1e-9))
    }
  }

  @Test("WE-5.10: extrapolating back from the maximum of an uptake curve gives its integral", arguments: 1...40)
  func backExtrapolation(seed: Int) {
    var stream = SystemStream(seed: UInt64(seed))
    let slow = 0.005 + 0.05 * stream.uniform()
    let fast = slow * (1.5 + 20 * stream.uniform())
    let peak = log(fast / slow) / (fast - slow)
    let f = ExponentialSum([
      .init(amplitude: .megabecquerels(1), rate: .perHour(slow)),
      .init(amplitude: .megabecquerels(-1), rate: .perHour(fast)),
    ])
    let back = f.value(at: .hours(peak)).megabecquerels * exp(slow * peak) / slow
    #expect(isClose(back, f.integral.megabecquerelHours, 1e-9))
  }

  @Test(
    "WE-6.6: half-lives of other nuclides with the same biology",
    arguments: [
      (41.0, 29.653901127298763, 41.39903440088805), (92, 49.50079147089662, 94.03379923735089),
      (122, 57.04879741690409, 125.60241796979183),
    ])
  func translation(lutetium half: Double, yttrium: Double, terbium: Double) throws {
    let f = ExponentialSum([.init(amplitude: .megabecquerels(1), rate: RateConstant(halfLife: .hours(half)))])
    let y = try f.translated(from: lutetium, to: RateConstant(halfLife: .hours(64.1)))
    let tb = try f.translated(from: lutetium, to: RateConstant(halfLife: .hours(165.744)))
    #expect(isClose(y.lateHalfLife!.hours, yttrium, 1e-6))
    #expect(isClose(tb.lateHalfLife!.hours, terbium, 1e-6))
    let impossible = ExponentialSum([.init(amplitude: .megabecquerels(1), rate: RateConstant(halfLife: .hours(200)))])
    #expect(throws: KineticsError.self) { try impossible.translated(from: lutetium, to: lutetium) }
  }
}

/// Uniform numbers for properties.
struct SystemStream {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }
  mutating func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }
}
