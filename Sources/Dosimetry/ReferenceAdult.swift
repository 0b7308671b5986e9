public import Provenance
public import Quantities

/// The sex of a reference phantom.
public enum Sex: String, CaseIterable, Hashable, Sendable {
  case female, male
}

/// Masses of the reference adult without blood (ICRP Publication 89), and what follows from them.
public enum ReferenceAdult {
  /// Red marrow: 1170 g (male), 900 g (female).
  public static func redMarrow(_ sex: Sex) -> Sourced<Mass> {
    Sourced(.grams(sex == .male ? 1170 : 900), Source("ICRP 89, blood-free: red marrow 1170 g (M), 900 g (F)"))
  }

  /// The body: 73 kg (male), 60 kg (female).
  public static func body(_ sex: Sex) -> Sourced<Mass> {
    Sourced(.kilograms(sex == .male ? 73 : 60), Source("ICRP 89: body 73 kg (M), 60 kg (F)"))
  }

  /// Soft tissue: 1.04 g/mL.
  public static let softTissueDensity = Sourced(
    Density.gramsPerMillilitre(1.04), Source("Cristy and Eckerman, ORNL/TM-8381: soft tissue 1.04 g/cm³"))
}
