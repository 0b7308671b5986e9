import Glibc
import Numerics
public import Quantities

/// Ambient dose equivalent of a bystander.
public struct DoseEquivalent: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "µSv" }

  /// From a value in µSv.
  public static func microsieverts(_ value: Double) -> Self { Self(base: value) }
  /// The value in µSv.
  public var microsieverts: Double { base }
}

/// Ambient dose equivalent per time.
public struct DoseEquivalentRate: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "µSv/h" }

  /// From a value in µSv/h.
  public static func microsievertsPerHour(_ value: Double) -> Self { Self(base: value) }
  /// The value in µSv/h.
  public var microsievertsPerHour: Double { base }
}

/// The share of an administered activity that the body still holds, decay included: R(t) = Σ sᵢ 2^(−t/Tᵢ).
public struct WholeBodyRetention: Hashable, Sendable {
  /// A share that leaves with one effective half-life.
  public struct Component: Hashable, Sendable {
    public let share: Double
    public let effectiveHalfLife: Time

    public init(share: Double, effectiveHalfLife: Time) {
      (self.share, self.effectiveHalfLife) = (share, effectiveHalfLife)
    }
  }

  public let components: [Component]

  /// - Throws: ``TherapyError`` unless shares are above 0 and add to at most 1, and half-lives are above 0.
  public init(_ components: [Component]) throws {
    let sum = components.reduce(0) { $0 + $1.share }
    guard !components.isEmpty, sum <= 1 + 1e-9,
      components.allSatisfy({ $0.share > 0 && $0.effectiveHalfLife.seconds > 0 && $0.effectiveHalfLife.isFinite })
    else {
      throw TherapyError(
        "retention-invalid", "The shares of the retention add to \(sum), or a share or half-life is not above 0.",
        remedy: "Give shares above 0 that add to at most 1, with half-lives above 0.")
    }
    self.components = components
  }

  /// R(t).
  public func share(at time: Time) -> Double {
    components.reduce(0) { $0 + $1.share * exp2(-(time / $1.effectiveHalfLife)) }
  }
}

/// The dose rate around a patient, taken as a point: Ḣ = Γ A₀ R(t)/r². Not valid for a distance below 1 m.
///
/// Γ is a nuclide's constant for a bare source, or a rate measured at 1 m from patients, which is lower by what the body
/// absorbs. The licence of the department decides over discharge, not this number.
public struct PatientDoseRate: Hashable, Sendable {
  public let administered: Activity
  public let retention: WholeBodyRetention
  /// At 1 m from 1 GBq.
  public let rateOfOneGigabecquerel: DoseEquivalentRate

  /// - Throws: ``TherapyError`` unless activity and rate are above 0.
  public init(
    administered: Activity, retention: WholeBodyRetention, rateOfOneGigabecquerel rate: DoseEquivalentRate
  ) throws {
    guard administered > .zero, administered.isFinite, rate > .zero, rate.isFinite else {
      throw TherapyError(
        "dose-rate-invalid", "The activity is \(administered) and its rate \(rate).", remedy: "Give both above 0.")
    }
    (self.administered, self.retention, rateOfOneGigabecquerel) = (administered, retention, rate)
  }

  /// The rate at a distance and time.
  ///
  /// - Throws: ``TherapyError`` for a distance below 1 m, where a body is no point.
  public func rate(at distance: Length, after time: Time) throws -> DoseEquivalentRate {
    rateOfOneGigabecquerel * (administered.gigabecquerels * retention.share(at: time) / (try square(distance)))
  }

  /// What somebody receives who stays at a distance from a time on: Σ Ḣᵢ Tᵢ/ln 2.
  public func dose(at distance: Length, from time: Time) throws -> DoseEquivalent {
    let hours = retention.components.reduce(0) {
      $0 + $1.share * exp2(-(time / $1.effectiveHalfLife)) * $1.effectiveHalfLife.hours / M_LN2
    }
    let factor = administered.gigabecquerels * hours / (try square(distance))
    return .microsieverts(rateOfOneGigabecquerel.microsievertsPerHour * factor)
  }

  /// The time from which the rate at a distance is at most a limit; `nil` when that takes more than ten years.
  public func time(until limit: DoseEquivalentRate, at distance: Length) throws -> Time? {
    guard try rate(at: distance, after: .zero) > limit else { return .zero }
    let square = try square(distance)
    let scale = rateOfOneGigabecquerel.microsievertsPerHour * administered.gigabecquerels / square
    return Root.bisect(0, Time.days(3650).hours) {
      scale * retention.share(at: .hours($0)) - limit.microsievertsPerHour
    }.map { .hours($0) }
  }

  private func square(_ distance: Length) throws -> Double {
    let metres = distance.centimetres / 100
    guard metres >= 1, metres.isFinite else {
      throw TherapyError(
        "distance-too-small", "The distance is \(metres) m.",
        remedy: "Give 1 m or more: nearer, a body is no point source.")
    }
    return metres * metres
  }
}

/// Rules of the German guideline and of decay in storage (SCIENCE section 8).
public enum RadiationProtection {
  /// The rate with which somebody who stays there receives an annual dose as the nuclide decays: H ln 2/T.
  public static func rate(givingInAll dose: DoseEquivalent, halfLife: Time) -> DoseEquivalentRate {
    .microsievertsPerHour(dose.microsieverts * M_LN2 / halfLife.hours)
  }

  /// How long waste is stored until it holds a limit: T log₂(A/A_lim); 0 when it does already.
  public static func storage(of activity: Activity, until limit: Activity, halfLife: Time) -> Time? {
    guard activity > .zero, limit > .zero, halfLife.seconds > 0 else { return nil }
    return halfLife * max(0, log2(activity / limit))
  }

  /// How long waste of several nuclides is stored until Σ Aᵢ/limitᵢ is at most 1, the sum rule; `nil` beyond a thousand years.
  public static func storage(of waste: [(activity: Activity, limit: Activity, halfLife: Time)]) -> Time? {
    guard !waste.isEmpty, waste.allSatisfy({ $0.activity >= .zero && $0.limit > .zero && $0.halfLife > .zero }) else {
      return nil
    }
    func excess(_ days: Double) -> Double {
      waste.reduce(-1) { $0 + $1.activity / $1.limit * exp2(-days / $1.halfLife.days) }
    }
    guard excess(0) > 0 else { return .zero }
    return Root.bisect(0, 365_250) { excess($0) }.map { .days($0) }
  }

  /// When an impurity that lives longer is as active as what is left of the nuclide: T log₂(1/f)/(1 − T/Tᵢ), with f the
  /// impurity's share at the start, such as ¹⁷⁷ᵐLu in ¹⁷⁷Lu; `nil` unless 0 < f < 1 and the impurity lives longer.
  public static func time(untilImpurity share: Double, of impurity: Time, equals halfLife: Time) -> Time? {
    guard share > 0, share < 1, halfLife.seconds > 0, impurity > halfLife, impurity.isFinite else { return nil }
    return halfLife * (-log2(share) / (1 - halfLife / impurity))
  }
}
