import DICOM

/// Canon and Toshiba: (7065,xx2D) may name what the stored pixels are, `SUVbw(X100)`: a hundred times SUVbw.
///
/// Used to verify a factor and never to make one. Source: seen in public software alone; no conformance statement was
/// found, so that the rule is unverified.
enum CanonScan {
  /// SUVbw per stored pixel value; `nil` when the maker is another or does not tell it.
  static func uptakePerStored(_ dataSet: DataSet) throws -> Double? {
    guard try dataSet.isMade(by: "canon") || dataSet.isMade(by: "toshiba") else { return nil }
    for block in UInt16(0x10)...0xFF {
      guard dataSet.contains(Tag(0x7065, block)) else { continue }
      guard let text = try dataSet.string(Tag(0x7065, block << 8 | 0x2D)) else { continue }
      if text.contains("SUVbw") { return text.contains("X100") ? 0.01 : 1 }
    }
    return nil
  }
}
