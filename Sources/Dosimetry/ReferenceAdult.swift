public import Provenance
public import Quantities
public import Transport

/// The sex of a reference phantom.
public enum Sex: String, CaseIterable, Hashable, Sendable {
  case female, male
}

extension MassConvention {
  /// The word of case files and results: `bloodFree` or `bloodIncluded` (SCIENCE 16, A6).
  public var word: String { self == .withoutBlood ? "bloodFree" : "bloodIncluded" }
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

extension ReferenceAdult {
  /// Kidneys, liver, spleen or red marrow by either convention; `nil` for another organ.
  public static func mass(_ name: String, _ sex: Sex, _ convention: MassConvention) -> Sourced<Mass>? {
    guard convention == .withBlood else { return name == "marrow" ? redMarrow(sex) : organ(name, sex) }
    let masses: [String: (male: Double, female: Double)] = [
      "kidneys": (422, 357), "liver": (2360, 1810), "spleen": (228, 187), "marrow": (1394, 1064),
    ]
    return masses[name].map {
      Sourced(.grams(sex == .male ? $0.male : $0.female), Source("ICRP 133, blood included: \(name)"))
    }
  }

  /// Kidneys together 310/275 g, liver 1800/1400 g, spleen 150/130 g (male/female); `nil` for another organ.
  public static func organ(_ name: String, _ sex: Sex) -> Sourced<Mass>? {
    let masses: [String: (male: Double, female: Double)] = [
      "kidneys": (310, 275), "liver": (1800, 1400), "spleen": (150, 130),
    ]
    return masses[name].map {
      Sourced(.grams(sex == .male ? $0.male : $0.female), Source("ICRP 89, blood-free: \(name)"))
    }
  }
}
