import Foundation
public import Quantities
public import Radionuclides

/// The S value of a pair of regions by radiation.
public struct PhantomSValue: Hashable, Sendable {
  /// Betas of both signs, conversion and Auger electrons.
  public let electron: SValue
  /// Gamma, X and annihilation radiation.
  public let photon: SValue
  /// Alpha particles and recoil nuclei, not weighted.
  public let alpha: SValue
  /// The relative standard uncertainty of the sum from the statistics of the transport.
  public let relativeUncertainty: Double

  /// All together.
  public var total: SValue { electron + photon + alpha }
}

/// What a reference adult absorbs: its table of fractions and those of its marrow.
public struct PhantomAbsorption: Sendable {
  public let fractions: FractionTable
  public let marrow: MarrowFractions
  /// How the masses of organs are counted.
  public let convention: MassConvention
  /// The cellularity of the marrow over the reference; 1 for the reference adult.
  public let cellularity: Double
  private let radiated: RadiatedEnergy

  /// The data that come with this release.
  ///
  /// - Throws: ``TransportError`` for an unknown phantom, a cellularity outside 0.1 to 4 and when a file is missing.
  public init(
    phantom: String, convention: MassConvention = .withoutBlood, cellularity: Double = 1
  ) throws(TransportError) {
    try self.init(
      FractionTable.standard(phantom), MarrowFractions.standard(), convention: convention, cellularity: cellularity)
  }

  init(
    _ fractions: FractionTable, _ marrow: MarrowFractions, convention: MassConvention, cellularity: Double = 1
  ) throws(TransportError) {
    guard (0.1...4).contains(cellularity) else {
      throw TransportError(
        "cellularity-range", "A cellularity of \(cellularity) times the reference lies outside 0.1 to 4.",
        remedy: "Give the ratio to the reference adult's cellularity.")
    }
    self.fractions = fractions
    self.marrow = marrow
    self.convention = convention
    self.cellularity = cellularity
    radiated = try RadiatedEnergy(electronEnergies: fractions.electronEnergies, elements: .standard())
  }

  /// The reference mass of a region; `nil` for what is no target.
  public func mass(of region: String) -> Mass? {
    fractions.targets.firstIndex(of: region).flatMap { fractions.masses[convention.rawValue]?[$0] }.map { .grams($0) }
  }

  /// S(target ← source) of one nuclide without its progeny: Σ Eᵢ Yᵢ Φᵢ (MIRD Pamphlet 21).
  ///
  /// Photons: SAF log-log in energy; below 10 keV they stay in their region. Its own dose scales with the mass to the
  /// power −2/3 from the phantom's to the reference mass. Electrons: absorbed fractions over log energy, integrated over
  /// the beta spectrum; their bremsstrahlung, with the photons' SAF, belongs to them. Alphas stay in their region; of those on bone surfaces one half
  /// stops in the endosteum.
  /// - Throws: ``TransportError`` for a region that is no source or no target.
  public func sValue(
    of emission: EmissionSpectrum, target: String, source: String
  ) throws(TransportError) -> PhantomSValue {
    let (s, t) = try indices(target: target, source: source)
    let photon = photonPart(emission.lines(Radiation.photons), s, t)
    let electron = electronPart(emission, s, t)
    let alphas = emission.lines([.alpha, .alphaRecoil]).reduce(0) { $0 + $1.energy.megaelectronvolts * $1.yield }
    let alpha = alphas * alphaFraction(s, t) / targetMass(t)
    let total = photon.value + electron.value + alpha
    let variance = photon.variance + electron.variance
    func dose(_ megaelectronvoltsPerGram: Double) -> SValue {
      .graysPerBecquerelSecond(megaelectronvoltsPerGram * Self.joulesPerMegaelectronvolt * 1e3)
    }
    return PhantomSValue(
      electron: dose(electron.value), photon: dose(photon.value), alpha: dose(alpha),
      relativeUncertainty: total > 0 ? variance.squareRoot() / total : 0)
  }

  private static let joulesPerMegaelectronvolt = 1.602176634e-13

  private func indices(target: String, source: String) throws(TransportError) -> (Int, Int) {
    guard let s = fractions.sources.firstIndex(of: source) else {
      throw TransportError(
        "unknown-source", "'\(source.prefix(40))' is no source region of \(fractions.phantom).",
        remedy: "Choose from \(fractions.sources.joined(separator: ", ")).")
    }
    guard let t = fractions.targets.firstIndex(of: target) else {
      throw TransportError(
        "unknown-target", "'\(target.prefix(40))' is no target region of \(fractions.phantom).",
        remedy: "Choose from \(fractions.targets.joined(separator: ", ")).")
    }
    return (s, t)
  }

  /// In g.
  private func targetMass(_ t: Int) -> Double { fractions.masses[convention.rawValue]?[t] ?? 1 }

  /// Tissue whose place in the body does not grow with its mass.
  private static let distributed: Set<String> = ["red marrow", "bone surfaces", "muscle"]

  /// The specific fraction of photons in 1/g at an energy in keV, as shares of the two nodes beside it.
  private func photonFraction(_ keV: Double, _ s: Int, _ t: Int) -> (nodes: (Int, Int), values: (Double, Double)) {
    let energies = fractions.photonEnergies
    let first = (s * fractions.targets.count + t) * energies.count
    let own = fractions.sources[s] == fractions.targets[t] && !Self.distributed.contains(fractions.targets[t])
    let scale = own ? pow(fractions.phantomMasses[t] / targetMass(t), 2.0 / 3) : 1
    let high = energies.dropFirst().firstIndex { keV <= $0 } ?? energies.count - 1
    let part = min(1, log(keV / energies[high - 1]) / log(energies[high] / energies[high - 1]))
    let a = Double(fractions.photons[first + high - 1]) * scale * 1e-3
    let b = Double(fractions.photons[first + high]) * scale * 1e-3
    let value = a > 0 && b > 0 ? exp((1 - part) * log(a) + part * log(b)) : (1 - part) * a + part * b
    return ((high - 1, high), (value * (1 - part), value * part))
  }

  /// MeV per gram and decay, and the square of its uncertainty: contributions that share a node are fully correlated.
  private func photonPart(_ lines: [EmissionSpectrum.Line], _ s: Int, _ t: Int) -> (value: Double, variance: Double) {
    let energies = fractions.photonEnergies
    let first = (s * fractions.targets.count + t) * energies.count
    var contributions = [Double](repeating: 0, count: energies.count)
    var local = 0.0
    for line in lines {
      let energy = line.energy.megaelectronvolts * line.yield
      guard line.energy.kiloelectronvolts > energies[0] else {
        if fractions.sources[s] == fractions.targets[t] { local += energy / targetMass(t) }
        continue
      }
      let fraction = photonFraction(line.energy.kiloelectronvolts, s, t)
      contributions[fraction.nodes.0] += energy * fraction.values.0
      contributions[fraction.nodes.1] += energy * fraction.values.1
    }
    var variance = 0.0
    for (e, contribution) in contributions.enumerated() {
      let u = contribution * Double(fractions.photonUncertainties[first + e])
      variance += u * u
    }
    return (contributions.reduce(local, +), variance)
  }

  private func electronPart(_ emission: EmissionSpectrum, _ s: Int, _ t: Int) -> (value: Double, variance: Double) {
    let (source, target) = (fractions.sources[s], fractions.targets[t])
    let energies = fractions.electronEnergies
    let count = energies.count
    let first = (s * fractions.targets.count + t) * count
    let stored = fractions.electrons[convention.rawValue] ?? []
    var nodes = energies.indices.map { Double(stored[first + $0]) }
    var mass = targetMass(t)
    var relative = 0.003
    if let pair = Self.marrowPair(source, target) {
      nodes = energies.indices.map { marrow.fraction(energy: $0, pair.0, pair.1, cellularity: cellularity) }
      relative = marrow.relativeUncertainty(pair.0, pair.1)
    } else if source != target, source != "total body", target != "total body",
      let own = fractions.targets.firstIndex(of: source)
    {
      // A wall keeps its thickness relative to what it encloses.
      mass = fractions.phantomMasses[t] * targetMass(own) / fractions.phantomMasses[own]
    }
    // What starts in the target with hardly any energy stays there.
    let limit = source == target ? 1 : nodes[0]
    var bremsstrahlung: [Double] = []
    var radiatedUncertainty = 0.0
    for bands in radiated.bands {
      var (sum, uncertainty) = (0.0, 0.0)
      for band in bands {
        let fraction = photonFraction(band.energy, s, t)
        let nodes = (photonUncertainty(fraction.nodes.0, s, t), photonUncertainty(fraction.nodes.1, s, t))
        sum += band.share * (fraction.values.0 + fraction.values.1)
        uncertainty += band.share * (fraction.values.0 * nodes.0 + fraction.values.1 * nodes.1)
      }
      bremsstrahlung.append(sum)
      radiatedUncertainty = sum > 0 ? uncertainty / sum : 0
    }
    // The specific fraction in 1/g at one of the energies, straight over log energy between them.
    func specific(_ keV: Double, _ values: [Double], _ limit: Double) -> Double {
      guard keV > energies[0] else { return limit + (values[0] - limit) * keV / energies[0] }
      let high = energies.dropFirst().firstIndex { keV <= $0 } ?? count - 1
      let part = min(1, log(keV / energies[high - 1]) / log(energies[high] / energies[high - 1]))
      return values[high - 1] + part * (values[high] - values[high - 1])
    }
    let local = Self.integral(emission) { specific($0, nodes, limit) } / mass
    let spread = Self.integral(emission) { specific($0, bremsstrahlung, 0) }
    let (u, v) = (relative * local, radiatedUncertainty * spread)
    return (local + spread, u * u + v * v)
  }

  /// Σ E Y Φ(E) of conversion and Auger electrons and ∫ E n(E) Φ(E) dE of betas, by Simpson's rule, in MeV times Φ.
  private static func integral(_ emission: EmissionSpectrum, _ fraction: (Double) -> Double) -> Double {
    var sum = emission.lines([.conversionElectrons, .augerElectrons]).reduce(0) {
      $0 + $1.energy.megaelectronvolts * $1.yield * fraction($1.energy.kiloelectronvolts)
    }
    guard let beta = emission.beta else { return sum }
    for k in beta.energies.indices.dropFirst() {
      let (a, b) = (beta.energies[k - 1].megaelectronvolts, beta.energies[k].megaelectronvolts)
      let middle = (a + b) / 2
      let n = (beta.density[k - 1] + beta.density[k]) / 2
      sum +=
        (b - a) / 6
        * (a * beta.density[k - 1] * fraction(a * 1e3) + 4 * middle * n * fraction(middle * 1e3)
          + b * beta.density[k] * fraction(b * 1e3))
    }
    return sum
  }

  /// The relative uncertainty of the photons' fraction at one of their energies.
  private func photonUncertainty(_ node: Int, _ s: Int, _ t: Int) -> Double {
    Double(fractions.photonUncertainties[(s * fractions.targets.count + t) * fractions.photonEnergies.count + node])
  }

  private static func marrowPair(
    _ source: String, _ target: String
  ) -> (MarrowFractions.Source, MarrowFractions.Target)? {
    let sources: [String: MarrowFractions.Source] = ["red marrow": .activeMarrow, "bone surfaces": .boneSurfaces]
    let targets: [String: MarrowFractions.Target] = ["red marrow": .activeMarrow, "bone surfaces": .endosteum]
    guard let source = sources[source], let target = targets[target] else { return nil }
    return (source, target)
  }

  private func alphaFraction(_ s: Int, _ t: Int) -> Double {
    let (source, target) = (fractions.sources[s], fractions.targets[t])
    if target == "total body" { return 1 }
    if source == "total body" { return targetMass(t) / (mass(of: "total body")?.grams ?? 1) }
    guard source == target else { return 0 }
    return source == "bone surfaces" ? 0.5 : 1
  }
}
