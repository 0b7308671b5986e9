/// Tumour lysis syndrome from laboratory values.
public enum TumourLysis {
  /// Who defined it.
  public enum Definition: String, CaseIterable, Sendable {
    /// Cairo and Bishop 2004: a bound reached or a change of 25 % from baseline, from 3 days before to 7 days after the
    /// start of treatment.
    case cairoBishop = "cairo-bishop-2004"
    /// Howard, Jones and Pui 2011: bounds alone, two within one day.
    case howard = "howard-2011"
  }

  /// Whether a value at a bound counts: tables of both definitions are printed with ≥ and with >.
  public enum BoundReading: String, CaseIterable, Sendable { case inclusive, strict }

  /// Values of one time, each in its analyte's unit.
  public struct Values: Hashable, Sendable {
    public let urate: ExactDecimal?
    public let potassium: ExactDecimal?
    public let phosphate: ExactDecimal?
    /// Corrected for albumin where that is known: Ca + 0.8 (4 g/dL − albumin).
    public let calcium: ExactDecimal?

    public init(urate: ExactDecimal?, potassium: ExactDecimal?, phosphate: ExactDecimal?, calcium: ExactDecimal?) {
      (self.urate, self.potassium, self.phosphate, self.calcium) = (urate, potassium, phosphate, calcium)
    }
  }

  /// The criteria that values fulfil; laboratory tumour lysis takes two.
  public static func criteria(
    _ values: Values, baseline: Values?, definition: Definition, bounds: BoundReading = .inclusive
  ) -> [Analyte] {
    func reaches(_ value: ExactDecimal?, _ bound: ExactDecimal) -> Bool {
      guard let value else { return false }
      return value > bound || (bounds == .inclusive && value == bound)
    }
    /// Against 1.25 or 0.75 of the baseline, where the definition counts changes.
    func changed(_ value: ExactDecimal?, _ base: ExactDecimal?, rises: Bool) -> Bool {
      guard definition == .cairoBishop, let value, let base else { return false }
      return rises ? value >= .hundredths(125) * base : value <= .hundredths(75) * base
    }
    var found: [Analyte] = []
    if reaches(values.urate, 8) || changed(values.urate, baseline?.urate, rises: true) { found.append(.urate) }
    if reaches(values.potassium, 6) || changed(values.potassium, baseline?.potassium, rises: true) {
      found.append(.potassium)
    }
    if reaches(values.phosphate, .hundredths(450)) || changed(values.phosphate, baseline?.phosphate, rises: true) {
      found.append(.phosphate)
    }
    let low = values.calcium.map { $0 < 7 || (bounds == .inclusive && $0 == 7) } ?? false
    if low || changed(values.calcium, baseline?.calcium, rises: false) { found.append(.calcium) }
    return found
  }

  /// The days of laboratory tumour lysis around the start of a treatment.
  ///
  /// - Parameters:
  ///   - anchor: the day the treatment began: the radiopharmaceutical's, or that of the irradiation. Dying goes on for
  ///     weeks after a radiopharmaceutical, so both are worth a look.
  ///   - results: of all days.
  public static func days(
    _ results: [LaboratoryResult], anchor: Int, definition: Definition, bounds: BoundReading = .inclusive
  ) -> Verdict<[Int]> {
    let window = (anchor - 3)...(anchor + 7)
    let baseline = values(results.filter { $0.day <= anchor - 1 }, day: nil)
    let days = Set(results.map(\.day)).filter { window.contains($0) }.sorted()
    let needed: [Analyte] = [.urate, .potassium, .phosphate, .calcium]
    let inside = results.filter { window.contains($0.day) }
    let absent = needed.filter { analyte in !inside.contains { $0.analyte == analyte } }.map(\.rawValue)
    guard absent.count < 3 else {
      return Verdict(nil, "two criteria from day \(window.lowerBound) to \(window.upperBound)", missing: absent)
    }
    let found = days.filter {
      criteria(values(results, day: $0), baseline: baseline, definition: definition, bounds: bounds).count >= 2
    }
    var missing = absent
    if !inside.contains(where: { $0.analyte == .albumin }) { missing.append("albumin: calcium is not corrected") }
    return Verdict(
      found, "two criteria on one day from day \(window.lowerBound) to \(window.upperBound)", missing: missing)
  }

  /// The values of a day, or the last of each analyte.
  private static func values(_ results: [LaboratoryResult], day: Int?) -> Values {
    func last(_ analyte: Analyte) -> ExactDecimal? {
      let all = results.filter { $0.analyte == analyte && (day == nil || $0.day == day) }
      guard let latest = all.map(\.day).max() else { return nil }
      let ofDay = all.filter { $0.day == latest }.map(\.value)
      return analyte == .calcium || analyte == .albumin ? ofDay.min() : ofDay.max()
    }
    let calcium = last(.calcium).map { calcium in
      last(.albumin).map { calcium + .hundredths(80) * (4 - $0) } ?? calcium
    }
    return Values(
      urate: last(.urate), potassium: last(.potassium), phosphate: last(.phosphate), calcium: calcium)
  }
}
