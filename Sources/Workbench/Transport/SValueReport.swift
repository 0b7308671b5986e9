import Dosimetry
import Foundation
public import JSON
import Provenance
import Quantities
import Radionuclides
public import Transport

/// An S value of a pair of regions, from this program's set, or from a table or absorbed fractions of the user's.
public struct SValueReport: Sendable {
  private let entry: SValueEntry
  private let names: (nuclide: String, phantom: String, source: String, target: String)
  private let withProgeny: Bool
  private let mass: Mass?
  private let convention: String?

  /// What is asked for.
  public struct Request: Sendable {
    public let nuclide: String
    public let withProgeny: Bool
    public let phantom: String
    public let source: String
    public let target: String
    /// `endora`, the file of a table, or a folder with absorbed fractions.
    public let set: String
    /// The mass convention of the set `endora`.
    public let masses: MassConvention
    /// The regions that are taken out of the source `remainder`.
    public let without: [String]
    /// The cellularity of the marrow over the reference.
    public let cellularity: Double
    /// The patient's mass of the region, such as `250 g`, for self-dose.
    public let mass: String?

    public init(
      nuclide: String, withProgeny: Bool, phantom: String, source: String, target: String, set: String = "endora",
      masses: String = MassConvention.withoutBlood.rawValue, without: String = "kidneys, liver, spleen, red marrow",
      cellularity: Double = 1, mass: String? = nil
    ) throws {
      guard let masses = MassConvention(rawValue: masses) else {
        throw CaseError(
          "masses-unknown", "'\(masses.prefix(20))' is no mass convention.",
          remedy: "Choose \(MassConvention.allCases.map(\.rawValue).joined(separator: " or ")).", category: .usage)
      }
      (self.nuclide, self.withProgeny, self.phantom) = (nuclide, withProgeny, phantom)
      (self.source, self.target, self.set, self.masses) = (source, target, set, masses)
      self.without = without.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      self.cellularity = cellularity
      self.mass = mass
    }
  }

  /// - Throws: a refusal for an unknown nuclide, phantom or region, and for a file that is no table.
  public init(_ request: Request) throws {
    let table = try NuclideTable.icrp107()
    let nuclide = try table.nuclide(request.nuclide)
    names = (nuclide.name, request.phantom, request.source, request.target)
    withProgeny = request.withProgeny
    let set: any ReferenceSValues
    switch (request.set, FractionFolder(request.set)) {
    case ("endora", _):
      let own = try PhantomSValues(
        phantom: request.phantom, convention: request.masses, cellularity: request.cellularity)
      (set, convention) = (own, own.convention.rawValue)
    case (_, let folder?):
      guard request.cellularity == 1 else {
        throw CaseError(
          "set-fixed", "Absorbed fractions of one's own hold for the reference cellularity.",
          remedy: "Leave --cellularity out, or use --set endora.", category: .usage)
      }
      (set, convention) = (try folder.sValues(phantom: request.phantom), nil)
    default:
      (entry, mass, convention) = (try Self.imported(request, nuclide.name), nil, nil)
      return
    }
    let chain = request.withProgeny ? try table.chain(of: nuclide.name) : DecayChain(of: nuclide)
    let reference =
      request.source == "remainder"
      ? try set.remainder(of: chain, target: request.target, without: request.without)
      : try set.sValue(of: chain, target: request.target, source: request.source)
    guard let mass = request.mass else {
      (entry, self.mass) = (reference, set.referenceMass(of: request.target))
      return
    }
    guard let of = set.selfDoseMass(target: request.target, source: request.source) else {
      throw CaseError(
        "mass-cross-dose", "A mass was given for dose from another region, which does not follow it.",
        remedy: "Leave --mass out, or name one region as source and target.", category: .usage)
    }
    let patient = Mass.grams(try TransportRequest.amount(mass, [("kg", 1000), ("mg", 0.001), ("g", 1)], "mass"))
    (entry, self.mass) = (reference.scaled(from: of, to: patient), patient)
  }

  /// The value of a table of the user's own.
  private static func imported(_ request: Request, _ nuclide: String) throws -> SValueEntry {
    guard !request.withProgeny, request.cellularity == 1, request.mass == nil else {
      throw CaseError(
        "set-fixed", "A table holds neither progeny nor another cellularity or mass.",
        remedy: "Leave these options out, or use --set endora.", category: .usage)
    }
    let name = URL(fileURLWithPath: request.set).lastPathComponent
    let table = try ImportedSValues(readFile(request.set), name: name)
    guard
      let entry = table.sValue(
        nuclide: nuclide, phantom: request.phantom, target: request.target, source: request.source)
    else {
      throw CaseError(
        "pair-missing", "\(name) holds no S value of \(request.target) from \(request.source) for \(nuclide).",
        remedy: "Use the table's own names of phantom and regions.")
    }
    return entry
  }

  /// A table or fractions that give none have zero.
  private var statesUncertainty: Bool { convention != nil || entry.relativeUncertainty > 0 }

  /// The value and its parts.
  public var document: JSONValue {
    func number(_ value: SValue) -> JSONValue { JSONValue(value.graysPerBecquerelSecond) }
    return [
      "value": number(entry.total), "unit": "Gy/(Bq s)", "electron": number(entry.electron),
      "photon": number(entry.photon), "alpha": number(entry.alpha),
      "relativeUncertainty": statesUncertainty ? JSONValue(entry.relativeUncertainty) : .null,
      "set": JSONValue(entry.set),
      "nuclide": JSONValue(names.nuclide), "withProgeny": JSONValue(withProgeny), "phantom": JSONValue(names.phantom),
      "source": JSONValue(names.source), "target": JSONValue(names.target),
      "masses": convention.map { JSONValue($0) } ?? .null,
      "targetMass": mass.map { amount($0.grams, "g") } ?? .null, "origin": JSONValue(entry.source.citation),
      "verification": JSONValue(entry.source.verification.rawValue),
    ]
  }

  /// The same as text.
  public var summary: String {
    func text(_ value: SValue) -> String { String(format: "%.4g", value.graysPerBecquerelSecond) }
    let nuclide = names.nuclide + (withProgeny ? " with progeny" : "")
    let uncertainty =
      statesUncertainty
      ? " ± \(String(format: "%.1f", entry.relativeUncertainty * 100)) % (statistics)" : ", uncertainty not stated"
    let note = entry.source.verification == .unverified ? "unverified: see origin in --json\n" : ""
    return """
      S(\(names.target) <- \(names.source)), \(nuclide), \(names.phantom), set \(entry.set)
      \(text(entry.total)) Gy/(Bq s)\(uncertainty)
      electrons \(text(entry.electron)), photons \(text(entry.photon)), alphas \(text(entry.alpha))

      """ + note
  }
}
