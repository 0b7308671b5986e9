/// Response of acute myeloid leukaemia by the European LeukemiaNet 2022.
public enum LeukaemiaResponse: String, Hashable, Sendable {
  case complete = "CR"
  case completePartialRecovery = "CRh"
  case completeIncompleteRecovery = "CRi"
  case leukaemiaFree = "MLFS"
  case partial = "PR"
  case none = "no response"
  case refractory
  case notEvaluable = "NE"

  /// How counts that are both low count (setting A10-1): the table's "or" read literally gives CRi.
  public enum BothLow: String, CaseIterable, Sendable {
    case leukaemiaFree = "MLFS"
    case incomplete = "CRi"
  }

  /// What is known at the assessment.
  public struct Findings: Hashable, Sendable {
    /// Blasts in the marrow in %, now and before the therapy.
    public var marrowBlasts: ExactDecimal?
    public var marrowBlastsBefore: ExactDecimal?
    /// In 10⁹/L.
    public var neutrophils: ExactDecimal?
    /// In 10⁹/L.
    public var platelets: ExactDecimal?
    public var hasExtramedullaryDisease: Bool?
    public var hasCirculatingBlasts: Bool?
    /// Spicules, 200 cells or 10 % cellularity are there.
    public var marrowIsAdequate: Bool?
    /// Whether measurable residual disease was found, where it was looked for.
    public var residualDisease: Bool?
    /// Whether the time by which a response was due has passed.
    public var isPastLandmark = false

    public init(marrowBlasts: ExactDecimal? = nil) { self.marrowBlasts = marrowBlasts }
  }

  /// Assesses a response.
  ///
  /// - Parameter usesCRh: whether partial haematological recovery is a category of its own; then CRi excludes it.
  public static func assess(
    _ f: Findings, usesCRh: Bool = true, bothLow: BothLow = .leukaemiaFree
  ) -> Verdict<LeukaemiaResponse> {
    guard let blasts = f.marrowBlasts else {
      return Verdict(.notEvaluable, "no assessment of the marrow", missing: ["blasts in the marrow"])
    }
    var missing: [String] = []
    if f.hasExtramedullaryDisease == nil { missing.append("extramedullary disease") }
    if f.hasCirculatingBlasts == nil { missing.append("circulating blasts") }
    func verdict(_ value: LeukaemiaResponse, _ clause: String) -> Verdict<LeukaemiaResponse> {
      let atLandmark = value == .none && f.isPastLandmark
      return Verdict(
        atLandmark ? .refractory : value, clause + (atLandmark ? ", past the landmark" : ""), missing: missing)
    }
    if f.hasExtramedullaryDisease == true { return verdict(.none, "extramedullary disease") }
    if f.hasCirculatingBlasts == true { return verdict(.none, "circulating blasts") }
    guard blasts < 5 else { return partial(f, blasts, verdict) { missing.append($0) } }
    guard let neutrophils = f.neutrophils, let platelets = f.platelets else {
      return Verdict(
        nil, "marrow blasts below 5 %",
        missing: missing + (f.neutrophils == nil ? ["neutrophils"] : []) + (f.platelets == nil ? ["platelets"] : []))
    }
    let (fullNeutrophils, fullPlatelets) = (neutrophils >= 1, platelets >= 100)
    if fullNeutrophils && fullPlatelets { return verdict(.complete, "blasts below 5 %, ANC ≥ 1.0, PLT ≥ 100") }
    if usesCRh, neutrophils >= .hundredths(50), platelets >= 50 {
      return verdict(.completePartialRecovery, "CR but for counts, ANC ≥ 0.5 and PLT ≥ 50")
    }
    if fullNeutrophils || fullPlatelets || bothLow == .incomplete {
      return verdict(.completeIncompleteRecovery, "CR but for ANC < 1.0 or PLT < 100")
    }
    guard f.marrowIsAdequate != false else {
      return verdict(.notEvaluable, "blasts below 5 % in a marrow without spicules, 200 cells or 10 % cellularity")
    }
    if f.marrowIsAdequate == nil { missing.append("spicules, 200 cells or 10 % cellularity of the marrow") }
    return verdict(.leukaemiaFree, "blasts below 5 %, both counts low")
  }

  private static func partial(
    _ f: Findings, _ blasts: ExactDecimal, _ verdict: (LeukaemiaResponse, String) -> Verdict<LeukaemiaResponse>,
    _ miss: (String) -> Void
  ) -> Verdict<LeukaemiaResponse> {
    guard blasts <= 25 else { return verdict(.none, "marrow blasts above 25 %") }
    guard let before = f.marrowBlastsBefore, let neutrophils = f.neutrophils, let platelets = f.platelets else {
      if f.marrowBlastsBefore == nil { miss("blasts in the marrow before the therapy") }
      if f.neutrophils == nil { miss("neutrophils") }
      if f.platelets == nil { miss("platelets") }
      return verdict(.none, "marrow blasts of 5 % or more, a partial response is not shown")
    }
    guard neutrophils >= 1, platelets >= 100 else {
      return verdict(.none, "marrow blasts of 5 % or more without the counts of CR")
    }
    return 2 * blasts <= before
      ? verdict(.partial, "counts of CR, blasts 5 to 25 % and at most half of before")
      : verdict(.none, "blasts fell by less than half")
  }
}
