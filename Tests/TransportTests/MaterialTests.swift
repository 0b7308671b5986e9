import Provenance
import Quantities
import Testing
import Transport

@Suite("Materials")
struct MaterialTests {
  @Test("A material keeps the composition it is given")
  func composition() {
    let water = Material(
      name: "water", density: .gramsPerMillilitre(1),
      composition: [
        .init(atomicNumber: 1, massFraction: 0.111894), .init(atomicNumber: 8, massFraction: 0.888106),
      ],
      meanExcitationEnergy: .kiloelectronvolts(0.075), source: Source("ICRU Report 37"))
    #expect(abs(water.composition.map(\.massFraction).reduce(0, +) - 1) < 1e-9)
  }
}
