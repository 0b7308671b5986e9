/// Grades of laboratory values by the Common Terminology Criteria for Adverse Events, version 5 (NCI 2017).
///
/// A bound written "<LLN–75" holds 75 ≤ v < LLN, one written ">3.0–5.0" holds 3.0 < v ≤ 5.0.
public enum ToxicityGrade {
  /// The grade of a value, 0 to 4.
  ///
  /// - Parameters:
  ///   - value: in the analyte's unit.
  ///   - range: the laboratory's limits in the same unit.
  ///   - baseline: the value before the therapy in the same unit.
  /// - Returns: undecided for an analyte without numeric grades, and where a missing limit could change the grade.
  public static func of(
    _ analyte: Analyte, _ value: ExactDecimal, range: ReferenceRange, baseline: ExactDecimal?
  ) -> Verdict<Int> {
    switch analyte {
    case .neutrophils: fall(value, range, [.hundredths(150), 1, .hundredths(50)])
    case .platelets: fall(value, range, [75, 50, 25])
    case .leukocytes: fall(value, range, [3, 2, 1])
    case .lymphocytes: fall(value, range, [.hundredths(80), .hundredths(50), .hundredths(20)])
    // Grade 4 of anaemia is clinical: life-threatening consequences.
    case .haemoglobin: fall(value, range, [10, 8])
    case .creatinine: creatinine(value, range, baseline)
    case .bilirubin:
      rise(value, range, baseline, [.hundredths(150), 3, 10], firstAboveBaseline: 1, includesFirst: false)
    case .alt, .ast:
      rise(value, range, baseline, [3, 5, 20], firstAboveBaseline: .hundredths(150), includesFirst: true)
    case .urate, .potassium, .phosphate, .calcium, .albumin:
      .undecided("\(analyte.rawValue) is judged by the criteria of tumour lysis", missing: "a numeric grade")
    }
  }

  private static func fall(_ value: ExactDecimal, _ range: ReferenceRange, _ bounds: [ExactDecimal]) -> Verdict<Int> {
    for (place, bound) in bounds.enumerated().reversed() where value < bound {
      return Verdict(place + 2, "below \(bound)")
    }
    guard let lower = range.lower else {
      return .undecided("at or above \(bounds[0])", missing: "the lower limit of normal")
    }
    return value < lower
      ? Verdict(1, "below the lower limit \(lower), at or above \(bounds[0])")
      : Verdict(0, "at or above the lower limit \(lower)")
  }

  private static func creatinine(
    _ value: ExactDecimal, _ range: ReferenceRange, _ baseline: ExactDecimal?
  ) -> Verdict<Int> {
    guard let upper = range.upper else {
      return .undecided("multiples of the upper limit", missing: "the upper limit of normal")
    }
    let half = ExactDecimal.hundredths(150)
    if value > 6 * upper { return Verdict(4, "above 6.0 × the upper limit") }
    if value > 3 * upper { return Verdict(3, "above 3.0 × the upper limit") }
    if let baseline, value > 3 * baseline { return Verdict(3, "above 3.0 × baseline") }
    let missing = baseline == nil ? ["the baseline"] : []
    if value > half * upper { return Verdict(2, "above 1.5 × the upper limit", missing: missing) }
    if let baseline, value > half * baseline { return Verdict(2, "above 1.5 × baseline") }
    return value > upper
      ? Verdict(1, "above the upper limit", missing: missing)
      : Verdict(0, "at or below the upper limit", missing: missing)
  }

  /// Multiples of the upper limit, or of the baseline where that was above it.
  private static func rise(
    _ value: ExactDecimal, _ range: ReferenceRange, _ baseline: ExactDecimal?, _ multiples: [ExactDecimal],
    firstAboveBaseline: ExactDecimal, includesFirst: Bool
  ) -> Verdict<Int> {
    guard let upper = range.upper else {
      return .undecided("multiples of the upper limit", missing: "the upper limit of normal")
    }
    let abnormal = baseline.map { $0 > upper } ?? false
    // The first grade from 1.5 × an abnormal baseline on was not read in the primary table.
    let abnormalName = includesFirst ? "baseline (rule not verified)" : "baseline"
    let (reference, name) = abnormal ? (baseline ?? upper, abnormalName) : (upper, "the upper limit")
    let missing = baseline == nil && value > upper ? ["the baseline"] : []
    for (place, multiple) in multiples.enumerated().reversed() where value > multiple * reference {
      return Verdict(place + 2, "above \(multiple) × \(name)", missing: missing)
    }
    let first = (abnormal ? firstAboveBaseline : 1) * reference
    let reaches = value > first || (abnormal && includesFirst && value == first)
    return reaches
      ? Verdict(1, "above \(first), at most \(multiples[0]) × \(name)", missing: missing)
      : Verdict(0, "not above \(first)", missing: missing)
  }
}
