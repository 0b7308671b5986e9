import DICOM

/// Philips: counts come with private factors, group 7053, creator "Philips PET Private Group".
///
/// (7053,xx00) times a pixel is SUVbw in g/mL; (7053,xx09) times a pixel is the activity concentration in Bq/mL at the
/// time that Decay Correction names. They hold for Units CNTS alone; a series in BQML carries factors of its counts.
/// Source: Philips Gemini DICOM conformance statement as the QIBA FDG-PET profile cites it.
public struct PhilipsFactors: Hashable, Sendable {
  /// SUVbw in g/mL a count; `nil` when absent or not positive.
  public let suv: Double?
  /// Bq/mL a count; `nil` when absent or not positive.
  public let activity: Double?
  /// Whether the header names the creator of the private group.
  public let isCreatorNamed: Bool

  static let creator = "Philips PET Private Group"
  static let group: UInt16 = 0x7053
  static let suvElement: UInt8 = 0x00
  static let activityElement: UInt8 = 0x09

  init?(_ dataSet: DataSet) throws {
    guard let suv = try dataSet.privateTag(Self.group, Self.suvElement, creator: Self.creator),
      let activity = try dataSet.privateTag(Self.group, Self.activityElement, creator: Self.creator)
    else { return nil }
    guard try suv.isNamed || dataSet.isMade(by: "philips") else { return nil }
    self.suv = try dataSet.decimal(suv.tag).flatMap { $0 > 0 ? $0 : nil }
    self.activity = try dataSet.decimal(activity.tag).flatMap { $0 > 0 ? $0 : nil }
    isCreatorNamed = suv.isNamed
    if self.suv == nil, self.activity == nil { return nil }
  }
}
