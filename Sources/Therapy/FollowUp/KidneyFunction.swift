public import Dosimetry
import Glibc
public import Quantities
public import Statistics

/// The estimated rate at which the kidneys filter, for a body surface of 1.73 m².
public struct FiltrationRate: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "mL/min/1.73 m²" }

  /// From a value in mL/min per 1.73 m².
  public static func millilitresPerMinute(_ value: Double) -> Self { Self(base: value) }
  /// The value in mL/min per 1.73 m².
  public var millilitresPerMinute: Double { base }
}

/// The function of the kidneys over months and years.
public struct KidneyFunction: Hashable, Sendable {
  /// Categories of chronic kidney disease by the filtration rate (KDIGO 2012).
  public enum Category: String, CaseIterable, Sendable {
    case normal = "G1"
    case mildlyDecreased = "G2"
    case mildlyToModerately = "G3a"
    case moderatelyToSeverely = "G3b"
    case severelyDecreased = "G4"
    case failure = "G5"

    /// From 90, 60, 45, 30 and 15 on; below that failure.
    public init(_ rate: FiltrationRate) {
      self =
        switch rate.millilitresPerMinute {
        case 90...: .normal
        case 60..<90: .mildlyDecreased
        case 45..<60: .mildlyToModerately
        case 30..<45: .moderatelyToSeverely
        case 15..<30: .severelyDecreased
        default: .failure
        }
    }
  }

  /// A rate of one day after the graft.
  public struct Point: Hashable, Sendable {
    public let day: Int
    public let rate: FiltrationRate
    public var category: Category { Category(rate) }
  }

  /// By day.
  public let points: [Point]
  /// The change a year; undecided with fewer than three days, or fewer than 365 days from first to last.
  public let slope: Verdict<LinearTrend>

  /// The rate by CKD-EPI 2021: 142 min(c/κ, 1)^α max(c/κ, 1)^−1.2 0.9938^age, times 1.012 in women, with c in mg/dL,
  /// κ 0.7 and α −0.241 in women, 0.9 and −0.302 in men (Inker, N Engl J Med 2021;385:1737). For adults.
  ///
  /// - Throws: ``TherapyError`` for an age outside 18–120 years or a creatinine that is not above 0.
  public static func rate(creatinine: ExactDecimal, ageInYears age: Double, sex: Sex) throws -> FiltrationRate {
    guard (18...120).contains(age), creatinine > 0 else {
      throw TherapyError(
        "filtration-invalid", "The age is \(age) years and the creatinine \(creatinine) mg/dL.",
        remedy: "Give an age from 18 to 120 years and a creatinine above 0 mg/dL.")
    }
    let (kappa, alpha, factor) = sex == .female ? (0.7, -0.241, 1.012) : (0.9, -0.302, 1.0)
    let ratio = creatinine.double / kappa
    return .millilitresPerMinute(
      142 * pow(min(ratio, 1), alpha) * pow(max(ratio, 1), -1.2) * pow(0.9938, age) * factor)
  }

  /// - Parameters:
  ///   - results: creatinine of all days; the highest of a day counts.
  ///   - age: in years on the day of the graft.
  ///   - first: the first day that enters the slope, so that the acute course after the graft does not.
  /// - Throws: ``TherapyError`` for an age outside 18–120 years or a creatinine of 0.
  public init(_ results: [LaboratoryResult], ageInYears age: Double, sex: Sex, slopeFrom first: Int = 90) throws {
    points = try results.byDay(.creatinine) { max($0, $1) }.sorted { $0.key < $1.key }.map { day, creatinine in
      Point(
        day: day,
        rate: try Self.rate(creatinine: creatinine, ageInYears: age + Double(day) / 365.25, sex: sex))
    }
    let late = points.filter { $0.day >= first }
    let clause = "straight line through the rates from day +\(first) on"
    guard late.count >= 3, let start = late.first?.day, let end = late.last?.day, end - start >= 365 else {
      slope = .undecided(clause, missing: "three days of creatinine over a year")
      return
    }
    slope = Verdict(
      try LinearTrend(late.map { Double($0.day) / 365.25 }, late.map(\.rate.millilitresPerMinute)), clause)
  }
}
