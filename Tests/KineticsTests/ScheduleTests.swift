import Foundation
import Quantities
import Testing

@testable import Kinetics

@Suite("What scans are worth, and what one point says")
struct ScheduleTests {
  let estimate: CurveEstimate
  let f: ExponentialSum

  init() throws {
    let f = CurveModel.F3u.terms([2, log(0.0126), log(0.11)], physical: lutetium.perHour).function
    let times = [2.0, 8, 24, 48, 96]
    estimate = try curve(times, times.map { f.value(at: .hours($0)).megabecquerels })
      .analysed(with: .init(weighting: .relative(0.05), fixedModel: .F3u))
    self.f = f
  }

  @Test("The uncertainty promised for one more scan is that of the fit with it", arguments: [120.0, 168, 240])
  func promise(t: Double) throws {
    let promised = try ScanPlanning(estimate, relativeUncertainty: 0.05).standardUncertainty(withScansAt: [.hours(t)])
    let times = [2.0, 8, 24, 48, 96, t]
    let kept = try curve(times, times.map { f.value(at: .hours($0)).megabecquerels })
      .analysed(with: .init(weighting: .relative(0.05), fixedModel: .F3u))
    #expect(isClose(promised / kept.timeIntegratedActivity.standardUncertainty!, 1, 1e-4))
    #expect(promised < estimate.timeIntegratedActivity.standardUncertainty!)
  }

  @Test("An estimate with expected scans is that of a fit that has them, all models that take part")
  func expected() throws {
    let times = [2.0, 8, 24, 48, 96]
    let now = try curve(times, times.map { f.value(at: .hours($0)).megabecquerels * (1 + 0.03 * sin(9 * $0)) })
      .analysed(with: .init(weighting: .relative(0.05), candidates: [.F3u, .F4]))
    let then = try #require(now.expecting(scansAt: [.hours(168), .hours(200)], relativeUncertainty: 0.05))
    #expect(now.average.members.count == then.average.members.count)
    for (a, b) in zip(now.average.members, then.average.members) {
      #expect(a.weight == b.weight && a.fit.function == b.fit.function)
      let more = times + [168, 200]
      let fit = try CurveFit(
        a.fit.model, to: try curve(more, more.map { a.fit.function.value(at: .hours($0)).megabecquerels }),
        weighting: .relative(0.05))
      // The points lie near the fit, so that their own uncertainties differ a little.
      let (promised, kept) = (b.fit.timeIntegratedActivity, fit.timeIntegratedActivity)
      #expect(isClose(promised.standardUncertainty! / kept.standardUncertainty!, 1, 0.03))
      for (p, q) in zip(b.fit.parameters, fit.parameters) {
        #expect(isClose(p.standardUncertainty!, q.standardUncertainty!, 0.05))
      }
    }
    let u = then.timeIntegratedActivity.standardUncertainty!
    #expect(u < now.timeIntegratedActivity.standardUncertainty!)
    #expect(now.withExactFits.timeIntegratedActivity.standardUncertainty! < u)
  }

  @Test("A schedule alone leaves the uncertainty of a fit to it, and nothing where it does not determine the model")
  func alone() throws {
    let times = [4.0, 30, 60, 168]
    let promised = try #require(
      estimate.expecting(onlyScansAt: times.map { .hours($0) }, relativeUncertainty: 0.05))
    let kept = try curve(times, times.map { f.value(at: .hours($0)).megabecquerels })
      .analysed(with: .init(weighting: .relative(0.05), fixedModel: .F3u))
    #expect(
      isClose(
        promised.timeIntegratedActivity.standardUncertainty! / kept.timeIntegratedActivity.standardUncertainty!, 1, 1e-4
      ))
    #expect(estimate.expecting(onlyScansAt: [.hours(4), .hours(60)], relativeUncertainty: 0.05) == nil)
  }

  @Test("The best two scans are the best of all pairs")
  func exhaustive() throws {
    let planning = try ScanPlanning(estimate, relativeUncertainty: 0.05)
    let candidates = stride(from: 100.0, through: 300, by: 8).map { Time.hours($0) }
    let best = try #require(planning.bestScans(2, among: candidates))
    var least = planning.standardUncertainty
    for a in candidates {
      for b in candidates where b > a { least = min(least, planning.standardUncertainty(withScansAt: [a, b])) }
    }
    #expect(isClose(best.standardUncertainty / least, 1, 1e-9))
    #expect(best.standardUncertainty <= planning.bestScans(1, among: candidates)!.standardUncertainty)
  }

  @Test("For one exponential the best schedule has the mean time T/ln 2 and the uncertainty σ/√n")
  func exponential() throws {
    let times = [4.0, 24, 96]
    let mono = try curve(times, times.map { 10 * exp(-0.02 * $0) })
      .analysed(with: .init(weighting: .relative(0.05), fixedModel: .F2))
    let planning = try ScanPlanning(mono, relativeUncertainty: 0.04)
    let best = try #require(planning.bestSchedule(4, among: (1...60).map { .hours(2 * Double($0)) }))
    #expect(isClose(best.times.reduce(0) { $0 + $1.hours } / 4, 50, 0.03))
    #expect(isClose(best.standardUncertainty.megabecquerelHours / 500, 0.02, 1e-3))
    #expect(planning.bestSchedule(1, among: [.hours(24), .hours(48)]) == nil)
    #expect(planning.bestScans(3, among: [.hours(24), .hours(48)]) == nil)
  }

  @Test("The interval of one point holds the truth of 95 % of a population")
  func posterior() {
    var stream = SystemStream(seed: 5)
    func normal() -> Double { (-2 * log(stream.uniform())).squareRoot() * cos(2 * Double.pi * stream.uniform()) }
    let prior = PopulationPrior.tumour
    var covered = 0
    var count = 0
    while count < 400 {
      let half = prior.median * exp(prior.logDeviation * normal())
      guard half < lutetium.halfLife else { continue }
      count += 1
      let truth = ExponentialSum([.init(amplitude: .megabecquerels(7), rate: RateConstant(halfLife: half))])
      let found = SingleTimePoint.posterior(
        activity: truth.value(at: .hours(72)) * exp(0.1 * normal()), relativeUncertainty: 0.1, at: .hours(72),
        prior: prior, physicalDecay: lutetium)
      if found.interval95.contains(truth.integral) { covered += 1 }
      #expect(found.interval95.contains(found.median))
    }
    // 95 % of 400 with three standard deviations.
    #expect((367...393).contains(covered), "\(covered) of 400")
  }

  @Test("Without spread and noise the population's interval is Madsen's value")
  func noSpread() {
    let prior = PopulationPrior(
      name: "sharp", median: .hours(41), logDeviation: 1e-6, source: PopulationPrior.kidney.source)
    let found = SingleTimePoint.posterior(
      activity: .megabecquerels(5), relativeUncertainty: 0, at: .hours(48), prior: prior, physicalDecay: lutetium)
    let madsen = SingleTimePoint.madsen(
      activity: .megabecquerels(5), at: .hours(48), rate: RateConstant(halfLife: .hours(41)))
    #expect(isClose(found.median / madsen, 1, 1e-5))
    #expect(isClose(found.interval95.upperBound / found.interval95.lowerBound, 1, 1e-5))
  }
}
