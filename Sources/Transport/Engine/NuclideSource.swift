public import Quantities
public import Radionuclides

/// Kinds of radiation that dosimetry tells apart.
public enum DosedRadiation: String, CaseIterable, Sendable {
  case electron, photon, alpha
}

/// What a radionuclide emits, in the components that are simulated one by one.
public struct NuclideSource: Sendable {
  /// The components.
  public enum Component: UInt32, CaseIterable, Sendable {
    case betaMinus = 1, betaPlus, conversionAndAuger, photons, annihilation, alpha

    /// The kind of radiation whose dose the component gives.
    public var radiation: DosedRadiation {
      switch self {
      case .betaMinus, .betaPlus, .conversionAndAuger: .electron
      case .photons, .annihilation: .photon
      case .alpha: .alpha
      }
    }
  }

  /// A component of the emission of the nuclide or of one of its progeny.
  public struct Part: Sendable {
    /// The nuclide that emits it.
    public let nuclide: String
    public let component: Component
    /// Particles per decay of the source's nuclide; positrons for annihilation.
    public let yield: Double
    public let emission: Emission

    /// The energy per decay.
    public var energyPerDecay: Energy {
      let each = component == .annihilation ? 1021.9979 : emission.spectrum.mean.kiloelectronvolts
      return .kiloelectronvolts(yield * each)
    }
  }

  /// The nuclide's name; with its progeny when they are included.
  public let name: String
  /// The components that there are, each with a stream of random numbers of its own.
  public let parts: [Part]

  /// The emissions of a nuclide itself, without its progeny.
  public init(_ nuclide: Nuclide, emissions: EmissionTable) throws {
    name = nuclide.name
    parts = try Self.parts(try emissions.spectrum(of: nuclide), nuclide: nuclide.name, decays: 1, first: 0)
  }

  /// The emissions of a nuclide and of all that decays after it in the same place, per decay of the nuclide.
  public init(_ chain: DecayChain, emissions: EmissionTable) throws {
    name = chain.members.map(\.nuclide.name).joined(separator: " + ")
    parts = try chain.members.enumerated().flatMap { index, member in
      try Self.parts(
        try emissions.spectrum(of: member.nuclide), nuclide: member.nuclide.name, decays: member.decaysPerParentDecay,
        first: UInt32(index) * 16)
    }
  }

  /// The highest energy of electrons, positrons and photons.
  public var highest: Energy {
    parts.filter { $0.emission.particle != .alpha }.map(\.emission.spectrum.highest).max() ?? .kiloelectronvolts(1)
  }

  /// Whether positrons are emitted.
  public var hasPositrons: Bool { parts.contains { $0.component == .betaPlus } }

  /// The energy per decay of all components or of those of one kind of radiation.
  public func energyPerDecay(_ radiation: DosedRadiation? = nil) -> Energy {
    parts.filter { radiation == nil || $0.component.radiation == radiation }.map(\.energyPerDecay).total()
  }

  /// Annihilation photons start where positrons end. Where a nuclide emits beta particles of both signs, both have the
  /// shape of their common spectrum. Recoil nuclei join the alphas.
  private static func parts(
    _ spectrum: EmissionSpectrum, nuclide: String, decays: Double, first: UInt32
  ) throws(TransportError) -> [Part] {
    var parts: [Part] = []
    func add(
      _ component: Component, _ particle: Emission.Particle, _ yield: Double, _ spectrum: EnergySpectrum,
      _ content: Emission.Content = .everything
    ) {
      guard yield > 0 else { return }
      parts.append(
        Part(
          nuclide: nuclide, component: component, yield: yield * decays,
          emission: Emission(particle, spectrum, component: first + component.rawValue, content: content)))
    }
    if let beta = spectrum.beta {
      let shape = try EnergySpectrum.continuous(zip(beta.energies, beta.density).map { (energy: $0, density: $1) })
      var yield = 0.0
      for k in beta.energies.indices.dropFirst() {
        yield +=
          (beta.energies[k] - beta.energies[k - 1]).megaelectronvolts * (beta.density[k] + beta.density[k - 1]) / 2
      }
      add(.betaMinus, .electron, yield * (1 - beta.positronShare), shape)
      add(.betaPlus, .positron, yield * beta.positronShare, shape, .beforeAnnihilation)
      add(.annihilation, .positron, yield * beta.positronShare, shape, .annihilationPhotons)
    }
    let kinds: [(Component, Emission.Particle, Set<Radiation>)] = [
      (.conversionAndAuger, .electron, [.conversionElectrons, .augerElectrons]),
      (.photons, .photon, [.gamma, .xRays]), (.alpha, .alpha, [.alpha, .alphaRecoil]),
    ]
    for (component, particle, radiations) in kinds {
      let lines = spectrum.lines(radiations).filter { $0.yield > 0 }
      guard !lines.isEmpty else { continue }
      add(
        component, particle, lines.reduce(0) { $0 + $1.yield },
        try .lines(lines.map { (energy: $0.energy, yield: $0.yield) }))
    }
    return parts
  }
}

extension NuclideSource.Part {
  /// How many histories a component is worth when the one with the most energy gets a number: in proportion to the root
  /// of its share of the energy, which gives the sum the least variance for equal spread.
  func histories(of most: Int, in source: NuclideSource) -> Int {
    let largest = source.parts.map(\.energyPerDecay).max() ?? energyPerDecay
    let share = largest > .zero ? energyPerDecay / largest : 1
    return max(min(most, 4096), Int(Double(most) * share.squareRoot()))
  }
}
