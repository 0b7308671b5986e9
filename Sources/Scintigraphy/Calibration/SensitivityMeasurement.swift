import Glibc
public import Quantities
public import Volumes

/// What a camera counts of a known activity: a syringe, a dish or a cylinder before one detector.
public struct SensitivityMeasurement: Hashable, Sendable {
  /// What held the activity.
  public enum Source: String, CaseIterable, Hashable, Sendable {
    /// A syringe or vial in air, seen as a point.
    case syringe
    /// A dish with a thin layer.
    case dish
    /// A filled cylinder, which attenuates itself before a detector; in a reconstruction that is corrected already.
    case cylinder
  }

  /// C, above the background, at the start of the acquisition.
  public let sensitivity: Uncertain<Sensitivity>
  /// The rate with and of the background.
  public let gross: CountRate
  public let background: CountRate
  /// λT/(1 − e^(−λT)): from the mean over the acquisition to its start.
  public let decayDuring: Double
  /// What was divided out for the source's own attenuation, at most 1.
  public let transmission: Double

  /// C = (n/T − n_b/T_b)·λT/(1 − e^(−λT))/(A·t), with t = (1 − e^(−μx))/(μx) for a layer of thickness x that touches
  /// nothing between it and the detector.
  ///
  /// - Parameters:
  ///   - activity: at the start of the acquisition, with its uncertainty.
  ///   - layer: μ and x of a source that attenuates itself.
  /// - Throws: ``ScintigraphyError`` when a duration or the activity is not above 0, or no more was counted than
  ///   background.
  public init(
    counts: Counted, duration: Time, background: (counts: Counted, duration: Time)?, activity: Uncertain<Activity>,
    decay: RateConstant, layer: (coefficient: AttenuationCoefficient, thickness: Length)? = nil
  ) throws(ScintigraphyError) {
    guard duration > .zero, duration.isFinite, (background?.duration ?? duration) > .zero, activity.value > .zero,
      activity.value.isFinite
    else {
      throw ScintigraphyError(
        "calibration-input", "The calibration has no duration or no activity.",
        remedy: "Give the activity at the start and the durations of both acquisitions.")
    }
    let (rate, room) = (
      counts * (1 / duration.seconds),
      background.map { $0.counts * (1 / $0.duration.seconds) } ?? Counted(counts: 0, variance: 0)
    )
    let net = rate - room
    guard net.counts > 0 else {
      throw ScintigraphyError(
        "calibration-below-background", "The source gives no more counts than the empty room.",
        remedy: "Check that files of source and background were not exchanged.")
    }
    let path = layer.map { $0.coefficient * $0.thickness } ?? 0
    guard path >= 0, path < 20 else {
      throw ScintigraphyError(
        "calibration-input", "The source's own attenuation is out of range.", remedy: "Give μ in 1/cm and x in cm.")
    }
    transmission = path > 1e-9 ? -expm1(-path) / path : 1
    decayDuring = Self.factorToStart(decay: decay, duration: duration)
    gross = CountRate(base: rate.counts)
    self.background = CountRate(base: room.counts)
    let value = Sensitivity(base: net.counts * decayDuring / activity.value.becquerels / transmission)
    sensitivity = Uncertain(value, relative: hypot(net.relativeUncertainty ?? 0, activity.relativeUncertainty ?? 0))
  }

  /// λT/(1 − e^(−λT)): how much the rate at the start exceeds the mean over a duration.
  public static func factorToStart(decay: RateConstant, duration: Time) -> Double {
    let x = decay.perSecond * duration.seconds
    return x > 1e-9 ? x / -expm1(-x) : 1 + x / 2
  }

  /// A at the start of an acquisition of `duration` from counts, A = n/T·λT/(1 − e^(−λT))/C (WE-3.1).
  ///
  /// Counts, duration and C must follow one convention: all detectors together, or one.
  public static func activity(
    counts: Double, duration: Time, sensitivity: Sensitivity, decay: RateConstant
  ) -> Activity {
    CountRate(base: counts / duration.seconds * factorToStart(decay: decay, duration: duration)) / sensitivity
  }

  /// The concentration at the start of an acquisition from reconstructed counts, voxel by voxel: that activity divided by
  /// the volume of a voxel.
  ///
  /// - Parameters:
  ///   - duration: steps times the time of a step, by the convention of the sensitivity.
  ///   - decay: `nil` when the reconstruction has corrected for decay during the acquisition.
  /// - Throws: ``ScintigraphyError`` when counts and grid differ in size, or duration or sensitivity is not above 0.
  public static func concentration(
    counts: [Float], on grid: Grid, duration: Time, sensitivity: Sensitivity, decay: RateConstant?
  ) throws(ScintigraphyError) -> Image<ActivityConcentration> {
    guard counts.count == grid.count, duration > .zero, duration.isFinite, sensitivity.base > 0,
      grid.voxelVolume > .zero
    else {
      throw ScintigraphyError(
        "counts-to-activity", "The counts do not fill their grid, or duration or sensitivity is not above 0.",
        remedy: "Give the duration in seconds and the sensitivity in counts per second and MBq.")
    }
    let one = activity(
      counts: 1, duration: duration, sensitivity: sensitivity, decay: decay ?? RateConstant.perHour(0))
    let factor = Float(one.becquerels / grid.voxelVolume.millilitres)
    return Image(grid: grid, values: counts.map { $0 * factor })
  }
}

/// A calibration as it is kept: for which camera it holds and until when.
public struct CameraCalibration: Hashable, Sendable {
  public let sensitivity: Uncertain<Sensitivity>
  public let camera: String
  public let collimator: String
  public let window: ClosedRange<Energy>
  public let measured: Timestamp
  public let validFor: Time

  public init(
    sensitivity: Uncertain<Sensitivity>, camera: String, collimator: String, window: ClosedRange<Energy>,
    measured: Timestamp, validFor: Time
  ) {
    self.sensitivity = sensitivity
    self.camera = camera
    self.collimator = collimator
    self.window = window
    self.measured = measured
    self.validFor = validFor
  }

  /// The last moment at which it holds.
  public var expires: Timestamp { measured + validFor }

  /// Refuses its use outside its validity, or for another collimator or window (limits within 1 keV).
  public func check(at moment: Timestamp, collimator: String?, window: ClosedRange<Energy>?) throws(ScintigraphyError) {
    guard moment >= measured, moment <= expires else {
      throw ScintigraphyError(
        "calibration-expired", "The calibration of \(measured) holds until \(expires), the scan is of \(moment).",
        remedy: "Calibrate the camera again, or name the calibration that held then.")
    }
    if let collimator, collimator != self.collimator {
      throw ScintigraphyError(
        "calibration-collimator", "The calibration is for another collimator.",
        remedy: "Calibrate with the collimator of the scan.")
    }
    if let window {
      let keV = Energy.kiloelectronvolts(1)
      guard window.lowerBound > self.window.lowerBound - keV, window.lowerBound < self.window.lowerBound + keV,
        window.upperBound > self.window.upperBound - keV, window.upperBound < self.window.upperBound + keV
      else {
        throw ScintigraphyError(
          "calibration-window", "The calibration is for another energy window.",
          remedy: "Calibrate in the window of the scan.")
      }
    }
  }
}
