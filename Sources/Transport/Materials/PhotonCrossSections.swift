import Foundation
public import Quantities

/// A material's photon cross sections per mass, Σᵢ wᵢ σᵢ N_A/Aᵢ, for 1 keV to 20 MeV.
///
/// Between the energies of NIST XCOM: cubic splines of log σ over log E for scattering; for the photoelectric effect
/// one spline between each two edges; for pairs a spline of log σ/(1 − E₀/E)³, with E₀ = 2mc² in the field of the
/// nucleus and 4mc² in that of an electron.
public struct PhotonCrossSections: Sendable {
  /// The cross sections at one energy.
  public struct Parts: Hashable, Sendable {
    /// Rayleigh scattering.
    public let coherent: MassAttenuation
    /// Compton scattering.
    public let incoherent: MassAttenuation
    public let photoelectric: MassAttenuation
    /// Pairs in the field of the nucleus.
    public let pairInNuclearField: MassAttenuation
    /// Pairs in the field of an electron.
    public let pairInElectronField: MassAttenuation

    /// All of them: μ/ρ with coherent scattering.
    public var total: MassAttenuation {
      coherent + incoherent + photoelectric + pairInNuclearField + pairInElectronField
    }
  }

  /// The energies for which they hold, in keV.
  static let validEnergies = 1.0...20_000

  /// The elements, in the order of the composition, with their splines.
  let constituents: [ElementCrossSections]

  /// - Throws: ``TransportError`` for an element without data.
  public init(_ material: Material, elements: ElementTable) throws(TransportError) {
    var constituents: [ElementCrossSections] = []
    for part in material.composition {
      constituents.append(
        ElementCrossSections(try elements.element(part.atomicNumber), massFraction: part.massFraction))
    }
    self.constituents = constituents
  }

  /// - Throws: ``TransportError`` for an energy outside 1 keV to 20 MeV.
  public func parts(at energy: Energy) throws(TransportError) -> Parts {
    let keV = energy.kiloelectronvolts
    guard Self.validEnergies.contains(keV) else {
      throw TransportError(
        "photon-energy-range", "A photon energy of \(keV) keV lies outside 1 keV to 20 MeV.",
        remedy: "Choose an energy in that range.")
    }
    func sum(_ part: (ElementCrossSections) -> Double) -> MassAttenuation {
      .squareCentimetresPerGram(constituents.reduce(0) { $0 + part($1) })
    }
    return Parts(
      coherent: sum { $0.coherent(keV) }, incoherent: sum { $0.incoherent(keV) },
      photoelectric: sum { $0.photoelectric(keV) }, pairInNuclearField: sum { $0.pairInNuclearField(keV) },
      pairInElectronField: sum { $0.pairInElectronField(keV) })
  }

  /// The energies in keV just above which the photoelectric cross section jumps.
  var edges: [Double] { Set(constituents.flatMap(\.edges)).sorted() }
}

/// One element's part of a material: cross sections in cm² per gram of the material, energies in keV.
struct ElementCrossSections: Sendable {
  let element: Element
  let massFraction: Double
  private let scatter: (coherent: CubicSpline, incoherent: CubicSpline)
  private let photoelectricPieces: [(from: Double, spline: CubicSpline)]
  private let pairs: (nuclear: CubicSpline, electron: CubicSpline)

  private static let pairThreshold = 1021.99790
  private static let tripletThreshold = 2043.99580

  init(_ element: Element, massFraction: Double) {
    self.element = element
    self.massFraction = massFraction
    let table = element.photons
    let scale = massFraction * element.squareCentimetresPerGramPerBarn
    let logs = table.energies.map { log($0) }
    func spline(_ column: [Double], from first: Int = 0, to last: Int? = nil) -> CubicSpline {
      let range = first..<(last ?? column.count)
      return CubicSpline(Array(logs[range]), column[range].map { log($0 * scale) })
    }
    scatter = (spline(table.coherent), spline(table.incoherent))

    var starts = [0]
    for i in 1..<table.energies.count where table.energies[i] - table.energies[i - 1] < 2e-4 { starts.append(i) }
    photoelectricPieces = zip(starts, starts.dropFirst() + [table.energies.count]).map { first, last in
      (
        table.energies[first],
        last - first > 1
          ? spline(table.photoelectric, from: first, to: last)
          : spline(table.photoelectric, from: first - 1, to: last)
      )
    }

    func pairSpline(_ column: [Double], threshold: Double) -> CubicSpline {
      let used = column.indices.filter { table.energies[$0] > threshold * 1.001 && column[$0] > 0 }
      return CubicSpline(
        used.map { logs[$0] }, used.map { log(column[$0] * scale / pow(1 - threshold / table.energies[$0], 3)) })
    }
    pairs = (
      pairSpline(table.pairInNuclearField, threshold: Self.pairThreshold),
      pairSpline(table.pairInElectronField, threshold: Self.tripletThreshold)
    )
  }

  func coherent(_ keV: Double) -> Double { exp(scatter.coherent(log(keV))) }
  func incoherent(_ keV: Double) -> Double { exp(scatter.incoherent(log(keV))) }
  func photoelectric(_ keV: Double) -> Double {
    let piece = photoelectricPieces.last { $0.from <= keV } ?? photoelectricPieces[0]
    return exp(piece.spline(log(keV)))
  }
  func pairInNuclearField(_ keV: Double) -> Double { Self.pair(pairs.nuclear, keV, Self.pairThreshold) }
  func pairInElectronField(_ keV: Double) -> Double { Self.pair(pairs.electron, keV, Self.tripletThreshold) }

  /// The energies at which the photoelectric cross section jumps.
  var edges: [Double] { photoelectricPieces.dropFirst().map(\.from) }

  private static func pair(_ spline: CubicSpline, _ keV: Double, _ threshold: Double) -> Double {
    guard keV > threshold else { return 0 }
    return exp(spline(log(keV))) * pow(1 - threshold / keV, 3)
  }
}
