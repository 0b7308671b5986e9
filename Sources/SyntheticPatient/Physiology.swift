import Glibc
public import Kinetics
import Quantities

/// Where the truth about a synthetic patient's activities comes from.
public struct Physiology: Sendable {
  /// The organs, with their true volumes, masses and kinetics.
  public let organs: [TrueOrgan]
  /// The kinetics of the trunk outside the organs.
  public let remainder: TrueKinetics
  /// The kinetics of the whole body.
  public let wholeBody: TrueKinetics

  /// Curves with the published effective half-lives.
  public static let published = Physiology(
    organs: Anatomy.organs, remainder: Anatomy.remainder, wholeBody: PlanarAnatomy.wholeBody)

  private init(organs: [TrueOrgan], remainder: TrueKinetics, wholeBody: TrueKinetics) {
    (self.organs, self.remainder, self.wholeBody) = (organs, remainder, wholeBody)
  }

  /// Curves that a compartment model of the ligand gives; they are no sums of the models that curves are fitted with.
  ///
  /// The kidneys share what both hold by volume, L2 to L4 hold their share of the marrow, the lesion is the tumour; half of the
  /// blood, of the rest and of the other marrow lies in the trunk.
  ///
  /// - Parameters:
  ///   - model: with the tissues marrow, spleen, liver, tumour and rest.
  ///   - peptide: all ligand given with the activity, in nmol.
  /// - Throws: ``SyntheticPatientError`` when a tissue is missing, `KineticsError` when the model cannot be simulated.
  public init(_ model: LigandModel, peptide: Double) throws {
    let physical = Anatomy.physicalDecay
    let times =
      [Time.zero]
      + (0...Self.steps).map { .hours(Self.first * pow(Self.last / Self.first, Double($0) / Double(Self.steps))) }
    let administered = Activity.megabecquerels(1)
    let found = try model.simulated(administered: administered, peptide: peptide, physicalDecay: physical, at: times)
    let missing = ["marrow", "spleen", "liver", "tumour", "rest"].filter { !found.regions.contains($0) }
    guard missing.isEmpty else {
      throw SyntheticPatientError(
        "tissue-missing", "The ligand model has no \(missing.joined(separator: ", ")).",
        remedy: "Give it the tissues marrow, spleen, liver, tumour and rest.")
    }
    func curve(_ weights: [String: Double]) -> TrueKinetics {
      let parts = found.regions.indices.compactMap { region in weights[found.regions[region]].map { (region, $0) } }
      return TrueKinetics(
        SimulatedCourse(
          times: times,
          retentions: times.indices.map { k in
            parts.reduce(0) { $0 + $1.1 * max(0, found.activities[$1.0][k] / administered) }
              * exp(physical.perSecond * times[k].seconds)
          },
          coefficient: parts.reduce(.zero) { $0 + found.timeIntegrated[$1.0] / administered * $1.1 }),
        physical: physical)
    }
    let kidneys = Anatomy.organs.filter { $0.name.hasSuffix("kidney") }.map(\.volume).total()
    organs = Anatomy.organs.map { organ in
      let weights: [String: Double] =
        switch organ.name {
        case "Liver": ["liver": 1]
        case "Spleen": ["spleen": 1]
        case Anatomy.vertebralBodies: ["marrow": Self.lumbarShare]
        case "Lesion": ["tumour": 1]
        default: ["kidneys": organ.volume / kidneys]
        }
      return TrueOrgan(name: organ.name, parts: organ.parts, density: organ.density, kinetics: curve(weights))
    }
    remainder = curve(["blood": 0.5, "rest": 0.5, "marrow": 0.5 * (1 - Self.lumbarShare)])
    wholeBody = curve(Dictionary(uniqueKeysWithValues: found.regions.filter { $0 != "excreted" }.map { ($0, 1) }))
  }

  /// Of red marrow in L2 to L4, the reference woman's.
  private static let lumbarShare = 0.0716
  /// The simulation's times in hours.
  private static let (first, last, steps) = (1e-4, 4000.0, 1700)
}
