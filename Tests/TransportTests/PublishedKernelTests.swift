import Quantities
import Testing

@testable import Transport

/// Point kernels of electrons in water that others published: r₀ dε/dr over distances in parts of the CSDA range r₀.
///
/// EGSnrc by EDKnrc with the parameters of Mainegra-Hing et al., Med. Phys. 32 (2005) 685, as the example TestEm12 of Geant4
/// lists them.
@Suite("Point kernels of electrons against published ones")
struct PublishedKernelTests {
  struct Published: CustomTestStringConvertible, Sendable {
    let energy: Double
    /// Of water in g/cm² (ICRU 37).
    let range: Double
    let values: [Double]

    /// Of a shell, in parts of the range.
    static let width = 0.05

    var testDescription: String { "\(energy) keV" }

    /// The share of the energy within the outer edge of each shell.
    var within: [Double] {
      var sum = 0.0
      return values.map {
        sum += $0 * Self.width
        return sum
      }
    }
  }

  static let egsnrc = [
    Published(
      energy: 1000, range: 0.4367,
      values: [
        0.764, 0.814, 0.850, 0.886, 0.930, 0.984, 1.050, 1.130, 1.222, 1.318, 1.405, 1.466, 1.483, 1.436, 1.313, 1.103,
        0.834, 0.536, 0.279, 0.104, 0.024, 0.002,
      ]),
    Published(
      energy: 100, range: 0.01431,
      values: [
        0.577, 0.630, 0.680, 0.739, 0.813, 0.900, 1.002, 1.120, 1.248, 1.375, 1.494, 1.572, 1.601, 1.553, 1.402, 1.190,
        0.916, 0.614, 0.349, 0.157, 0.050, 0.009, 0.001,
      ]),
  ]

  @Test("The energy within each distance up to 90 % of it is that of EGSnrc within 3 %", arguments: egsnrc)
  func cumulative(published: Published) throws {
    let within = published.within
    let radii = within.indices.map { Length.centimetres(Double($0 + 1) * Published.width * published.range) }
    let found = try energies(of: Scene.line(.electron, published.energy), within: radii, histories: 40_000)
      .map { $0 / published.energy }
    var compared = 0
    for (k, share) in within.enumerated() where share <= 0.9 {
      #expect(abs(found[k] / share - 1) < 0.03, "within \(Double(k + 1) * Published.width) r₀")
      compared += 1
    }
    #expect(compared >= 14)
  }

  /// The energy of the betas of ⁹⁰Y in shells of 0.5 mm, keV: Graves, Flynn and Hyer, Med. Phys. 46 (2019) 5284, of whose
  /// shells of 0.1 mm these are the sums. The last ends where 90 % are within.
  static let graves = [
    103.06, 103.51, 100.00, 94.59, 87.86, 80.42, 72.16, 63.72, 54.63, 45.45, 36.77,
  ]

  @Test("The betas of ⁹⁰Y leave their energy in each shell as in the published point kernel within 3 %")
  func yttrium() throws {
    let beta = try #require(try Scene.source("Y-90").parts.first { $0.component == .betaMinus })
    let radii = Self.graves.indices.map { Length.millimetres(Double($0 + 1) * 0.5) }
    let found = try energies(of: beta.emission, within: radii, highest: .megaelectronvolts(2.3), histories: 60_000)
      .map { $0 * beta.yield }
    var within = 0.0
    for (k, published) in Self.graves.enumerated() {
      let shell = found[k] - (k == 0 ? 0 : found[k - 1])
      within += published
      #expect(abs(shell / published - 1) < 0.03, "shell to \(radii[k].millimetres) mm")
      #expect(abs(found[k] / within - 1) < 0.02, "within \(radii[k].millimetres) mm")
    }
  }

  /// The energy of one emission within each distance, keV.
  private func energies(
    of emission: Emission, within radii: [Length], highest: Energy = .megaelectronvolts(1), histories: Int
  ) throws -> [Double] {
    let run = try TransportRun(
      emission, in: .shells(try SphereGeometry(material: .water, radii: radii), .centre),
      tables: try Scene.tables(highest: highest), histories: histories)
    let result = try run.run()
    var sum = 0.0
    return radii.indices.map {
      sum += result.energy($0).kiloelectronvolts
      return sum
    }
  }
}
