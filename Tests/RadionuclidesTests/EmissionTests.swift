import Foundation
import Quantities
import Testing

@testable import Radionuclides

@Suite("Emissions")
struct EmissionTests {
  let nuclides: NuclideTable
  let emissions: EmissionTable

  init() throws {
    nuclides = try NuclideTable.icrp107()
    emissions = try EmissionTable.icrp107()
  }

  @Test("The lines of every nuclide add up to its energies per decay")
  func sums() throws {
    for nuclide in nuclides.nuclides {
      let spectrum = try emissions.spectrum(of: nuclide)
      for radiation in Radiation.allCases {
        let sum = spectrum.lines(radiation).reduce(0) { $0 + $1.energy.megaelectronvolts * $1.yield }
        #expect(abs(sum - nuclide.emitted[radiation].megaelectronvolts) <= 1e-10 * (1 + sum), "\(nuclide.name)")
      }
    }
  }

  /// Mean beta energies of ICRP Publication 107; endpoints of the decay schemes (NUBASE Q values of the main branch).
  @Test(
    "Beta spectra carry the mean energy per decay and end at the endpoint",
    arguments: [
      ("Lu-177", 0.133270, 0.4983), ("Y-90", 0.932905, 2.2798), ("Ga-68", 0.737383, 1.8991), ("F-18", 0.241608, 0.6335),
    ])
  func betaSpectra(name: String, energy: Double, endpoint: Double) throws {
    let beta = try #require(try emissions.spectrum(of: nuclides.nuclide(name)).beta)
    var sum = 0.0
    for i in 1..<beta.energies.count {
      // Simpson's rule of E·n(E), with n straight in between, is exact.
      let (a, b) = (beta.energies[i - 1].megaelectronvolts, beta.energies[i].megaelectronvolts)
      let (f, g) = (beta.density[i - 1], beta.density[i])
      sum += (b - a) / 6 * (a * f + (a + b) * (f + g) + b * g)
    }
    #expect(isClose(sum, energy, relative: 1e-5))
    #expect(isClose(try #require(beta.energies.last).megaelectronvolts, endpoint, relative: 0.01))
    #expect(beta.density.allSatisfy { $0 >= 0 })
  }

  @Test("⁶⁴Cu emits betas of both signs; ¹⁷⁷Lu electrons alone; ¹¹¹In none")
  func signs() throws {
    func beta(_ name: String) throws -> EmissionSpectrum.BetaSpectrum? {
      try emissions.spectrum(of: nuclides.nuclide(name)).beta
    }
    #expect(isClose(try #require(try beta("Cu-64")).positronShare, 0.1741 / 0.5641, relative: 1e-3))
    #expect(try beta("Lu-177")?.positronShare == 0)
    #expect(try beta("In-111") == nil)
  }

  @Test("A nuclide that is not in the table is refused")
  func unknown() throws {
    let stranger = try Nuclide(
      name: "Xx-1", halfLife: .hours(1), emitted: EmittedEnergy(), photonLines: [], products: [], source: .init("test"))
    #expect(throws: RadionuclideError.self) { try emissions.spectrum(of: stranger) }
  }
}
