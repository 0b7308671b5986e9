/// When counts recover after a graft (consensus definitions of the ASTCT).
public enum Engraftment {
  /// What the graft was.
  public enum Graft: String, CaseIterable, Sendable {
    case peripheralBlood = "PBSC"
    case marrow = "BM"
    case cord

    /// The day by which neutrophils must have recovered; other sources name day 28 for blood and marrow.
    public var failureDay: Int { self == .cord ? 42 : 30 }
  }

  /// Whether a graft failed.
  public enum Failure: String, Hashable, Sendable {
    case none
    case primary
    /// The patient died before it could be said: a competing event, no failure.
    case diedBefore = "died-before"
  }

  /// The first of three successive days with at least 0.5·10⁹/L neutrophils after the nadir.
  ///
  /// A day without a value is not filled in: where it could change the answer the rule is undecided.
  ///
  /// - Parameter start: the day of the graft, or of a boost.
  public static func neutrophilDay(_ results: [LaboratoryResult], from start: Int = 0) -> Verdict<Int> {
    let counts = results.filter { $0.day >= start }.byDay(.neutrophils) { min($0, $1) }
    let bound = ExactDecimal.hundredths(50)
    let clause = "first of 3 successive days at or above 0.5·10⁹/L after the nadir"
    guard let nadir = counts.filter({ $0.value < bound }).keys.min() else {
      return .undecided(clause, missing: "a neutrophil count below 0.5·10⁹/L after the graft")
    }
    return firstOfThree(clause, from: nadir + 1, to: counts.keys.max() ?? nadir) { counts[$0].map { $0 >= bound } }
  }

  /// The first of three successive days with at least 20·10⁹/L platelets and no transfusion for 7 days.
  ///
  /// - Parameters:
  ///   - transfusions: the days of platelet transfusions; a day counts again from the 7th day after one.
  ///   - start: the day of the graft, or of a boost.
  public static func plateletDay(
    _ results: [LaboratoryResult], transfusions: [Int], from start: Int = 0
  ) -> Verdict<Int> {
    let counts = results.filter { $0.day >= start }.byDay(.platelets) { min($0, $1) }
    let clause = "first of 3 successive days at or above 20·10⁹/L without transfusion for 7 days"
    guard let first = counts.keys.min(), let last = counts.keys.max() else {
      return .undecided(clause, missing: "platelet counts after the graft")
    }
    return firstOfThree(clause, from: first, to: last) { day in
      if transfusions.contains(where: { (day - 6...day).contains($0) }) { return false }
      return counts[day].map { $0 >= 20 }
    }
  }

  /// - Parameter passes: whether a day fulfils the rule; `nil` when it is not known.
  private static func firstOfThree(
    _ clause: String, from first: Int, to last: Int, _ passes: (Int) -> Bool?
  ) -> Verdict<Int> {
    guard first <= last else { return .undecided(clause, missing: "counts after day \(last)") }
    for day in first...last {
      let triple = (day...(day + 2)).map { ($0, passes($0)) }
      if triple.contains(where: { $0.1 == false }) { continue }
      let unknown = triple.filter { $0.1 == nil }.map { "the count of day \($0.0)" }
      return unknown.isEmpty ? Verdict(day, clause) : Verdict(nil, clause, missing: unknown)
    }
    return Verdict(nil, clause, missing: ["counts after day \(last)"])
  }

  /// Whether neutrophils failed to recover by the graft's day.
  ///
  /// - Parameters:
  ///   - day: the day by which they must have; the graft's own by default (setting A10-2).
  ///   - death: the day of death, where the patient died.
  ///   - boosts: the days on which more cells were given; a recovery after one may be the boost's.
  public static func primaryFailure(
    _ results: [LaboratoryResult], graft: Graft, by day: Int? = nil, death: Int?, boosts: [Int] = []
  ) -> Verdict<Failure> {
    let limit = day ?? graft.failureDay
    let clause = "no neutrophil recovery by day +\(limit)"
    let recovery = neutrophilDay(results)
    if let value = recovery.value, value <= limit {
      let boost = boosts.filter { $0 <= value }.min()
      return Verdict(
        Failure.none, "recovered on day +\(value)",
        missing: boost.map { ["whether the boost of day +\($0) brought the recovery"] } ?? [])
    }
    if let death, death < min(limit, 28) { return Verdict(.diedBefore, "died on day +\(death) before recovery") }
    let counts = results.filter { $0.day >= 0 }.byDay(.neutrophils) { min($0, $1) }
    guard let last = counts.keys.max(), last >= limit || recovery.value != nil else {
      return .undecided(clause, missing: "neutrophil counts up to day +\(limit)")
    }
    if recovery.value == nil, recovery.missing.contains(where: { $0.hasPrefix("the count") || $0.hasPrefix("a neutr") })
    {
      return Verdict(nil, clause, missing: recovery.missing)
    }
    return Verdict(.primary, clause, missing: ["whether red cells and platelets failed too"])
  }

  /// The first day after recovery on which neutrophils are below 0.5·10⁹/L for three measured days in a row: a loss
  /// of the graft unless relapse, infection or drugs explain it. The value is `nil` when there is none.
  public static func lossAfterRecovery(_ results: [LaboratoryResult]) -> Verdict<Int> {
    let clause = "below 0.5·10⁹/L on 3 measured days in a row after recovery"
    guard let recovery = neutrophilDay(results).value else { return .undecided(clause, missing: "a day of recovery") }
    let counts = results.byDay(.neutrophils) { min($0, $1) }.filter { $0.key > recovery + 2 }.sorted { $0.key < $1.key }
    for start in counts.indices.dropLast(2)
    where counts[start...(start + 2)].allSatisfy({ $0.value < .hundredths(50) }) {
      return Verdict(counts[start].key, clause, missing: ["whether relapse, infection or drugs explain it"])
    }
    return Verdict(nil, "no \(clause)")
  }
}
