public import Quantities
public import Radionuclides

/// What a radionuclide emits, in the components that are simulated one by one.
public struct NuclideSource: Sendable {
  /// The components, each with a stream of random numbers of its own.
  public enum Component: UInt32, CaseIterable, Sendable {
    case betaMinus = 1, betaPlus, conversionAndAuger, photons, alpha
  }

  /// A component of the emission.
  public struct Part: Sendable {
    public let component: Component
    /// Particles per decay.
    public let yield: Double
    public let emission: Emission

    /// The energy per decay.
    public var energyPerDecay: Energy { .kiloelectronvolts(yield * emission.spectrum.mean.kiloelectronvolts) }
  }

  public let nuclide: Nuclide
  /// The components that the nuclide has.
  public let parts: [Part]

  /// The emissions of a nuclide itself, without its progeny.
  ///
  /// Annihilation photons are left out of the photons: the simulation makes them where positrons end. Where a nuclide
  /// emits beta particles of both signs, both have the shape of their common spectrum. Recoil nuclei join the alphas.
  public init(_ nuclide: Nuclide, _ spectrum: EmissionSpectrum) throws(TransportError) {
    self.nuclide = nuclide
    var parts: [Part] = []
    func add(_ component: Component, _ particle: Emission.Particle, _ yield: Double, _ spectrum: EnergySpectrum) {
      guard yield > 0 else { return }
      parts.append(
        Part(
          component: component, yield: yield,
          emission: Emission(particle, spectrum, component: component.rawValue)))
    }
    if let beta = spectrum.beta {
      let shape = try EnergySpectrum.continuous(zip(beta.energies, beta.density).map { (energy: $0, density: $1) })
      var yield = 0.0
      for k in beta.energies.indices.dropFirst() {
        yield +=
          (beta.energies[k] - beta.energies[k - 1]).megaelectronvolts * (beta.density[k] + beta.density[k - 1]) / 2
      }
      add(.betaMinus, .electron, yield * (1 - beta.positronShare), shape)
      add(.betaPlus, .positron, yield * beta.positronShare, shape)
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
    self.parts = parts
  }

  /// The highest energy of electrons, positrons and photons.
  public var highest: Energy {
    parts.filter { $0.emission.particle != .alpha }.map(\.emission.spectrum.highest).max() ?? .kiloelectronvolts(1)
  }

  /// Whether positrons are emitted.
  public var hasPositrons: Bool { parts.contains { $0.component == .betaPlus } }

  /// The energy per decay of all components.
  public var energyPerDecay: Energy { parts.map(\.energyPerDecay).total() }
}
