import Provenance
import Quantities
@testable import Radionuclides
import Testing

func isClose(_ a: Double, _ b: Double, relative: Double) -> Bool { abs(a - b) <= relative * abs(b) }

/// Half-lives of ICRP Publication 107.
private let halfLives: [(String, Time)] = [
  ("Lu-177", .days(6.647)), ("Lu-177m", .days(160.4)), ("Y-90", .hours(64.1)), ("Ga-68", .minutes(67.71)),
  ("F-18", .minutes(109.77)), ("Cu-64", .hours(12.7)), ("Tc-99m", .hours(6.015)), ("In-111", .days(2.8047)),
  ("I-131", .days(8.0207)), ("Tb-161", .days(6.906)), ("Re-188", .hours(17.004)), ("Ac-225", .days(10)),
  ("Fr-221", .minutes(4.9)), ("At-217", .seconds(0.0323)), ("Bi-213", .minutes(45.59)), ("Po-213", .seconds(4.2e-06)),
  ("Tl-209", .minutes(2.161)), ("Pb-209", .hours(3.253)), ("Xe-131m", .days(11.84)), ("Cd-111m", .minutes(48.50)),
  ("Pb-212", .hours(10.64)), ("Bi-212", .minutes(60.55)),
  ("Po-212", .seconds(2.99e-07)), ("Tl-208", .minutes(3.053)),
]

@Suite("Nuclides")
struct NuclideTests {
  let table: NuclideTable

  init() throws { table = try NuclideTable.icrp107() }

  @Test("Half-lives are those of ICRP Publication 107", arguments: halfLives)
  func halfLife(name: String, halfLife: Time) throws {
    #expect(isClose(try table.nuclide(name).halfLife / halfLife, 1, relative: 1e-12))
  }

  /// Science specification, section 0; 177Lu and 161Tb agree with EJNMMI Physics 2020, s40658-020-00301-2, Table 1.
  /// The numbers are printed to 1e-6 MeV; the sums add up to three such numbers.
  @Test(
    "Energies per decay are those of the published sums of lines",
    arguments: [
      ("Lu-177", 0.133270, 0.013522, 0.001132, 0.147924, 0.035098),
      ("Y-90", 0.932905, 0.000201, 0.000001, 0.933107, 0.000001),
      ("Tb-161", 0.154263, 0.039286, 0.008940, 0.202489, 0.036525),
    ] as [(String, Double, Double, Double, Double, Double)])
  func energies(
    name: String, beta: Double, conversion: Double, auger: Double, electrons: Double, photons: Double
  ) throws {
    let emitted = try table.nuclide(name).emitted
    let found = [
      emitted[.betaMinus], emitted[.conversionElectrons], emitted[.augerElectrons], emitted.electrons, emitted.photons,
    ]
    for (index, (energy, expected)) in zip(found, [beta, conversion, auger, electrons, photons]).enumerated() {
      #expect(abs(energy.megaelectronvolts - expected) <= (index < 3 ? 0.51e-6 : 1.53e-6))
    }
  }

  @Test(
    "Electron and photon sums of other nuclides are those of the specification",
    arguments: [
      ("I-131", 0.19185, 0.382758), ("Re-188", 0.779344, 0.061253), ("Lu-177m", 0.26872, 1.000483),
    ] as [(String, Double, Double)])
  func otherSums(name: String, electrons: Double, photons: Double) throws {
    let emitted = try table.nuclide(name).emitted
    #expect(abs(emitted.electrons.megaelectronvolts - electrons) <= 5e-6)
    #expect(abs(emitted.photons.megaelectronvolts - photons) <= 1.53e-6)
  }

  @Test("Positron emitters give two quanta of 511 keV per positron")
  func positrons() throws {
    for (name, positrons, energy) in [("F-18", 0.9673, 0.241608), ("Ga-68", 0.8891, 0.737383)] {
      let nuclide = try table.nuclide(name)
      let line = try #require(nuclide.photonLines.first { isClose($0.energy.kiloelectronvolts, 511, relative: 1e-4) })
      #expect(isClose(line.yield, 2 * positrons, relative: 2e-4))
      #expect(abs(nuclide.emitted[.betaPlus].megaelectronvolts - energy) <= 0.51e-6)
      #expect(isClose(nuclide.emitted[.annihilation] / (line.energy * line.yield), 1, relative: 1e-9))
    }
  }

  @Test(
    "The lines that cameras use are there",
    arguments: [
      ("Lu-177", 208.366, 0.11), ("Lu-177", 112.95, 0.064), ("Lu-177", 249.674, 0.00212), ("Tb-161", 74.6, 0.102),
      ("Tb-161", 48.9, 0.17), ("I-131", 364.5, 0.817), ("Re-188", 155, 0.156), ("Ga-68", 1077, 0.032),
      ("Tc-99m", 140.5, 0.89), ("In-111", 171.3, 0.9), ("In-111", 245.4, 0.94), ("Fr-221", 218, 0.114),
      ("Bi-213", 440.4, 0.26), ("Pb-212", 238.6, 0.433),
    ] as [(String, Double, Double)])
  func lines(name: String, energy: Double, yield: Double) throws {
    let near = try table.nuclide(name).photonLines.filter { abs($0.energy.kiloelectronvolts - energy) < 0.5 }
    #expect(near.contains { isClose($0.yield, yield, relative: 0.03) }, "\(near)")
  }

  @Test("Every nuclide of the table is sound")
  func sound() throws {
    #expect(table.nuclides.count == 25)
    for nuclide in table.nuclides {
      #expect(nuclide.halfLife > .zero && nuclide.emitted.total(Set(Radiation.allCases)) > .zero)
      #expect(!nuclide.products.isEmpty && nuclide.source.verification == .verified)
      let branches = nuclide.products.reduce(0) { $0 + $1.branching }
      #expect(branches <= 1.000_01 && branches > 0.999)
      let energies = nuclide.photonLines.map(\.energy)
      #expect(energies == energies.sorted() && nuclide.photonLines.allSatisfy { $0.yield > 0.001 })
      let sum = nuclide.photonLines.map { $0.energy * $0.yield }.total()
      #expect(sum <= nuclide.emitted.photons * (1 + 1e-9))
      #expect(try table.nuclide(nuclide.symbol) == nuclide)
      #expect(isClose(nuclide.remaining(after: nuclide.halfLife * 3), 0.125, relative: 1e-12))
      #expect(isClose(nuclide.decayConstant.halfLife / nuclide.halfLife, 1, relative: 1e-12))
    }
  }

  @Test(
    "A name is read in any usual spelling",
    arguments: [
      ("Lu-177", "Lu-177"), ("177Lu", "Lu-177"), ("lu177", "Lu-177"), ("¹⁷⁷Lu", "Lu-177"), ("[177Lu]", "Lu-177"),
      ("^177^Lu", "Lu-177"), (" LU 177 ", "Lu-177"), ("Lu–177", "Lu-177"), ("Lu-177m", "Lu-177m"),
      ("177mLu", "Lu-177m"), ("¹⁷⁷ᵐLu", "Lu-177m"), ("Tc99m", "Tc-99m"), ("99mTc", "Tc-99m"), ("99MTC", "Tc-99m"),
      ("18F", "F-18"), ("f18", "F-18"), ("Y90", "Y-90"), ("131-I", "I-131"),
    ] as [(String, String)])
  func spellings(text: String, name: String) throws { #expect(try table.nuclide(text).name == name) }

  @Test(
    "An m before the symbol is a state only where no symbol begins with it",
    arguments: [
      ("54Mn", "Mn-54"), ("99Mo", "Mo-99"), ("38mK", "K-38m"), ("99mTc", "Tc-99m"), ("24mNa", "Na-24m"),
      ("mg24", "Mg-24"),
    ])
  func states(text: String, name: String) { #expect(NuclideName(text)?.name == name) }

  @Test(
    "An unknown name is refused with near names",
    arguments: [
      ("Lu-176", "Did you mean Lu-177 or Lu-177m?"), ("Lr-177", "Did you mean Lu-177?"), ("177", nil), ("Lu", nil),
      ("", nil), ("Lu-177x", nil), ("Lu-1777", nil), ("177Lu177", nil), ("54Mn", nil), ("١٧٧Lu", nil),
      ("Tc-98", "Did you mean Tc-99m or Tc-99?"), (String(repeating: "9", count: 100_000), nil),
    ] as [(String, String?)])
  func unknown(text: String, remedy: String?) {
    let error = #expect(throws: RadionuclideError.self) { try table.nuclide(text) }
    #expect(error?.code == "unknown-nuclide")
    if let remedy { #expect(error?.remedy == remedy) }
    #expect((error?.reason.count ?? 0) < 100)
  }

  @Test("People read ¹⁷⁷Lu and ⁹⁹ᵐTc")
  func symbols() throws {
    #expect(try table.nuclide("lu177").symbol == "¹⁷⁷Lu")
    #expect(try table.nuclide("tc99m").symbol == "⁹⁹ᵐTc")
  }

  @Test("The terms of the data travel with them")
  func notice() {
    #expect(NuclideTable.notice.contains("Copyright (c) 2008 A. Endo and K.F. Eckerman"))
    #expect(NuclideTable.notice.contains("educational"))
  }

  @Test(
    "A table that is broken is our fault",
    arguments: [
      ("\"endora-nuclides-1\"", "\"endora-nuclides-2\""), ("\"unit\": \"d\"", "\"unit\": \"w\""),
      ("\"value\": 6.647", "\"value\": 0"), ("\"betaMinus\"", "\"betaminus\""),
      ("\"branching\": 0.9791", "\"branching\": 1"),
      ("[1.94297e-05, 1.28087]", "[1.94297e-05]"), ("\"name\": \"Y-90\"", "\"name\": \"Lu-177\""), ("}\n", "\n"),
      ("\"halfLife\"", "\"half_life\""),
    ] as [(String, String)])
  func broken(old: String, new: String) throws {
    let text = String(decoding: PackageResources.icrp107_json, as: UTF8.self)
    let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
    try #require(parts.count == 2)
    let error = #expect(throws: RadionuclideError.self) { try NuclideTable(json: "\(parts[0])\(new)\(parts[1])".utf8) }
    #expect(error?.code == "broken-table" && error?.category == .internalFault)
  }

  @Test("A table in which a nuclide comes twice is refused")
  func duplicate() throws {
    let nuclide = try table.nuclide("Y-90")
    #expect(throws: RadionuclideError.self) { try NuclideTable([nuclide, nuclide]) }
  }
}
