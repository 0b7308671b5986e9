import Provenance
import Quantities
import Testing

@testable import Transport

@Suite("Materials")
struct MaterialTests {
  @Test("The shares of every material add up to one, and each has cross sections")
  func compositions() throws {
    let elements = try ElementTable.standard()
    for material in Material.standard + TissueSet.standard.flatMap(\.materials) {
      #expect(isClose(material.composition.reduce(0) { $0 + $1.massFraction }, 1, 1e-5), "\(material.name)")
      #expect(material.composition.map(\.atomicNumber) == material.composition.map(\.atomicNumber).sorted())
      let range = Energy.kiloelectronvolts(0.06)...Energy.kiloelectronvolts(0.12)
      #expect(range.contains(material.meanExcitationEnergy))
      _ = try PhotonCrossSections(material, elements: elements)
    }
  }

  @Test("A material is the same to the last bit in whatever order its elements come")
  func order() {
    let shares = Dictionary(uniqueKeysWithValues: (1...20).map { ($0, 0.1 + 1 / Double($0)) })
    let first = Material("x", .gramsPerMillilitre(1), shares, Source("test"))
    // A dictionary's order depends on its capacity, and on the process.
    for capacity in 5...12 {
      var other: [Int: Double] = [:]
      other.reserveCapacity(1 << capacity)
      for (element, share) in shares { other[element] = share }
      #expect(Material("x", .gramsPerMillilitre(1), other, Source("test")) == first)
    }
  }

  @Test("Materials are found by name; a wrong name is answered with a near one")
  func names() throws {
    #expect(try Material.named("red marrow") == .redMarrow)
    let error = #expect(throws: TransportError.self) { try Material.named("red morrow") }
    #expect(error?.remedy == "Did you mean red marrow?")
  }

  /// Density limits as published codes tabulate them from Schneider 2000.
  @Test(
    "CT numbers become Schneider's densities",
    arguments: [
      (-1000.0, 0.00121), (-98, 0.930486), (-97.99999, 0.930486), (14, 1.03), (22.9, 1.03), (23, 1.029887),
      (100, 1.1199), (101, 1.076792), (1600, 1.9642), (3000, 2.793), (9000, 2.793), (-3000, 0.00121),
    ])
  func densities(number: Double, expected: Double) throws {
    #expect(isClose(try CTNumber.hounsfield(number).density().gramsPerMillilitre, expected, 1e-4))
  }

  @Test("A CT number that is none is refused", arguments: [Double.nan, .infinity])
  func badNumber(number: Double) {
    #expect(throws: TransportError.self) { try CTNumber.hounsfield(number).density() }
  }

  @Test(
    "CT numbers are sorted into tissues from their first number on",
    arguments: [
      (-2000.0, 0), (-1000, 0), (-951, 0), (-950, 1), (-120.5, 1), (-120, 2), (19, 7), (1499, 22), (4000, 23),
    ])
  func tissues(number: Double, index: Int) {
    #expect(TissueSet.schneider.index(of: .hounsfield(number)) == index)
  }

  @Test("The small tissue set has its own limits; limits that do not rise are refused")
  func sets() {
    #expect(TissueSet.sixTissues.material(of: .hounsfield(40)) == .softTissue)
    #expect(TissueSet.sixTissues.material(of: .hounsfield(1200)) == .corticalBone)
    #expect(throws: TransportError.self) {
      try TissueSet(
        name: "mine", materials: [.water, .air], starts: [.hounsfield(0), .hounsfield(-5)], source: Source("test"))
    }
  }
}
