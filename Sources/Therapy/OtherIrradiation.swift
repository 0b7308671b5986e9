public import Dosimetry
public import Quantities

/// Irradiation beside the prescribed activity: total-body irradiation, external beams, earlier radionuclides.
public struct OtherIrradiation: Hashable, Sendable {
  /// What it is.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    case totalBody = "tbi"
    case externalBeam = "external-beam"
    case radionuclide
  }

  /// Against which limits it counts. Nothing is counted that a person did not say.
  public enum Counting: String, CaseIterable, Hashable, Sendable {
    case none
    case biological = "BED"
    case both
  }

  /// `TBI 5 × 2 Gy`, `PRRT cycle 1`.
  public let name: String
  public let kind: Kind
  /// A date, as written.
  public let date: String?
  /// Equal fractions; 1 for a radionuclide.
  public let fractions: Int
  /// The dose of a fraction in the full dose's region; of a radionuclide the organ's absorbed dose.
  public let fractionDose: AbsorbedDose
  /// The effective half-life of a radionuclide's dose.
  public let effectiveHalfLife: Time?
  /// The share of the dose that each organ receives, by name; an organ that is not named receives none.
  public let shares: [String: Double]
  public let counting: Counting

  /// - Throws: ``TherapyError`` for fractions, doses or shares outside their range.
  public init(
    name: String, kind: Kind, date: String?, fractions: Int, fractionDose: AbsorbedDose, effectiveHalfLife: Time?,
    shares: [String: Double], counting: Counting
  ) throws {
    guard (1...100).contains(fractions), fractionDose > .zero, fractionDose.isFinite,
      effectiveHalfLife.map({ $0 > .zero && $0.isFinite }) ?? true,
      !shares.isEmpty, shares.values.allSatisfy({ (0...1).contains($0) }),
      kind != .radionuclide || (fractions == 1 && effectiveHalfLife != nil)
    else {
      throw TherapyError(
        "irradiation-invalid", "The irradiation \(name) has fractions, a dose or shares outside their range.",
        remedy: "Give 1 to 100 fractions above 0 Gy, shares from 0 to 1, and for a radionuclide its half-life.")
    }
    self.name = name
    self.kind = kind
    self.date = date
    self.fractions = fractions
    self.fractionDose = fractionDose
    self.effectiveHalfLife = effectiveHalfLife
    self.shares = shares
    self.counting = counting
  }

  /// The absorbed dose of an organ.
  public func dose(of organ: String) -> AbsorbedDose { fractionDose * (Double(fractions) * (shares[organ] ?? 0)) }

  /// The biologically effective dose of an organ: n d (1 + d/(α/β)), or D (1 + G D/(α/β)) of a radionuclide.
  public func biologicallyEffectiveDose(of organ: String, _ effect: BiologicalEffect) -> BiologicallyEffectiveDose {
    let dose = fractionDose * (shares[organ] ?? 0)
    guard kind == .radionuclide, let effectiveHalfLife else {
      return effect.biologicallyEffectiveDose(fractions: fractions, of: dose)
    }
    let g = effect.repairHalfTime / (effect.repairHalfTime + effectiveHalfLife)
    return effect.biologicallyEffectiveDose(of: dose, factor: g)
  }
}

/// The published limits of the kidneys' biologically effective dose.
public enum KidneyBED {
  /// 28 Gy with risk factors or with total-body irradiation in the course, else 40 Gy (Bodei 2008; SCIENCE 16, A11).
  public static func published(hasRiskFactors: Bool, withTotalBody: Bool) -> BiologicallyEffectiveDose {
    .grays(hasRiskFactors || withTotalBody ? 28 : 40)
  }
}
