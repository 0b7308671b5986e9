import Glibc
public import Quantities
public import Volumes

/// The mass of an organ outlined on a CT: its volume times the density that its voxels show.
public struct OrganMass: Hashable, Sendable {
  public let volume: Uncertain<Volume>
  public let density: Uncertain<Density>
  public let mass: Uncertain<Mass>

  /// Density of a voxel (Schneider et al., Phys Med Biol 2000;45:459): 1.018 + 0.893·10⁻³ HU to 14, 1.03 to 23,
  /// 1.003 + 1.169·10⁻³ HU to 100, above 1.017 + 0.592·10⁻³ HU; below −98 linear to air.
  public static func density(_ hounsfieldUnits: Double) -> Density {
    let h = hounsfieldUnits
    switch h {
    case ..<(-98): return .gramsPerMillilitre(max(0.00121, 0.00121 + (h + 1000) / 902 * (0.9305 - 0.00121)))
    case ...14: return .gramsPerMillilitre(1.018 + 0.893e-3 * h)
    case ...23: return .gramsPerMillilitre(1.03)
    case ...100: return .gramsPerMillilitre(1.003 + 1.169e-3 * h)
    default: return .gramsPerMillilitre(1.017 + 0.592e-3 * h)
    }
  }

  /// Measures an organ. The mean HU gives the density, with 1 % and what the mean's standard error adds; the outline's
  /// uncertainty is that of ``OutlineImage``.
  public init(of organ: Mask, hounsfieldUnits: [Int16], outline: OutlineImage) {
    let indices = organ.gridIndices()
    let n = Double(indices.count)
    let mean = indices.reduce(0.0) { $0 + Double(hounsfieldUnits[$1]) } / n
    let squares = indices.reduce(0.0) {
      $0 + (Double(hounsfieldUnits[$1]) - mean) * (Double(hounsfieldUnits[$1]) - mean)
    }
    let error = (squares / max(1, n - 1) / n).squareRoot() * 1.2e-3
    let rho = Self.density(mean)
    volume = Uncertain(organ.volume, relative: outline.relativeVolumeUncertainty(of: organ.volume))
    density = Uncertain(rho, relative: hypot(0.01, error / rho.gramsPerMillilitre))
    mass = Uncertain(
      volume.value * rho, relative: hypot(volume.relativeUncertainty ?? 0, density.relativeUncertainty ?? 0))
  }
}
