import DICOM
import Glibc
import Quantities

/// Siemens and CPS: a series that was reconstructed again may carry the time of reconstruction as its series time.
///
/// Frame Reference Time is the time from the reference of the series to the moment at which the mean activity of the
/// frame occurred, so that t_ref = t_acq + t̄ − FRT, with t̄ = ln[λT_f / (1 − e^(−λT_f))] / λ. A Frame Reference Time
/// of zero tells nothing. Source: QIBA FDG-PET profile; DICOM PS3.3 C.8.9.4.1.5; t̄ of 180 s and 68Ga is 89.770 s.
enum SiemensScan {
  static func isMaker(_ dataSet: DataSet) throws -> Bool {
    try dataSet.isMade(by: "siemens") || dataSet.isMade(by: "cps")
  }

  static func reference(acquisition: LocalTime, frameReference: Time, duration: Time, halfLife: Time) -> LocalTime {
    let mean = meanActivityTime(RateConstant(halfLife: halfLife), duration: duration)
    return LocalTime(secondsSince1970: acquisition.secondsSince1970 + (mean - frameReference).seconds)
  }

  static func meanActivityTime(_ decay: RateConstant, duration: Time) -> Time {
    let x = decay.perSecond * duration.seconds
    return .seconds(log(x / -expm1(-x)) / decay.perSecond)
  }
}
