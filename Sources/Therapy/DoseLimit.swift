public import Dosimetry
public import Quantities

/// Which dose a limit speaks of.
public enum LimitReading: String, CaseIterable, Hashable, Sendable {
  /// What is delivered after the graft has come (register A7-1, I1).
  case afterGraft = "I1"
  /// What is delivered until the graft comes (I2).
  case untilGraft = "I2"
  /// All of it (I3, and every organ but the marrow).
  case total = "I3"
  /// What is delivered in the day after the graft has come: the limit as a dose rate per day (I4).
  case dayOfGraft = "I4"

  /// What the reading says, in words.
  public var meaning: String {
    switch self {
    case .afterGraft: "dose after day 0"
    case .untilGraft: "dose until day 0"
    case .total: "total dose"
    case .dayOfGraft: "dose rate on day 0"
    }
  }

  /// The dose per activity that counts, from the dose per activity still to come after a time.
  func perActivity<Q: Quantity>(graft: Time, after: (Time) -> Q) -> Q {
    switch self {
    case .afterGraft: after(graft)
    case .untilGraft: after(.zero) - after(graft)
    case .total: after(.zero)
    case .dayOfGraft: after(graft) - after(graft + .days(1))
    }
  }
}

/// A limit on the dose of an organ.
public struct DoseLimit: Sendable {
  /// What people call it: `Kidneys`, `Marrow after day 0`.
  public let name: String
  /// The limit L, above zero.
  public let limit: AbsorbedDose
  /// Which dose it speaks of.
  public let reading: LimitReading
  /// What earlier treatment has used of it.
  public let priorDose: AbsorbedDose
  /// p, the therapeutic over the pre-therapeutic dose per activity (register A7-3).
  public let conversionFactor: Double
  /// The organ.
  public let organ: OrganDose

  /// - Throws: ``TherapyError`` when the limit is not above the prior dose or the factor is not positive.
  public init(
    name: String, limit: AbsorbedDose, reading: LimitReading, priorDose: AbsorbedDose = .zero,
    conversionFactor: Double = 1, organ: OrganDose
  ) throws {
    guard limit.isFinite, priorDose.base >= 0, limit > priorDose else {
      throw TherapyError(
        "limit-used-up",
        "The limit of \(limit.grays) Gy for \(name) is not above the prior dose of \(priorDose.grays) Gy.",
        remedy: "Check the limit and the prior dose; nothing can be prescribed within it.")
    }
    guard conversionFactor.isFinite, conversionFactor > 0 else {
      throw TherapyError(
        "conversion-factor-invalid", "The conversion factor of \(name) is \(conversionFactor).",
        remedy: "Give a factor above 0; 1 when therapy and pre-therapeutic dosimetry had the same conditions.")
    }
    self.name = name
    self.limit = limit
    self.reading = reading
    self.priorDose = priorDose
    self.conversionFactor = conversionFactor
    self.organ = organ
  }

  /// L less the prior dose.
  public var available: AbsorbedDose { limit - priorDose }

  /// The best estimate of the dose per activity that counts, conversion included.
  public func perActivity(graft: Time) -> AbsorbedDosePerActivity {
    reading.perActivity(graft: graft) { organ.perActivity(after: $0).value } * conversionFactor
  }

  /// The same for a possible truth.
  func perActivity(graft: Time, draw: DoseDraw) -> AbsorbedDosePerActivity {
    reading.perActivity(graft: graft) { draw.perActivity(after: $0) } * conversionFactor
  }
}
