import DICOM
import Quantities

/// What a frame of an Enhanced PET (PS3.3 C.8.22) tells otherwise than a PET slice: moments and corrections.
struct EnhancedPET {
  /// As Decay Correction of a PET slice has it.
  let decayCorrection: String?
  let corrections: [String]
  /// The moment to which values are corrected, or at which the frame began where they are not.
  let acquisition: LocalTime?
  /// In ms.
  let frameDuration: Double?

  /// `nil` for what is no Enhanced PET.
  ///
  /// Refuses values that are corrected to another moment than the start of the acquisition or the administration.
  init?(_ dataSet: DataSet) throws {
    guard let corrected = try dataSet.string(.decayCorrected) else { return nil }
    let start = try dataSet.acquisitionMoment()
    func has(_ tag: Tag) throws -> Bool { try dataSet.string(tag) == "YES" }
    var corrections = try has(.attenuationCorrected) ? ["ATTN"] : []
    if try has(.scatterCorrected) { corrections.append("SCAT") }
    if corrected == "YES" {
      corrections.append("DECY")
      acquisition = start
      let reference = try Self.moment(dataSet, .decayCorrectionDateTime)
      let administration = try dataSet.item(.radiopharmaceuticalInformation).flatMap {
        try Self.moment($0, .radiopharmaceuticalStartDateTime)
      }
      switch reference {
      case nil: decayCorrection = nil
      case start: decayCorrection = DecayCorrection.start.rawValue
      case administration: decayCorrection = DecayCorrection.administration.rawValue
      default:
        throw StudyError(
          "unknown-decay-correction",
          "The series is corrected for decay to neither the start of the acquisition nor the administration.",
          remedy: "Export it corrected to one of them.")
      }
    } else {
      acquisition = try Self.moment(dataSet, .frameAcquisitionDateTime) ?? start
      decayCorrection = DecayCorrection.none.rawValue
    }
    self.corrections = corrections
    frameDuration = try dataSet.decimal(.frameAcquisitionDuration)
  }

  private static func moment(_ dataSet: DataSet, _ tag: Tag) throws -> LocalTime? {
    try dataSet.dateTime(tag).map { try LocalTime($0.date, $0.time) }
  }
}
