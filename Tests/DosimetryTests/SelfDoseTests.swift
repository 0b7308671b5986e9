import Foundation
import Kinetics
import Quantities
import Radionuclides
import Testing

@testable import Dosimetry

func isClose(_ a: Double, _ b: Double, _ relative: Double) -> Bool { abs(a - b) <= relative * abs(b) }

@Suite("Self-dose")
struct SelfDoseTests {
  let lutetium: Nuclide
  let set = SelfDoseSet()

  init() throws { lutetium = try NuclideTable.icrp107().nuclide("Lu-177") }

  func organ(_ name: String, _ grams: Double, pieces: Int = 1, _ shape: TargetShape = .organ) throws -> SValueEntry {
    let region = DoseRegion(name: name, mass: .grams(grams), pieces: pieces, shape: shape)
    return try #require(try set.sValue(lutetium, target: region, source: region))
  }

  @Test(
    "¹⁷⁷Lu self-dose agrees with two published phantoms within 1.5 %",
    arguments: [
      // ICRP 133 adult male, masses with blood; mGy/(MBq s), own evaluation with ICRP 107 spectra.
      ("kidneys", 422.0, 2, 5.669822e-05), ("liver", 2360, 1, 1.043992e-05), ("spleen", 228, 1, 1.045851e-04),
      // ICRP 133 adult female.
      ("kidneys", 357, 2, 6.700161e-05), ("liver", 1810, 1, 1.353713e-05), ("spleen", 187, 1, 1.270623e-04),
      // OLINDA/EXM 2 adult male, blood-free masses.
      ("kidneys", 310, 2, 7.76e-5), ("liver", 1800, 1, 1.37e-5), ("spleen", 150, 1, 1.60e-4),
    ])
  func phantoms(name: String, grams: Double, pieces: Int, reference: Double) throws {
    let s = try organ(name, grams, pieces: pieces).total.milligraysPerMegabecquerelSecond
    #expect(isClose(s, reference, 0.015))
  }

  @Test("¹⁷⁷Lu red marrow agrees with the two sets within 1 %", arguments: [(1170.0, 1.15e-5), (900, 1.49e-5)])
  func marrow(grams: Double, reference: Double) throws {
    let s = try organ("red marrow", grams, .redMarrow).total.milligraysPerMegabecquerelSecond
    #expect(isClose(s, reference, 0.01))
  }

  @Test(
    "WE-4.4: spheres agree with a published table within 2 %",
    arguments: [
      (0.00431, 4.54e-09), (0.0345, 6.29e-10), (0.116, 1.93e-10), (0.539, 4.27e-11), (0.932, 2.49e-11),
      (4.31, 5.46e-12), (14.6, 1.63e-12), (116, 2.07e-13), (276, 8.81e-14),
    ])
  func spheres(grams: Double, reference: Double) throws {
    let s = try organ("sphere", grams, .sphere).total.graysPerBecquerelSecond
    #expect(isClose(s, reference, 0.02))
  }

  @Test("WE-4.5: a lesion of 10 g, electrons alone")
  func lesion() throws {
    let decays = TimeIntegratedActivity.megabecquerelHours(1210.3323338428818)
    let fractions = try AbsorbedFractions(lutetium, pieceOf: .grams(10), shape: .sphere)
    #expect(isClose(fractions.electrons, 0.9871392284899825, 1e-9))
    #expect(isClose((decays * (try organ("lesion", 10, .sphere).electron)).grays, 10.193764191832601, 1e-5))
  }

  @Test("WE-6.1: from 310 g to 250 g electrons scale with the mass, photons with its power 2/3")
  func massScaling() {
    let s = SValueEntry(
      electron: .milligraysPerMegabecquerelSecond(7.645173432510195e-05),
      photon: .milligraysPerMegabecquerelSecond(1.1482656748980526e-06), relativeUncertainty: 0, set: "test",
      source: .init("WE-6.1"))
    let scaled = s.scaled(from: .grams(310), to: .grams(250)).total.milligraysPerMegabecquerelSecond
    #expect(isClose(scaled, 9.612547896826363e-05, 1e-9))
  }

  @Test("Own S values follow the same law of mass", arguments: [0.5, 0.9, 1.3])
  func lawOfMass(factor: Double) throws {
    let a = try organ("liver", 1800)
    let b = try organ("liver", 1800 * factor)
    #expect(isClose(b.photon / a.photon, pow(factor, -2.0 / 3), 1e-9))
    #expect(isClose(b.electron / a.electron, 1 / factor, 2e-3))
  }

  @Test("WE-4.2: marrow from L2–L4 with the papers' share and with the default")
  func marrowFromVertebrae() throws {
    let decays = TimeIntegratedActivity.megabecquerelHours(136.7698534683926)
    let s = SValue.milligraysPerMegabecquerelSecond(1.15e-5)
    func perGBq(_ share: Double) -> Double { ((decays * (1 / share)) * s).grays / 0.2 }
    #expect(isClose(perGBq(RedMarrow.paperShare.value), 0.4225576069844368, 1e-9))
    #expect(isClose(perGBq(RedMarrow.lumbarShare(.male).value), 0.3857, 1e-4))
    #expect(RedMarrow.paperShare.isUnverified)
  }

  @Test("WE-4.6: the two readings of spheres in L2–L4")
  func readings() {
    let c = ActivityConcentration.becquerelsPerMillilitre(5000)
    let a = RedMarrow.activity(inVertebrae: c * Volume.millilitres(135), share: 0.067)
    #expect(isClose(a.megabecquerels, 10.074626865671641, 1e-9))
    let b = RedMarrow.activity(concentration: c, marrowFraction: 0.4, marrow: .grams(1170))
    #expect(isClose(b.megabecquerels, 14.19902912621359, 1e-9))
    let lumbar = RedMarrow.activity(
      concentration: c, marrowFraction: RedMarrow.lumbarMarrowFraction(.male).value, marrow: .grams(1170))
    #expect(isClose(lumbar.megabecquerels, 11.05, 1e-3))
  }

  @Test("What has no figures is refused", arguments: ["I-131", "Ga-68", "F-18"])
  func unknown(name: String) throws {
    let nuclide = try NuclideTable.icrp107().nuclide(name)
    let region = DoseRegion(name: "liver", mass: .grams(1800), shape: .organ)
    #expect(throws: DosimetryError.self) { try set.sValue(nuclide, target: region, source: region) }
  }

  @Test("A mass of nothing, or of a whole crowd, is refused", arguments: [0, -1, 0.001, 1e6, .nan])
  func badMass(grams: Double) throws {
    #expect(throws: DosimetryError.self) { try organ("liver", grams) }
  }

  @Test(
    "Self-dose of other labels agrees with ICRP 133 phantoms: organs within 7 %, marrow within 12 %",
    arguments: [
      // The electrons' share of their energy that the region absorbs, own evaluation with ICRP 107 and ICRP 133.
      ("Y-90", "kidneys", 422.0, 0.9055338692083044), ("Y-90", "liver", 2360, 0.9542215583778961),
      ("Re-188", "kidneys", 422, 0.9222727317324693), ("Re-188", "liver", 2360, 0.9624799289519955),
      ("Tb-161", "liver", 2360, 0.9951957051501158), ("Y-90", "marrow", 1394, 0.3794458604125584),
      ("Re-188", "marrow", 1394, 0.40209365759193244), ("Tb-161", "marrow", 1394, 0.6215026155016847),
    ])
  func otherLabels(name: String, organ: String, grams: Double, reference: Double) throws {
    let nuclide = try NuclideTable.icrp107().nuclide(name)
    let pieces = organ == "kidneys" ? 2.0 : 1
    let fractions = try AbsorbedFractions(
      nuclide, pieceOf: .grams(grams / pieces), shape: organ == "marrow" ? .redMarrow : .organ)
    #expect(isClose(fractions.electrons, reference, organ == "marrow" ? 0.12 : 0.07))
  }

  @Test("²²⁵Ac and its progeny give 28.7 MeV per decay to their region, of which a spleen keeps nearly all")
  func actinium() throws {
    let nuclide = try NuclideTable.icrp107().nuclide("Ac-225")
    let region = DoseRegion(name: "spleen", mass: .grams(150), shape: .organ)
    let s = try #require(try set.sValue(nuclide, target: region, source: region))
    let local = 1.602176634e-13 * (27.4824 + 0.5133 + 0.6896) / 0.150
    let found = (s.electron + s.alpha).graysPerBecquerelSecond
    #expect(found < local && isClose(found, local, 0.01))
    #expect(isClose(s.alpha.graysPerBecquerelSecond, 1.602176634e-13 * (27.4824 + 0.5133) / 0.150, 1e-3))
  }

  @Test("Marrow has no absorbed fraction of a nuclide nobody has looked at")
  func unknownMarrow() throws {
    let nuclide = try NuclideTable.icrp107().nuclide("I-131")
    let region = DoseRegion(name: "red marrow", mass: .grams(1170), shape: .redMarrow)
    #expect(throws: DosimetryError.self) { try set.sValue(nuclide, target: region, source: region) }
  }

  @Test("WE-6.6: the kidneys' dose under ⁹⁰Y is 4.08 times that under ¹⁷⁷Lu")
  func yttrium() throws {
    let y = try NuclideTable.icrp107().nuclide("Y-90")
    let course = ExponentialSum([
      .init(amplitude: .megabecquerels(0.034267690457118145), rate: .perHour(0.016906028794145007)),
      .init(amplitude: .megabecquerels(-0.034267690457118145), rate: .perHour(0.13040434365344694)),
    ])
    let translated = try course.translated(from: lutetium.decayConstant, to: y.decayConstant)
    #expect(isClose(translated.integral / course.integral, 0.6890847137547861, 1e-6))
    let kidney = try AbsorbedFractions(y, pieceOf: .grams(155), shape: .organ)
    #expect(isClose(kidney.electrons, 0.951894811802603, 1e-9))
    let ratio =
      translated.integral / course.integral * kidney.electrons * (y.emitted.electrons / lutetium.emitted.electrons)
      / 1.0150194849735545
    #expect(isClose(ratio, 4.07643011880667, 1e-5))
  }
}
