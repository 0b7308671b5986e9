public import Quantities

/// A kind of radiation that a decay emits, as ICRP Publication 107 tells them apart.
public enum Radiation: String, CaseIterable, Sendable {
  case betaMinus, betaPlus, conversionElectrons, augerElectrons, gamma, xRays, annihilation, alpha, alphaRecoil

  /// Beta particles of both signs, conversion and Auger electrons.
  public static let electrons: Set<Radiation> = [.betaMinus, .betaPlus, .conversionElectrons, .augerElectrons]
  /// Gamma, X and annihilation radiation.
  public static let photons: Set<Radiation> = [.gamma, .xRays, .annihilation]
}

/// The mean energy that one decay emits, by kind of radiation (MIRD: Δ).
public struct EmittedEnergy: Hashable, Sendable {
  private let energies: [Radiation: Energy]

  public init(_ energies: [Radiation: Energy] = [:]) { self.energies = energies }

  /// The mean energy per decay of one kind; zero when it is not emitted.
  public subscript(radiation: Radiation) -> Energy { energies[radiation] ?? .zero }

  /// The mean energy per decay of several kinds together, added in the order of ``Radiation``.
  public func total(_ radiations: Set<Radiation>) -> Energy {
    Radiation.allCases.filter(radiations.contains).map { self[$0] }.total()
  }

  /// All electrons.
  public var electrons: Energy { total(Radiation.electrons) }
  /// All photons.
  public var photons: Energy { total(Radiation.photons) }
  /// Everything that stays within millimetres: electrons, alpha particles and recoil nuclei.
  public var locallyAbsorbed: Energy { electrons + self[.alpha] + self[.alphaRecoil] }

  /// The sum of this and of another one times a number of decays.
  func adding(_ other: EmittedEnergy, times decays: Double) -> EmittedEnergy {
    EmittedEnergy(energies.merging(other.energies.mapValues { $0 * decays }, uniquingKeysWith: +))
  }
}
