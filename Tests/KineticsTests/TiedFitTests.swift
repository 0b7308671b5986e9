import Foundation
import Numerics
import Quantities
import Testing

@testable import Kinetics

@Suite("Parameters that are fixed or shared")
struct TiedFitTests {
  let times = [1.0, 4, 24, 48, 168]

  private func kidneys(noise: Double) throws -> [TimeActivityCurve] {
    var stream = RandomStream(seed: 4, stream: "tied")
    return try [(20.0, 0.3), (14, 0.15)].map { amplitude, uptake in
      try curve(
        times,
        times.map {
          amplitude * (exp(-0.017 * $0) - exp(-(0.017 + uptake) * $0)) * (1 + noise * stream.normal())
        })
    }
  }

  @Test("Two organs with one late phase have one rate, each its own uptake, and the truth without noise")
  func sharedRate() throws {
    let tied = try TiedFit(.F3u, to: try kidneys(noise: 0), weighting: .relative(0.05), shared: ["lambda1"])
    let rates = tied.fits.map { $0.parameters[1].value }
    #expect(rates[0] == rates[1])
    #expect(isClose(rates[0], 0.017 - lutetium.perHour, 1e-6))
    #expect(isClose(tied.fits[0].parameters[2].value - rates[0], 0.3, 1e-5))
    #expect(isClose(tied.fits[1].parameters[2].value - rates[0], 0.15, 1e-5))
    #expect(tied.fits[0].degreesOfFreedom == 5)
  }

  @Test("Sharing makes each curve surer and the two correlated")
  func surer() throws {
    let curves = try kidneys(noise: 0.05)
    let alone = try curves.map { try CurveFit(.F3u, to: $0, weighting: .relative(0.05)) }
    let tied = try TiedFit(.F3u, to: curves, weighting: .relative(0.05), shared: ["lambda1"])
    for (a, b) in zip(alone, tied.fits) {
      #expect(b.timeIntegratedActivity.standardUncertainty! < a.timeIntegratedActivity.standardUncertainty!)
    }
    let u = tied.fits.map { $0.timeIntegratedActivity.standardUncertainty!.megabecquerelHours }
    #expect(tied.total.standardUncertainty!.megabecquerelHours > hypot(u[0], u[1]) * 1.003)
    #expect(tied.total.standardUncertainty!.megabecquerelHours < u[0] + u[1])
    #expect(
      isClose(
        tied.total.value.megabecquerelHours,
        tied.fits.reduce(0) { $0 + $1.timeIntegratedActivity.value.megabecquerelHours }, 1e-12))
  }

  @Test("Nothing shared and nothing fixed is the fit of each curve alone", arguments: [CurveModel.F2, .F3u, .F3p])
  func alone(model: CurveModel) throws {
    let curves = try kidneys(noise: 0.05).map { falling in
      try curve(
        [24, 48, 72, 120, 168],
        zip([24.0, 48, 72, 120, 168], falling.points).map {
          9 * exp(-0.02 * $0.0) + 1e-3 * $0.1.activity.megabecquerels
        })
    }
    let used = model == .F3u ? try kidneys(noise: 0.05) : curves
    let tied = try TiedFit(model, to: used, weighting: .relative(0.05))
    for (a, b) in zip(try used.map { try CurveFit(model, to: $0, weighting: .relative(0.05)) }, tied.fits) {
      #expect(isClose(a.timeIntegratedActivity.value / b.timeIntegratedActivity.value, 1, 1e-5))
    }
  }

  @Test("A fixed rate stays, the others find the minimum given it, and fixing everything but A is linear")
  func fixed() throws {
    let curves = try kidneys(noise: 0)
    let biological = 0.017 - lutetium.perHour
    let tied = try TiedFit(
      .F3u, to: [curves[0]], weighting: .relative(0.05), fixed: ["lambda1": biological, "lambda2": biological + 0.3])
    #expect(
      tied.fits[0].parameters[1].value == biological || isClose(tied.fits[0].parameters[1].value, biological, 1e-12))
    #expect(isClose(tied.fits[0].parameters[2].value, biological + 0.3, 1e-12))
    #expect(isClose(tied.fits[0].parameters[0].value, 20, 1e-9))
    // Of one amplitude: u(Ã)/Ã = 5 %/√5.
    #expect(isClose(tied.total.relativeUncertainty!, 0.05 / 5.0.squareRoot(), 1e-9))
    let uptake = try TiedFit(.F3u, to: [curves[0]], weighting: .relative(0.05), fixed: ["lambda2": biological + 0.3])
    #expect(isClose(uptake.fits[0].parameters[1].value, biological, 1e-6))
    #expect(isClose(uptake.fits[0].parameters[2].value, biological + 0.3, 1e-9))
    // What is fixed is certain, though θ₃ moves with λ₁.
    #expect((uptake.fits[0].parameters[2].standardUncertainty ?? 0) < 1e-6)
    #expect(uptake.fits[0].parameters[1].standardUncertainty! > 1e-5)
  }

  @Test("Names that a model does not have, amplitudes to share and values of zero are refused")
  func refusals() throws {
    let curves = try kidneys(noise: 0)
    for (shared, fixed) in [
      (Set(["A1"]), [:]), (["lambda2"], [:]), (["lambda3"], [:]), ([], ["A2": 3.0]), ([], ["lambda1": 0.0]),
      (["lambda1"], ["lambda1": 0.01]),
    ] as [(Set<String>, [String: Double])] {
      #expect(throws: KineticsError.self) {
        try TiedFit(.F3u, to: curves, weighting: .relative(0.05), shared: shared, fixed: fixed)
      }
    }
    let estimate = try curves[0].estimate(
      of: TiedFit(.F3u, to: [curves[0]], weighting: .relative(0.05), fixed: ["lambda1": 0.0126]).fits[0],
      with: .init(weighting: .relative(0.05)))
    #expect(throws: KineticsError.self) { try estimate.interval(.profile) }
    #expect(try estimate.interval(.linear).standardUncertainty.base > 0)
  }
}
