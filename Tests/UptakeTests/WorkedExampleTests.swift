import Quantities
import Studies
import Testing
import Uptake

private func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
  (a / b - 1).magnitude < tolerance
}

@Suite("The worked examples of the specification")
struct WorkedExampleTests {
  private let gallium = Time.minutes(67.71)

  @Test("WE-1.1: 10 000 Bq/mL after an hour, with what was left in the syringe, is an SUV of 10.197")
  func residual() throws {
    let given = try AdministeredActivity(
      assay: .megabecquerels(150), residual: .megabecquerels(5), halfLife: gallium)
    #expect(close(given.remaining(after: .hours(1)).becquerels, 78_454_106.376_375_76))
    #expect(close(10_000 * given.factor(weight: .kilograms(80), after: .hours(1)), 10.197_044_322_474_08))
    let whole = try AdministeredActivity(assay: .megabecquerels(150), halfLife: gallium)
    #expect(close(10_000 * whole.factor(weight: .kilograms(80), after: .hours(1)), 9.857_142_845_058_277))
    #expect(
      close(whole.remaining(after: .zero) / whole.remaining(after: .hours(1)), 1.848_214_283_448_426_8))
  }

  @Test("A syringe measured a half-life before the administration gives half")
  func assayBefore() throws {
    let given = try AdministeredActivity(assay: .megabecquerels(300), assayBefore: gallium, halfLife: gallium)
    #expect(close(given.atAdministration.megabecquerels, 150))
    #expect(throws: UptakeError.self) {
      try AdministeredActivity(assay: .megabecquerels(5), residual: .megabecquerels(5), halfLife: gallium)
    }
  }

  @Test("WE-1.2: lean mass, surface and the uptake values by them of a man of 80 kg and 1.80 m")
  func body() throws {
    let man = try Body(weight: .kilograms(80), height: .centimetres(180), sex: .male)
    let woman = try Body(weight: .kilograms(80), height: .centimetres(180), sex: .female)
    #expect(close(try man.leanMass(.james128).kilograms, 62.716_049_382_716_05))
    #expect(close(try woman.leanMass(.james128).kilograms, 56.365_432_098_765_44))
    #expect(close(try man.leanMass(.james120).kilograms, 64.296_296_296_296_3))
    #expect(close(try man.leanMass(.janmahasatian).kilograms, 61.731_409_544_950_06))
    #expect(close(try woman.leanMass(.janmahasatian).kilograms, 50.092_229_690_288_36))
    #expect(close(try man.surface(.duBois).squareMetres, 1.996_421_022_275_044_7))
    #expect(close(try man.surface(.mosteller).squareMetres, 2))
    let suv = 10.197_044_322_474_08
    #expect(close(suv * (try man.normOverWeight(.leanJanmahasatian)), 7.868_473_990_233_189_5))
    #expect(close(suv * (try man.normOverWeight(.leanJames128)), 7.993_979_191_075_36))
    #expect(close(suv * (try man.normOverWeight(.bodySurface)), 2.544_699_206_307_205))
  }

  @Test("A body is refused when its measures cannot be, or a formula lacks one")
  func impossibleBodies() throws {
    #expect(throws: UptakeError.self) { try Body(weight: .kilograms(75_000)) }
    #expect(throws: UptakeError.self) { try Body(weight: .kilograms(.nan)) }
    #expect(throws: UptakeError.self) { try Body(weight: .kilograms(70), height: .centimetres(17_500)) }
    #expect(throws: UptakeError.self) { try Body(weight: .kilograms(70)).surface(.duBois) }
    #expect(throws: UptakeError.self) {
      try Body(weight: .kilograms(70), height: .centimetres(175), sex: .other).leanMass(.james128)
    }
    #expect(throws: UptakeError.self) {
      try Body(weight: .kilograms(70), height: .centimetres(175), sex: .male).normOverWeight(.leanUnnamed)
    }
  }

  @Test("WE-1.3: a frame of 180 s of 68Ga decays by 1.0154 and meets its mean after 89.77 s")
  func frame() throws {
    let frame = try FrameDecay(decayConstant: RateConstant(halfLife: gallium), duration: .seconds(180))
    #expect(close(frame.factorToStart, 1.015_434_093_889_602_3))
    #expect(close(frame.meanActivityTime.seconds, 89.769_669_340_049))
    #expect(close(frame.factorToReference(startAfterReference: .seconds(600)), 1.124_891_050_048_09))
    #expect(throws: UptakeError.self) {
      try FrameDecay(decayConstant: RateConstant(halfLife: gallium), duration: .zero)
    }
  }
}
