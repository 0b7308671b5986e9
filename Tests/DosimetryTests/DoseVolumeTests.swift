import Foundation
import Quantities
import Testing

@testable import Dosimetry

@Suite("Dose and volume")
struct DoseVolumeTests {
  func histogram(_ doses: [Double], _ volumes: [Double]? = nil) throws -> DoseVolumeHistogram {
    try DoseVolumeHistogram(
      doses: doses.map { .grays($0) }, volumes: (volumes ?? doses.map { _ in 1 }).map { .millilitres($0) })
  }

  @Test("A hundred voxels of 1 to 100 Gy: D98 3, D50 51, D2 99, V(91) 10")
  func knownRamp() throws {
    let h = try histogram((1...100).map(Double.init).shuffled())
    #expect(
      h.dose(received: 0.98).grays == 3 && h.dose(received: 0.5).grays == 51 && h.dose(received: 0.02).grays == 99)
    #expect(h.dose(received: 1).grays == 1 && h.volume(receiving: .grays(91)).millilitres == 10)
    #expect(h.mean.grays == 50.5 && h.minimum.grays == 1 && h.maximum.grays == 100)
    #expect(h.volume(receiving: .grays(100.5)) == .zero && h.volume(receiving: .zero).millilitres == 100)
  }

  @Test("V(D) and D(x) by counting, for random voxels of random volume")
  func bruteForce() throws {
    var state: UInt64 = 9
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    let doses = (0..<500).map { _ in (uniform() * 40).rounded() / 2 }
    let volumes = doses.map { _ in 0.1 + uniform() }
    let h = try histogram(doses, volumes)
    let total = volumes.reduce(0, +)
    for dose in stride(from: 0.0, through: 21, by: 0.7) {
      let counted = zip(doses, volumes).reduce(0) { $0 + ($1.0 >= dose ? $1.1 : 0) }
      #expect(abs(h.volume(receiving: .grays(dose)).millilitres - counted) < 1e-9)
    }
    for share in [0.02, 0.1, 0.5, 0.9, 0.98] {
      let d = h.dose(received: share).grays
      #expect(h.volume(receiving: .grays(d)).millilitres >= share * total - 1e-9)
      let next = doses.filter { $0 > d }.min()
      if let next { #expect(h.volume(receiving: .grays(next)).millilitres < share * total) }
    }
  }

  @Test("A uniform dose is its own EUD and EUBED; cold spots pull both down")
  func equivalent() throws {
    let kidneys = BiologicalEffect.kidneys
    let g = 0.0639269406392694
    let flat = try histogram([23, 23, 23])
    #expect(abs(flat.equivalentUniformDose(alpha: 0.3).grays - 23) < 1e-9)
    #expect(abs(flat.equivalentUniformBED(alpha: 0.3, kidneys, factor: g).grays - 36.526940639269405) < 1e-6)
    let cold = try histogram([23, 23, 0])
    #expect(cold.equivalentUniformDose(alpha: 0.3) < cold.mean)
    // Small α: the mean; large α: the coldest voxel.
    #expect(abs(cold.equivalentUniformDose(alpha: 1e-6).grays - cold.mean.grays) < 1e-3)
    #expect(cold.equivalentUniformDose(alpha: 50).grays < 0.05)
    // Doses that would underflow exp keep their value.
    #expect(abs(try histogram([5000, 5000]).equivalentUniformDose(alpha: 1).grays - 5000) < 1e-6)
  }

  @Test("No voxel, a dose below 0 or a volume of nothing is refused")
  func refusals() {
    #expect(throws: DosimetryError.self) { try histogram([]) }
    #expect(throws: DosimetryError.self) { try histogram([1, -1]) }
    #expect(throws: DosimetryError.self) { try histogram([1, .nan]) }
    #expect(throws: DosimetryError.self) { try histogram([1], [0]) }
  }
}

@Suite("Effective dose")
struct EffectiveDoseTests {
  static let tissues =
    EffectiveDose.weights.keys.filter { $0 != "remainder" } + EffectiveDose.remainder

  func uniform(_ value: Double) -> [String: AbsorbedDosePerActivity] {
    Dictionary(uniqueKeysWithValues: Self.tissues.map { ($0, .graysPerGigabecquerel(value)) })
  }

  @Test("The weights of ICRP 103 add to 1, and the remainder has 13 tissues")
  func weights() {
    #expect(abs(EffectiveDose.weights.values.reduce(0, +) - 1) < 1e-12)
    #expect(EffectiveDose.remainder.count == 13)
  }

  @Test("A uniform dose is its own effective dose, averaged over the sexes")
  func uniformDose() throws {
    let e = try EffectiveDose.perActivity(male: uniform(0.010), female: uniform(0.014))
    #expect(abs(e.millisievertsPerMegabecquerel - 0.012) < 1e-15)
  }

  @Test("Red marrow alone counts 0.12, one tissue of the remainder 0.12/13")
  func single() throws {
    var doses = uniform(0)
    doses["red-marrow"] = .graysPerGigabecquerel(1)
    #expect(abs(try EffectiveDose.perActivity(male: doses, female: doses).base - 0.12) < 1e-12)
    doses["red-marrow"] = .zero
    doses["spleen"] = .graysPerGigabecquerel(1)
    #expect(abs(try EffectiveDose.perActivity(male: doses, female: doses).base - 0.12 / 13) < 1e-12)
  }

  @Test("A missing tissue is refused, not taken as 0")
  func missing() {
    var doses = uniform(0.01)
    doses["thymus"] = nil
    #expect(throws: DosimetryError.self) { try EffectiveDose.perActivity(male: uniform(0.01), female: doses) }
  }

  @Test("WE-6.2: 150 MBq [68Ga]Pentixafor give 2.34 mSv by a coefficient that is not verified")
  func pentixafor() throws {
    let coefficient = try #require(EffectiveDose.published["[68Ga]Pentixafor"])
    #expect(abs(coefficient.value.millisievertsPerMegabecquerel * 150 - 2.34) < 1e-12 && coefficient.isUnverified)
  }
}
