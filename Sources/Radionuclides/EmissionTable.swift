import Foundation
import JSON
import Provenance
public import Quantities

/// Every particle that one decay of a nuclide emits, without its progeny.
public struct EmissionSpectrum: Sendable {
  /// Particles of one energy.
  public struct Line: Hashable, Sendable {
    /// The energy of one particle.
    public let energy: Energy
    /// The mean number of particles per decay.
    public let yield: Double
  }

  /// The distribution of the energies of beta particles.
  public struct BetaSpectrum: Sendable {
    /// Rising energies from zero to the endpoint.
    public let energies: [Energy]
    /// Particles per decay and MeV at these energies, straight between them. They are scaled, by less than 0.5 %, so that
    /// the energy per decay is the sum of the mean energies of the transitions.
    public let density: [Double]
    /// The share of the particles that are positrons.
    public let positronShare: Double
  }

  private let lines: [Radiation: [Line]]
  /// Beta particles of both signs together; `nil` when there are none.
  public let beta: BetaSpectrum?

  /// All lines of one kind of radiation by rising energy; for beta particles the mean energies of the transitions.
  public func lines(_ radiation: Radiation) -> [Line] { lines[radiation] ?? [] }

  /// All lines of several kinds together, in the order of ``Radiation``.
  public func lines(_ radiations: Set<Radiation>) -> [Line] {
    Radiation.allCases.filter(radiations.contains).flatMap { lines($0) }
  }

  fileprivate init(_ node: JSONNode) throws {
    var lines: [Radiation: [Line]] = [:]
    for (key, list) in try node.required("lines").members {
      guard let radiation = Radiation(rawValue: key) else {
        throw list.refusal("radiation", found: "the radiation is unknown", remedy: "Use a known kind.")
      }
      lines[radiation] = try list.pairs().map { Line(energy: .megaelectronvolts($0.0), yield: $0.1) }
        .sorted { $0.energy < $1.energy }
    }
    self.lines = lines
    let points = try node.required("betaSpectrum").pairs()
    func yield(_ kind: Radiation) -> Double { (lines[kind] ?? []).reduce(0) { $0 + $1.yield } }
    let emitted = ([.betaMinus, .betaPlus] as [Radiation]).flatMap { lines[$0] ?? [] }
      .reduce(0) { $0 + $1.energy.megaelectronvolts * $1.yield }
    guard points.count > 1, emitted > 0 else {
      beta = nil
      return
    }
    let scale = emitted / Self.energy(points)
    beta = BetaSpectrum(
      energies: points.map { .megaelectronvolts($0.0) }, density: points.map { $0.1 * scale },
      positronShare: yield(.betaPlus) / (yield(.betaMinus) + yield(.betaPlus)))
  }

  /// ∫ E n(E) dE of a density that is straight between its points.
  private static func energy(_ points: [(Double, Double)]) -> Double {
    zip(points, points.dropFirst()).reduce(0) { sum, pair in
      let ((a, f), (b, g)) = pair
      return sum + (b - a) / 6 * (f * (2 * a + b) + g * (a + 2 * b))
    }
  }
}

/// The emissions of the nuclides of ``NuclideTable``, line by line.
public struct EmissionTable: Sendable {
  private let byName: [String: EmissionSpectrum]

  /// The data of ICRP Publication 107 that come with this release; ``NuclideTable/notice`` holds their terms.
  ///
  /// - Throws: ``RadionuclideError`` when the file is missing or was altered.
  public static func icrp107() throws(RadionuclideError) -> EmissionTable {
    guard
      let url = Bundle.module.url(
        forResource: "icrp107-emissions", withExtension: "json", subdirectory: "Emissions"),
      let data = try? Data(contentsOf: url), Digest(of: data).hexadecimal == digest
    else { throw broken("it is missing or was altered.") }
    do {
      var byName: [String: EmissionSpectrum] = [:]
      for node in try JSONDocument(data, dialect: .strict).root.required("nuclides").list() {
        byName[try node.required("name").string()] = try EmissionSpectrum(node)
      }
      return EmissionTable(byName: byName)
    } catch {
      throw broken((error as? any Refusal)?.reason ?? "it cannot be read.")
    }
  }

  /// The emissions of a nuclide.
  ///
  /// - Throws: ``RadionuclideError`` for one that is not in the table.
  public func spectrum(of nuclide: Nuclide) throws(RadionuclideError) -> EmissionSpectrum {
    guard let spectrum = byName[nuclide.name] else {
      throw RadionuclideError(
        "no-emissions", "There is no list of the emissions of \(nuclide.name).",
        remedy: "Choose from \(byName.keys.sorted().joined(separator: ", ")).")
    }
    return spectrum
  }

  private static let digest = "fd01568eedb34826c63d7fbb5a0dce31f64367f00d1689ff970abb408e77d005"

  private static func broken(_ reason: String) -> RadionuclideError {
    RadionuclideError(
      "broken-table", "The table of emissions is broken: \(reason)", remedy: "Install Endora again.",
      category: .internalFault)
  }
}

extension JSONNode {
  fileprivate func pairs() throws -> [(Double, Double)] {
    try list().map { node in
      let pair = try node.list()
      guard pair.count == 2 else {
        throw node.refusal("pair", found: "it is no pair", remedy: "Write two numbers.")
      }
      return (try pair[0].double(), try pair[1].double())
    }
  }
}
