import Quantities
import Radionuclides
import Testing

@Suite("Dose constants and chains")
struct DoseTests {
  let table: NuclideTable

  init() throws { table = try NuclideTable.icrp107() }

  /// Worked example WE-0.1.
  @Test("One MBq h of 1 MeV in 1 g gives 0.576784 Gy")
  func unitConstant() throws {
    let constant = DoseConstant(energyPerDecay: .megaelectronvolts(1))
    #expect(isClose(constant.grayGramsPerMegabecquerelHour, 0.57678358824, relative: 1e-12))
    let dose = try constant.dose(of: .megabecquerelHours(6), in: .grams(3))
    #expect(isClose(dose.grays, 2 * 0.57678358824, relative: 1e-12))
    let rate = try constant.doseRate(of: .megabecquerels(1), in: .kilograms(1))
    #expect(isClose(rate.milligraysPerHour, 0.57678358824, relative: 1e-12))
  }

  /// Worked example WE-0.1, whose energies add up three numbers rounded to 1e-6 MeV: 1.5e-6 MeV is 1e-5 of ¹⁷⁷Lu's.
  @Test(
    "Full decay of 1 GBq in 1 kg",
    arguments: [
      ("Lu-177", 0.08532013550681376, 19.63645089941165), ("Y-90", 0.5382008036718616, 49.77106231247634),
      ("Tb-161", 0.11679233199912938, nil),
    ] as [(String, Double, Double?)])
  func fullDecay(name: String, constant: Double, dose: Double?) throws {
    let nuclide = try table.nuclide(name)
    #expect(isClose(nuclide.electronDose.grayGramsPerMegabecquerelHour, constant, relative: 1e-5))
    let decays = TimeIntegratedActivity.becquerelSeconds(1e9 / nuclide.decayConstant.perSecond)
    let found = try nuclide.electronDose.dose(of: decays, in: .kilograms(1))
    if let dose { #expect(isClose(found.grays, dose, relative: 1e-5)) }
  }

  /// Worked example WE-0.2: the chain of ²²⁵Ac with ²¹³Bi's beta branch of 0.9791 and all of ²¹⁷At to ²¹³Bi. It adds
  /// numbers rounded to 1e-6 MeV, up to three for each of eight nuclides.
  @Test("A decay of ²²⁵Ac with its progeny gives four alpha particles and their energies")
  func actinium() throws {
    let chain = try table.chain(of: "225Ac", branching: [.init("At-217", to: "Bi-213", 1)])
    let emitted = chain.emitted
    #expect(isClose(emitted[.alpha].megaelectronvolts, 27.482438251300003, relative: 1e-6))
    #expect(isClose(emitted[.alphaRecoil].megaelectronvolts, 0.5133102011, relative: 4e-6 / 0.513))
    #expect(isClose(emitted.electrons.megaelectronvolts, 0.6896127741, relative: 12e-6 / 0.690))
    let decays = Dictionary(
      uniqueKeysWithValues: chain.members.map { ($0.nuclide.name, $0.decaysPerParentDecay) })
    #expect(chain.members.first?.nuclide.name == "Ac-225")
    #expect(chain.ends == ["Bi-209"])
    #expect(decays["Po-213"] == 0.9791 && decays["Tl-209"] == 0.0209)
    #expect(isClose(decays["Pb-209"] ?? 0, 1, relative: 1e-12))
    #expect(
      isClose(
        chain.localDose.energyPerDecay.megaelectronvolts, 27.4824382513 + 0.5133102011 + 0.6896127741,
        relative: 12e-6 / 0.690))
  }

  @Test("With the branching of the table a ten-thousandth less goes on from ²¹⁷At")
  func tabulated() throws {
    let chain = try table.chain(of: "Ac-225")
    #expect(chain.members.first { $0.nuclide.name == "Bi-213" }?.decaysPerParentDecay == 0.99988)
    #expect(chain.emitted[.alpha].megaelectronvolts < 27.482438)
    #expect(isClose(chain.emitted[.alpha].megaelectronvolts, 27.482438, relative: 1e-4))
  }

  @Test("²¹²Pb gives one alpha particle per decay")
  func lead() throws {
    let chain = try table.chain(of: "Pb-212")
    let decays = Dictionary(
      uniqueKeysWithValues: chain.members.map { ($0.nuclide.name, $0.decaysPerParentDecay) })
    #expect(isClose((decays["Po-212"] ?? 0) + 0.3594, 1, relative: 1e-12))
    // Published mean alpha energy per decay of ²¹²Pb in equilibrium: 0.6406 · 8.785 + 2.175 MeV.
    #expect(isClose(chain.emitted[.alpha].megaelectronvolts, 0.6406 * 8.78508 + 2.174514, relative: 1e-6))
    #expect(chain.members.map(\.nuclide.name) == ["Pb-212", "Bi-212", "Po-212", "Tl-208"])
  }

  @Test("A nuclide with a stable product is a chain of one")
  func single() throws {
    let chain = try table.chain(of: "Y-90")
    #expect(chain.members.count == 1 && chain.ends == ["Zr-90"])
    #expect(chain.emitted == chain.members[0].nuclide.emitted)
  }

  @Test(
    "Branching that cannot be is refused",
    arguments: [
      ("Bi-213", "Pb-209", 0.5, "unknown-branch"), ("Bi-213", "Po-213", 1.5, "branching-range"),
      ("Bi-213", "Po-213", .nan, "branching-range"), ("Bi-213", "Po-213", 1, "branching-sum"),
      ("Xx-1", "Po-213", 1, "unknown-nuclide"),
    ] as [(String, String, Double, String)])
  func badBranching(nuclide: String, product: String, fraction: Double, code: String) {
    let error = #expect(throws: RadionuclideError.self) {
      try table.chain(of: "Ac-225", branching: [.init(nuclide, to: product, fraction)])
    }
    #expect(error?.code == code)
  }

  @Test("A mass that is not above zero is refused", arguments: [0, -1, Double.nan, .infinity])
  func badMass(grams: Double) throws {
    let constant = try table.nuclide("Lu-177").localDose
    #expect(throws: RadionuclideError.self) { try constant.dose(of: .megabecquerelHours(1), in: .grams(grams)) }
  }

  @Test("A nuclide without a half-life or a proper name is refused")
  func badNuclide() throws {
    let y = try table.nuclide("Y-90")
    for (name, halfLife) in [("Y-90", Time.zero), ("Y-90", .hours(.nan)), ("90Y", .hours(64.1))] {
      #expect(throws: RadionuclideError.self) {
        try Nuclide(
          name: name, halfLife: halfLife, emitted: y.emitted, photonLines: [], products: [], source: y.source)
      }
    }
  }

  @Test("A chain that turns in a circle is refused")
  func circle() throws {
    let parent = try table.nuclide("Y-90")
    let looped = try Nuclide(
      name: "Y-90", halfLife: parent.halfLife, emitted: parent.emitted, photonLines: [],
      products: [.init(name: "Y-90", branching: 1)], source: parent.source)
    let error = #expect(throws: RadionuclideError.self) { try NuclideTable([looped]).chain(of: "Y-90") }
    #expect(error?.code == "endless-chain")
  }
}
