import Glibc
public import Quantities

/// What moment the voxel values of a series are corrected to (PS3.3 C.8.9.1, Decay Correction).
public enum DecayCorrection: String, CaseIterable, Sendable {
  /// To the start of the acquisition.
  case start = "START"
  /// To the administration.
  case administration = "ADMIN"
  /// Not: the values are means over the acquisition.
  case none = "NONE"

  /// The factor that turns voxel values into the concentration at the start of the acquisition.
  ///
  /// START: 1. ADMIN: 2^(−Δt/T) = e^(−λΔt). NONE: λT_f / (1 − e^(−λT_f)).
  ///
  /// - Parameters:
  ///   - decayConstant: λ of the nuclide, positive.
  ///   - administrationToStart: Δt, not negative; used for ADMIN.
  ///   - frameDuration: T_f, positive; required for NONE.
  /// - Throws: ``StudyError`` when a quantity that is needed is missing or outside its range.
  /// - Note: EANM/MIRD practice; 177Lu over 1280 s gives 1.000773 (WE-3.1).
  public func factorToAcquisitionStart(
    decayConstant: RateConstant, administrationToStart: Time, frameDuration: Time?
  ) throws(StudyError) -> Double {
    guard decayConstant.isFinite, decayConstant > .zero else {
      throw StudyError(
        "decay-constant", "The decay constant is \(decayConstant), which no radionuclide has.",
        remedy: "Name the radionuclide of the series.")
    }
    switch self {
    case .start: return 1
    case .administration:
      guard administrationToStart.isFinite, administrationToStart >= .zero else {
        throw StudyError(
          "acquisition-before-administration",
          "The acquisition starts \(-administrationToStart.hours) h before the administration.",
          remedy: "Check the clocks and the administration time.")
      }
      return exp(-decayConstant.perSecond * administrationToStart.seconds)
    case .none:
      guard let frameDuration, frameDuration.isFinite, frameDuration > .zero else {
        throw StudyError(
          "missing-frame-duration", "The series is not corrected for decay and does not tell how long it took.",
          remedy: "Export it corrected for decay, or with Actual Frame Duration.")
      }
      let decay = decayConstant.perSecond * frameDuration.seconds
      return decay / -expm1(-decay)
    }
  }
}
