import DICOM

/// A concept of a coding scheme (PS3.3 8.8).
public struct Code: Hashable, Sendable {
  /// The code.
  public let value: String
  /// The scheme: `DCM`, `SCT` (SNOMED CT), `UCUM`, `LN` (LOINC), or a private one beginning with 99.
  public let scheme: String
  /// What it means.
  public let meaning: String

  public init(_ value: String, _ scheme: String, _ meaning: String) {
    (self.value, self.scheme, self.meaning) = (value, scheme, meaning)
  }

  var item: DataSetDraft {
    var item = DataSetDraft()
    item.put(.codeValue, value)
    item.put(.codingSchemeDesignator, scheme)
    item.put(.codeMeaning, meaning)
    return item
  }

  init?(_ item: DataSet?) throws {
    guard let item, let value = try item.string(.codeValue), let scheme = try item.string(.codingSchemeDesignator)
    else { return nil }
    self.init(value, scheme, try item.string(.codeMeaning) ?? value)
  }
}

/// A quantity that maps and reports hold: what it is and in what unit.
public struct CodedQuantity: Hashable, Sendable {
  /// What is measured.
  public let quantity: Code
  /// Its unit in UCUM.
  public let unit: Code

  public init(_ quantity: Code, unit: Code) { (self.quantity, self.unit) = (quantity, unit) }

  /// Uptake normalised to body weight (PS3.16 CID 85, CID 84).
  public static let uptakeByWeight = CodedQuantity(
    Code("126401", "DCM", "SUVbw"),
    unit: Code("g/ml{SUVbw}", "UCUM", "Standardized Uptake Value body weight"))
  /// Absorbed dose (PS3.16 annex D).
  public static let absorbedDose = CodedQuantity(
    Code("128513", "DCM", "Absorbed Dose"), unit: Code("Gy", "UCUM", "gray"))
  /// Absorbed dose for each activity given; the standard has no code for it.
  public static let absorbedDosePerActivity = CodedQuantity(
    Code("DOSE-PER-ACT", "99ENDORA", "Absorbed dose per administered activity"),
    unit: Code("Gy/GBq", "UCUM", "gray per gigabecquerel"))
  /// Absorbed dose rate; the standard has no code for it.
  public static let absorbedDoseRate = CodedQuantity(
    Code("DOSE-RATE", "99ENDORA", "Absorbed dose rate"), unit: Code("Gy/s", "UCUM", "gray per second"))
  /// Decays for each volume; the standard has no code for it.
  public static let timeIntegratedConcentration = CodedQuantity(
    Code("TIA", "99ENDORA", "Time-integrated activity concentration"),
    unit: Code("Bq.s/ml", "UCUM", "becquerel second per millilitre"))
  /// The activity to be given (PS3.16 annex D).
  public static let administeredActivity = CodedQuantity(
    Code("113507", "DCM", "Administered activity"), unit: Code("MBq", "UCUM", "megabecquerel"))
  /// The volume of a region (PS3.16 CID 7461).
  public static let volume = CodedQuantity(
    Code("118565006", "SCT", "Volume"), unit: Code("ml", "UCUM", "millilitre"))
  /// The mass of an organ.
  public static let mass = CodedQuantity(Code("118538004", "SCT", "Mass"), unit: Code("g", "UCUM", "gram"))
}
