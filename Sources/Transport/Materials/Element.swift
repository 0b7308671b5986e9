public import Quantities

/// An element's tabulated interactions with photons and electrons.
public struct Element: Sendable {
  /// What an atom does after the photoelectric effect in its K shell.
  public struct KShell: Hashable, Sendable {
    /// The binding energy.
    public let edge: Energy
    /// The share of the photoelectric cross section above the edge, 1 − τ(below)/τ(above).
    public let shareOfPhotoelectric: Double
    /// The probability that a K vacancy is filled with an X ray.
    public let fluorescenceYield: Double
    /// The K lines and their shares of the X rays, which add up to 1.
    public let lines: [Line]
  }

  /// A characteristic X ray.
  public struct Line: Hashable, Sendable {
    public let energy: Energy
    public let share: Double
  }

  /// The atomic number.
  public let atomicNumber: Int
  /// The symbol: `Ca`.
  public let symbol: String
  /// The relative atomic mass.
  public let atomicWeight: Double
  /// The K shell; `nil` when its edge lies below 1 keV, where no X ray is followed.
  public let kShell: KShell?

  let photons: PhotonColumns
  let shells: [Shell]
  let outerShellConducts: Bool
  /// log S_rad/(MeV cm²/g) over log E/keV.
  let radiative: CubicSpline

  /// The cross sections in barn per atom as tabulated, energies in keV; an edge comes as two energies 0.1 eV apart.
  struct PhotonColumns: Sendable {
    let energies: [Double]
    let coherent: [Double]
    let incoherent: [Double]
    let photoelectric: [Double]
    let pairInNuclearField: [Double]
    let pairInElectronField: [Double]
  }

  /// Electrons of like binding energy in eV.
  struct Shell: Hashable, Sendable {
    let electrons: Double
    let binding: Double
  }

  /// Atoms per gram times 10⁻²⁴: cross section in barn per atom to cm²/g.
  var squareCentimetresPerGramPerBarn: Double { 0.602214076 / atomicWeight }
}
