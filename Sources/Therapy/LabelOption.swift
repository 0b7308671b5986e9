public import Dosimetry
import Kinetics
public import Provenance
public import Quantities
public import Radionuclides

/// What one label would mean for a patient: the same biology with another nuclide (SCIENCE 6.5).
public struct LabelOption: Sendable {
  /// An organ or lesion under this label.
  public struct Dose: Sendable {
    /// Its name.
    public let name: String
    /// Absorbed dose per administered activity, not weighted, with the organ's conversion factor.
    public let perActivity: Uncertain<AbsorbedDosePerActivity>
    /// The share of it that alpha particles and their recoil nuclei give.
    public let alphaShare: Double
    /// The effective half-life of the late phase.
    public let lateHalfLife: Time

    /// The dose with alpha particles counted by their relative biological effectiveness.
    public var weightedPerActivity: AbsorbedDosePerActivity {
      perActivity.value * (1 + (LabelOption.alphaEffectiveness.value - 1) * alphaShare)
    }
  }

  /// What the alpha particles' dose is multiplied by before limits, which come from beta emitters and beams, are applied.
  public static let alphaEffectiveness = Sourced(
    5.0, Source("RBE 5 of alpha particles, a convention (PMC5700223, PMC3321061)", .unverified))

  /// The nuclide.
  public let nuclide: Nuclide
  /// Organs first, in the order given.
  public let doses: [Dose]
  /// The largest activity within the limits, and how sure that is. Alpha particles are weighted.
  public let prescription: Prescription
  /// When the residual marrow dose meets its limit at that activity; `nil` without such a limit.
  public let earliestGraft: (best: Time, interval: ClosedRange<Time>)?

  /// Translates limits and further regions to a nuclide and prescribes.
  ///
  /// - Parameters:
  ///   - limits: on organs measured with `measured`.
  ///   - others: lesions and organs without limits.
  ///   - factors: therapeutic over pre-therapeutic dose by organ, 1 where left out; limits have their own.
  ///   - set: where the S values of other nuclides come from.
  /// - Throws: a refusal of the kinetics, of the set or of the prescription.
  public init(
    _ nuclide: Nuclide, measured: Nuclide, limits: [DoseLimit], others: [OrganDose],
    factors: [String: Double] = [:], graft: Time, acceptedRisk: Double?, combination: LimitCombination, cap: Activity?,
    seed: UInt64, set: any SValueSet
  ) throws {
    func value(_ organ: OrganDose, _ emitter: CrossDose.Emitter) throws -> SValueEntry {
      guard let s = try emitter.sValue(nuclide, target: organ.region, in: set) else {
        throw TherapyError(
          "no-s-value",
          "The set \(set.name) has no S value of \(organ.region.name) from \(emitter.name) for \(nuclide.name).",
          remedy: "Use another set of S values, or leave the label out.")
      }
      return s
    }
    func translated(_ organ: OrganDose, alphaBy factor: Double) throws -> OrganDose {
      guard nuclide.name != measured.name else { return organ }
      return try organ.translated(
        from: measured, to: nuclide, sValue: value(organ, .region(organ.region)).weighted(alphaBy: factor),
        cross: organ.cross.map { $0.replacing(sValue: try value(organ, $0.emitter).weighted(alphaBy: factor)) })
    }
    self.nuclide = nuclide
    let limited = try limits.map { limit in
      try limit.replacing(organ: translated(limit.organ, alphaBy: Self.alphaEffectiveness.value))
    }
    var seen: Set<String> = []
    doses = try (limits.map(\.organ) + others).filter { seen.insert($0.region.name).inserted }.map { organ in
      let dose = try translated(organ, alphaBy: 1)
      let others = nuclide.emitted[.alpha] > .zero ? try translated(organ, alphaBy: 0).perActivity.value : nil
      return Dose(
        name: organ.region.name,
        perActivity: Uncertain(
          dose.perActivity.value * (factors[organ.region.name] ?? 1), relative: dose.perActivity.relativeUncertainty),
        alphaShare: others.map { 1 - $0 / dose.perActivity.value } ?? 0, lateHalfLife: dose.lateHalfLife)
    }
    let prescription = try Prescription(
      limits: limited, graft: graft, acceptedRisk: acceptedRisk, cap: nuclide.name == measured.name ? cap : nil,
      combination: combination, seed: seed)
    self.prescription = prescription
    earliestGraft = try limited.first { $0.reading == .afterGraft }.flatMap {
      try GraftTiming.earliest(for: $0, at: prescription.activity, seed: seed)
    }
  }
}

/// A point at which no other label or activity has more marrow dose for less kidney dose and a shorter wait.
public struct ParetoPoint: Hashable, Sendable {
  /// The label.
  public let nuclide: String
  public let activity: Activity
  /// The total marrow dose, what conditions; alpha particles weighted.
  public let marrow: AbsorbedDose
  /// The kidney dose, alpha particles weighted.
  public let kidneys: AbsorbedDose
  /// From therapy to the earliest graft.
  public let wait: Time
  /// Whether no other point is better in one respect and at least as good in the others.
  public let isOnFront: Bool
}

extension LabelOption {
  /// Marrow dose against kidney dose and wait for activities up to each label's largest, and which are on the front.
  ///
  /// Empty unless kidneys and marrow both have limits, the marrow's on what remains after day 0.
  public static func pareto(_ options: [LabelOption], steps: Int = 24) -> [ParetoPoint] {
    var points: [ParetoPoint] = []
    for option in options {
      let limits = option.prescription.outcomes.map(\.limit)
      guard let kidneys = limits.first(where: { $0.organ.region.name == "Kidneys" }),
        let marrow = limits.first(where: { $0.reading == .afterGraft })
      else { return [] }
      for step in 1...steps {
        let activity = option.prescription.activity * (Double(step) / Double(steps))
        guard let wait = GraftTiming.bestEstimate(for: marrow, at: activity) else { continue }
        points.append(
          ParetoPoint(
            nuclide: option.nuclide.name, activity: activity,
            marrow: marrow.organ.perActivity.value * marrow.conversionFactor * activity,
            kidneys: kidneys.organ.perActivity.value * kidneys.conversionFactor * activity, wait: wait,
            isOnFront: false))
      }
    }
    return points.map { point in
      let isBeaten = points.contains { other in
        other.marrow >= point.marrow && other.kidneys <= point.kidneys && other.wait <= point.wait
          && (other.marrow > point.marrow || other.kidneys < point.kidneys || other.wait < point.wait)
      }
      return ParetoPoint(
        nuclide: point.nuclide, activity: point.activity, marrow: point.marrow, kidneys: point.kidneys,
        wait: point.wait, isOnFront: !isBeaten)
    }
  }
}
