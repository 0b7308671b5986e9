import Foundation
public import Provenance
public import Quantities
public import Radionuclides

/// An S value with its parts and where it comes from.
public struct SValueEntry: Hashable, Sendable {
  /// The part of electrons; of all short-ranged radiation in sets that do not tell alphas apart.
  public let electron: SValue
  /// The part of photons.
  public let photon: SValue
  /// The part of alpha particles and recoil nuclei, not weighted.
  public let alpha: SValue
  /// The relative standard uncertainty of the sum.
  public let relativeUncertainty: Double
  /// The name of the set.
  public let set: String
  /// Where the set comes from.
  public let source: Source

  public init(
    electron: SValue, photon: SValue, alpha: SValue = .zero, relativeUncertainty: Double, set: String, source: Source
  ) {
    self.electron = electron
    self.photon = photon
    self.alpha = alpha
    self.relativeUncertainty = relativeUncertainty
    self.set = set
    self.source = source
  }

  /// All radiation together.
  public var total: SValue { electron + photon + alpha }

  /// The self-dose value at another mass of the target: electrons and alphas ∝ 1/m, photons ∝ m^(−2/3) (SCIENCE 6.1, WE-6.1).
  public func scaled(from reference: Mass, to patient: Mass) -> SValueEntry {
    SValueEntry(
      electron: electron * (reference / patient), photon: photon * pow(reference / patient, 2.0 / 3),
      alpha: alpha * (reference / patient),
      relativeUncertainty: relativeUncertainty, set: set, source: source)
  }
}

/// A region as a source or target of radiation.
public struct DoseRegion: Hashable, Sendable {
  /// Its name.
  public let name: String
  /// The patient's mass of it, all pieces together.
  public let mass: Mass
  /// The number of equal pieces: 2 for both kidneys.
  public let pieces: Int
  /// Its shape.
  public let shape: TargetShape

  public init(name: String, mass: Mass, pieces: Int = 1, shape: TargetShape) {
    self.name = name
    self.mass = mass
    self.pieces = pieces
    self.shape = shape
  }
}

/// Anything that knows S values: the seam at which sets made by transport or imported by a user take their place.
public protocol SValueSet: Sendable {
  /// The set's name, as results state it.
  var name: String { get }

  /// S(target ← source); `nil` when the set does not hold that pair.
  func sValue(_ nuclide: Nuclide, target: DoseRegion, source: DoseRegion) throws -> SValueEntry?
}

/// Self-dose from decay energies, absorbed fractions and the patient's masses: S = Σ Δᵢ φᵢ / m (MIRD Pamphlet 21).
///
/// It holds no cross-dose. An alpha emitter is taken with all its progeny decaying where it does; alpha particles and recoil
/// nuclei count to the short-ranged part.
public struct SelfDoseSet: SValueSet {
  public let name = "endora-self-1"

  public init() {}

  public func sValue(_ nuclide: Nuclide, target: DoseRegion, source: DoseRegion) throws -> SValueEntry? {
    guard target.name == source.name else { return nil }
    let fractions = try AbsorbedFractions(
      nuclide, pieceOf: target.mass / Double(target.pieces), shape: target.shape)
    func part(_ energy: Energy, _ fraction: Double) throws -> SValue {
      try DoseConstant(energyPerDecay: energy * fraction).sValue(mass: target.mass)
    }
    let emitted =
      nuclide.emitted[.alpha] > .zero ? try NuclideTable.icrp107().chain(of: nuclide.name).emitted : nuclide.emitted
    let alphas = emitted.locallyAbsorbed - emitted.electrons
    return SValueEntry(
      electron: try part(emitted.electrons, fractions.electrons) + part(alphas, fractions.alphas),
      photon: try part(emitted.photons, fractions.photons),
      relativeUncertainty: fractions.relativeUncertainty, set: name, source: fractions.source)
  }
}
