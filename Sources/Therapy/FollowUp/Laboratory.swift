/// What a laboratory measures, each in one unit.
public enum Analyte: String, CaseIterable, Sendable {
  case neutrophils, platelets, leukocytes, lymphocytes, haemoglobin
  case creatinine, bilirubin, alt, ast
  case urate, potassium, phosphate, calcium, albumin

  /// The unit in which the rules are written.
  public var unit: String {
    switch self {
    case .neutrophils, .platelets, .leukocytes, .lymphocytes: "10^9/L"
    case .haemoglobin, .albumin: "g/dL"
    case .creatinine, .bilirubin, .urate, .phosphate, .calcium: "mg/dL"
    case .alt, .ast: "U/L"
    case .potassium: "mmol/L"
    }
  }

  /// A value in another unit that converts exactly; `nil` for a unit that does not.
  public func value(_ number: ExactDecimal, unit: String) -> ExactDecimal? {
    if unit == self.unit { return number }
    switch (self.unit, unit) {
    case ("10^9/L", "G/L"), ("10^9/L", "10^3/uL"), ("10^9/L", "10^3/µL"), ("10^9/L", "10*9/L"),
      ("10^9/L", "10*3/uL"):
      return number
    case ("10^9/L", "/uL"), ("10^9/L", "/µL"): return number * ExactDecimal.thousandth
    case ("g/dL", "g/L"): return number * ExactDecimal.hundredths(10)
    case ("mmol/L", "mEq/L"), ("mmol/L", "meq/L"): return number
    case ("U/L", "[IU]/L"), ("U/L", "IU/L"): return number
    default: return nil
    }
  }
}

extension ExactDecimal {
  fileprivate static let thousandth = hundredths(1) * hundredths(10)
}

/// The limits of normal that a laboratory states.
public struct ReferenceRange: Hashable, Sendable {
  public let lower: ExactDecimal?
  public let upper: ExactDecimal?

  public init(lower: ExactDecimal? = nil, upper: ExactDecimal? = nil) {
    self.lower = lower
    self.upper = upper
  }
}

/// One value of one day, counted from the day of the graft (0).
public struct LaboratoryResult: Hashable, Sendable {
  public let day: Int
  public let analyte: Analyte
  /// In the analyte's unit.
  public let value: ExactDecimal

  public init(day: Int, analyte: Analyte, value: ExactDecimal) {
    self.day = day
    self.analyte = analyte
    self.value = value
  }
}

extension Sequence where Element == LaboratoryResult {
  /// The last value at or before a day; `nil` when there is none.
  public func baseline(of analyte: Analyte, before day: Int) -> LaboratoryResult? {
    filter { $0.analyte == analyte && $0.day <= day }.max { $0.day < $1.day }
  }

  /// The values of an analyte by day; of several on a day the one that the rule looks for, lowest or highest.
  func byDay(_ analyte: Analyte, worst: (ExactDecimal, ExactDecimal) -> ExactDecimal) -> [Int: ExactDecimal] {
    Dictionary(filter { $0.analyte == analyte }.map { ($0.day, $0.value) }, uniquingKeysWith: worst)
  }
}
