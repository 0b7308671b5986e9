import Glibc
public import Quantities

/// How the loss of activity by the limited resolution of the camera is corrected.
public enum RecoveryCorrection: Hashable, Sendable {
  /// Not at all.
  case none
  /// By a curve measured on spheres, RC(V) = 1 / (1 + (b/V)^g), with the relative standard uncertainty of its values.
  ///
  /// EANM form (Gear et al., Eur J Nucl Med Mol Imaging 2018;45:2456). Valid in the range of volumes and
  /// for the reconstruction with which b and g were measured, for a hot object in a cold surrounding.
  case volumeCurve(b: Volume, g: Double, relativeUncertainty: Double)
  /// For all regions together by the geometric transfer matrix (Rousset et al., J Nucl Med 1998;39:904), from the width
  /// of the point-spread function and its standard uncertainty.
  case regionBased(fullWidthAtHalfMaximum: Length, standardUncertainty: Length)

  /// The recovery coefficient of a volume by the curve 1 / (1 + (b/V)^g).
  public static func volumeCurve(_ volume: Volume, b: Volume, g: Double) -> Double {
    1 / (1 + pow(b / volume, g))
  }

  func validate() throws(ScintigraphyError) {
    switch self {
    case .none: return
    case .volumeCurve(let b, let g, let relative):
      guard b > .zero, b.isFinite, g > 0, g.isFinite, (0..<1).contains(relative) else {
        throw ScintigraphyError(
          "recovery-curve-out-of-range",
          "The recovery curve has b = \(b), g = \(g) and a relative uncertainty of \(relative).",
          remedy: "Give b and g above 0 and an uncertainty from 0 to below 1.")
      }
    case .regionBased(let width, let uncertainty):
      guard width > .zero, width <= .millimetres(50), uncertainty >= .zero, uncertainty < width else {
        throw ScintigraphyError(
          "point-spread-out-of-range",
          "The point-spread function is \(width) wide with a standard uncertainty of \(uncertainty).",
          remedy: "Give a width above 0 and up to 50 mm and an uncertainty smaller than the width.")
      }
    }
  }
}
