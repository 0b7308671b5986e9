/// The comorbidity index of haematopoietic cell transplantation (Sorror 2005).
public struct ComorbidityIndex: Hashable, Sendable {
  /// A comorbidity.
  public enum Item: String, CaseIterable, Sendable {
    case arrhythmia, cardiac, ibd, diabetes, cerebrovascular, psychiatric
    case hepaticMild = "hepatic_mild"
    case obesity, infection, rheumatologic
    case pepticUlcer = "peptic_ulcer"
    case renal
    case pulmonaryModerate = "pulmonary_moderate"
    case priorMalignancy = "prior_malignancy"
    case heartValve = "heart_valve"
    case pulmonarySevere = "pulmonary_severe"
    case hepaticSevere = "hepatic_severe"

    /// Points.
    public var weight: Int {
      switch self {
      case .arrhythmia, .cardiac, .ibd, .diabetes, .cerebrovascular, .psychiatric, .hepaticMild, .obesity,
        .infection:
        1
      case .rheumatologic, .pepticUlcer, .renal, .pulmonaryModerate: 2
      case .priorMalignancy, .heartValve, .pulmonarySevere, .hepaticSevere: 3
      }
    }
  }

  /// The sum of points.
  public let score: Int
  /// `0`, `1-2` or `>=3`.
  public var group: String { score == 0 ? "0" : score < 3 ? "1-2" : ">=3" }

  /// - Throws: ``TherapyError`` when an organ is given as both mild and severe.
  public init(_ items: Set<Item>) throws {
    for pair in [(Item.pulmonaryModerate, Item.pulmonarySevere), (.hepaticMild, .hepaticSevere)]
    where items.contains(pair.0) && items.contains(pair.1) {
      throw TherapyError(
        "comorbidity-twice", "Both \(pair.0.rawValue) and \(pair.1.rawValue) are given.",
        remedy: "Give the one that holds.")
    }
    score = items.reduce(0) { $0 + $1.weight }
  }

  /// The pulmonary item of the lower of DLCO and FEV1 in % of predicted: severe to 65, moderate to 80. Tables leave the
  /// gap between 65 and 66 open; it counts as moderate.
  public static func pulmonary(lowest percent: ExactDecimal) -> Verdict<Item> {
    if percent <= 65 { return Verdict(.pulmonarySevere, "at or below 65 %") }
    return percent <= 80 ? Verdict(.pulmonaryModerate, "above 65 to 80 %") : Verdict(nil, "above 80 %")
  }
}
