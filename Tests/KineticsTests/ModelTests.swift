import Foundation
import Quantities
import Testing

@testable import Kinetics

@Suite("Models, their parameters, peaks and integrals")
struct ModelTests {
  /// θ of every model with uptake and clearance of plausible size.
  static func theta(_ model: CurveModel, _ stream: inout SystemStream) -> [Double] {
    let a = log(10 * (0.1 + stream.uniform()))
    let l = log(0.001 + 0.05 * stream.uniform())
    let second = log(0.1 + 20 * stream.uniform())
    let step = log(0.02 + stream.uniform())
    switch model {
    case .F1: return [a]
    case .F2: return [a, l]
    case .F3u: return [a, l, step]
    case .F3p: return [a, l, second]
    case .F4, .F5: return [a, l, second, step]
    case .F6: return [a, l, second, step, log(5 * stream.uniform()), log(0.5 + 3 * stream.uniform())]
    }
  }

  @Test("The closed forms agree with numerical integration", arguments: CurveModel.allCases)
  func integrals(model: CurveModel) {
    var stream = SystemStream(seed: 3)
    for _ in 0..<5 {
      let f = model.terms(Self.theta(model, &stream), physical: lutetium.perHour).function
      for (from, to) in [(0.0, 1.0), (0, 168), (4, 24), (96, 4000)] {
        // Gauss's rule of five nodes on panels that follow the fastest phase.
        let nodes = [
          (0, 0.568888888888889), (0.538469310105683, 0.478628670499366), (0.906179845938664, 0.236926885056189),
        ]
        var sum = 0.0
        let panels = 4000
        func knot(_ k: Int) -> Double { from + (to - from) * (expm1(12 * Double(k) / Double(panels)) / expm1(12)) }
        for k in 0..<panels {
          let (middle, half) = ((knot(k) + knot(k + 1)) / 2, (knot(k + 1) - knot(k)) / 2)
          for (x, w) in nodes {
            for sign in x == 0 ? [1.0] : [-1.0, 1] {
              sum += half * w * f.value(at: .hours(middle + sign * x * half)).megabecquerels
            }
          }
        }
        #expect(isClose(f.integral(from: .hours(from), to: .hours(to)).megabecquerelHours, sum, 1e-8))
      }
    }
  }

  @Test("No parameters make a model negative, however they are drawn", arguments: CurveModel.allCases)
  func neverNegative(model: CurveModel) {
    var stream = SystemStream(seed: 11)
    for _ in 0..<200 {
      let f = model.terms(Self.theta(model, &stream), physical: lutetium.perHour).function
      #expect(f.isNeverNegative)
      #expect((0..<300).allSatisfy { f.value(at: .hours(0.02 * exp(0.035 * Double($0)))).megabecquerels > -1e-12 })
    }
    let negative = ExponentialSum([
      .init(amplitude: .megabecquerels(1), rate: .perHour(0.01)),
      .init(amplitude: .megabecquerels(-1.01), rate: .perHour(0.1)),
    ])
    #expect(!negative.isNeverNegative)
  }

  @Test("Gradients agree with central differences", arguments: CurveModel.allCases)
  func gradients(model: CurveModel) {
    var stream = SystemStream(seed: 5)
    let theta = Self.theta(model, &stream)
    for k in theta.indices {
      func moved(_ by: Double) -> FitTerms {
        var there = theta
        there[k] += by
        return model.terms(there, physical: lutetium.perHour)
      }
      let terms = moved(0)
      for t in [0.5, 20, 150] {
        let value = (moved(1e-5).value(at: t) - moved(-1e-5).value(at: t)) / 2e-5
        let rest = (moved(1e-5).integral(from: t) - moved(-1e-5).integral(from: t)) / 2e-5
        #expect(abs(terms.gradient(at: t)[k] - value) <= 1e-7 * max(abs(value), terms.value(at: t)))
        #expect(abs(terms.integralGradient(from: t)[k] - rest) <= 1e-7 * max(abs(rest), terms.integral(from: t)))
      }
      let natural = model.natural(theta, physical: lutetium.perHour)
      let above = model.natural(theta.indices.map { theta[$0] + ($0 == k ? 1e-5 : 0) }, physical: lutetium.perHour)
      let below = model.natural(theta.indices.map { theta[$0] - ($0 == k ? 1e-5 : 0) }, physical: lutetium.perHour)
      for i in natural.values.indices {
        let difference = (above.values[i] - below.values[i]) / 2e-5
        #expect(abs(natural.derivatives[i][k] - difference) <= 1e-6 * max(abs(natural.values[i]), abs(difference)))
      }
    }
  }

  @Test("A model fitted to its own values gives its parameters back", arguments: CurveModel.allCases)
  func recovery(model: CurveModel) throws {
    let truth: [Double]
    switch model {
    case .F1: truth = [log(10)]
    case .F2: truth = [log(10), log(0.013)]
    case .F3u: truth = [log(10), log(0.013), log(0.12)]
    case .F3p: truth = [log(10), log(0.05), log(4)]
    case .F4: truth = [log(10), log(0.013), log(25), log(0.2)]
    case .F5: truth = [log(10), log(0.013), log(6), log(0.08)]
    case .F6: truth = [log(2), log(0.01), log(5), log(0.12), log(8), log(1.5)]
    }
    let terms = model.terms(truth, physical: lutetium.perHour)
    let times = [0.25, 0.5, 1, 2, 4, 8, 16, 24, 48, 72, 120, 168, 240]
    let tac = try curve(times, times.map { terms.value(at: $0) })
    let fit = try CurveFit(model, to: tac, weighting: .relative(0.05))
    let expected = model.natural(truth, physical: lutetium.perHour).values
    for (found, wanted) in zip(fit.parameters, expected) { #expect(isClose(found.value, wanted, 1e-5)) }
    #expect(fit.parameters.map(\.name) == model.parameterNames)
    #expect(isClose(fit.timeIntegratedActivity.value.megabecquerelHours, terms.integral(from: 0), 1e-7))
    #expect(!fit.isOnBoundary)
  }

  @Test("A model with more phases than the curve has is at its boundary", arguments: [CurveModel.F4, .F5, .F6])
  func boundary(model: CurveModel) throws {
    let times = [0.5, 1, 2, 4, 8, 16, 24, 48, 72, 120, 168, 240]
    let tac = try curve(times, times.map { 5 * exp(-0.02 * $0) })
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.05), candidates: [.F2, model]))
    #expect(estimate.average.best.model == .F2)
    #expect(isClose(estimate.timeIntegratedActivity.value.megabecquerelHours, 250, 1e-3))
  }

  @Test("The peak of an uptake curve is where its closed form has it")
  func peak() {
    var stream = SystemStream(seed: 9)
    for _ in 0..<50 {
      let slow = 0.005 + 0.05 * stream.uniform()
      let fast = slow * (1.5 + 20 * stream.uniform())
      let f = ExponentialSum([
        .init(amplitude: .megabecquerels(3), rate: .perHour(slow)),
        .init(amplitude: .megabecquerels(-3), rate: .perHour(fast)),
      ])
      #expect(isClose(f.peak.time.hours, log(fast / slow) / (fast - slow), 1e-9))
    }
    let falling = ExponentialSum([.init(amplitude: .megabecquerels(3), rate: .perHour(0.1))])
    #expect(falling.peak.time == .zero && falling.peak.activity == .megabecquerels(3))
  }

  @Test("The peak of every model is its largest value on a fine grid", arguments: [CurveModel.F4, .F5, .F6])
  func peakOnGrid(model: CurveModel) {
    var stream = SystemStream(seed: 21)
    for _ in 0..<40 {
      let f = model.terms(Self.theta(model, &stream), physical: lutetium.perHour).function
      let grid = (0...6000).map { f.value(at: .hours(0.005 * expm1(0.002 * Double($0)))).megabecquerels }.max()!
      #expect(f.peak.activity.megabecquerels >= grid * (1 - 1e-12))
      #expect(isClose(f.peak.activity.megabecquerels, grid, 1e-4))
    }
  }

  @Test("Zeros of a sum of three exponentials are all found")
  func zeros() {
    // (1 − x)(2 − x) x with x = e^−t/10: zeros where x is 1 or 2; shifted so that both lie after 0.
    let zeros = ExponentialSum.zeros([(0.08, 0.1), (-0.6, 0.2), (1, 0.3)])
    #expect(zeros.count == 2)
    #expect(isClose(zeros[0], 10 * log(1 / 0.4), 1e-9))
    #expect(isClose(zeros[1], 10 * log(1 / 0.2), 1e-9))
  }

  @Test("The models that compete by default stay the four of the few-point protocols")
  func compared() {
    #expect(AnalysisSettings().candidates == [.F1, .F2, .F3u, .F3p])
  }

  @Test("F2m: lines up to the maximum, one exponential after it")
  func latePhase() throws {
    let late = [24.0, 48, 96, 168].map { ($0, 20 * exp(-0.02 * $0)) }
    let tac = try curve([2, 8] + late.map(\.0), [3, 9] + late.map(\.1))
    let found = try tac.latePhase(with: .init(weighting: .relative(0.05)))
    let joint = 20 * exp(-0.48)
    let early = 0.5 * 2 * 3 + 6 * (3 + 9) / 2 + 16 * (9 + joint) / 2
    #expect(found.beginning == .hours(24))
    #expect(isClose(found.earlyPart.megabecquerelHours, early, 1e-6))
    #expect(isClose(found.timeIntegratedActivity.value.megabecquerelHours, early + joint / 0.02, 1e-6))
    #expect(isClose(found.extrapolatedFraction, 1000 * exp(-3.36) / (early + joint / 0.02), 1e-6))
    let error = #expect(throws: KineticsError.self) {
      try curve([1, 4, 24, 48], [1, 2, 5, 4]).latePhase(with: .init(weighting: .relative(0.05)))
    }
    #expect(error?.code == "late-phase-short" && error?.bound != nil)
  }

  @Test("The uncertainty of F2m is the scatter of its repetitions")
  func latePhaseUncertainty() throws {
    let times = [2.0, 8, 24, 48, 96, 168]
    let truth = [3.0, 9] + times.suffix(4).map { 20 * exp(-0.02 * $0) }
    let stated = try curve(times, truth).latePhase(with: .init(weighting: .relative(0.02))).timeIntegratedActivity
    var stream = SystemStream(seed: 77)
    let draws = try (0..<2000).map { _ in
      let points = truth.map { mean in
        let normal = (-2 * log(stream.uniform())).squareRoot() * cos(2 * Double.pi * stream.uniform())
        return mean * (1 + 0.02 * normal)
      }
      let tac = try curve(times, points)
      return try tac.latePhase(with: .init(weighting: .relative(0.02))).timeIntegratedActivity.value.megabecquerelHours
    }
    let mean = draws.reduce(0, +) / 2000
    let deviation = (draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1999).squareRoot()
    #expect(isClose(stated.standardUncertainty!.megabecquerelHours, deviation, 0.06))
  }
}
