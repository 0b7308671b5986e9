import Glibc
public import Quantities

/// A rule that a schedule must keep.
public struct ScheduleCheck: Hashable, Sendable {
  /// How it ended.
  public enum State: String, Sendable {
    case passed, failed
    /// Something that the rule asks for is not known: not passed.
    case open
  }

  public let id: String
  public let title: String
  public let state: State
  public let text: String
}

/// What remains of a marrow dose when the graft comes.
public struct MarrowDoseCourse: Hashable, Sendable {
  /// All that the radiopharmaceutical gives to the marrow, or would if the late phase had begun at once.
  public let total: AbsorbedDose
  /// The half-life with which the dose rate falls.
  public let effectiveHalfLife: Time
  /// What may come after the graft.
  public let limit: AbsorbedDose
  /// Of the dose, where it was estimated.
  public let relativeUncertainty: Double?

  /// - Throws: ``TherapyError`` unless all are finite and above 0.
  public init(
    total: AbsorbedDose, effectiveHalfLife: Time, limit: AbsorbedDose, relativeUncertainty: Double? = nil
  ) throws {
    guard [total.grays, effectiveHalfLife.seconds, limit.grays].allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw TherapyError(
        "marrow-course-invalid", "The marrow dose, its half-life or its limit is not above 0.",
        remedy: "Give the three as numbers above 0.")
    }
    (self.total, self.effectiveHalfLife, self.limit) = (total, effectiveHalfLife, limit)
    self.relativeUncertainty = relativeUncertainty.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
  }

  /// The course from what remains at one time of the late phase, in which the rate falls with one half-life: exact from
  /// then on, whatever the curve did before.
  public static func late(
    remaining dose: AbsorbedDose, after time: Time, effectiveHalfLife: Time, limit: AbsorbedDose,
    relativeUncertainty: Double?
  ) throws -> MarrowDoseCourse {
    try MarrowDoseCourse(
      total: dose * exp2(time / effectiveHalfLife), effectiveHalfLife: effectiveHalfLife, limit: limit,
      relativeUncertainty: relativeUncertainty)
  }

  /// D 2^(−t/T): what is given after a time.
  public func remaining(after time: Time) -> AbsorbedDose { total * exp2(-(time / effectiveHalfLife)) }
}

extension Schedule {
  /// The rules of SCIENCE section 9, each decided or open.
  ///
  /// - Parameters:
  ///   - marrow: the marrow's dose, where known.
  ///   - clearance: the creatinine clearance, where known.
  public func checks(marrow: MarrowDoseCourse?, clearance: Clearance?) -> [ScheduleCheck] {
    [
      gapCheck, marrowCheck(marrow), dischargeCheck, irradiationCheck, immunosuppressionCheck,
      clearanceCheck(clearance), surfaceCheck, confirmationCheck,
    ].compactMap { $0 }
  }

  private func steps(_ kind: ConditioningProtocol.Kind) -> [Step] { steps.filter { $0.kind == kind } }

  private var irradiationStart: Int? { steps(.irradiation).map(\.firstDay).min() }

  private var gapCheck: ScheduleCheck {
    guard let start = irradiationStart else {
      return ScheduleCheck(
        id: "gap", title: "Radioligand to TBI", state: .open, text: "The protocol has no irradiation.")
    }
    let gap = start - request.therapyDay
    return ScheduleCheck(
      id: "gap", title: "Radioligand to TBI at least 5 d", state: gap >= 5 ? .passed : .failed, text: "\(gap) d")
  }

  private func marrowCheck(_ marrow: MarrowDoseCourse?) -> ScheduleCheck {
    guard let marrow else {
      return ScheduleCheck(
        id: "marrow", title: "Marrow after day 0", state: .open,
        text: "The marrow dose and its half-life are not given.")
    }
    let remaining = marrow.remaining(after: .days(Double(-request.therapyDay)))
    let isKept = remaining <= marrow.limit
    return ScheduleCheck(
      id: "marrow", title: "Marrow after day 0 at most \(rounded(marrow.limit.grays)) Gy",
      state: isKept ? .passed : .failed,
      // A dose above its limit is never written as the limit.
      text: twoDecimals(remaining.grays, isKept ? .toNearestOrAwayFromZero : .up)
        + (marrow.relativeUncertainty.map { " ± " + twoDecimals($0 * remaining.grays) } ?? "") + " Gy")
  }

  private var dischargeCheck: ScheduleCheck? {
    guard let isolation = steps(.isolation).first, let start = irradiationStart else { return nil }
    return ScheduleCheck(
      id: "discharge", title: "Discharge from the ward before TBI",
      state: isolation.lastDay < start ? .passed : .failed,
      text: "day \(signed(isolation.lastDay)), TBI from day \(signed(start))")
  }

  private var irradiationCheck: ScheduleCheck {
    let total = 2 * request.irradiationFractions
    return ScheduleCheck(
      id: "tbi", title: "Total TBI at most 12 Gy", state: total <= 12 ? .passed : .failed, text: "\(total) Gy")
  }

  private var immunosuppressionCheck: ScheduleCheck? {
    guard let last = steps(.postTransplantCyclophosphamide).map(\.lastDay).max() else { return nil }
    let title = "Immunosuppression after the last PTCy"
    let suppression = steps(.immunosuppression)
    guard let first = suppression.map(\.firstDay).min(), suppression.allSatisfy({ $0.toConfirm == nil }) else {
      return ScheduleCheck(
        id: "immunosuppression", title: title, state: .open, text: "The day on which it starts is not confirmed.")
    }
    return ScheduleCheck(
      id: "immunosuppression", title: title, state: first > last ? .passed : .failed,
      text: "from day \(signed(first)), last PTCy on day \(signed(last))")
  }

  private func clearanceCheck(_ clearance: Clearance?) -> ScheduleCheck {
    let title = "Fludarabine: clearance at least 80 mL/min"
    guard let clearance else {
      return ScheduleCheck(id: "clearance", title: title, state: .open, text: "Age or creatinine is not given.")
    }
    let value = rounded(clearance.millilitresPerMinute)
    guard clearance.millilitresPerMinute < 80 else {
      return ScheduleCheck(id: "clearance", title: title, state: .passed, text: "\(value) mL/min")
    }
    return ScheduleCheck(
      id: "clearance", title: title, state: .failed,
      text: "\(value) mL/min. Labels: 50–79 −20 %, 30–49 −40 %, below 30 not given; an older one: 30–70 −20 %, below 30"
        + " −50 %. No dose is reduced here.")
  }

  private var surfaceCheck: ScheduleCheck? {
    guard let body = request.body else { return nil }
    let (a, b) = (body.surface(.duBois), body.surface(.mosteller))
    let difference = abs(a / b - 1)
    return ScheduleCheck(
      id: "surface", title: "Surface formulae within 3 %", state: difference <= 0.03 ? .passed : .failed,
      text: "Du Bois \(rounded(a.squareMetres, 1000)) m², Mosteller \(rounded(b.squareMetres, 1000)) m²")
  }

  private var confirmationCheck: ScheduleCheck {
    let waiting = steps.filter { $0.toConfirm != nil }
    return ScheduleCheck(
      id: "confirmed", title: "Every reading confirmed", state: waiting.isEmpty ? .passed : .open,
      text: waiting.isEmpty ? "all" : waiting.map { "\($0.title) (\($0.toConfirm ?? ""))" }.joined(separator: ", "))
  }
}

/// A day with its sign.
func signed(_ day: Int) -> String { day > 0 ? "+\(day)" : day < 0 ? "−\(-day)" : "0" }

private func rounded(_ value: Double, _ parts: Double = 100) -> String {
  let text = ((value * parts).rounded() / parts).description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

private func twoDecimals(
  _ value: Double, _ rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero
) -> String {
  let hundredths = Int((min(value, 1e6) * 100).rounded(rule))
  return "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
}
