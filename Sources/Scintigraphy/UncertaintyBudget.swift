import Glibc
public import Quantities

/// The image on which a structure was outlined; it decides how well its volume is known.
public struct OutlineImage: Hashable, Sendable {
  /// The edge of a voxel in the plane of the contours.
  public let voxelSize: Length
  /// The width of the image's point-spread function.
  public let fullWidthAtHalfMaximum: Length

  public init(voxelSize: Length, fullWidthAtHalfMaximum: Length) {
    self.voxelSize = voxelSize
    self.fullWidthAtHalfMaximum = fullWidthAtHalfMaximum
  }

  /// The standard uncertainty of the diameter of an outline, u(d)² = a²/6 + FWHM²/(4 ln 2).
  ///
  /// Gear et al., Eur J Nucl Med Mol Imaging 2018;45:2456: two edges, each known to a voxel of size a and to the width
  /// of the image. The factor of FWHM² is unverified.
  public var diameterUncertainty: Length {
    let (a, width) = (voxelSize.millimetres, fullWidthAtHalfMaximum.millimetres)
    return .millimetres((a * a / 6 + width * width / (4 * log(2.0))).squareRoot())
  }

  /// u(V)/V = 3 u(d)/d with d the diameter of the sphere of the same volume.
  public func relativeVolumeUncertainty(of volume: Volume) -> Double {
    3 * diameterUncertainty.millimetres / (2 * cbrt(750 * volume.millilitres / .pi))
  }
}

/// The uncertainties that all times of one region share: added once, after the curve is fitted.
///
/// The volume enters the counts (κ = d ln C/d ln V), the recovery coefficient (d ln R/d ln V) and the mass, and is
/// therefore not one independent term but carries the sum of its sensitivities (Gear et al. 2018).
public struct CommonUncertainty: Hashable, Sendable {
  /// u(Q)/Q of the camera's calibration factor.
  public let calibration: Double
  /// u(R)/R of the recovery coefficient, without the volume's part.
  public let recovery: Double
  /// u(V)/V of the emitting structure.
  public let volume: Double
  /// κ = d ln(counts)/d ln(volume) of all times together, as it acts on their integral: 0 when the outline lies in a cold
  /// surrounding, 1 in a uniform one.
  public let countSensitivity: Double
  /// d ln R/d ln V.
  public let recoverySensitivity: Double

  public init(
    calibration: Double, recovery: Double, volume: Double, countSensitivity: Double, recoverySensitivity: Double
  ) {
    self.calibration = calibration
    self.recovery = recovery
    self.volume = volume
    self.countSensitivity = countSensitivity
    self.recoverySensitivity = recoverySensitivity
  }

  /// d ln A/d ln V = κ − d ln R/d ln V.
  public var activitySensitivity: Double { countSensitivity - recoverySensitivity }

  /// d ln D/d ln V = κ − d ln R/d ln V − 1, when the mass of the target comes from the same outline.
  public var absorbedDoseSensitivity: Double { activitySensitivity - 1 }

  /// The common part of u(A)/A, and of u(Ã)/Ã.
  public var relativeOfActivity: Double { combined(activitySensitivity) }

  /// The common part of u(D)/D, when the mass of the target comes from the same outline.
  public var relativeOfAbsorbedDose: Double { combined(absorbedDoseSensitivity) }

  /// The same of the activity at one time, with κ of that time.
  public func relativeOfActivity(countSensitivity: Double) -> Double {
    combined(countSensitivity - recoverySensitivity)
  }

  private func combined(_ sensitivity: Double) -> Double {
    hypot(hypot(calibration, recovery), sensitivity * volume)
  }
}
