import Foundation
import Numerics
import Provenance
import Quantities
import Testing

@testable import Kinetics

@Suite("The guards of model choice with few points")
struct GuardTests {
  /// Curves of one to three phases with noise, some rising, some flat.
  private func curves(_ count: Int, points: Int) throws -> [TimeActivityCurve] {
    var stream = RandomStream(seed: UInt64(points), stream: "guards")
    return try (0..<count).map { _ in
      let last = 60 + 140 * stream.uniform()
      let times = (0..<points).map { 1 + (last - 1) * pow(Double($0) / Double(points - 1), 2) }
      let (slow, fast) = (lutetium.perHour + 0.03 * stream.uniform(), 0.05 + stream.uniform())
      let early = 2 * stream.uniform() - 0.9
      return try TimeActivityCurve(
        region: "organ",
        points: times.map { t in
          let value = 10 * (exp(-slow * t) + early * exp(-fast * t)) * exp(0.1 * stream.normal())
          return .init(
            time: .hours(t), activity: .megabecquerels(value), standardUncertainty: .megabecquerels(0.07 * value))
        }, physicalDecay: lutetium)
    }
  }

  @Test("AICc is defined from p + 2 points on with known uncertainties, from p + 3 on without", arguments: 1...9)
  func defined(points: Int) throws {
    for model in CurveModel.allCases where model.parameterCount <= points {
      let times = (0..<points).map { 1 + 20 * Double($0) }
      let tac = try curve(times, times.enumerated().map { (5 + Double($0 % 2)) * exp(-0.02 * $1) })
      guard let fit = try? CurveFit(model, to: tac, weighting: .relative(0.1)) else { continue }
      let (n, p) = (Double(points), Double(model.parameterCount))
      let known = InformationCriterion.sigmaKnown.value(for: fit)
      #expect((known != nil) == (points >= model.parameterCount + 2))
      if let known { #expect(isClose(known, fit.chiSquared + 2 * p + 2 * p * (p + 1) / (n - p - 1), 1e-12)) }
      let unknown = InformationCriterion.sigmaUnknown.value(for: fit)
      #expect((unknown != nil) == (points >= model.parameterCount + 3))
      if let unknown {
        let k = p + 1
        #expect(isClose(unknown, n * log(fit.chiSquared / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1), 1e-9))
      }
    }
  }

  @Test(
    "A saturated model is never chosen, whatever points, weights and candidates; one that AICc cannot rank only with a caution",
    arguments: 3...8)
  func neverSaturated(points: Int) throws {
    var (chosen, beyond) = (0, 0)
    for tac in try curves(12, points: points) {
      for weighting in [Weighting.given, .relative(0.1), .equal, .poisson] {
        for criterion in [InformationCriterion.sigmaKnown, .sigmaUnknown] {
          for candidates in [CurveModel.compared, CurveModel.allCases] {
            let settings = AnalysisSettings(
              weighting: weighting, candidates: candidates, criterion: criterion, extrapolationRefusal: 1)
            guard let estimate = try? tac.analysed(with: settings) else { continue }
            chosen += 1
            for member in estimate.average.members {
              #expect(member.fit.model.parameterCount < points, "\(member.fit.model) of \(points) points")
            }
            let spare = weighting.isAbsolute && criterion == .sigmaKnown ? 2 : 3
            let best = estimate.average.best
            let isAtLimit = best.isOnBoundary || estimate.findings.contains { $0.code == "poor-fit" }
            guard best.model.parameterCount + spare > points, !isAtLimit else { continue }
            beyond += 1
            #expect(estimate.findings.contains { $0.code == "too-few-points-to-compare" }, "\(best.model) \(weighting)")
          }
        }
      }
    }
    #expect(chosen > 80)
    // The caution is put to the test with few points, where AICc ranks little.
    #expect(points > 4 || beyond > 4)
  }

  @Test("Five points that contradict every usual model take two phases, with cautions, and hold the truth")
  func lastResort() throws {
    // Liver of the ligand model: washed out fast, then kept with 109 h.
    let truth = ExponentialSum([
      .init(amplitude: .megabecquerels(6.3), rate: .perHour(0.00636)),
      .init(amplitude: .megabecquerels(11), rate: .perHour(0.3)),
    ])
    let times = [1.0, 4, 24, 48, 168]
    let noise = [1.01, 0.985, 1.02, 0.99, 1.01]
    let values = zip(times, noise).map { truth.value(at: .hours($0)).megabecquerels * $1 }
    let tac = try curve(times, values)
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.02)))
    #expect(estimate.average.best.model == .F4)
    for code in ["last-resort", "too-few-points-to-compare"] { #expect(estimate.findings.contains { $0.code == code }) }
    let interval = try estimate.interval(.linear)
    #expect(interval.lower < truth.integral && truth.integral < interval.upper)
    var without = AnalysisSettings(weighting: .relative(0.02))
    without.lastResort = nil
    let closest = try tac.analysed(with: without)
    #expect(closest.findings.contains { $0.code == "poor-fit" })
    #expect(closest.timeIntegratedActivity.value > truth.integral * 1.1)
    // With larger uncertainties a usual model describes the points, and four points leave no freedom for two phases.
    #expect(try tac.analysed(with: .init(weighting: .relative(0.3))).average.best.model != .F4)
    let four = try curve(Array(times.dropLast()), Array(values.dropLast()))
    let settings = AnalysisSettings(weighting: .relative(0.02), extrapolationRefusal: 1)
    #expect(try four.analysed(with: settings).average.best.model != .F4)
  }

  @Test("Four points never give a bi-exponential, even when it goes through all of them")
  func biexponential() throws {
    let times = [3.0, 24, 96, 140]
    let tac = try curve(times, times.map { 40 * exp(-0.08 * $0) + 25 * exp(-0.011 * $0) })
    for candidates in [[CurveModel.F4], CurveModel.allCases] {
      let estimate = try? tac.analysed(
        with: .init(weighting: .relative(0.05), candidates: candidates, extrapolationRefusal: 1))
      #expect(estimate.map { $0.average.members.allSatisfy { $0.fit.model != .F4 } } ?? true)
      #expect(estimate?.candidates.first { $0.model == .F4 }?.refusal?.code ?? "saturated" == "saturated")
    }
    let named = try tac.analysed(with: .init(weighting: .relative(0.05), fixedModel: .F4, extrapolationRefusal: 1))
    #expect(named.findings.contains { $0.code == "saturated" })
  }
}
