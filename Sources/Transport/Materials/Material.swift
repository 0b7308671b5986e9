public import Provenance
public import Quantities

/// A homogeneous material that radiation is followed through.
public struct Material: Hashable, Sendable {
  /// An element's share of a material.
  public struct Constituent: Hashable, Sendable {
    /// The atomic number, 1 to 92.
    public let atomicNumber: Int
    /// The share of the mass, 0 to 1.
    public let massFraction: Double

    public init(atomicNumber: Int, massFraction: Double) {
      self.atomicNumber = atomicNumber
      self.massFraction = massFraction
    }
  }

  /// The name by which commands and results know it: `water`.
  public let name: String
  /// The nominal density; a voxel may have its own.
  public let density: Density
  /// The elements, lightest first; their mass fractions add up to 1.
  public let composition: [Constituent]
  /// The mean excitation energy I of the Bethe formula.
  public let meanExcitationEnergy: Energy
  /// Where density, composition and I come from.
  public let source: Source

  /// A material of tabulated tissue; ``mixed(with:share:elements:)`` makes others of these.
  init(
    name: String, density: Density, composition: [Constituent], meanExcitationEnergy: Energy, source: Source
  ) {
    self.name = name
    self.density = density
    self.composition = composition
    self.meanExcitationEnergy = meanExcitationEnergy
    self.source = source
  }
}
