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

  /// The doses per activity that count, from those still to come after a time.
  func combined<Value>(
    graft: Time, after: (Time) -> Value, subtract: (Value, Value) -> Value
  ) -> Value {
    switch self {
    case .afterGraft: after(graft)
    case .untilGraft: subtract(after(.zero), after(graft))
    case .total: after(.zero)
    case .dayOfGraft: subtract(after(graft), after(graft + .days(1)))
    }
  }
}

/// A limit on the dose of an organ, absorbed or biologically effective.
public struct DoseLimit: Sendable {
  /// A limit on the biologically effective dose.
  public struct Biological: Sendable {
    /// The limit.
    public let limit: BiologicallyEffectiveDose
    /// What other irradiation has used of it or will.
    public let counted: BiologicallyEffectiveDose
    /// The tissue.
    public let effect: BiologicalEffect
  }

  /// What people call it: `Kidneys`, `Marrow after day 0`.
  public let name: String
  /// The limit L, above zero; of a biological limit the absorbed dose that has it by the best estimate of the course.
  public let limit: AbsorbedDose
  /// Which dose it speaks of.
  public let reading: LimitReading
  /// What earlier treatment has used of it.
  public let priorDose: AbsorbedDose
  /// p, the therapeutic over the pre-therapeutic dose per activity (register A7-3).
  public let conversionFactor: Double
  /// The organ.
  public let organ: OrganDose
  /// Where it is a limit on the biologically effective dose.
  public let biological: Biological?

  /// A limit on the absorbed dose.
  ///
  /// - Throws: ``TherapyError`` when the limit is not above the prior dose or the factor is not positive.
  public init(
    name: String, limit: AbsorbedDose, reading: LimitReading, priorDose: AbsorbedDose = .zero,
    conversionFactor: Double = 1, organ: OrganDose
  ) throws {
    guard limit.isFinite, priorDose.base >= 0, limit > priorDose else {
      throw Self.usedUp(name, "\(limit.grays) Gy", "\(priorDose.grays) Gy")
    }
    try self.init(name, limit, reading, priorDose, conversionFactor, organ, nil)
  }

  /// A limit on the biologically effective dose of the whole course: D (1 + G D/(α/β)) ≤ limit − counted (SCIENCE 7.6).
  ///
  /// - Throws: ``TherapyError`` when the limit is not above what is counted or the factor is not positive.
  public init(
    name: String, limit: BiologicallyEffectiveDose, counted: BiologicallyEffectiveDose = .zero,
    effect: BiologicalEffect, conversionFactor: Double = 1, organ: OrganDose
  ) throws {
    guard limit.isFinite, counted.base >= 0, limit > counted else {
      throw Self.usedUp(name, "\(limit.grays) Gy BED", "\(counted.grays) Gy BED")
    }
    let factor = effect.leaCatchesideFactor(of: organ.doseCourse)
    let whole = effect.dose(for: limit, factor: factor)
    let left = effect.dose(for: limit - counted, factor: factor)
    try self.init(
      name, whole, .total, whole - left, conversionFactor, organ,
      Biological(limit: limit, counted: counted, effect: effect))
  }

  private init(
    _ name: String, _ limit: AbsorbedDose, _ reading: LimitReading, _ priorDose: AbsorbedDose,
    _ conversionFactor: Double, _ organ: OrganDose, _ biological: Biological?
  ) throws {
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
    self.biological = biological
  }

  private static func usedUp(_ name: String, _ limit: String, _ prior: String) -> TherapyError {
    TherapyError(
      "limit-used-up", "The limit of \(limit) for \(name) is not above the prior dose of \(prior).",
      remedy: "Check the limit and the prior dose; nothing can be prescribed within it.")
  }

  /// The name within a sentence: its first letter small.
  public var nameInSentence: String { name.prefix(1).lowercased() + name.dropFirst() }

  /// L less the prior dose.
  public var available: AbsorbedDose { limit - priorDose }

  /// The best estimate of the dose per activity that counts, conversion included.
  public func perActivity(graft: Time) -> AbsorbedDosePerActivity {
    reading.combined(graft: graft, after: { organ.perActivity(after: $0).value }, subtract: { $0 - $1 })
      * conversionFactor
  }

  /// The biologically effective dose of an absorbed dose of the organ, by the best estimate of its course.
  public func biologicallyEffectiveDose(
    of dose: AbsorbedDose, _ effect: BiologicalEffect
  ) -> BiologicallyEffectiveDose {
    effect.biologicallyEffectiveDose(of: dose, factor: effect.leaCatchesideFactor(of: organ.doseCourse))
  }

  /// The same limit on the same organ in another nuclide.
  public func replacing(organ: OrganDose) throws -> DoseLimit {
    guard let biological else {
      return try DoseLimit(
        name: name, limit: limit, reading: reading, priorDose: priorDose, conversionFactor: conversionFactor,
        organ: organ)
    }
    return try DoseLimit(
      name: name, limit: biological.limit, counted: biological.counted, effect: biological.effect,
      conversionFactor: conversionFactor, organ: organ)
  }
}
