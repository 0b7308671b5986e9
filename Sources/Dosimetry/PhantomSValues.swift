public import Provenance
public import Quantities
public import Radionuclides
public import Transport

/// S values of a reference adult, from transport through its stylised phantom and its trabecular bone.
///
/// Self-dose is brought to the mass of the region: electrons and alphas ∝ 1/m, photons ∝ m^(−2/3); cross-dose is not
/// scaled (SCIENCE 6.1). The uncertainty is that of the statistics of the transport alone.
public struct PhantomSValues: SValueSet, ReferenceSValues {
  public let name = "endora"
  public var title: String { name }
  /// The phantom: `adult-male` or `adult-female`.
  public let phantom: String
  private let absorption: PhantomAbsorption
  private let emissions: EmissionTable

  /// - Parameters:
  ///   - convention: how the reference masses count blood; patients' masses from CT hold it.
  ///   - cellularity: of the patient's marrow over the reference.
  /// - Throws: refusals of the phantom, of the cellularity and of missing data.
  public init(phantom: String, convention: MassConvention = .withoutBlood, cellularity: Double = 1) throws {
    absorption = try PhantomAbsorption(phantom: phantom, convention: convention, cellularity: cellularity)
    emissions = try EmissionTable.icrp107()
    self.phantom = phantom
  }

  /// The set of a sex.
  public init(_ sex: Sex, convention: MassConvention = .withoutBlood, cellularity: Double = 1) throws {
    try self.init(
      phantom: sex == .male ? "adult-male" : "adult-female", convention: convention, cellularity: cellularity)
  }

  /// The regions that radiation comes from.
  public var sources: [String] { absorption.fractions.sources }
  /// The regions that absorb it.
  public var targets: [String] { absorption.fractions.targets }
  /// How the reference masses count blood.
  public var convention: MassConvention { absorption.convention }

  /// Where the values come from.
  public var source: Source {
    Source(
      "Transport in the stylised \(phantom) phantom, masses \(convention.rawValue) (\(absorption.fractions.origin))")
  }

  public func holds(target: String, source: String) -> Bool {
    targets.contains(PhantomRegion.target(target)) && sources.contains(PhantomRegion.source(source))
  }

  /// What the value of a pair rests on that is remembered or this project's own and was not checked against a publication.
  public func unverified(target: String, source: String) -> [String] {
    let regions = Set([PhantomRegion.target(target), PhantomRegion.source(source)])
    var notes: [String] = []
    if regions.contains("bone surfaces") { notes.append("the mass of the endosteum (544 g man, 407 g woman)") }
    if !regions.isDisjoint(with: ["red marrow", "bone surfaces"]) {
      notes.append("the thickness of the spongiosa and the part of the limb bones that holds marrow")
    }
    if regions.contains("salivary glands") { notes.append("the shape and place of the salivary glands") }
    return notes
  }

  /// Where the value of a pair comes from; unverified when one of its foundations is.
  func source(target: String, source: String) -> Source {
    let notes = unverified(target: target, source: source)
    return notes.isEmpty
      ? self.source : Source("\(self.source.citation); unverified: \(notes.joined(separator: ", "))", .unverified)
  }

  /// The reference mass of a region; `nil` for what is no target.
  public func referenceMass(of region: String) -> Mass? { absorption.mass(of: region) }

  /// The reference mass from which self-dose is scaled; `nil` for two regions that are not the same.
  public func selfDoseMass(target: String, source: String) -> Mass? {
    let region = PhantomRegion.target(target)
    return region == PhantomRegion.source(source) ? referenceMass(of: region) : nil
  }

  /// S at reference masses of all decays of a chain, for a parent alone a chain of one; `name` in any usual spelling.
  ///
  /// - Throws: a refusal for a region that is no source or no target.
  public func sValue(of chain: DecayChain, target: String, source: String) throws -> SValueEntry {
    let source = PhantomRegion.source(source)
    let target = PhantomRegion.target(target)
    var (electron, photon, alpha) = (SValue.zero, SValue.zero, SValue.zero)
    var variance = 0.0
    for member in chain.members {
      let part = try absorption.sValue(of: emissions.spectrum(of: member.nuclide), target: target, source: source)
      let decays = member.decaysPerParentDecay
      electron += part.electron * decays
      photon += part.photon * decays
      alpha += part.alpha * decays
      let u = part.relativeUncertainty * part.total.base * decays
      variance += u * u
    }
    let total = (electron + photon + alpha).base
    return SValueEntry(
      electron: electron, photon: photon, alpha: alpha,
      relativeUncertainty: total > 0 ? variance.squareRoot() / total : 0, set: name,
      source: self.source(target: target, source: source))
  }

  public func sValue(_ nuclide: Nuclide, target: DoseRegion, source: DoseRegion) throws -> SValueEntry? {
    let from = PhantomRegion.source(source.name)
    let to = PhantomRegion.target(target.name)
    guard sources.contains(from), targets.contains(to) else { return nil }
    let entry = try sValue(of: DecayChain(of: nuclide), target: to, source: from)
    guard from == to else { return entry }
    guard target.mass.isFinite, target.mass > .zero, let reference = referenceMass(of: to) else {
      throw DosimetryError(
        "mass-out-of-range", "The mass of \(target.name) is \(target.mass).",
        remedy: "Check the volume and density of the region.")
    }
    return entry.scaled(from: reference, to: target.mass)
  }

  /// S of the remainder of the body, the whole without some organs:
  /// S(T ← RB) = (S(T ← TB) m_TB − Σ S(T ← h) m_h)/m_RB with m_RB = m_TB − Σ m_h (SCIENCE 4.3).
  ///
  /// - Throws: ``DosimetryError`` when the organs weigh more than the body or the difference is not above zero, and a
  ///   refusal for an unknown region.
  public func remainder(of chain: DecayChain, target: String, without organs: [String]) throws -> SValueEntry {
    let body = try sValue(of: chain, target: target, source: "total body")
    guard let bodyMass = referenceMass(of: "total body") else { return body }
    var left = bodyMass
    var (electron, photon, alpha) = (
      body.electron * bodyMass.grams, body.photon * bodyMass.grams, body.alpha * bodyMass.grams
    )
    var variance = body.relativeUncertainty * body.total.base * bodyMass.grams
    variance *= variance
    for organ in Set(organs.map(PhantomRegion.source)).sorted() {
      let entry = try sValue(of: chain, target: target, source: organ)
      guard let mass = referenceMass(of: organ) else {
        throw DosimetryError(
          "no-mass", "\(organ) has no reference mass.", remedy: "Leave it in the remainder.")
      }
      left = left - mass
      electron = electron - entry.electron * mass.grams
      photon = photon - entry.photon * mass.grams
      alpha = alpha - entry.alpha * mass.grams
      let u = entry.relativeUncertainty * entry.total.base * mass.grams
      variance += u * u
    }
    let total = (electron + photon + alpha).base
    guard left > .zero, total > 0 else {
      throw DosimetryError(
        "remainder-negative", "The remainder without \(organs.joined(separator: ", ")) is not above zero.",
        remedy: "Take fewer organs out of the remainder.")
    }
    // The body's own absorption of short-ranged radiation can fall below the organs' by rounding alone.
    func share(_ value: SValue) -> SValue { max(.zero, value * (1 / left.grams)) }
    return SValueEntry(
      electron: share(electron), photon: share(photon), alpha: share(alpha),
      relativeUncertainty: variance.squareRoot() / total, set: name, source: body.source)
  }
}

/// The names of regions in the phantoms.
enum PhantomRegion {
  /// The name of a source: a hollow organ stands for its contents.
  static func source(_ name: String) -> String {
    let plain = plain(name)
    return hollow[plain].map { "\($0) contents" } ?? (plain == "heart" ? "heart contents" : plain)
  }

  /// The name of a target: a hollow organ stands for its wall.
  static func target(_ name: String) -> String {
    let plain = plain(name)
    return hollow[plain].map { "\($0) wall" } ?? (plain == "heart" ? "heart wall" : plain)
  }

  private static let hollow = [
    "bladder": "urinary bladder", "urinary bladder": "urinary bladder", "stomach": "stomach",
    "gall bladder": "gall bladder", "gallbladder": "gall bladder", "upper large intestine": "upper large intestine",
    "lower large intestine": "lower large intestine",
  ]

  private static let others = [
    "kidney": "kidneys", "lung": "lungs", "whole body": "total body", "body": "total body",
    "marrow": "red marrow", "bone marrow": "red marrow", "active marrow": "red marrow",
    "endosteum": "bone surfaces", "bone surface": "bone surfaces", "breast": "breasts", "adrenal": "adrenals",
    "ovary": "ovaries", "testis": "testes", "salivary gland": "salivary glands", "myocardium": "heart wall",
    "esophagus": "oesophagus",
  ]

  private static func plain(_ name: String) -> String {
    let lower = name.lowercased().split(separator: " ").joined(separator: " ")
    return others[lower] ?? lower
  }
}
