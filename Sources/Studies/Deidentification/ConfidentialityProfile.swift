import DICOM

/// What the Basic Application Level Confidentiality Profile does with each attribute (PS3.15 table E.1-1), with the
/// options Retain Patient Characteristics, Retain Longitudinal Temporal Information Modified Dates and Retain Safe
/// Private.
enum ConfidentialityProfile {
  enum Action: String {
    case remove = "X"
    case empty = "Z"
    case dummy = "D"
    case uid = "U"
  }

  /// The table by tag.
  static let actions: [Tag: Action] = {
    var actions: [Tag: Action] = [:]
    let text = String(decoding: PackageResources.basic_profile_txt, as: UTF8.self)
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: " ")
      guard words.count == 2, let number = UInt32(words[0], radix: 16), let action = Action(rawValue: String(words[1]))
      else { continue }
      actions[Tag(UInt16(number >> 16), UInt16(number & 0xFFFF))] = action
    }
    return actions
  }()

  /// What the options keep: age, sex, size, weight, whether neutered, ethnic group, smoking, pregnancy; time zone.
  static let kept: Set<Tag> = [
    Tag(0x0010, 0x1010), Tag(0x0010, 0x0040), Tag(0x0010, 0x1020), Tag(0x0010, 0x1030), Tag(0x0010, 0x2203),
    Tag(0x0010, 0x2160), Tag(0x0010, 0x21A0), Tag(0x0010, 0x21C0), Tag(0x0008, 0x0201),
  ]

  /// Dates that tell who the patient is; they are never merely moved.
  static let birth: Set<Tag> = [Tag(0x0010, 0x0030), Tag(0x0010, 0x0032)]

  /// Private attributes that say how pixels become SUV, by creator, group and element; the one of GE is a moment.
  static let safe: [(creator: String, group: UInt16, elements: Set<UInt8>)] = [
    (PhilipsFactors.creator, PhilipsFactors.group, [PhilipsFactors.suvElement, PhilipsFactors.activityElement]),
    (GEScan.creator, GEScan.group, [GEScan.startElement]),
  ]

  /// What was done, as the file says it.
  static let method =
    "PS3.15 Basic Profile\\Retain Patient Characteristics\\Retain Dates, Modified\\Retain Safe Private"
}
