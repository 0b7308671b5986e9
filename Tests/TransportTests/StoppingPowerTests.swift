import Foundation
import Quantities
import Testing

@testable import Transport

@Suite("Stopping powers")
struct StoppingPowerTests {
  let elements: ElementTable

  init() throws { elements = try ElementTable.standard() }

  /// NIST ESTAR, liquid water: collision and radiative stopping power in MeV cm²/g, δ.
  @Test(
    "Electrons in water agree with ESTAR within 0.1 %",
    arguments: [
      (10.0, 22.5610, 0.0038982, 0), (50, 6.60314, 0.0040314, 0), (200, 2.79300, 0.0048008, 0),
      (500, 2.03415, 0.0072574, 0), (1000, 1.84910, 0.0127977, 0.24278), (2000, 1.82367, 0.0267818, 0.82177),
      (5000, 1.89210, 0.0791699, 1.96719), (10_000, 1.96797, 0.1814276, 2.99224),
    ])
  func water(keV: Double, collision: Double, radiative: Double, delta: Double) throws {
    let stopping = try ElectronStopping(.water, elements: elements)
    let energy = Energy.kiloelectronvolts(keV)
    #expect(isClose(try stopping.collision(at: energy).base, collision, 1e-3))
    #expect(isClose(try stopping.radiative(at: energy).base, radiative, 1e-3))
    #expect(abs(stopping.densityEffect(keV: keV) - delta) < 2e-3)
  }

  /// NIST ESTAR, its own compositions and mean excitation energies.
  @Test(
    "The density effect is ESTAR's in bone, in adipose tissue and in aluminium, a conductor",
    arguments: [
      ("bone", 1000.0, 1.658507, 0.40705), ("bone", 5000, 1.720251, 1.97006), ("adipose", 1000, 1.880432, 0.37782),
      ("adipose", 5000, 1.919601, 2.12482), ("aluminium", 50, 5.039271, 0.0047321),
      ("aluminium", 2000, 1.474739, 0.63486),
    ])
  func densityEffect(name: String, keV: Double, collision: Double, delta: Double) throws {
    let stopping = try ElectronStopping(try #require(Self.estar[name]), elements: elements)
    #expect(isClose(try stopping.collision(at: .kiloelectronvolts(keV)).base, collision, 1e-3))
    #expect(abs(stopping.densityEffect(keV: keV) - delta) < 3e-3)
  }

  @Test("Bragg's rule gives ESTAR's mean excitation energies within 2 %", arguments: ["bone", "adipose", "lung"])
  func meanExcitation(name: String) throws {
    let table = try #require(Self.estar[name])
    let shares = Dictionary(uniqueKeysWithValues: table.composition.map { ($0.atomicNumber, $0.massFraction) })
    let ours = Material(name, table.density, shares, .init("test"))
    #expect(isClose(ours.meanExcitationEnergy.base, table.meanExcitationEnergy.base, 0.02))
  }

  /// NIST ASTAR, liquid water, total stopping power in MeV cm²/g.
  @Test(
    "Alpha particles in water agree with ASTAR within 0.1 %",
    arguments: [(1000.0, 2193.0), (2000, 1625), (5000, 885.5), (8000, 630.6)])
  func alphas(keV: Double, expected: Double) throws {
    let stopping = try AlphaStopping(.water)
    #expect(isClose(try stopping.total(at: .kiloelectronvolts(keV)).base, expected, 1e-3))
  }

  @Test("Energies outside the data are refused", arguments: [0.9, 10_001, .nan])
  func range(keV: Double) throws {
    let stopping = try ElectronStopping(.water, elements: elements)
    #expect(throws: TransportError.self) { try stopping.collision(at: .kiloelectronvolts(keV)) }
    #expect(throws: TransportError.self) { try AlphaStopping(.water).total(at: .kiloelectronvolts(keV * 1000 - 900)) }
  }

  private static func material(_ density: Double, _ excitation: Double, _ shares: [Int: Double]) -> Material {
    Material(
      name: "test", density: .gramsPerMillilitre(density),
      composition: shares.sorted { $0.key < $1.key }.map { .init(atomicNumber: $0.key, massFraction: $0.value) },
      meanExcitationEnergy: .kiloelectronvolts(excitation * 1e-3), source: .init("NIST ESTAR"))
  }

  private static let estar = [
    "bone": material(
      1.85, 106.4,
      [
        1: 0.047234, 6: 0.14433, 7: 0.04199, 8: 0.446096, 12: 0.0022, 15: 0.10497, 16: 0.00315, 20: 0.20993,
        30: 0.0001,
      ]),
    "adipose": material(
      0.92, 63.2,
      [
        1: 0.119477, 6: 0.63724, 7: 0.00797, 8: 0.232333, 11: 0.0005, 12: 0.00002, 15: 0.00016, 16: 0.00073,
        17: 0.00119, 19: 0.00032, 20: 0.00002, 26: 0.00002, 30: 0.00002,
      ]),
    "lung": material(
      1.05, 75.3,
      [
        1: 0.101278, 6: 0.10231, 7: 0.02865, 8: 0.757072, 11: 0.00184, 12: 0.00073, 15: 0.0008, 16: 0.00225,
        17: 0.00266, 19: 0.00194, 20: 0.00009, 26: 0.00037, 30: 0.00001,
      ]),
    "aluminium": material(2.6989, 166, [13: 1]),
  ]
}
