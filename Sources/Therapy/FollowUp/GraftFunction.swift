/// How a graft works after it was given, beyond the first recovery.
public enum GraftFunction: String, Hashable, Sendable {
  case sufficient
  /// Low counts while all cells are the donor's.
  case poor = "poor graft function"
  /// Low counts while the donor's cells are not all.
  case failing = "low counts without full donor chimerism"

  /// Poor graft function: neutrophils below 0.5·10⁹/L, platelets below 20·10⁹/L and haemoglobin below 7 g/dL on three
  /// measured days in a row from day 28 on, with full donor chimerism.
  ///
  /// Definitions differ: the consensus of the ASTCT asks for dependence on transfusions or growth factors without
  /// another explanation, which counts cannot show; it is named in what is missing.
  ///
  /// - Parameter chimerism: the verdict nearest before or at the days in question.
  public static func assess(
    _ results: [LaboratoryResult], chimerism: (Int) -> Chimerism?
  ) -> Verdict<GraftFunction> {
    let clause = "ANC < 0.5, PLT < 20 and Hb < 7 on 3 measured days in a row from day +28"
    let bounds: [(Analyte, ExactDecimal)] = [(.neutrophils, .hundredths(50)), (.platelets, 20), (.haemoglobin, 7)]
    let days = bounds.map { analyte, _ in results.filter { $0.day >= 28 }.byDay(analyte) { min($0, $1) } }
    let measured = days.dropFirst().reduce(Set(days[0].keys)) { $0.intersection($1.keys) }.sorted()
    guard measured.count >= 3 else {
      return .undecided(clause, missing: "three days from day +28 with neutrophils, platelets and haemoglobin")
    }
    func isLow(_ day: Int) -> Bool {
      zip(days, bounds).allSatisfy { counts, bound in counts[day].map { $0 < bound.1 } ?? false }
    }
    for start in measured.indices.dropLast(2) where measured[start...(start + 2)].allSatisfy(isLow) {
      let others = "whether relapse, graft-versus-host disease, infection or drugs explain it"
      switch chimerism(measured[start]) {
      case nil: return .undecided(clause + ", day +\(measured[start])", missing: "donor chimerism", others)
      case .full?: return Verdict(.poor, clause + ", day +\(measured[start])", missing: [others])
      case .mixed?, .lost?: return Verdict(.failing, clause + ", day +\(measured[start])", missing: [others])
      }
    }
    return Verdict(.sufficient, "never " + clause)
  }
}
