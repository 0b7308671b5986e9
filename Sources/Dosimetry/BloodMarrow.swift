public import Provenance
public import Quantities

extension RedMarrow {
  /// How the marrow's concentration follows from the blood's.
  public enum BloodRatio: Hashable, Sendable {
    /// RMBLR = RMECFF/(1 − Hct): what fits into the extracellular fluid of the marrow.
    case haematocrit(Double)
    /// RMBLR = 1: the marrow holds what the blood holds (¹⁷⁷Lu-DOTATATE, Forrer).
    case equal
  }

  /// The share of the marrow that is extracellular fluid, 0.19 (Sgouros, J Nucl Med 1993;34:689).
  public static let extracellularFraction = Sourced(0.19, Source("Sgouros, J Nucl Med 1993;34:689: RMECFF 0.19"))

  /// The red marrow to blood ratio.
  ///
  /// - Throws: ``DosimetryError`` for a haematocrit outside 0.1 to 0.7.
  public static func ratio(_ ratio: BloodRatio) throws -> Double {
    switch ratio {
    case .equal: return 1
    case .haematocrit(let value):
      guard (0.1...0.7).contains(value) else {
        throw DosimetryError(
          "haematocrit-out-of-range", "The haematocrit is \(value).", remedy: "Give a fraction between 0.1 and 0.7.")
      }
      return extracellularFraction.value / (1 - value)
    }
  }

  /// The marrow's dose from the blood's concentration: d = (∫C/A) · RMBLR · m_marrow/ρ_blood · S(marrow ← marrow)
  /// (SCIENCE 4.2, WE-4.1).
  ///
  /// A lower bound for a ligand that binds marrow: it knows nothing of what is bound.
  /// - Parameters:
  ///   - decays: ∫ of the blood's concentration in one millilitre.
  ///   - density: of blood; 1.0 in the examples.
  public static func perActivity(
    bloodDecaysPerMillilitre decays: TimeIntegratedActivity, administered: Activity, ratio: Double, marrow: Mass,
    bloodDensity density: Density = .gramsPerMillilitre(1), sValue: SValueEntry
  ) -> AbsorbedDosePerActivity {
    let volume = marrow.grams / density.gramsPerMillilitre
    return decays * (ratio * volume) / administered * sValue.total
  }
}
