import Foundation
public import Provenance
public import Quantities
public import Radionuclides

/// S values for the plan of a patient, with cross-dose: organs, marrow and the remainder of the body from the reference
/// adult of the sex, brought to the patient's masses; spheres from Monte Carlo results in spheres.
///
/// An alpha emitter is taken with all its progeny decaying where it does. Spheres, and organs that the reference adult
/// lacks, have their self-dose alone, by ``SelfDoseSet``.
public struct PatientSValues: SValueSet {
  public let name: String
  /// The reference adult.
  public let phantom: any ReferenceSValues
  /// The cellularity of the marrow over the reference.
  public let cellularity: Double
  /// What the transport's own electrons and photons of red marrow count times: the published absorbed fraction of ¹⁷⁷Lu
  /// over the transport's in reference marrow. The transport tells how nuclides and cellularities compare; its level lies
  /// 5 % below the two published sets, which agree to 0.4 % (SCIENCE 16, B26).
  public let marrowLevel: Double
  /// The masses that an organ's own S value is brought to, over the reference adult's: beyond lie wrong units.
  public static let massRange = 0.01...100.0
  private let compact = SelfDoseSet()
  private let nuclides: NuclideTable

  /// Half of what an organ's electrons lose through its surface: ⁹⁰Y in smooth and in voxel organs differs by as much
  /// (Documentation/SValues.md).
  public static let surfaceUncertainty = Sourced(
    0.5, Source("Stylised against voxel phantoms of ICRP 133, own evaluation: half of the electrons that escape"))
  /// Of the photons of an organ's own.
  public static let photonUncertainty = Sourced(
    0.2, Source("Two published sets of self-dose, as for absorbed fractions (SCIENCE 4.4)"))
  /// Of red marrow's own: 2 % of the published fraction of ¹⁷⁷Lu, and 1.5 % by which ⁹⁰Y at its level is below ICRP 133.
  public static let marrowUncertainty = Sourced(
    0.025, Source("SCIENCE 16, B26; own evaluation against ICRP 133 (Documentation/SValues.md)"))
  /// Of all cross-dose: the root mean square of 14 pairs against voxel phantoms is 39 %.
  public static let crossUncertainty = Sourced(
    0.4, Source("Stylised against voxel phantoms of ICRP 133, own evaluation of 14 pairs"))

  /// - Parameter cellularity: of the patient's marrow over the reference, 0.1 to 4.
  /// - Throws: refusals of the cellularity and of missing data.
  public init(_ sex: Sex, cellularity: Double = 1) throws {
    let own = try PhantomSValues(sex, cellularity: cellularity)
    nuclides = try NuclideTable.icrp107()
    marrowLevel = try Self.marrowLevel(
      cellularity == 1 ? own : PhantomSValues(sex), compact, nuclides.nuclide("Lu-177"))
    phantom = own
    self.cellularity = cellularity
    name = "endora-\(own.phantom)"
  }

  /// From absorbed fractions of the user's own, which hold for marrow of reference cellularity and stand at their level.
  ///
  /// - Throws: a refusal of missing decay data.
  public init(_ fractions: FractionSValues) throws {
    (phantom, name) = (fractions, fractions.title)
    nuclides = try NuclideTable.icrp107()
    (marrowLevel, cellularity) = (1, 1)
  }

  /// The reference mass of a region by any of its usual names, a hollow organ's that of its wall; `nil` for another.
  public func referenceMass(of region: String) -> Mass? { phantom.referenceMass(of: PhantomRegion.target(region)) }

  public func sValue(_ nuclide: Nuclide, target: DoseRegion, source: DoseRegion) throws -> SValueEntry? {
    guard target.shape != .sphere, source.shape != .sphere,
      phantom.holds(target: target.anatomy, source: source.anatomy)
    else { return try compact.sValue(nuclide, target: target, source: source) }
    let chain = try chain(of: nuclide)
    let entry = try phantom.sValue(of: chain, target: target.anatomy, source: source.anatomy)
    guard target.name == source.name else {
      // One kidney from the other: the set knows both together.
      guard phantom.selfDoseMass(target: target.anatomy, source: source.anatomy) == nil else { return nil }
      return entry.stated(hypot(entry.relativeUncertainty, Self.crossUncertainty.value), set: name)
    }
    guard let reference = phantom.selfDoseMass(target: target.anatomy, source: source.anatomy) else {
      // Contents of a hollow organ to its wall.
      return entry.stated(hypot(entry.relativeUncertainty, Self.crossUncertainty.value), set: name)
    }
    guard Self.massRange.contains(target.mass / reference) else {
      throw DosimetryError(
        "mass-out-of-range",
        "The mass of \(target.name) is \(target.mass.grams) g; the reference adult's is \(reference.grams) g.",
        remedy: "Check the volume, the density and their units.")
    }
    let scaled = entry.atMarrowLevel(target.shape == .redMarrow ? marrowLevel : 1)
      .scaled(from: reference, to: target.mass)
    return scaled.stated(hypot(entry.relativeUncertainty, try anatomical(scaled, chain, target)), set: name)
  }

  public func remainder(
    _ nuclide: Nuclide, target: DoseRegion, without organs: [DoseRegion], body: Mass
  ) throws -> SValueEntry? {
    guard target.shape != .sphere, phantom.holds(target: target.anatomy, source: RemainderOfBody.body),
      let reference = phantom.referenceMass(of: RemainderOfBody.body),
      organs.allSatisfy({ phantom.holds(target: $0.anatomy, source: $0.anatomy) })
    else { return nil }
    let entry = try phantom.remainder(
      of: try chain(of: nuclide), target: target.anatomy, without: organs.map(\.anatomy))
    // The same decays in a larger body give less to each gram of it (SCIENCE 4.3).
    let scale = reference / body
    return SValueEntry(
      electron: entry.electron * scale, photon: entry.photon * scale, alpha: entry.alpha * scale,
      relativeUncertainty: hypot(entry.relativeUncertainty, Self.crossUncertainty.value), set: name,
      source: entry.source)
  }

  private static func marrowLevel(
    _ phantom: PhantomSValues, _ published: SelfDoseSet, _ nuclide: Nuclide
  ) throws -> Double {
    let name = "red marrow"
    guard let mass = phantom.selfDoseMass(target: name, source: name) else { return 1 }
    let marrow = DoseRegion(name: name, mass: mass, shape: .redMarrow)
    guard let known = try published.sValue(nuclide, target: marrow, source: marrow) else { return 1 }
    return known.total / (try phantom.sValue(of: DecayChain(of: nuclide), target: name, source: name).total)
  }

  private func chain(of nuclide: Nuclide) throws -> DecayChain {
    nuclide.emitted[.alpha] > .zero ? try nuclides.chain(of: nuclide.name) : DecayChain(of: nuclide)
  }

  /// What another anatomy would change of an organ's own value.
  private func anatomical(_ entry: SValueEntry, _ chain: DecayChain, _ target: DoseRegion) throws -> Double {
    guard target.shape != .redMarrow else { return Self.marrowUncertainty.value }
    let emitted = try DoseConstant(energyPerDecay: chain.emitted.electrons).sValue(mass: target.mass)
    let lost = max(.zero, emitted - entry.electron)
    return hypot(
      Self.surfaceUncertainty.value * (lost / entry.total), Self.photonUncertainty.value * (entry.photon / entry.total))
  }
}

extension SValueEntry {
  /// The same value with electrons and photons at another level; alphas end where they start.
  fileprivate func atMarrowLevel(_ level: Double) -> SValueEntry {
    SValueEntry(
      electron: electron * level, photon: photon * level, alpha: alpha, relativeUncertainty: relativeUncertainty,
      set: set,
      source: source)
  }
}
