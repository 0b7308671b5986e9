public import Quantities
public import Radionuclides

/// A region that emits, with what decays in it per administered activity.
public struct DoseSource: Sendable {
  public let region: DoseRegion
  /// ã of the region.
  public let coefficient: TimeIntegratedActivityCoefficient

  public init(region: DoseRegion, coefficient: TimeIntegratedActivityCoefficient) {
    self.region = region
    self.coefficient = coefficient
  }
}

/// What is left of the body when its measured organs are taken out (SCIENCE 4.3).
public enum RemainderOfBody {
  /// The name of the remainder as a source.
  public static let name = "remainder of body"
  /// The name of the whole body as a source.
  public static let body = "total body"

  /// What is taken out of the body: a sphere has no place in it, so its decays stay in the remainder.
  public static func organs(_ sources: [DoseSource]) -> [DoseSource] { sources.filter { $0.region.shape != .sphere } }

  /// ã of the remainder: the body's less the organs'; that of spheres stays.
  ///
  /// - Throws: ``DosimetryError`` when the organs and spheres hold more than the body.
  public static func coefficient(
    ofBody body: TimeIntegratedActivityCoefficient, organs sources: [DoseSource]
  ) throws -> TimeIntegratedActivityCoefficient {
    let sum = sources.map(\.coefficient).total()
    guard body.isFinite, body >= sum else {
      throw DosimetryError(
        "remainder-negative", "The organs hold \(sum.hours) h of the body's \(body.hours) h.",
        remedy: "Check the calibration of the whole-body and the organ curves against one another.")
    }
    return body - organs(sources).map(\.coefficient).total()
  }

  /// S(target ← remainder) = [S(target ← body) m_body − Σ S(target ← h) m_h] / m_remainder, by energy balance.
  ///
  /// - Parameters:
  ///   - values: S of the target from each organ that is taken out, the target's own among them.
  /// - Throws: ``DosimetryError`` when mass or S value would be negative: organs and body are of different phantoms.
  public static func sValue(
    fromBody whole: SValueEntry, bodyMass: Mass, values: [(mass: Mass, sValue: SValueEntry)]
  ) throws -> (sValue: SValueEntry, mass: Mass) {
    let rest = bodyMass - values.map(\.mass).total()
    func part(_ path: KeyPath<SValueEntry, SValue>) -> SValue {
      (whole[keyPath: path] * bodyMass.grams - values.map { $0.sValue[keyPath: path] * $0.mass.grams }.total())
        / rest.grams
    }
    let entry = SValueEntry(
      electron: part(\.electron), photon: part(\.photon), relativeUncertainty: whole.relativeUncertainty,
      set: whole.set, source: whole.source)
    guard rest > .zero, entry.total > .zero else {
      throw DosimetryError(
        "remainder-negative", "The remainder of the body has a mass of \(rest.grams) g or an S value below 0.",
        remedy: "Use masses and S values of one phantom.")
    }
    return (entry, rest)
  }
}

/// The absorbed dose of a target from all sources: D = Σ ã(source) S(target ← source) (MIRD Pamphlet 21).
public struct MIRDDose: Sendable {
  /// What one source gives.
  public struct Contribution: Sendable {
    public let source: String
    public let sValue: SValueEntry
    public let perActivity: AbsorbedDosePerActivity
  }

  /// What each source gives; those whose S value the set holds.
  public let contributions: [Contribution]
  /// Sources whose S value the set does not hold.
  public let missing: [String]

  /// - Parameter remainder: what decays in the rest of the body, and the mass of the whole.
  /// - Throws: ``DosimetryError`` when the set has no self-dose of a target that is also a source, and whatever the set
  ///   throws.
  public init(
    target: DoseRegion, sources: [DoseSource],
    remainder: (coefficient: TimeIntegratedActivityCoefficient, body: Mass)? = nil, nuclide: Nuclide,
    set: any SValueSet
  ) throws {
    var contributions: [Contribution] = []
    var missing: [String] = []
    for source in sources {
      if let s = try set.sValue(nuclide, target: target, source: source.region) {
        contributions.append(
          Contribution(source: source.region.name, sValue: s, perActivity: source.coefficient * s.total))
      } else if source.region.name == target.name {
        throw DosimetryError(
          "no-s-value", "The set \(set.name) has no self-dose of \(target.name).",
          remedy: "Use another set of S values, or leave it out.")
      } else {
        missing.append(source.region.name)
      }
    }
    if let remainder {
      let emitter = CrossDose.Emitter.remainder(
        without: RemainderOfBody.organs(sources).map(\.region), body: remainder.body)
      if let s = try emitter.sValue(nuclide, target: target, in: set) {
        contributions.append(
          Contribution(source: emitter.name, sValue: s, perActivity: remainder.coefficient * s.total))
      } else {
        missing.append(emitter.name)
      }
    }
    self.contributions = contributions
    self.missing = missing
  }

  /// The sum of what is known.
  public var perActivity: AbsorbedDosePerActivity { contributions.map(\.perActivity).total() }
}
