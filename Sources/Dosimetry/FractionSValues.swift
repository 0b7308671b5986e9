import Foundation
public import Provenance
public import Quantities
public import Radionuclides

/// S values of a reference adult from specific absorbed fractions of the user's own, such as those of ICRP Publication 133,
/// and the spectra of ICRP Publication 107.
///
/// S(T ← S) = Σᵢ Eᵢ Yᵢ Φ(T ← S, Eᵢ) over photons, conversion and Auger electrons and alpha particles, and
/// ∫ E n(E) Φ(E) dE over the spectrum of beta particles of both signs; Φ between its energies by ``MonotoneCurve``. Recoil
/// nuclei take the fraction of alpha particles of 2 MeV (ICRP 133, paragraph 78). Alphas are not weighted. The files state no
/// uncertainty.
public struct FractionSValues: ReferenceSValues {
  public let title: String
  /// `adult-male` or `adult-female`.
  public let phantom: String
  /// The digest of all files together.
  public let digest: Digest
  /// The files and their editions.
  public let source: Source
  private let files: [SpecificFractions.Radiation: SpecificFractions]
  private let tissues: TissueMasses?
  private let emissions: EmissionTable

  /// - Parameters:
  ///   - files: of photons and electrons, and for alpha emitters of alphas, of one phantom.
  ///   - tissues: the masses of the sources, for the total body and the remainder.
  ///   - name: how results call the set, such as its folder.
  /// - Throws: ``DosimetryError`` where files of photons or electrons are missing, come twice or are of two phantoms.
  public init(_ files: [SpecificFractions], tissues: TissueMasses? = nil, name: String) throws {
    let byRadiation = Dictionary(grouping: files, by: \.radiation)
    guard Set(files.map(\.phantom)).count == 1, byRadiation.values.allSatisfy({ $0.count == 1 }),
      let photons = byRadiation[.photon]?.first, byRadiation[.electron] != nil
    else {
      let found = files.map { "\($0.radiation.rawValue) of \($0.phantom)" }.sorted()
      throw DosimetryError(
        "fractions-incomplete",
        "Of absorbed fractions there are \(found.isEmpty ? "none" : found.joined(separator: ", ")).",
        remedy: "Put one file each of photons, electrons and alphas of the phantom into one folder.")
    }
    guard files.allSatisfy({ $0.targets == photons.targets && $0.sources == photons.sources }) else {
      throw DosimetryError(
        "fractions-unlike", "The files of photons, electrons and alphas have other regions.",
        remedy: "Use files of one edition.")
    }
    self.files = byRadiation.compactMapValues(\.first)
    self.tissues = tissues
    title = name
    phantom = photons.phantom
    emissions = try EmissionTable.icrp107()
    let known = files.sorted { $0.radiation.rawValue < $1.radiation.rawValue }.map {
      "\($0.radiation.rawValue) \($0.edition ?? "unknown edition") \($0.digest.short)"
    }
    digest = Digest.combining(files.map(\.digest) + (tissues.map { [$0.digest] } ?? []))
    source = Source(
      "Specific absorbed fractions of \(phantom) in \(name) (\(known.joined(separator: ", "))) with spectra of ICRP 107",
      files.allSatisfy { $0.edition != nil } ? .verified : .unverified)
  }

  public func holds(target: String, source: String) -> Bool {
    guard let to = regionOfTarget(target) else { return false }
    if isBody(source) { return tissues != nil }
    return regionOfSource(source).map { files[.photon]?.lowest(target: to, source: $0) != nil } ?? false
  }

  public func referenceMass(of region: String) -> Mass? {
    if isBody(region) { return tissues?.total(phantom) }
    return selfDoseMass(target: region, source: region)
  }

  public func selfDoseMass(target: String, source: String) -> Mass? {
    // What an electron of no energy gives to the region in which it is set free is 1/m.
    guard let to = regionOfTarget(target), regionOfSource(source) == to,
      let inverse = files[.electron]?.lowest(target: to, source: to), inverse > 0
    else { return nil }
    return .kilograms(1 / inverse)
  }

  /// S at the masses of the files; `total body` is all tissues by their masses.
  ///
  /// - Throws: ``DosimetryError`` for a pair that the files lack, and for a nuclide whose alphas have no file.
  public func sValue(of chain: DecayChain, target: String, source: String) throws -> SValueEntry {
    guard !isBody(source) else { return try remainder(of: chain, target: target, without: []) }
    guard let to = regionOfTarget(target), let from = regionOfSource(source) else {
      throw missing(target, source)
    }
    return try value(chain, to, from)
  }

  /// S of all tissues but some, by their masses: S(T ← rest) = Σ m S(T ← tissue)/Σ m (ICRP 133, `Other`).
  public func remainder(of chain: DecayChain, target: String, without organs: [String]) throws -> SValueEntry {
    guard let tissues, let to = regionOfTarget(target) else { throw missing(target, "total body") }
    let left = Set(organs.map { regionOfSource($0) ?? $0 })
    var (electron, photon, alpha) = (SValue.zero, SValue.zero, SValue.zero)
    var mass = Mass.zero
    for tissue in tissues.tissues(phantom) where !left.contains(tissue.region) {
      let part = try value(chain, to, tissue.region)
      electron += part.electron * tissue.mass.grams
      photon += part.photon * tissue.mass.grams
      alpha += part.alpha * tissue.mass.grams
      mass += tissue.mass
    }
    guard mass > .zero else {
      throw DosimetryError(
        "remainder-negative", "Nothing is left of the body without \(organs.joined(separator: ", ")).",
        remedy: "Take fewer organs out of the remainder.")
    }
    let share = 1 / mass.grams
    return entry(electron * share, photon * share, alpha * share)
  }

  private func value(_ chain: DecayChain, _ target: String, _ source: String) throws -> SValueEntry {
    func curve(_ radiation: SpecificFractions.Radiation) -> MonotoneCurve? {
      files[radiation]?.fraction(target: target, source: source)
    }
    guard let photons = curve(.photon), let electrons = curve(.electron) else { throw missing(target, source) }
    let alphas = curve(.alpha)
    var (electron, photon, alpha) = (SValue.zero, SValue.zero, SValue.zero)
    for member in chain.members {
      let spectrum = try emissions.spectrum(of: member.nuclide)
      let decays = member.decaysPerParentDecay
      photon += try sum(spectrum.lines(SpecificFractions.photons), photons, member.nuclide) * decays
      electron += try sum(spectrum.lines([.conversionElectrons, .augerElectrons]), electrons, member.nuclide) * decays
      electron += try integral(spectrum.beta, electrons, member.nuclide) * decays
      let (emitted, recoils) = (spectrum.lines(.alpha), spectrum.lines(.alphaRecoil))
      guard !emitted.isEmpty || !recoils.isEmpty else { continue }
      guard let alphas else {
        throw DosimetryError(
          "fractions-incomplete", "\(member.nuclide.name) emits alphas, and there is no file of their fractions.",
          remedy: "Put the file of alphas of \(phantom) beside the others.")
      }
      alpha += try sum(emitted, alphas, member.nuclide) * decays
      alpha += try Self.dose(recoils.reduce(0) { $0 + $1.energy.megaelectronvolts * $1.yield } * alphas(2)) * decays
    }
    return entry(electron, photon, alpha)
  }

  private func sum(
    _ lines: [EmissionSpectrum.Line], _ fraction: MonotoneCurve, _ nuclide: Nuclide
  ) throws -> SValue {
    try check(lines.last?.energy.megaelectronvolts ?? 0, fraction, nuclide)
    return try Self.dose(
      lines.reduce(0) {
        let energy = $1.energy.megaelectronvolts
        return $0 + energy * $1.yield * fraction(energy)
      })
  }

  /// ∫ E n(E) Φ(E) dE by Simpson's rule between the points of the spectrum.
  private func integral(
    _ beta: EmissionSpectrum.BetaSpectrum?, _ fraction: MonotoneCurve, _ nuclide: Nuclide
  ) throws -> SValue {
    guard let beta else { return .zero }
    let energies = beta.energies.map(\.megaelectronvolts)
    try check(energies.last ?? 0, fraction, nuclide)
    var sum = 0.0
    for k in 1..<energies.count {
      let (a, b) = (energies[k - 1], energies[k])
      let (m, n) = ((a + b) / 2, (beta.density[k - 1] + beta.density[k]) / 2)
      sum +=
        (b - a) / 6
        * (a * beta.density[k - 1] * fraction(a) + 4 * m * n * fraction(m) + b * beta.density[k] * fraction(b))
    }
    return try Self.dose(sum)
  }

  private func check(_ energy: Double, _ fraction: MonotoneCurve, _ nuclide: Nuclide) throws(DosimetryError) {
    guard energy <= fraction.end else {
      throw DosimetryError(
        "fractions-energy", "\(nuclide.name) emits \(energy) MeV, and the fractions end at \(fraction.end) MeV.",
        remedy: "Use files that reach that energy.")
    }
  }

  private func entry(_ electron: SValue, _ photon: SValue, _ alpha: SValue) -> SValueEntry {
    SValueEntry(
      electron: electron, photon: photon, alpha: alpha, relativeUncertainty: 0, set: title, source: source)
  }

  /// MeV/kg in Gy.
  private static func dose(_ energyPerMass: Double) throws -> SValue {
    try DoseConstant(energyPerDecay: .megaelectronvolts(energyPerMass)).sValue(mass: .kilograms(1))
  }

  private func missing(_ target: String, _ source: String) -> DosimetryError {
    DosimetryError(
      "pair-missing", "\(title) holds no absorbed fraction of \(target) from \(source).",
      remedy: isBody(source) && tissues == nil
        ? "Put the list of source regions (sregions….NDX) beside the files."
        : "Use a region's usual name, or the acronym of ICRP 133.")
  }

  private func isBody(_ name: String) -> Bool { PhantomRegion.source(name) == RemainderOfBody.body }

  private func regionOfTarget(_ name: String) -> String? {
    FractionRegion.acronym(
      name, among: files[.photon]?.targets ?? [], usual: FractionRegion.targets, PhantomRegion.target)
  }

  private func regionOfSource(_ name: String) -> String? {
    FractionRegion.acronym(
      name, among: files[.photon]?.sources ?? [], usual: FractionRegion.sources, PhantomRegion.source)
  }
}

extension SpecificFractions {
  /// The photons of a nuclide.
  fileprivate static var photons: Set<Radionuclides.Radiation> { Radionuclides.Radiation.photons }
}
