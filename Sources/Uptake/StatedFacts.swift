public import Quantities
public import Studies

/// What a person states beside or against the header of a series.
public struct StatedFacts: Hashable, Sendable {
  /// The patient's weight.
  public var weight: Mass?
  /// The patient's height.
  public var height: Length?
  /// The patient's sex.
  public var sex: PatientSex?
  /// The activity in the syringe at the administration.
  public var administered: Activity?
  /// What was left over, at the administration.
  public var residual: Activity?
  /// The administration by the clock of the series.
  public var injection: LocalTime?
  /// The nuclide, such as `Ga-68`.
  public var nuclide: String?
  /// That frames which are not corrected for decay are to be corrected frame by frame.
  public var correctsFrames = false

  public init() {}
}
