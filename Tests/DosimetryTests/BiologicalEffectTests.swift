import Kinetics
import Quantities
import Testing

@testable import Dosimetry

@Suite("The linear-quadratic model")
struct BiologicalEffectTests {
  let kidneys = BiologicalEffect.kidneys

  func mono(_ hours: Double) -> ExponentialSum {
    ExponentialSum([.init(amplitude: .megabecquerels(1), rate: RateConstant(halfLife: .hours(hours)))])
  }

  @Test("WE-6.4: 23 Gy to the kidneys, by ¹⁷⁷Lu and by ⁹⁰Y")
  func kidneysAtTheLimit() {
    let g = kidneys.leaCatchesideFactor(of: mono(41))
    #expect(isClose(g, 0.0639269406392694, 1e-9))
    let bed = kidneys.biologicallyEffectiveDose(of: .grays(23), factor: g)
    #expect(isClose(bed.grays, 36.526940639269405, 1e-9))
    #expect(isClose(kidneys.equieffectiveDose(of: bed).grays, 20.292744799594114, 1e-9))
    let y = kidneys.leaCatchesideFactor(of: mono(29.653901127298763))
    #expect(isClose(kidneys.biologicallyEffectiveDose(of: .grays(23), factor: y).grays, 41.256048715870165, 1e-9))
    for (bed, dose) in [(28.0, 18.88263748453868), (40, 24.567034527126406)] {
      #expect(isClose(kidneys.dose(for: .grays(bed), factor: g).grays, dose, 1e-9))
    }
    #expect(isClose(kidneys.biologicallyEffectiveDose(fractions: 4, of: .grays(2)).grays, 14.4, 1e-12))
    #expect(isClose(kidneys.biologicallyEffectiveDose(fractions: 5, of: .grays(2)).grays, 18, 1e-12))
  }

  @Test("WE-6.5: uptake spares: G of the uptake curve lies below that of one exponential")
  func uptake() {
    let course = ExponentialSum([
      .init(amplitude: .megabecquerels(1), rate: .perHour(0.016906028794145007)),
      .init(amplitude: .megabecquerels(-1), rate: .perHour(0.13040434365344694)),
    ])
    let g = kidneys.leaCatchesideFactor(of: course)
    #expect(isClose(g, 0.05912167567640329, 1e-9))
    #expect(isClose(kidneys.biologicallyEffectiveDose(of: .grays(23), factor: g).grays, 35.51014657312693, 1e-9))
  }

  @Test("Dose and effect invert each other", arguments: [0.1, 5, 23, 60])
  func inversion(grays: Double) {
    for g in [0, 0.05, 1] {
      let bed = kidneys.biologicallyEffectiveDose(of: .grays(grays), factor: g)
      #expect(isClose(kidneys.dose(for: bed, factor: g).grays, grays, 1e-12))
    }
  }
}
