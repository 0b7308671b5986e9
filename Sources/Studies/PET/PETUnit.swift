/// What the rescaled pixel values of a PET series are (PS3.3 C.8.9.1, Units).
public enum PETUnit: Hashable, Sendable {
  /// Activity concentration in Bq/mL: BQML.
  case activityConcentration
  /// A standardized uptake value in g/mL or cm²/mL: GML, CM2ML.
  case uptake(SUVKind)
  /// Counts that a vendor's private factors give a meaning: CNTS of Philips.
  case counts(PhilipsFactors)
  /// A unit that no factor turns into an uptake value; the text of the header.
  case other(String)

  /// The term in the header.
  public var term: String {
    switch self {
    case .activityConcentration: "BQML"
    case .uptake(.bodySurface): "CM2ML"
    case .uptake: "GML"
    case .counts: "CNTS"
    case .other(let term): term
    }
  }
}

/// What an uptake value is normalised to (PS3.3 C.8.9.1, SUV Type).
public enum SUVKind: String, CaseIterable, Sendable {
  /// To the body weight.
  case bodyWeight = "BW"
  /// To the body surface.
  case bodySurface = "BSA"
  /// To the lean body mass of James with 128 for men.
  case leanJames128 = "LBMJAMES128"
  /// To the lean body mass of Janmahasatian.
  case leanJanmahasatian = "LBMJANMA"
  /// To a lean body mass whose formula is not named.
  case leanUnnamed = "LBM"
  /// To the ideal body weight.
  case idealBodyWeight = "IBW"
}

/// A patient's sex as DICOM codes it.
public enum PatientSex: String, CaseIterable, Sendable {
  case male = "M"
  case female = "F"
  case other = "O"
}
