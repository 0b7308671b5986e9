import Foundation
import Quantities
import Radionuclides
import TestFolders
import Testing

@testable import Dosimetry

/// Files of absorbed fractions in the layout of ICRP Publication 133 with a few regions.
enum FractionFixture {
  static let regions = ["Kidneys", "Liver", "R-marrow"]
  /// Masses of the regions in kg.
  static let masses = [0.4, 2, 1.25]
  static let energies = [0.0, 0.01, 0.1, 0.3, 1, 2, 4, 12]

  /// - Parameter fraction: in 1/kg by target, source and energy in MeV.
  static func file(
    _ third: String = "Photons", _ second: String = "Adult Male Reference Computational Phantom",
    ending: String = "\n", _ fraction: (Int, Int, Double) -> Double
  ) -> [UInt8] {
    func wide(_ text: String) -> String { text.padding(toLength: 10, withPad: " ", startingAt: 0) }
    var lines = ["Specific absorbed fractions of energy (1/kg)      2016-08-12", second, third]
    lines.append("   3   3              " + energies.map { wide("\($0)") }.joined() + "  Ecutoff  ID|")
    lines.append(String(repeating: "-", count: 120))
    for s in regions.indices {
      for t in regions.indices {
        let values = energies.map { wide(String(format: "%.3E", fraction(t, s, $0))) }.joined()
        lines.append(wide(regions[t]) + "<-" + wide(regions[s]) + " " + values + "    0.010  2")
      }
    }
    return Array((lines.joined(separator: ending) + ending).utf8)
  }

  /// Electrons and alphas stay in their region; photons give 0.02/kg anywhere.
  static func files(ending: String = "\n") throws -> [SpecificFractions] {
    let male = "MALE mass(with Blood) weighted from the adult alpha"
    let local = { (t: Int, s: Int, _: Double) in t == s ? 1 / masses[s] : 0 }
    return [
      try SpecificFractions(file(ending: ending) { _, _, _ in 0.02 }),
      try SpecificFractions(file("Electrons", ending: ending, local)),
      try SpecificFractions(file("Alpha SAFs", male, ending: ending, local)),
    ]
  }

  static let tissues = """
    Source Regions           2016-08-12
    See notes below                   |
     #          ------ Mass (kg) ------
    3            Male    ID  Female  ID
    -----------------------------------
    Kidneys     3.000E-01 1 2.750E-01 1
    Liver       1.500E+00 1 1.400E+00 1
    Blood       5.600E+00 0 4.100E+00 0
    R-marrow    1.200E+00 1 9.000E-01 1
    Do not change the order of the |
    """
}

@Suite("S values from absorbed fractions of the user's own")
struct FractionSValueTests {
  let nuclides: NuclideTable
  let set: FractionSValues

  init() throws {
    nuclides = try NuclideTable.icrp107()
    set = try FractionSValues(
      try FractionFixture.files(), tissues: try TissueMasses(Array(FractionFixture.tissues.utf8)), name: "mine")
  }

  private func s(_ energy: Energy, perKilogram fraction: Double) throws -> Double {
    try DoseConstant(energyPerDecay: energy * fraction).sValue(mass: .kilograms(1)).graysPerBecquerelSecond
  }

  @Test(
    "A fraction that does not depend on energy gives Δ·Φ of each radiation: electrons, photons, alphas and recoils",
    arguments: ["Lu-177", "Y-90", "F-18", "Tc-99m", "I-131", "Ac-225", "Bi-213", "Po-212"])
  func constant(name: String) throws {
    let nuclide = try nuclides.nuclide(name)
    let entry = try set.sValue(of: DecayChain(of: nuclide), target: "kidneys", source: "kidney")
    let emitted = nuclide.emitted
    let short = emitted[.alpha] + emitted[.alphaRecoil]
    #expect(isClose(entry.electron.graysPerBecquerelSecond, try s(emitted.electrons, perKilogram: 2.5), 1e-6))
    #expect(isClose(entry.photon.graysPerBecquerelSecond, try s(emitted.photons, perKilogram: 0.02), 1e-6))
    #expect(isClose(entry.alpha.graysPerBecquerelSecond, try s(short, perKilogram: 2.5), 1e-6))
    let cross = try set.sValue(of: DecayChain(of: nuclide), target: "red marrow", source: "LIVER")
    #expect(cross.electron == .zero && cross.alpha == .zero && cross.photon == entry.photon)
    #expect(entry.set == "mine")
  }

  @Test("A fraction that rises with the energy is integrated over the spectrum, and recoils take that of 2 MeV")
  func rising() throws {
    let male = "MALE mass"
    let rising = { (_: Int, _: Int, energy: Double) in energy }
    let files = [
      try SpecificFractions(FractionFixture.file("Photons", male, rising)),
      try SpecificFractions(FractionFixture.file("Electrons", male, rising)),
      try SpecificFractions(FractionFixture.file("Alpha SAFs", male, rising)),
    ]
    let set = try FractionSValues(files, name: "rising")
    let emissions = try EmissionTable.icrp107()
    func square(_ lines: [EmissionSpectrum.Line]) -> Double {
      lines.reduce(0) { $0 + $1.yield * $1.energy.megaelectronvolts * $1.energy.megaelectronvolts }
    }
    let yttrium = try nuclides.nuclide("Y-90")
    let spectrum = try emissions.spectrum(of: yttrium)
    let beta = try #require(spectrum.beta)
    // ∫ E² n dE with n straight between its points.
    var integral = 0.0
    for k in 1..<beta.energies.count {
      let (a, b) = (beta.energies[k - 1].megaelectronvolts, beta.energies[k].megaelectronvolts)
      let (f, g) = (beta.density[k - 1], beta.density[k])
      integral += (b - a) / 12 * (f * (3 * a * a + 2 * a * b + b * b) + g * (a * a + 2 * a * b + 3 * b * b))
    }
    integral += square(spectrum.lines([.conversionElectrons, .augerElectrons]))
    let entry = try set.sValue(of: DecayChain(of: yttrium), target: "liver", source: "kidneys")
    let expected = try s(.megaelectronvolts(integral), perKilogram: 1)
    #expect(isClose(entry.electron.graysPerBecquerelSecond, expected, 1e-6))
    let actinium = try nuclides.nuclide("Ac-225")
    let own = try emissions.spectrum(of: actinium)
    let recoil = own.lines(.alphaRecoil).reduce(0) { $0 + $1.yield * $1.energy.megaelectronvolts }
    let alphas = try s(.megaelectronvolts(square(own.lines(.alpha)) + 2 * recoil), perKilogram: 1)
    let alpha = try set.sValue(of: DecayChain(of: actinium), target: "liver", source: "kidneys").alpha
    #expect(isClose(alpha.graysPerBecquerelSecond, alphas, 1e-6))
  }

  @Test("The mass of a region is the inverse of an electron's fraction at no energy; the body is its tissues")
  func masses() throws {
    #expect(isClose(try #require(set.referenceMass(of: "kidneys")).grams, 400, 1e-9))
    #expect(isClose(try #require(set.referenceMass(of: "total body")).kilograms, 3, 1e-12))
    #expect(set.selfDoseMass(target: "liver", source: "kidneys") == nil)
    let lutetium = DecayChain(of: try nuclides.nuclide("Lu-177"))
    let body = try set.sValue(of: lutetium, target: "liver", source: "total body")
    let own = try set.sValue(of: lutetium, target: "liver", source: "liver")
    #expect(isClose(body.electron / own.electron, 0.5, 1e-12))
    let rest = try set.remainder(of: lutetium, target: "liver", without: ["kidneys", "red marrow"])
    #expect(isClose(rest.electron / own.electron, 1, 1e-12))
    #expect(throws: DosimetryError.self) {
      try set.remainder(of: lutetium, target: "liver", without: ["kidneys", "red marrow", "liver"])
    }
  }

  @Test(
    "A patient's organs are brought in: own dose by mass, marrow at the level of the files, progeny of alpha emitters")
  func patient() throws {
    let patient = try PatientSValues(set)
    let lutetium = try nuclides.nuclide("Lu-177")
    let kidneys = DoseRegion(name: "Kidneys", mass: .grams(200), pieces: 2, shape: .organ)
    let entry = try #require(try patient.sValue(lutetium, target: kidneys, source: kidneys))
    #expect(isClose(entry.electron.graysPerBecquerelSecond, try s(lutetium.emitted.electrons, perKilogram: 5), 1e-6))
    #expect(patient.marrowLevel == 1 && patient.name == "mine")
    let marrow = DoseRegion(name: "Marrow", mass: .grams(1250), shape: .redMarrow)
    let rest = try #require(
      try patient.remainder(lutetium, target: marrow, without: [kidneys], body: .kilograms(6)))
    #expect(
      isClose(
        rest.electron.graysPerBecquerelSecond, try s(lutetium.emitted.electrons, perKilogram: 0.8 * 1.2 / 2.7 / 2), 1e-6
      ))
    let actinium = try nuclides.nuclide("Ac-225")
    let chain = try nuclides.chain(of: "Ac-225")
    let alphas = try #require(try patient.sValue(actinium, target: kidneys, source: kidneys)).alpha
    let all = try set.sValue(of: chain, target: "kidneys", source: "kidneys").alpha * 2
    #expect(isClose(alphas / all, 1, 1e-9))
  }

  @Test("A file is known by its digest however its lines end; one of no known edition is unverified")
  func digests() throws {
    let windows = try FractionFixture.files(ending: "\r\n")
    #expect(windows.map(\.digest) == (try FractionFixture.files()).map(\.digest))
    #expect(windows.allSatisfy { $0.edition == nil } && set.source.verification == .unverified)
    #expect(set.source.citation.contains(windows[0].digest.short))
  }

  @Test("Sets that lack a radiation, mix phantoms or end below a nuclide's energies are refused")
  func sets() throws {
    let files = try FractionFixture.files()
    #expect(throws: DosimetryError.self) { try FractionSValues([files[0]], name: "x") }
    #expect(throws: DosimetryError.self) { try FractionSValues([files[0], files[1], files[1]], name: "x") }
    let female = try SpecificFractions(
      FractionFixture.file("Electrons", "Adult Female Reference Computational Phantom") { _, _, _ in 1 })
    #expect(throws: DosimetryError.self) { try FractionSValues([files[0], female], name: "x") }
    let two = try FractionSValues(Array(files.prefix(2)), name: "x")
    let error = #expect(throws: DosimetryError.self) {
      try two.sValue(of: DecayChain(of: try nuclides.nuclide("Ac-225")), target: "liver", source: "liver")
    }
    #expect(error?.code == "fractions-incomplete")
    #expect(!two.holds(target: "liver", source: "total body") && set.holds(target: "liver", source: "whole body"))
    #expect(throws: DosimetryError.self) {
      try set.sValue(of: DecayChain(of: try nuclides.nuclide("Y-90")), target: "nose", source: "liver")
    }
  }

  @Test(
    "A broken file is refused with its line",
    arguments: [
      ("Photons", "Neutrons", "fractions-unknown"), ("2.000E-02", "-2.00E-02", "fractions-line"),
      ("2.000E-02", "nan      ", "fractions-line"), ("0.01", "4.01", "fractions-line"),
      ("<-Liver", "<-Kidneys", "fractions-line"), ("   3   3", "   4   3", "fractions-line"),
      ("Kidneys   <-Kidneys", "Kidneys     Kidneys", "fractions-line"),
      ("Specific absorbed", "Effective", "fractions-unknown"),
    ])
  func broken(old: String, new: String, code: String) throws {
    let text = String(decoding: FractionFixture.file { _, _, _ in 0.02 }, as: UTF8.self)
    let range = try #require(text.range(of: old))
    let error = #expect(throws: DosimetryError.self) {
      try SpecificFractions(Array(text.replacingCharacters(in: range, with: new).utf8))
    }
    #expect(error?.code == code)
  }

  @Test("Between points the curve is that of Fritsch and Butland, as SciPy's PCHIP gives it")
  func curve() throws {
    let curve = try #require(MonotoneCurve([0, 1, 3, 4, 7], [0, 2, 2.5, 2.4, 5]))
    for (place, value) in [
      (0.25, 0.6529771959459459), (0.9, 1.9278445945945943), (1.5, 2.2149493243243246), (2.8, 2.4947567567567566),
      (3.5, 2.4499999999999997), (4.5, 2.482060185185185), (6.9, 4.84279351851852),
    ] { #expect(abs(curve(place) - value) < 1e-12, "\(place)") }
    #expect(curve(-1) == 0 && curve(9) == 5)
    #expect(MonotoneCurve([1], [1]) == nil)
    let line = try #require(MonotoneCurve([0, 2], [1, 5]))
    #expect(line(0.5) == 2)
  }

  private static let folder = TestData.path("icrp133-saf")

  @Test(
    "The files of ICRP 133 give the values that others evaluated from them: within 0.2 %, the smallest within 2 %",
    .enabled(
      if: folder != nil && ReferenceSValues.file != nil,
      "icrp133-saf and s-values are not in ENDORA_TEST_DATA or .build/test-data"))
  func published() throws {
    let folder = try #require(Self.folder)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".SAF") }
      .compactMap { name -> SpecificFractions? in
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
        return SpecificFractions.subject(bytes)?.radiation == .neutron ? nil : try SpecificFractions(bytes)
      }
    #expect(files.count == 6 && files.allSatisfy { $0.edition != nil })
    let sets = try Dictionary(grouping: files, by: \.phantom).mapValues { try FractionSValues($0, name: "icrp133") }
    var compared = 0
    for (key, reference) in ReferenceSValues.values where reference.total > 0 {
      let set = try #require(sets[key[1] == "AM" ? "adult-male" : "adult-female"])
      let chain = DecayChain(of: try nuclides.nuclide(key[0]))
      let ours = try set.sValue(of: chain, target: key[2], source: key[3])
      let total = ours.total.milligraysPerMegabecquerelSecond
      // They sum the beta spectrum by the trapezoidal rule, which shows where few of the highest energies get across.
      #expect(isClose(total, reference.total, 0.02), "\(key)")
      if reference.total > 1e-9 { #expect(isClose(total, reference.total, 2e-3), "\(key)") }
      compared += 1
    }
    #expect(compared > 10_000)
  }
}
