import Foundation
import Numerics
import Quantities
import Testing

@testable import Kinetics

@Suite("Intervals of the time-integrated activity")
struct IntervalTests {
  @Test("For one amplitude the profile is exactly the linear interval")
  func linearProfile() throws {
    let tac = try curve([3, 24, 92], [3.0, 24, 92].map { 2464 * exp(-lutetium.perHour * $0) })
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.03), fixedModel: .F1))
    let linear = try estimate.interval(.linear)
    let profile = try estimate.interval(.profile)
    #expect(isClose(profile.lower / linear.lower, 1, 1e-8))
    #expect(isClose(profile.upper / linear.upper, 1, 1e-8))
    #expect(isClose(profile.standardUncertainty / linear.standardUncertainty, 1, 1e-6))
  }

  @Test("At the ends of the profile's interval χ² is 3.84 higher, whatever the other parameters do")
  func likelihoodRatio() throws {
    let tac = try curve([24, 72, 144], [8.2, 4.4, 1.9])
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.15), fixedModel: .F2))
    let profile = try estimate.interval(.profile)
    // The integral fixes A₁ = Ã (λ₁ + λp); what is left is one rate, whose χ² has a single minimum.
    for end in [profile.lower, profile.upper] {
      func chiSquared(_ rate: Double) -> Double {
        zip(tac.points, [8.2, 4.4, 1.9]).reduce(0) { sum, point in
          let f = end.megabecquerelHours * rate * exp(-rate * point.0.time.hours)
          return sum + pow((f - point.1) / (0.15 * point.1), 2)
        }
      }
      var (low, high) = (lutetium.perHour, 0.08)
      for _ in 0..<100 {
        let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
        if chiSquared(a) < chiSquared(b) { high = b } else { low = a }
      }
      #expect(isClose(chiSquared(low) - estimate.average.best.chiSquared, 3.841458820694124, 1e-5))
    }
  }

  @Test("The three methods agree where the points are precise", arguments: [CurveModel.F2, .F3u])
  func agreement(model: CurveModel) throws {
    let truth = model.terms(model == .F2 ? [2, -4] : [2, -4, -2], physical: lutetium.perHour)
    let times = [2.0, 6, 24, 48, 96, 168]
    let tac = try curve(times, times.map { truth.value(at: $0) })
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.01), fixedModel: model))
    let linear = try estimate.interval(.linear)
    for method in [UncertaintyMethod.profile, .bootstrap, .mcmc] {
      let other = try estimate.interval(method)
      #expect(isClose(other.lower / linear.lower, 1, 2e-3))
      #expect(isClose(other.upper / linear.upper, 1, 2e-3))
      #expect(isClose(other.standardUncertainty / linear.standardUncertainty, 1, 0.06))
    }
  }

  @Test("The bootstrap is the same for the same seed and another for another")
  func deterministic() throws {
    let estimate = try curve([1, 4, 24, 48, 168], [1.3, 3.3, 8.6, 6.1, 0.8])
      .analysed(with: .init(weighting: .relative(0.1)))
    let first = try estimate.interval(.bootstrap, seed: 4)
    #expect(try estimate.interval(.bootstrap, seed: 4) == first)
    #expect(try estimate.interval(.bootstrap, seed: 5) != first)
    let median = try #require(first.median)
    #expect(isClose(median / estimate.timeIntegratedActivity.value, 1, 0.02))
  }

  @Test("The posterior of an amplitude alone is the linear interval; that of a slow curve ends at physical decay")
  func posterior() throws {
    let one = try curve([3, 24, 92], [3.0, 24, 92].map { 2464 * exp(-lutetium.perHour * $0) })
      .analysed(with: .init(weighting: .relative(0.03), fixedModel: .F1))
    let (linear, mcmc) = (try one.interval(.linear), try one.interval(.mcmc))
    #expect(isClose(mcmc.lower / linear.lower, 1, 3e-3) && isClose(mcmc.upper / linear.upper, 1, 3e-3))
    #expect(try one.interval(.mcmc) == mcmc)
    let slow = try curve([3, 24, 92], [3.0, 24, 92].map { 2464 * exp(-0.0048 * $0) })
      .analysed(with: .init(weighting: .relative(0.05), fixedModel: .F2, extrapolationRefusal: 0.9))
    let posterior = try slow.interval(.mcmc)
    // No more than physical decay from the first point on, within its uncertainty.
    #expect(posterior.upper.megabecquerelHours < 2464 * 1.1 / lutetium.perHour)
    #expect(posterior.lower.megabecquerelHours < 2464 / 0.0048)
    #expect(posterior.upper.megabecquerelHours > 2464 / 0.0048)
  }

  @Test("A prior narrows every interval of two points")
  func prior() throws {
    let tac = try curve([24, 72], [8.2, 4.4])
    let free = try tac.analysed(with: .init(weighting: .relative(0.1)))
    let held = try tac.analysed(with: .init(weighting: .relative(0.1), prior: .kidney))
    for method in UncertaintyMethod.allCases {
      let (a, b) = (try free.interval(method), try held.interval(method))
      #expect(b.upper - b.lower < a.upper - a.lower)
    }
  }

  @Test("Without a scale of the points there is no interval", arguments: UncertaintyMethod.allCases)
  func noScale(method: UncertaintyMethod) throws {
    let estimate = try curve([24, 72], [8.2, 4.4]).analysed(with: .init(weighting: .equal, fixedModel: .F2))
    let error = #expect(throws: KineticsError.self) { try estimate.interval(method) }
    #expect(error?.code == "no-uncertainty")
  }

  @Test("Intervals of 95 % hold the truth as often as they say", arguments: [UncertaintyMethod.linear, .profile])
  func coverage(method: UncertaintyMethod) throws {
    let truth = CurveModel.F3u.terms([2, log(0.0126), log(0.11)], physical: lutetium.perHour)
    let times = [2.0, 8, 24, 72, 144]
    var stream = RandomStream(seed: 8, stream: "coverage")
    var covered = 0
    for _ in 0..<200 {
      let values = times.map { truth.value(at: $0) * exp(0.05 * stream.normal()) }
      let estimate = try curve(times, values).analysed(with: .init(weighting: .relative(0.05), fixedModel: .F3u))
      let interval = try estimate.interval(method)
      let whole = truth.integral(from: 0)
      if interval.lower.megabecquerelHours < whole && whole < interval.upper.megabecquerelHours { covered += 1 }
    }
    // 95 % of 200 with three standard deviations.
    #expect((181...199).contains(covered), "\(covered) of 200")
  }

  @Test("Translating to the same nuclide changes nothing; to yttrium it shortens every half-life")
  func translation() throws {
    let estimate = try curve([1, 4, 24, 48, 168], [1.3, 3.3, 8.6, 6.1, 0.8])
      .analysed(with: .init(weighting: .relative(0.1)))
    let same = try estimate.translated(to: lutetium)
    #expect(isClose(same.timeIntegratedActivity.value / estimate.timeIntegratedActivity.value, 1, 1e-12))
    #expect(
      isClose(
        same.timeIntegratedActivity.relativeUncertainty!, estimate.timeIntegratedActivity.relativeUncertainty!, 1e-9))
    let decay = RateConstant(halfLife: .hours(64.1))
    let yttrium = try estimate.translated(to: decay)
    let expected = try estimate.average.function.translated(from: lutetium, to: decay).integral
    #expect(isClose(yttrium.timeIntegratedActivity.value / expected, 1, 1e-9))
    #expect(isClose(1 / yttrium.lateHalfLife.hours - 1 / estimate.lateHalfLife.hours, 1 / 64.1 - 1 / 159.528, 1e-9))
  }

  @Test("A curve that outlives its nuclide is not translated")
  func outliving() throws {
    let times = [4.0, 24, 96]
    let tac = try curve(times, times.map { 100 * exp(-0.0015 * $0) })
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.03), fixedModel: .F1))
    let error = #expect(throws: KineticsError.self) {
      try estimate.translated(to: RateConstant(halfLife: .hours(64.1)))
    }
    #expect(error?.code == "negative-biological-rate")
  }
}
