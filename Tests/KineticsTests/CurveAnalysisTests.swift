import Foundation
import Numerics
import Quantities
import Testing

@testable import Kinetics

@Suite("What is refused, what is bounded, what is chosen")
struct CurveAnalysisTests {
  @Test("A curve that still rises at its last point gets a bound and no time-integrated activity")
  func stillRising() throws {
    let tac = try curve([4, 24], [10, 20])
    let error = #expect(throws: KineticsError.self) {
      try tac.analysed(with: .init(weighting: .relative(0.1), prior: .tumour))
    }
    #expect(error?.code == "still-rising")
    #expect(isClose(try #require(error?.bound).megabecquerelHours, 20 + 300 + 20 / lutetium.perHour, 1e-9))
  }

  @Test(
    "One exponential is refused by name for a curve that rises first, with a bound",
    arguments: [CurveModel.F1, .F2, .F3p])
  func monoOnRise(model: CurveModel) throws {
    let tac = try curve([1, 4, 24, 48, 168], [1.3, 3.3, 8.6, 6.1, 0.8])
    let error = #expect(throws: KineticsError.self) {
      try tac.analysed(with: .init(weighting: .relative(0.1), fixedModel: model))
    }
    #expect(error?.code == "rising-curve")
    #expect(error?.reason.contains("24.0 h") == true)
    #expect(error?.bound != nil)
  }

  @Test("A rise within the uncertainty of two points is no rise")
  func noiseIsNoRise() throws {
    let tac = try curve([1, 4, 24, 48, 168], [10.0, 10.4, 8.9, 7.6, 3.6])
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.05)))
    #expect(estimate.average.best.model == .F2)
    #expect(estimate.candidates.allSatisfy { $0.refusal?.code != "rising-curve" })
  }

  @Test("Four points never choose a model with three parameters")
  func neverSaturated() throws {
    let tac = try curve([3.7, 27.7, 103, 124], [98.6, 73.6, 25.4, 19.0])
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.05)))
    #expect(estimate.average.best.model == .F2)
    for candidate in estimate.candidates where candidate.model.parameterCount == 3 {
      #expect(candidate.refusal?.code == "saturated")
      #expect(candidate.weight == 0)
    }
  }

  @Test("What AICc hides for its small-sample term alone is decided by AIC, with a finding")
  func smallSampleTerm() throws {
    let times = [4.0, 24, 48, 96, 168]
    let tac = try curve(times, times.map { 100 * (exp(-0.0081 * $0) - exp(-0.55 * $0)) })
    let settings = AnalysisSettings(weighting: .relative(0.05))
    let estimate = try tac.analysed(with: settings)
    // Uptake takes 11 % from the first point: χ² of F2 is 3.6 higher, AICc asks for 20, AIC for 2.
    #expect(estimate.average.best.model == .F3u)
    #expect(estimate.findings.contains { $0.code == "small-sample-term" })
    let weights = Dictionary(uniqueKeysWithValues: estimate.candidates.map { ($0.model, $0.weight) })
    let fits = Dictionary(uniqueKeysWithValues: estimate.candidates.map { ($0.model, $0.fit) })
    let difference = fits[.F2]!!.chiSquared - fits[.F3u]!!.chiSquared
    #expect(isClose(weights[.F3u]! / weights[.F2]!, exp(difference / 2 - 1), 1e-9))
    var unknown = settings
    unknown.criterion = .sigmaUnknown
    #expect(try tac.analysed(with: unknown).average.best.model != .F3u)
  }

  @Test("A slow tumour whose best clearance is none keeps its uptake, at its boundary, with a caution")
  func boundaryIsTaken() throws {
    let times = [1.0, 4, 24, 48, 168]
    let values = times.map { 50 * (exp(-lutetium.perHour * 0.97 * $0) - exp(-0.1 * $0)) }
    let estimate = try curve(times, values).analysed(with: .init(weighting: .relative(0.05), extrapolationRefusal: 0.9))
    #expect(estimate.average.best.model == .F3u)
    #expect(isClose(estimate.lateHalfLife.hours, 159.528, 1e-3))
    #expect(estimate.findings.contains { $0.code == "on-boundary" })
  }

  @Test("Where no model describes the points the closest is taken, with a caution")
  func closest() throws {
    let tac = try curve([4, 24, 96], [100, 105, 20])
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.03)))
    #expect(estimate.average.best.model == .F2)
    #expect(estimate.findings.contains { $0.code == "poor-fit" })
  }

  @Test("With uncertainties known but for a factor four points take one exponential when Fisher's F says so")
  func fewPointsWithoutScale() throws {
    let tac = try curve([3.7, 27.7, 103, 124], [98.6, 73.6, 25.4, 19.0])
    for weighting in [Weighting.equal, .poisson] {
      let estimate = try tac.analysed(with: .init(weighting: weighting))
      #expect(estimate.average.best.model == .F2)
      #expect(estimate.findings.contains { $0.code == "too-few-points-to-compare" })
    }
    let times = [3.0, 24, 92, 150]
    let physical = try curve(times, zip(times, [1.02, 0.99, 1.01, 0.98]).map { $1 * 80 * exp(-lutetium.perHour * $0) })
    #expect(try physical.analysed(with: .init(weighting: .poisson)).average.best.model == .F1)
  }

  @Test("Poisson weights are those of counts: the fit is that of given uncertainties √A, its scale from the residuals")
  func poisson() throws {
    let (times, values) = ([2.0, 24, 48, 96, 168], [91.0, 80, 52, 35, 11])
    let counts = try CurveFit(.F2, to: try curve(times, values), weighting: .poisson)
    let given = try CurveFit(
      .F2,
      to: TimeActivityCurve(
        region: "kidney",
        points: zip(times, values).map {
          .init(time: .hours($0), activity: .megabecquerels($1), standardUncertainty: .megabecquerels($1.squareRoot()))
        }, physicalDecay: lutetium), weighting: .given)
    let (a, b) = (counts.timeIntegratedActivity, given.timeIntegratedActivity)
    #expect(isClose(a.value / b.value, 1, 1e-9))
    #expect(isClose(a.standardUncertainty! / b.standardUncertainty!, (given.chiSquared / 3).squareRoot(), 1e-9))
    #expect(counts.goodness == nil)
  }

  @Test("A robust fit leaves an outlier alone, says which, and is the plain fit without one")
  func robust() throws {
    let times = [2.0, 12, 24, 48, 72, 96, 168]
    let values = times.map { 90 * exp(-0.015 * $0) }
    var spoilt = values
    spoilt[0] *= 1.8
    var settings = AnalysisSettings(weighting: .relative(0.05), fixedModel: .F2)
    let truth = 90 / 0.015
    let plain = try curve(times, spoilt).analysed(with: settings).timeIntegratedActivity.value.megabecquerelHours
    settings.isRobust = true
    let robust = try curve(times, spoilt).analysed(with: settings)
    #expect(abs(robust.timeIntegratedActivity.value.megabecquerelHours / truth - 1) < 0.03)
    #expect(abs(plain / truth - 1) > 0.035)
    #expect(robust.average.best.robustWeights[0] < 0.3 && robust.average.best.robustWeights[3] > 0.99)
    #expect(robust.findings.contains { $0.code == "point-downweighted" && $0.text.contains("2.0 h") })
    let clean = try curve(times, values).analysed(with: settings)
    #expect(isClose(clean.timeIntegratedActivity.value.megabecquerelHours, truth, 1e-6))
  }

  @Test("Residuals that keep their sign are told from eight points on")
  func runs() throws {
    #expect(isClose(try #require(RunsTest.probability([1, 1, 1, 1, -1, -1, -1, -1])), 2.0 / 70, 1e-9))
    #expect(isClose(try #require(RunsTest.probability([1, -1, 1, -1, 1, -1, 1, -1])), 1, 1e-9))
    #expect(RunsTest.probability([1, 1, 1, -1, -1, -1, -1]) == nil)
    let times = (0..<12).map { 2 + 14 * Double($0) }
    let two = try curve(times, times.map { 60 * exp(-0.05 * $0) + 40 * exp(-0.006 * $0) })
    let estimate = try two.analysed(with: .init(weighting: .relative(0.2), fixedModel: .F2))
    #expect(estimate.findings.contains { $0.code == "residual-runs" })
  }

  @Test("A point that is left out is predicted from the others")
  func leaveOneOut() throws {
    let times = [2.0, 24, 48, 96, 168]
    var values = times.map { 90 * exp(-0.015 * $0) }
    values[2] *= 1.2
    let estimate = try curve(times, values).analysed(with: .init(weighting: .relative(0.05), fixedModel: .F2))
    let errors = estimate.predictionErrors()
    // The others lie on one exponential: the point is 0.2/(0.05 · 1.2) of its σ above it.
    #expect(isClose(try #require(errors[2]), 0.2 / 0.06, 1e-4))
    let saturated = try curve([24, 72], [8.2, 4.4]).analysed(with: .init(weighting: .relative(0.1)))
    #expect(saturated.predictionErrors().allSatisfy { $0 == nil })
  }

  @Test("Three falling points that physical decay does not describe take one exponential, with a caution")
  func threePoints() throws {
    let tac = try curve([4.5, 24.7, 117.8], [112, 75.6, 8.5])
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.05)))
    #expect(estimate.average.best.model == .F2)
    #expect(estimate.findings.contains { $0.code == "too-few-points-to-compare" })
  }

  @Test("Physical decay is found where there is nothing else")
  func physical() throws {
    let times = [3.0, 24, 92]
    let tac = try curve(times, times.map { 2464 * exp(-lutetium.perHour * $0) })
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.03)))
    #expect(estimate.average.best.model == .F1)
    #expect(isClose(estimate.timeIntegratedActivity.value.megabecquerelHours, 2464 / lutetium.perHour, 1e-9))
  }

  @Test("One point needs a prior; with one, Hänscheid's rule stands beside it")
  func onePoint() throws {
    let tac = try curve([3.74], [120])
    #expect(throws: KineticsError.self) { try tac.analysed(with: .init(weighting: .relative(0.1))) }
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.1), prior: .tumour))
    let alternative = try #require(estimate.alternative)
    #expect(isClose(alternative.value.megabecquerelHours, 120 * 2 * 3.74 / log(2), 1e-9))
    #expect(estimate.findings.contains { $0.code == "haenscheid-out-of-range" && $0.severity == .serious })
    let expected = SingleTimePoint.madsen(
      activity: .megabecquerels(120), at: .hours(3.74), rate: RateConstant(halfLife: PopulationPrior.tumour.median))
    #expect(isClose(estimate.timeIntegratedActivity.value / expected, 1, 1e-6))
    let relative = try #require(estimate.timeIntegratedActivity.relativeUncertainty)
    #expect(relative > 0.2 && relative < 0.35)
  }

  @Test("More than half beyond the last point is refused unless the tail is fixed")
  func extrapolation() throws {
    let early = [1.0, 4, 8, 20].map { ($0, 100 * exp(-0.0065 * $0)) }
    let tac = try curve(early.map(\.0), early.map(\.1))
    #expect(throws: KineticsError.self) {
      try tac.analysed(with: .init(weighting: .relative(0.01), fixedModel: .F2))
    }
    let fixed = try tac.analysed(with: .init(weighting: .relative(0.01), fixedModel: .F1))
    #expect(fixed.extrapolatedFraction > 0.5)
    #expect(fixed.findings.contains { $0.code == "long-extrapolation" })
  }

  @Test("Ordinary least squares with as many parameters as points has no uncertainty")
  func noUncertainty() throws {
    let tac = try curve([24, 72], [8.2, 4.4])
    let estimate = try tac.analysed(with: .init(weighting: .equal, fixedModel: .F2))
    #expect(estimate.timeIntegratedActivity.standardUncertainty == nil)
    #expect(estimate.findings.contains { $0.code == "no-uncertainty" })
  }

  @Test(
    "Curves that say next to nothing give a number without NaN, or a refusal",
    arguments: [
      ([1.0, 24, 48, 72], [0.0, 5, 0, 0]), ([1, 24, 48], [5, 4, 1e-9]), ([1, 2, 3, 4, 5], [1, 0, 0, 0, 0]),
      ([1, 4, 24, 48, 168], [5, 5, 5, 5, 5]), ([0, 1e5], [1, 1e-300]), ([1, 2, 3, 4], [1e9, 1, 1e9, 1]),
    ])
  func degenerate(times: [Double], activities: [Double]) throws {
    let tac = try curve(times, activities)
    for model in [nil] + CurveModel.allCases.map(Optional.some) {
      do {
        let estimate = try tac.analysed(with: .init(weighting: .relative(0.05), fixedModel: model))
        let tia = estimate.timeIntegratedActivity
        #expect(tia.value.isFinite && tia.value.base >= 0)
        #expect(tia.standardUncertainty?.isFinite ?? true)
        #expect(estimate.extrapolatedFraction.isFinite && estimate.lateHalfLife.isFinite)
        for parameter in estimate.average.best.parameters {
          #expect(parameter.value.isFinite && parameter.standardUncertainty?.isFinite ?? true)
        }
      } catch let error as KineticsError {
        #expect(error.bound?.isFinite ?? true)
      }
    }
  }

  @Test("Scaling all activities scales the result and keeps the choice", arguments: [1e-3, 7.0, 1e4])
  func scaling(factor: Double) throws {
    let values = [1.3, 3.3, 8.6, 6.1, 0.8]
    let once = try curve([1, 4, 24, 48, 168], values).analysed(with: .init(weighting: .relative(0.1)))
    let scaled = try curve([1, 4, 24, 48, 168], values.map { $0 * factor })
      .analysed(with: .init(weighting: .relative(0.1)))
    #expect(isClose(scaled.timeIntegratedActivity.value / once.timeIntegratedActivity.value, factor, 1e-7))
    #expect(scaled.modelName == once.modelName)
  }

  @Test("Drawn curves scatter as the fit says")
  func sampling() throws {
    let tac = try curve([1, 4, 24, 48, 168], [1.3, 3.3, 8.6, 6.1, 0.8])
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.05)))
    let sampler = estimate.sampler()
    var stream = RandomStream(seed: 1, stream: "test")
    let draws = (0..<4000).map { _ in sampler.next(&stream).integral.megabecquerelHours }
    let mean = draws.reduce(0, +) / 4000
    let deviation = (draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3999).squareRoot()
    let stated = estimate.timeIntegratedActivity
    #expect(isClose(mean, stated.value.megabecquerelHours, 0.01))
    #expect(isClose(deviation, stated.standardUncertainty!.megabecquerelHours, 0.06))
  }

  @Test("Drawn rates of a slow clearance scatter evenly, and as many as its uncertainty says do not clear")
  func samplingSlowClearance() throws {
    let times = [1.0, 4, 24, 48, 168]
    let physical = lutetium.perHour
    let tac = try curve(times, times.map { 10 * exp(-(physical + 6e-4) * $0) })
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.05), fixedModel: .F2))
    let rate = estimate.average.best.parameters[1]
    let sampler = estimate.sampler()
    var stream = RandomStream(seed: 1, stream: "test")
    let draws = (0..<4000).map { _ in sampler.next(&stream).terms[0].rate.perHour - physical }
    let none = Normal.cumulative(-rate.value / rate.standardUncertainty!)
    #expect(none > 0.02 && none < 0.2)
    #expect(draws.allSatisfy { $0 > -1e-15 })
    #expect(isClose(Double(draws.count { $0 < 1e-12 }) / 4000, none, 0.12))
    #expect(isClose(draws.sorted()[2000], rate.value, 0.05))
  }

  @Test(
    "Points that cannot be are refused",
    arguments: [
      ([1.0, 1], [2.0, 1], "times-out-of-order"), ([4, 1], [2, 1], "times-out-of-order"),
      ([-1, 4], [2, 1], "time-invalid"), ([1, 4], [-2, 1], "activity-invalid"),
      ([1, 4], [.nan, 1], "activity-invalid"), ([1, 4], [1e300, 1], "activity-invalid"),
      ([.infinity], [1], "time-invalid"), ([1, 2], [0, 0], "all-zero"),
      ([], [], "no-points"),
    ])
  func badPoints(times: [Double], activities: [Double], code: String) {
    let error = #expect(throws: KineticsError.self) { try curve(times, activities) }
    #expect(error?.code == code)
  }

  @Test("An uptake that is over before the first point is not determined, and says so")
  func undetermined() throws {
    let times = [4.0, 28, 103, 124]
    let tac = try curve(times, times.map { 100 * exp(-0.014 * $0) })
    let estimate = try tac.analysed(with: .init(weighting: .relative(0.05), fixedModel: .F3u))
    #expect(estimate.average.best.parameters[2].standardUncertainty == nil)
    #expect(estimate.average.best.parameters[1].standardUncertainty != nil)
    #expect(estimate.findings.contains { $0.code == "parameter-undetermined" })
  }

  @Test("The parts of an integral add up, and what remains falls")
  func integrals() throws {
    let estimate = try curve([1, 4, 24, 48, 168], [1.3, 3.3, 8.6, 6.1, 0.8])
      .analysed(with: .init(weighting: .relative(0.1)))
    let f = estimate.average.function
    var last = f.integral
    for hours in stride(from: 10.0, through: 500, by: 10) {
      let rest = f.integral(from: .hours(hours))
      #expect(rest < last)
      #expect(isClose((f.integral(from: .zero, to: .hours(hours)) + rest) / f.integral, 1, 1e-12))
      last = rest
    }
  }
}
