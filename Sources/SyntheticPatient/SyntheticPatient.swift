import Glibc
public import Quantities

/// A patient with known kinetics who received [177Lu]pentixather, and the images taken of her.
///
/// Truth and images have nothing to do with a real person. The truth is the same for every seed; the seed decides the
/// errors of the measurement.
public struct SyntheticPatient: Sendable {
  /// The person.
  public struct Subject: Hashable, Sendable {
    public let isFemale: Bool
    public let ageInYears: Int
    public let mass: Mass
    public let height: Length
  }

  /// What was given.
  public struct Administration: Hashable, Sendable {
    /// The activity in the syringe and when it was measured.
    public let assay: Activity
    public let assayTime: Timestamp
    /// The activity left in the syringe and when it was measured.
    public let residual: Activity
    public let residualTime: Timestamp
    /// When it was given, as a bolus.
    public let start: Timestamp
    /// λp of 177Lu, half-life 6.647 d (ICRP Publication 107).
    public let physical: RateConstant

    /// The net activity at ``start``.
    public var administered: Activity {
      func decay(_ time: Time) -> Double { exp(-(physical.perSecond * time.seconds)) }
      return assay * decay(start - assayTime) - residual * decay(start - residualTime)
    }
  }

  /// Decides all random errors.
  public let seed: UInt64
  /// How large the errors are.
  public let errors: MeasurementErrors
  public let subject = Subject(isFemale: true, ageInYears: 46, mass: .kilograms(80), height: .centimetres(172))
  public let administration: Administration
  /// Where the truth comes from.
  public let physiology: Physiology
  /// When the five acquisitions began.
  public let acquisitionStarts: [Timestamp]

  /// A patient whose images carry the errors that a seed draws.
  public init(
    seed: UInt64, errors: MeasurementErrors = .realistic, physiology: Physiology = .published
  ) throws(SyntheticPatientError) {
    guard (0..<0.5).contains(errors.calibration), (0..<0.5).contains(errors.reconstruction),
      (0..<5).contains(errors.outlineDiameter.millimetres),
      (0..<2).contains(errors.fullWidthAtHalfMaximum.millimetres)
    else {
      throw SyntheticPatientError(
        "errors-out-of-range", "The errors of the synthetic measurement are negative or too large.",
        remedy: "Give relative errors below 0.5, outlines below 5 mm and a resolution error below 2 mm.")
    }
    self.seed = seed
    self.errors = errors
    self.physiology = physiology
    func clock(_ day: Int, _ hour: Int, _ minute: Int) -> Timestamp {
      // 2026-11-02T00:00:00+01:00 and days, hours and minutes later.
      Timestamp(secondsSince1970: 1_793_574_000, utcOffset: 3600) + .minutes(Double((day * 24 + hour) * 60 + minute))
    }
    administration = Administration(
      assay: .megabecquerels(206.3), assayTime: clock(0, 8, 41), residual: .megabecquerels(4.1),
      residualTime: clock(0, 9, 17), start: clock(0, 9, 3), physical: Anatomy.physicalDecay)
    acquisitionStarts = [clock(0, 10, 5), clock(0, 13, 11), clock(1, 9, 10), clock(2, 8, 47), clock(7, 9, 26)]
  }

  /// The organs, with their true volumes, masses and kinetics.
  public var organs: [TrueOrgan] { physiology.organs }

  /// The kinetics of the trunk outside the organs.
  public var remainder: TrueKinetics { physiology.remainder }

  /// The true activity of a curve at a moment.
  public func activity(of kinetics: TrueKinetics, at moment: Timestamp) -> Activity {
    administration.administered * kinetics.fraction(at: moment - administration.start)
  }
}
