import Foundation
import Numerics
import Provenance
import Quantities
import Testing

@testable import Kinetics

@Suite("Populations")
struct PopulationTests {
  /// Curves of patients whose ln T_eff and ln T_up are normal.
  static func cohort(
    _ count: Int, median: Double, spread: Double, uptake: Double? = 5, uptakeSpread: Double = 0.3, noise: Double = 0.05,
    times: [Double] = [1, 4, 24, 48, 168], seed: UInt64
  ) throws -> [TimeActivityCurve] {
    var stream = RandomStream(seed: seed, stream: "cohort")
    return try (0..<count).map { _ in
      var half = Double.infinity
      while half > 159.528 { half = median * exp(spread * stream.normal()) }
      let up = uptake.map { $0 * exp(uptakeSpread * stream.normal()) }
      let amplitude = 20 * exp(0.4 * stream.normal())
      return try curve(
        times,
        times.map { t in
          amplitude * (exp2(-t / half) - (up.map { exp2(-t / $0) } ?? 0)) * (1 + noise * stream.normal())
        })
    }
  }

  @Test("A population that was simulated is recovered: medians, spreads and residual")
  func recovery() throws {
    let fit = try PopulationFit(Self.cohort(120, median: 40, spread: 0.24, seed: 3), model: .F3u)
    let uptake = try #require(fit.uptake)
    #expect(abs(log(fit.clearance.distribution.median.hours / 40)) < 3 * fit.clearance.medianUncertainty)
    #expect(abs(log(uptake.distribution.median.hours / 5)) < 3 * uptake.medianUncertainty)
    // The standard uncertainty of a spread from 120 patients is 6.5 %.
    #expect(isClose(fit.clearance.distribution.logDeviation, 0.24, 0.2))
    #expect(isClose(uptake.distribution.logDeviation, 0.3, 0.2))
    #expect(isClose(fit.clearance.medianUncertainty, 0.24 / 120.0.squareRoot(), 0.3))
    #expect(isClose(fit.residual, 0.05, 0.1))
    #expect(abs(fit.correlation) < 0.3)
  }

  @Test("A population that physical decay cuts off is recovered as it was before the cut")
  func truncated() throws {
    let fit = try PopulationFit(
      Self.cohort(200, median: 118, spread: 0.26, uptake: nil, noise: 0.03, seed: 9), model: .F2)
    #expect(isClose(fit.clearance.distribution.median.hours, 118, 0.12))
    #expect(isClose(fit.clearance.distribution.logDeviation, 0.26, 0.3))
  }

  @Test("The moments of a normal distribution that is cut off lead back to it", arguments: [0.1, 0.26, 0.5])
  func cut(deviation: Double) {
    let (mean, limit) = (log(118.0), log(159.528))
    var (whole, first, second) = (0.0, 0.0, 0.0)
    for k in 0..<200_000 {
      let x = limit - (Double(k) + 0.5) * 10 * deviation / 200_000
      let density = exp(-pow((x - mean) / deviation, 2) / 2)
      whole += density
      first += density * x
      second += density * x * x
    }
    let cutMean = first / whole
    let found = StochasticApproximation.untruncated(
      mean: cutMean, variance: second / whole - cutMean * cutMean, limit: limit)
    #expect(isClose(found.mean, mean, 1e-5))
    #expect(isClose(found.variance.squareRoot(), deviation, 1e-4))
  }

  @Test("The same cohort and seed give the same population")
  func deterministic() throws {
    let cohort = try Self.cohort(12, median: 60, spread: 0.2, seed: 1)
    let (a, b) = (try PopulationFit(cohort, model: .F3u), try PopulationFit(cohort, model: .F3u))
    #expect(a.clearance.distribution == b.clearance.distribution && a.residual == b.residual)
    #expect(a.findings.contains { $0.code == "small-cohort" })
  }

  @Test("With its population's prior the uptake before the first scan is not missed")
  func prior() throws {
    let prior = try PopulationFit(Self.cohort(60, median: 40, spread: 0.2, seed: 2), model: .F3u)
      .prior(source: Source("simulated"))
    #expect(prior.uptake != nil)
    let times = [24.0, 72]
    let tac = try curve(times, times.map { 20 * (exp2(-$0 / 46) - exp2(-$0 / 6)) })
    let free = try tac.analysed(with: .init(weighting: .relative(0.05)))
    let held = try tac.analysed(with: .init(weighting: .relative(0.05), prior: prior))
    #expect(held.average.best.model == .F3u)
    let truth = 800 / log(2.0)
    let (a, b) = (free.timeIntegratedActivity.value, held.timeIntegratedActivity.value)
    // F2 misses the uptake before the first point.
    #expect(a.megabecquerelHours > 1.08 * truth)
    #expect(isClose(b.megabecquerelHours, truth, 0.03))
  }

  @Test("The Bayes factor after Laplace is that of numerical integration")
  func bayesFactor() throws {
    let prior = PopulationPrior(
      name: "test", median: .hours(40), logDeviation: 0.24,
      uptake: HalfLifeDistribution(median: .hours(4), logDeviation: 0.4), correlation: 0.3, source: Source("test"))
    let times = [6.0, 24, 72]
    let tac = try curve(times, times.map { 20 * (exp2(-$0 / 44) - exp2(-$0 / 3)) })
    let fits = try [CurveModel.F2, .F3u].map {
      try CurveFit($0, to: tac, weighting: .relative(0.1), prior: prior)
    }
    // ∫ over ln A, z₁ and z₂ on a grid.
    func evidence(_ model: CurveModel) -> Double {
      var sum = 0.0
      for a in stride(from: -0.6, through: 0.6, by: 0.03) {
        for z1 in stride(from: -4.0, through: 4, by: 0.2) {
          for z2 in model == .F3u ? Array(stride(from: -4.0, through: 4, by: 0.2)) : [0] {
            let (half, up) = (
              40 * exp(0.24 * z1), 4 * exp(0.4 * (0.3 * z1 + (1 - 0.09).squareRoot() * z2))
            )
            guard up < half, half < 159.528 else { continue }
            let chi = tac.points.reduce(0.0) { total, point in
              let t = point.time.hours
              let f = 20 * exp(a) * (exp2(-t / half) - (model == .F3u ? exp2(-t / up) : 0))
              let sigma = 0.1 * point.activity.megabecquerels
              return total + pow((f - point.activity.megabecquerels) / sigma, 2)
            }
            sum += exp(-(chi + z1 * z1 + z2 * z2) / 2) * (model == .F3u ? 0.2 / (2 * Double.pi).squareRoot() : 1)
          }
        }
      }
      return sum
    }
    let expected = evidence(.F3u) / evidence(.F2)
    let found = exp(try #require(fits[1].logEvidence) - (try #require(fits[0].logEvidence)))
    #expect(isClose(found, expected, 0.15))
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.1), prior: prior))
    #expect(estimate.findings.contains { $0.code == "bayes-factor" })
  }

  @Test("Too few curves, and activities of zero, are refused")
  func refusals() throws {
    let cohort = try Self.cohort(7, median: 60, spread: 0.2, seed: 1)
    let error = #expect(throws: KineticsError.self) { try PopulationFit(cohort, model: .F3u) }
    #expect(error?.code == "cohort-too-small")
    let zero = try cohort + cohort + [curve([1, 24, 48], [3, 2, 0])]
    #expect(throws: KineticsError.self) { try PopulationFit(zero, model: .F3u) }
  }
}
