import DICOM
import Provenance

/// Why text may stand in the pixels of an image, where no profile of attributes takes it away (PS3.15 E.3.1, Clean Pixel
/// Data; PS3.3 C.7.6.1).
enum WritingInPixels: String, CaseIterable, Comparable, Sendable {
  /// Burned In Annotation says so.
  case declared
  /// The file says nothing, and it is of a kind on which devices write.
  case likely

  static func < (one: Self, other: Self) -> Bool { one.order < other.order }

  private var order: Int { Self.allCases.firstIndex(of: self)! }

  /// `nil` for an image that says that nothing is burned in or says nothing and is of a kind that is rarely written on,
  /// and for what is no image.
  init?(_ dataSet: DataSet) throws {
    guard try dataSet.unsigned16(.rows) != nil else { return nil }
    switch try dataSet.string(.burnedInAnnotation) {
    case "YES": self = .declared
    case "NO": return nil
    default:
      guard try Self.isLikely(dataSet) else { return nil }
      self = .likely
    }
  }

  /// Pictures of a screen, also those that gamma cameras save as NM, ultrasound, X-ray pictures, endoscopy, colours, and
  /// overlays in bits of the pixel data.
  private static func isLikely(_ dataSet: DataSet) throws -> Bool {
    let modality = try dataSet.string(.modality) ?? ""
    let isCapture = try dataSet.uid(.sopClassUID)?.hasPrefix("1.2.840.10008.5.1.4.1.1.7") == true
    if isCapture || dataSet.contains(.conversionType) || writtenOn.contains(modality) { return true }
    if try (dataSet.unsigned16(.samplesPerPixel) ?? 1) > 1 { return true }
    let type = try dataSet.strings(.imageType)
    if type.contains(where: screens.contains) { return true }
    if modality == "NM", type.first == "DERIVED", type.dropFirst(2).first == nil { return true }
    // An overlay without data of its own lies in unused bits of the pixels (PS3.3 C.9.2).
    return dataSet.tags.contains {
      (0x6000...0x60FF).contains($0.group) && $0.element == 0x0100 && !dataSet.contains(Tag($0.group, 0x3000))
    }
  }

  private static let writtenOn: Set = ["US", "IVUS", "ES", "SC", "OT", "XC", "GM", "SM", "HC", "DOC", "XA", "RF", "MG"]
  private static let screens: Set = [
    "SCREEN SAVE", "SCREEN_SAVE", "SCREEN", "SAVE_SCREEN", "SECONDARY CAPTURE", "MIP_SCREEN",
  ]

  func finding(files: Int) -> Finding {
    let (code, title, text): (String, String, String) =
      switch self {
      case .declared:
        (
          "burned-in-annotation", "Writing in the pixels",
          "\(files) files say that text is burned into their pixels; look at them before they leave the house."
        )
      case .likely:
        (
          "possible-annotation", "Perhaps writing in the pixels",
          "\(files) files do not tell whether text is burned into their pixels and are of a kind that often is written "
            + "on (pictures of a screen, ultrasound, colours, overlays in the pixels); look at them before they leave the "
            + "house."
        )
      }
    return Finding(.serious, code: code, title: title, text, origin: "Studies · PS3.15 Basic Profile")
  }
}
