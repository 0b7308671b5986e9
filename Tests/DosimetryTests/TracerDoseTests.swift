import Foundation
import Quantities
import Radionuclides
import Testing

@testable import Dosimetry

@Suite("Doses of diagnostic tracers")
struct TracerDoseTests {
  let gallium: Nuclide
  init() throws { gallium = try NuclideTable.icrp107().nuclide("Ga-68") }

  @Test("⁶⁸Ga spread over the body and never voided gives a man 0.0135 mGy/MBq, inner tissues a little more")
  func uniform() throws {
    let all = TimeIntegratedActivityCoefficient.hours(gallium.halfLife.hours / 0.693147180559945)
    let dose = try TracerDose(gallium, sources: [], body: all)
    // SCIENCE 16.4: energy balance of 73 kg.
    let man = try #require(dose.male.regions["total body"]).graysPerGigabecquerel
    let woman = try #require(dose.female.regions["total body"]).graysPerGigabecquerel
    #expect(isClose(man, 0.0135, 0.03))
    // Superficial tissues absorb fewer photons, inner ones more; the weights are those of inner ones.
    #expect((1...1.12).contains(dose.effective.millisievertsPerMegabecquerel / ((man + woman) / 2)))
    for adult in [dose.male, dose.female] {
      #expect(adult.tissues.count == 27)
      for (name, value) in adult.tissues {
        #expect(
          (0.75...1.3).contains(value.graysPerGigabecquerel / (adult.sex == .male ? man : woman)),
          "\(name) \(value.graysPerGigabecquerel)")
      }
    }
    // The woman is lighter.
    #expect(dose.female.regions["total body"]! > dose.male.regions["total body"]!)
  }

  /// Residence times and doses in men of 68Ga-NODAGA-MJ9 by OLINDA/EXM 2.0 (EJNMMI Res 2019, s13550-018-0462-9, table 2),
  /// for organs whose dose is mostly their own.
  @Test("Organs dose themselves as another program says", arguments: [("pancreas", 0.0813, 0.260, 0.10)])
  func published(organ: String, hours: Double, expected: Double, tolerance: Double) throws {
    let dose = try TracerDose(gallium, sources: [(organ, .hours(hours))], body: .hours(1.0))
    let found = try #require(dose.male.regions[organ]).graysPerGigabecquerel
    #expect(isClose(found, expected, tolerance), "\(found)")
  }

  @Test("What is not in the sources is in the rest: more in the bladder is less elsewhere")
  func rest() throws {
    let body = TimeIntegratedActivityCoefficient.hours(1.4)
    let without = try TracerDose(gallium, sources: [], body: body)
    let with = try TracerDose(gallium, sources: [("urinary bladder", .hours(0.3))], body: body)
    #expect(with.male.tissues["bladder"]! > without.male.tissues["bladder"]! * 3)
    #expect(with.male.tissues["brain"]! < without.male.tissues["brain"]!)
    #expect(with.effective.millisievertsPerMegabecquerel > without.effective.millisievertsPerMegabecquerel)
  }

  @Test("Alpha emitters, unknown regions and organs that hold more than the body are refused")
  func refusals() throws {
    let actinium = try NuclideTable.icrp107().nuclide("Ac-225")
    #expect(throws: DosimetryError.self) { try TracerDose(actinium, sources: [], body: .hours(1)) }
    #expect(throws: (any Error).self) { try TracerDose(gallium, sources: [("tail", .hours(0.1))], body: .hours(1)) }
    #expect(throws: DosimetryError.self) {
      try TracerDose(gallium, sources: [("liver", .hours(2))], body: .hours(1))
    }
  }
}
