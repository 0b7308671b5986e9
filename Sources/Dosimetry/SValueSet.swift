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

  /// The value with alpha particles and recoil nuclei counted several times, as part of what is short-ranged.
  public func weighted(alphaBy factor: Double) -> SValueEntry {
    SValueEntry(
      electron: electron + alpha * factor, photon: photon, relativeUncertainty: relativeUncertainty, set: set,
      source: source)
  }

  /// The same value with another relative uncertainty and set.
  func stated(_ relativeUncertainty: Double, set: String) -> SValueEntry {
    SValueEntry(
      electron: electron, photon: photon, alpha: alpha, relativeUncertainty: relativeUncertainty, set: set,
      source: source)
  }

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
  /// What it is in a reference adult, by which a set of S values knows it.
  public let anatomy: String
  /// The patient's mass of it, all pieces together.
  public let mass: Mass
  /// The number of equal pieces: 2 for both kidneys.
  public let pieces: Int
  /// Its shape.
  public let shape: TargetShape

  /// - Parameter anatomy: the name where it is left out.
  public init(name: String, anatomy: String? = nil, mass: Mass, pieces: Int = 1, shape: TargetShape) {
    self.name = name
    self.anatomy = anatomy ?? name
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

  /// S(target ← what is left of a body without some organs); `nil` when the set does not hold it.
  ///
  /// - Parameter body: the patient's mass.
  func remainder(
    _ nuclide: Nuclide, target: DoseRegion, without organs: [DoseRegion], body: Mass
  ) throws -> SValueEntry?
}

extension SValueSet {
  /// By energy balance from the set's own values for the whole body and the organs (SCIENCE 4.3).
  public func remainder(
    _ nuclide: Nuclide, target: DoseRegion, without organs: [DoseRegion], body: Mass
  ) throws -> SValueEntry? {
    let whole = DoseRegion(name: RemainderOfBody.body, mass: body, shape: .organ)
    guard let fromBody = try sValue(nuclide, target: target, source: whole) else { return nil }
    let values = try organs.compactMap { organ in
      try sValue(nuclide, target: target, source: organ).map { (mass: organ.mass, sValue: $0) }
    }
    guard values.count == organs.count else { return nil }
    return try RemainderOfBody.sValue(fromBody: fromBody, bodyMass: body, values: values).sValue
  }
}

/// Self-dose from decay energies, absorbed fractions and the patient's masses: S = Σ Δᵢ φᵢ / m (MIRD Pamphlet 21).
///
/// It holds no cross-dose. An alpha emitter is taken with all its progeny decaying where it does.
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
      electron: try part(emitted.electrons, fractions.electrons), photon: try part(emitted.photons, fractions.photons),
      alpha: try part(alphas, fractions.alphas),
      relativeUncertainty: fractions.relativeUncertainty, set: name, source: fractions.source)
  }
}
