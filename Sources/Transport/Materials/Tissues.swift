import Provenance
import Quantities

extension Material {
  private static let icru44 = Source("ICRU Report 44, 1989: adult tissues; I by Bragg's rule of ICRU 37")
  private static let icru46 = Source("ICRU Report 46, 1992: adult tissues; I by Bragg's rule of ICRU 37")
  private static let icrp110 = Source(
    "ICRP Publication 110, 2009: mineral bone of the adult phantoms; I by Bragg's rule of ICRU 37")

  /// Liquid water, I = 75 eV (ICRU Report 37, as NIST ESTAR).
  public static let water = Material(
    name: "water", density: .gramsPerMillilitre(1),
    composition: [
      Constituent(atomicNumber: 1, massFraction: 0.111894), Constituent(atomicNumber: 8, massFraction: 0.888106),
    ],
    meanExcitationEnergy: .kiloelectronvolts(0.075), source: Source("ICRU Report 37, 1984: liquid water"))

  /// Dry air near sea level, 20 °C and 101.325 kPa, I = 85.7 eV (ICRU Report 37).
  public static let air = Material(
    name: "air", density: .gramsPerMillilitre(0.00120479),
    composition: [
      Constituent(atomicNumber: 6, massFraction: 0.000124), Constituent(atomicNumber: 7, massFraction: 0.755267),
      Constituent(atomicNumber: 8, massFraction: 0.231782), Constituent(atomicNumber: 18, massFraction: 0.012827),
    ],
    meanExcitationEnergy: .kiloelectronvolts(0.0857), source: Source("ICRU Report 37, 1984: dry air"))

  /// Soft tissue of the adult male.
  public static let softTissue = Material(
    "soft tissue", .gramsPerMillilitre(1.06),
    [1: 10.2, 6: 14.3, 7: 3.4, 8: 70.8, 11: 0.2, 15: 0.3, 16: 0.3, 17: 0.2, 19: 0.3], icru44)

  /// Skeletal muscle.
  public static let muscle = Material(
    "muscle", .gramsPerMillilitre(1.05),
    [1: 10.2, 6: 14.3, 7: 3.4, 8: 71.0, 11: 0.1, 15: 0.2, 16: 0.3, 17: 0.1, 19: 0.4], icru44)

  /// Whole lung, inflated.
  public static let lung = Material(
    "lung", .gramsPerMillilitre(0.26),
    [1: 10.3, 6: 10.5, 7: 3.1, 8: 74.9, 11: 0.2, 15: 0.2, 16: 0.3, 17: 0.3, 19: 0.2], icru44)

  /// Adipose tissue.
  public static let adipose = Material(
    "adipose", .gramsPerMillilitre(0.95), [1: 11.4, 6: 59.8, 7: 0.7, 8: 27.8, 11: 0.1, 16: 0.1, 17: 0.1], icru44)

  /// Whole blood.
  public static let blood = Material(
    "blood", .gramsPerMillilitre(1.06),
    [1: 10.2, 6: 11.0, 7: 3.3, 8: 74.5, 11: 0.1, 15: 0.1, 16: 0.2, 17: 0.3, 19: 0.2, 26: 0.1], icru44)

  /// Active (red) marrow.
  public static let redMarrow = Material(
    "red marrow", .gramsPerMillilitre(1.03),
    [1: 10.5, 6: 41.4, 7: 3.4, 8: 43.9, 15: 0.1, 16: 0.2, 17: 0.2, 19: 0.2, 26: 0.1], icru44)

  /// Inactive (yellow) marrow.
  public static let yellowMarrow = Material(
    "yellow marrow", .gramsPerMillilitre(0.98),
    [1: 11.5, 6: 64.4, 7: 0.7, 8: 23.1, 11: 0.1, 16: 0.1, 17: 0.1], icru44)

  /// Cortical bone.
  public static let corticalBone = Material(
    "cortical bone", .gramsPerMillilitre(1.92),
    [1: 3.4, 6: 15.5, 7: 4.2, 8: 43.5, 11: 0.1, 12: 0.2, 15: 10.3, 16: 0.3, 20: 22.5], icru44)

  /// The mineral of the trabeculae, without marrow.
  public static let trabecularBone = Material(
    "trabecular bone", .gramsPerMillilitre(1.92),
    [1: 3.6, 6: 15.9, 7: 4.2, 8: 44.8, 11: 0.3, 12: 0.2, 15: 9.4, 16: 0.3, 20: 21.3], icrp110)

  /// Trabeculae and marrow together.
  public static let spongiosa = Material(
    "spongiosa", .gramsPerMillilitre(1.18),
    [1: 8.5, 6: 40.4, 7: 2.8, 8: 36.7, 11: 0.1, 12: 0.1, 15: 3.4, 16: 0.2, 17: 0.2, 19: 0.1, 20: 7.4, 26: 0.1], icru46)

  /// All materials that can be named.
  public static let standard = [
    water, softTissue, muscle, lung, adipose, blood, redMarrow, yellowMarrow, trabecularBone, spongiosa, corticalBone,
    air,
  ]

  /// The material of a name.
  ///
  /// - Throws: ``TransportError`` for an unknown name, with the names there are.
  public static func named(_ name: String) throws(TransportError) -> Material {
    guard let material = standard.first(where: { $0.name == name }) else {
      let names = standard.map(\.name)
      let near = Suggestion.nearest(to: name, among: names).map { "Did you mean \($0)?" }
      throw TransportError(
        "unknown-material", "There is no material '\(name.prefix(20))'.",
        remedy: near ?? "Choose from \(names.joined(separator: ", ")).")
    }
    return material
  }
}
