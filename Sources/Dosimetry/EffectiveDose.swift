public import Provenance
public import Quantities

/// Effective dose per administered activity of a diagnostic tracer.
public struct EffectiveDosePerActivity: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "mSv/MBq" }

  /// From a value in mSv/MBq.
  public static func millisievertsPerMegabecquerel(_ value: Double) -> Self { Self(base: value) }
  /// The value in mSv/MBq.
  public var millisievertsPerMegabecquerel: Double { base }
}

/// Effective dose with the tissue weighting factors of ICRP 103, averaged over the sexes (SCIENCE 6.4).
///
/// For diagnostic tracers of photons and electrons (w_R = 1) only: not for therapy, not for the risk of a person.
public enum EffectiveDose {
  /// w_T of the named tissues; `remainder` stands for the mean of ``remainder``.
  public static let weights: [String: Double] = [
    "red-marrow": 0.12, "colon": 0.12, "lungs": 0.12, "stomach": 0.12, "breast": 0.12, "remainder": 0.12,
    "gonads": 0.08, "bladder": 0.04, "oesophagus": 0.04, "liver": 0.04, "thyroid": 0.04, "bone-surface": 0.01,
    "brain": 0.01, "salivary-glands": 0.01, "skin": 0.01,
  ]

  /// The 13 tissues of the remainder; prostate in men, uterus in women.
  public static let remainder = [
    "adrenals", "extrathoracic", "gall-bladder", "heart", "kidneys", "lymph-nodes", "muscle", "oral-mucosa", "pancreas",
    "prostate-or-uterus", "small-intestine", "spleen", "thymus",
  ]

  /// E = Σ w_T (H_male + H_female)/2, the remainder as the arithmetic mean of its 13 tissues.
  ///
  /// - Parameters: the equivalent doses per activity of every tissue, in mGy/MBq.
  /// - Throws: ``DosimetryError`` when a tissue is missing: a missing dose is not 0.
  public static func perActivity(
    male: [String: AbsorbedDosePerActivity], female: [String: AbsorbedDosePerActivity]
  ) throws -> EffectiveDosePerActivity {
    func sex(_ doses: [String: AbsorbedDosePerActivity], _ name: String) throws -> Double {
      func dose(_ tissue: String) throws -> Double {
        guard let dose = doses[tissue], dose.isFinite, dose >= .zero else {
          throw DosimetryError(
            "tissue-missing", "The \(name) doses have none for \(tissue), or one below 0.",
            remedy: "Give the dose of every tissue of ICRP 103.")
        }
        // mSv/MBq and Gy/GBq are equal for w_R = 1.
        return dose.graysPerGigabecquerel
      }
      let rest = try remainder.reduce(0.0) { $0 + (try dose($1)) } / Double(remainder.count)
      return try weights.sorted { $0.key < $1.key }.reduce(0.0) {
        $0 + $1.value * ($1.key == "remainder" ? rest : try dose($1.key))
      }
    }
    return .millisievertsPerMegabecquerel((try sex(male, "male") + sex(female, "female")) / 2)
  }

  /// Published coefficients of diagnostic tracers.
  public static let published: [String: Sourced<EffectiveDosePerActivity>] = [
    "[68Ga]Pentixafor": Sourced(
      .millisievertsPerMegabecquerel(0.0156), Source("Herrmann et al., J Nucl Med 2015;56:410, not read", .unverified))
  ]
}
