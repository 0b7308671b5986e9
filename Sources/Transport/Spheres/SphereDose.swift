public import Quantities

/// The mean dose to a sphere per decay in it, evenly spread, in an unbounded medium of its own material.
public struct SphereDose: Hashable, Sendable {
  /// The dose of one kind of radiation.
  public struct Part: Hashable, Sendable {
    /// The energy per decay.
    public let emitted: Energy
    /// The fraction of it that stays in the sphere.
    public let absorbedFraction: Double
    /// The standard error of the fraction over it.
    public let relativeUncertainty: Double
    public let sValue: SValue
  }

  /// The nuclide; with its progeny when they are included.
  public let nuclide: String
  public let material: Material
  public let mass: Mass
  public let radius: Length
  /// By kind of radiation, those that the nuclide emits.
  public let parts: [DosedRadiation: Part]
  /// The largest |(deposited + escaped)/emitted − 1| of the simulations.
  public let imbalance: Double

  /// All radiation together.
  public var sValue: SValue { DosedRadiation.allCases.compactMap { parts[$0]?.sValue }.total() }

  /// The standard error of ``sValue`` over it.
  public var relativeUncertainty: Double {
    let variance = DosedRadiation.allCases.compactMap { parts[$0] }.reduce(0) {
      let error = $1.sValue.graysPerBecquerelSecond * $1.relativeUncertainty
      return $0 + error * error
    }
    return variance.squareRoot() / sValue.graysPerBecquerelSecond
  }

  /// The masses for which spheres are simulated.
  public static let masses = Mass.grams(0.001)...Mass.grams(5000)

  /// Simulates a sphere.
  ///
  /// - Parameter histories: of the component with the most energy; the others have less by the root of their energy.
  /// - Throws: ``TransportError`` for a mass outside ``masses`` and when energy is not conserved to 10⁻⁵.
  public init(
    of source: NuclideSource, mass: Mass, material: Material, histories: Int = 200_000,
    settings: TransportSettings = TransportSettings()
  ) throws {
    let tables = try TransportTables(
      [material], settings: settings, highest: source.highest, positrons: source.hasPositrons,
      elements: try .standard())
    try self.init(of: source, mass: mass, tables: tables, histories: histories)
  }

  /// Simulates a sphere with tables at hand, which serve many spheres of one material.
  public init(of source: NuclideSource, mass: Mass, tables: TransportTables, histories: Int) throws {
    guard mass.isFinite, Self.masses.contains(mass) else {
      throw TransportError(
        "sphere-mass", "The mass of the sphere is \(mass).", remedy: "Choose 0.001 to 5000 g.")
    }
    guard (1000...2_000_000_000).contains(histories) else {
      throw TransportError(
        "history-count", "There are \(histories) histories.", remedy: "Choose 1000 to 2000000000.")
    }
    let material = tables.materials[0]
    let radius = SphereGeometry.radius(of: mass, density: material.density)
    let geometry = try SphereGeometry(material: material, radii: [radius])
    var found: [DosedRadiation: (emitted: Energy, absorbed: Double, variance: Double)] = [:]
    var imbalance = 0.0
    for part in source.parts {
      let result = try TransportRun(
        part.emission, in: .shells(geometry, .sphere(radius: radius)), tables: tables,
        histories: part.histories(of: histories, in: source)
      ).run()
      imbalance = max(imbalance, abs(result.imbalance))
      // The fraction of what the histories emitted, times the energy per decay: the energy drawn has no error then.
      let fraction = result.energy(0) / (result.meanEmitted + result.meanFromRestEnergy)
      let absorbed = part.energyPerDecay.kiloelectronvolts * fraction
      let error = absorbed * (result.relativeUncertainty(0) ?? 0)
      let before = found[part.component.radiation] ?? (.zero, 0, 0)
      found[part.component.radiation] = (
        before.emitted + part.energyPerDecay, before.absorbed + absorbed, before.variance + error * error
      )
    }
    guard imbalance < 1e-5 else {
      throw TransportError(
        "energy-balance", "The simulation lost or made energy, \(imbalance) of all.",
        remedy: "Report this with the command.", category: .internalFault)
    }
    nuclide = source.name
    self.material = material
    self.mass = mass
    self.radius = radius
    self.imbalance = imbalance
    parts = found.mapValues { emitted, absorbed, variance in
      Part(
        emitted: emitted, absorbedFraction: absorbed / emitted.kiloelectronvolts,
        relativeUncertainty: absorbed > 0 ? variance.squareRoot() / absorbed : 0,
        sValue: .graysPerBecquerelSecond(DosePerEnergy.grays(.kiloelectronvolts(absorbed), in: mass)))
    }
  }
}
