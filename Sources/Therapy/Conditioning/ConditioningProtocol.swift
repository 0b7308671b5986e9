public import Provenance
public import Quantities

/// Where the graft comes from.
public enum Donor: String, CaseIterable, Sendable {
  case matchedRelated = "MRD"
  case matchedUnrelated = "MUD"
  case haploidentical = "HID"
  case mismatchedUnrelated = "MMUD"
}

/// How a drug is dosed.
public struct DrugDose: Hashable, Sendable {
  /// What the amount is per.
  public enum Basis: String, CaseIterable, Sendable {
    case surface = "m2"
    case mass = "kg"
  }

  /// Per m² or kg.
  public let amount: Mass
  public let basis: Basis
  /// Whether the amount is the total of all its days.
  public let isTotal: Bool

  public init(_ amount: Mass, per basis: Basis, isTotal: Bool = false) {
    (self.amount, self.basis, self.isTotal) = (amount, basis, isTotal)
  }

  /// The dose of one of so many days.
  public func daily(surface: BodySurfaceArea, weight: Mass, days: Int) -> Mass {
    let whole =
      switch basis {
      case .surface: amount * surface.squareMetres
      case .mass: amount * weight.kilograms
      }
    return isTotal ? whole / Double(days) : whole
  }
}

/// The plan of a conditioning as a paper or a department writes it; days count from the graft.
public struct ConditioningProtocol: Sendable {
  /// What a step is; checks ask for it.
  public enum Kind: String, CaseIterable, Sendable {
    case radiopharmaceutical, support, isolation, irradiation, shielding, drug, graft
    case immunosuppression
    case postTransplantCyclophosphamide = "post-transplant-cyclophosphamide"
  }

  /// How a step that the source prints unclearly may be meant.
  public struct Reading: Hashable, Sendable {
    public let id: String
    public let text: String
    public let title: String?
    public let days: [Int]?
    public let dose: DrugDose?
    /// The drug's class of the WHO's anatomical therapeutic chemical system.
    public let code: String?

    public init(id: String, text: String, title: String?, days: [Int]?, dose: DrugDose?, code: String? = nil) {
      (self.id, self.text, self.title, self.days, self.dose) = (id, text, title, days, dose)
      self.code = code
    }
  }

  /// A step.
  public struct Item: Sendable {
    public let id: String
    public let kind: Kind
    public let title: String
    public let donors: Set<Donor>
    public let days: [Int]
    /// The last day of a step that goes on from its first.
    public let through: Int?
    public let dose: DrugDose?
    /// The drug's class of the WHO's anatomical therapeutic chemical system.
    public let code: String?
    /// The words of the source.
    public let printed: String
    /// The entry of the ambiguity register.
    public let flag: String?
    /// Why the printed words cannot be followed as they are.
    public let doubt: String?
    /// A step with readings calculates nothing until a person confirms one.
    public let readings: [Reading]

    public init(
      id: String, kind: Kind, title: String, donors: Set<Donor>, days: [Int], through: Int?, dose: DrugDose?,
      code: String? = nil, printed: String, flag: String?, doubt: String?, readings: [Reading]
    ) {
      self.id = id
      self.kind = kind
      self.title = title
      self.donors = donors
      self.days = days
      self.through = through
      self.dose = dose
      self.code = code
      self.printed = printed
      self.flag = flag
      self.doubt = doubt
      self.readings = readings
    }
  }

  public let name: String
  public let version: Int
  public let source: Source
  public let items: [Item]

  public init(name: String, version: Int, source: Source, items: [Item]) {
    (self.name, self.version, self.source, self.items) = (name, version, source, items)
  }
}

/// A person's decision how a step is meant.
public struct Confirmation: Hashable, Sendable {
  public let item: String
  public let reading: String
  public let person: String
  public let reason: String

  /// - Throws: ``TherapyError`` without a name or a reason.
  public init(item: String, reading: String, person: String, reason: String) throws {
    guard person.contains(where: \.isLetter), reason.contains(where: \.isLetter) else {
      throw TherapyError(
        "confirmation-incomplete", "The confirmation of “\(item)” has no name or no reason.",
        remedy: "Write who confirms the reading and why.")
    }
    (self.item, self.reading, self.person, self.reason) = (item, reading, person, reason)
  }
}
