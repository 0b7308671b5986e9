import Glibc
public import Quantities

/// The standard deviations of what goes wrong between the patient and the images; each may be zero.
public struct MeasurementErrors: Hashable, Sendable {
  /// Relative, of the calibration factor: one draw a patient.
  public let calibration: Double
  /// Of the diameter of an organ's outline: one draw an organ, the contours are scaled about the centre of each part.
  public let outlineDiameter: Length
  /// Relative, of an organ's activity in one reconstruction: one draw an organ and time.
  public let reconstruction: Double
  /// Of the camera's resolution about its nominal value: one draw a patient.
  public let fullWidthAtHalfMaximum: Length
  /// Whether the voxels carry counting noise.
  public let counting: Bool

  public init(
    calibration: Double, outlineDiameter: Length, reconstruction: Double, fullWidthAtHalfMaximum: Length, counting: Bool
  ) {
    self.calibration = calibration
    self.outlineDiameter = outlineDiameter
    self.reconstruction = reconstruction
    self.fullWidthAtHalfMaximum = fullWidthAtHalfMaximum
    self.counting = counting
  }

  /// Those of a clinical measurement: 3 %, u(d)² = a²/6 + FWHM²/(4 ln 2) on the CT, 2 %, 0.5 mm, counting noise.
  public static let realistic = MeasurementErrors(
    calibration: 0.03,
    outlineDiameter: .millimetres(
      (pow(SyntheticCamera.outlineVoxelSize.millimetres, 2) / 6
        + pow(SyntheticCamera.outlineFullWidthAtHalfMaximum.millimetres, 2) / (4 * log(2.0))).squareRoot()),
    reconstruction: 0.02, fullWidthAtHalfMaximum: .millimetres(0.5), counting: true)

  /// None at all.
  public static let none = MeasurementErrors(
    calibration: 0, outlineDiameter: .zero, reconstruction: 0, fullWidthAtHalfMaximum: .zero, counting: false)
}

/// What the user of the synthetic camera knows about it.
public enum SyntheticCamera {
  /// The nominal width of the point-spread function.
  public static let fullWidthAtHalfMaximum = Length.millimetres(8)
  /// How long one acquisition lasts.
  public static let frameDuration = Time.seconds(1280)
  /// Counts per decay: 5.7 counts per second and MBq.
  public static let countsPerDecay = 5.7e-6
  /// The edge of a voxel of the CT on which the organs are outlined.
  public static let outlineVoxelSize = Length.millimetres(2.4)
  /// The width of the point-spread function of that CT.
  public static let outlineFullWidthAtHalfMaximum = Length.millimetres(2)
}
