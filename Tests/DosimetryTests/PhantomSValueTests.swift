import Foundation
import Provenance
import Quantities
import Radionuclides
import Testing
import Transport

@testable import Dosimetry

@Suite("S values of the reference adults")
struct PhantomSValueTests {
  static let sets: [Sex: [MassConvention: PhantomSValues]] = {
    var sets: [Sex: [MassConvention: PhantomSValues]] = [:]
    for sex in Sex.allCases {
      for convention in MassConvention.allCases {
        sets[sex, default: [:]][convention] = try? PhantomSValues(sex, convention: convention)
      }
    }
    return sets
  }()
  let nuclides: NuclideTable

  init() throws { nuclides = try NuclideTable.icrp107() }

  func set(_ sex: Sex = .male, _ convention: MassConvention = .withoutBlood) throws -> PhantomSValues {
    try #require(Self.sets[sex]?[convention])
  }

  func alone(_ name: String) throws -> DecayChain { DecayChain(of: try nuclides.nuclide(name)) }

  @Test(
    "No source gives the body more energy than it emits, and no target gets more from itself", arguments: Sex.allCases)
  func energy(sex: Sex) throws {
    let set = try set(sex)
    let body = try #require(set.referenceMass(of: "total body"))
    for name in ["Lu-177", "Y-90", "I-131", "F-18", "Ac-225"] {
      let chain = try alone(name)
      let emitted =
        chain.emitted.electrons + chain.emitted.photons + chain.emitted[.alpha] + chain.emitted[.alphaRecoil]
      let all = try DoseConstant(energyPerDecay: emitted).sValue(mass: body)
      let short = try DoseConstant(energyPerDecay: chain.emitted.locallyAbsorbed).sValue(mass: body)
      for source in set.sources {
        let found = try set.sValue(of: chain, target: "total body", source: source)
        #expect(found.total <= all * 1.003, "\(name) in \(source)")
        #expect(found.electron + found.alpha <= short * 1.003, "\(name) in \(source)")
        guard let mass = set.referenceMass(of: source) else { continue }
        let own = try set.sValue(of: chain, target: source, source: source)
        let most = try DoseConstant(energyPerDecay: emitted).sValue(mass: mass)
        #expect(own.total <= most * 1.003, "\(name) in \(source)")
        #expect(own.total > .zero)
      }
    }
  }

  @Test("What one gram of an organ gives another is what it gets back: reciprocity of photons")
  func reciprocity() throws {
    let set = try set()
    let chain = try alone("I-131")
    for (a, b) in [("kidneys", "liver"), ("spleen", "pancreas"), ("brain", "thyroid")] {
      let there = try set.sValue(of: chain, target: a, source: b)
      let back = try set.sValue(of: chain, target: b, source: a)
      #expect(isClose(there.photon / back.photon, 1, 1e-6))
    }
  }

  @Test("Self-dose follows the patient's mass: electrons inversely, photons to the power 2/3; cross-dose does not")
  func scaling() throws {
    let set = try set()
    let lutetium = try nuclides.nuclide("Lu-177")
    func region(_ name: String, _ grams: Double) -> DoseRegion {
      DoseRegion(name: name, mass: .grams(grams), shape: .organ)
    }
    let reference = try #require(
      try set.sValue(lutetium, target: region("kidneys", 310), source: region("kidneys", 310)))
    let small = try #require(try set.sValue(lutetium, target: region("kidneys", 250), source: region("kidneys", 250)))
    #expect(isClose(small.electron / reference.electron, 310.0 / 250, 1e-9))
    #expect(isClose(small.photon / reference.photon, pow(310.0 / 250, 2.0 / 3), 1e-9))
    let cross = try #require(
      try set.sValue(lutetium, target: region("red marrow", 900), source: region("kidneys", 250)))
    let table = try set.sValue(of: try alone("Lu-177"), target: "red marrow", source: "kidneys")
    #expect(cross.total == table.total)
    #expect(try set.sValue(lutetium, target: region("lesion", 3), source: region("lesion", 3)) == nil)
    #expect(throws: DosimetryError.self) {
      try set.sValue(lutetium, target: region("kidneys", 0), source: region("kidneys", 0))
    }
  }

  @Test("The remainder and the organs taken out of it add up to the body")
  func remainder() throws {
    let set = try set()
    let chain = try alone("Lu-177")
    let organs = ["kidneys", "liver", "spleen", "red marrow"]
    let rest = try set.remainder(of: chain, target: "red marrow", without: organs)
    func mass(_ name: String) throws -> Double { try #require(set.referenceMass(of: name)).grams }
    var sum = 0.0
    var left = try mass("total body")
    for organ in organs {
      sum += try set.sValue(of: chain, target: "red marrow", source: organ).total.base * mass(organ)
      left -= try mass(organ)
    }
    let body = try set.sValue(of: chain, target: "red marrow", source: "total body").total.base * mass("total body")
    #expect(isClose(sum + rest.total.base * left, body, 1e-6))
    #expect(throws: DosimetryError.self) {
      try set.remainder(of: chain, target: "kidneys", without: ["muscle", "skin", "kidneys", "liver", "total body"])
    }
  }

  @Test("²²⁵Ac with its progeny gives 27.5 MeV of alpha particles to the organ that holds it")
  func actinium() throws {
    let set = try set()
    let entry = try set.sValue(of: try nuclides.chain(of: "Ac-225"), target: "liver", source: "liver")
    let expected = try DoseConstant(energyPerDecay: .megaelectronvolts(27.482 + 0.513)).sValue(mass: .grams(1800))
    #expect(isClose(entry.alpha / expected, 1, 2e-3))
    #expect(try set.sValue(of: try alone("Ac-225"), target: "kidneys", source: "liver").alpha == .zero)
  }

  @Test("Cross-dose of ⁹⁰Y is bremsstrahlung and as uncertain as the photons that carry it")
  func bremsstrahlung() throws {
    let entry = try set().sValue(of: try alone("Y-90"), target: "red marrow", source: "liver")
    // The radiation yield of 0.93 MeV in tissue is 0.5 %, of which the marrow absorbs a few hundredths per kg.
    let emitted = try DoseConstant(energyPerDecay: .megaelectronvolts(0.933 * 0.005)).sValue(mass: .kilograms(1))
    #expect((0.001...0.02).contains(entry.electron / emitted))
    #expect((0.005...0.05).contains(entry.relativeUncertainty))
  }

  @Test("Fatter marrow absorbs less of its own electrons")
  func cellularity() throws {
    let chain = try alone("Y-90")
    let values = try [0.4, 1, 1.4].map {
      try PhantomSValues(.male, cellularity: $0).sValue(of: chain, target: "red marrow", source: "red marrow").electron
    }
    #expect(values[0] < values[1] && values[1] < values[2])
  }

  @Test("What rests on remembered masses and shapes says so, and nothing else does")
  func unverified() throws {
    let set = try set()
    let chain = try alone("Lu-177")
    func verification(_ target: String, _ source: String) throws -> Source {
      try set.sValue(of: chain, target: target, source: source).source
    }
    #expect(try verification("kidneys", "liver").verification != .unverified)
    for (target, source, words) in [
      ("bone surfaces", "kidneys", "endosteum (544 g"), ("red marrow", "red marrow", "spongiosa"),
      ("brain", "salivary glands", "salivary glands"), ("endosteum", "bone surfaces", "endosteum (544 g"),
    ] {
      let found = try verification(target, source)
      #expect(found.verification == .unverified && found.citation.contains(words), "\(target) from \(source)")
    }
    let rest = try set.remainder(of: chain, target: "bone surfaces", without: ["kidneys"])
    #expect(rest.source.verification == .unverified)
  }

  @Test("Regions go by their usual names; unknown ones are refused with those there are")
  func names() throws {
    let set = try set()
    let chain = try alone("Lu-177")
    let a = try set.sValue(of: chain, target: "Bladder", source: "whole body")
    #expect(a.total == (try set.sValue(of: chain, target: "urinary bladder wall", source: "total body")).total)
    let error = #expect(throws: TransportError.self) { try set.sValue(of: chain, target: "tail", source: "liver") }
    #expect(error?.code == "unknown-target")
    #expect(throws: TransportError.self) { try set.sValue(of: chain, target: "liver", source: "") }
    #expect(throws: TransportError.self) { try PhantomSValues(phantom: "child") }
    #expect(throws: TransportError.self) { try PhantomSValues(.male, cellularity: .nan) }
  }
}
