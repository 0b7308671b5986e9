public import JSON
import Provenance
import Quantities
import Uptake

/// Two studies of one patient, site by site and lesion by lesion: two tracers, or before and after.
public struct PETComparison: Sendable {
  /// One site or lesion in both studies.
  struct Pair: Sendable {
    let name: String
    let first: UptakeValue?
    let second: UptakeValue?

    /// Second less first; `nil` when one is missing.
    var difference: Double? { first.flatMap { first in second.map { $0.base - first.base } } }
    /// Second over first; `nil` when one is missing or the first is zero.
    var ratio: Double? { first.flatMap { first in second.flatMap { first.base > 0 ? $0 / first : nil } } }
  }

  let names: (first: String, second: String)
  let sites: [Pair]
  let lesions: [Pair]
  let mean: Pair
  let burden: (first: LesionBurden, second: LesionBurden)
  let findings: [Finding]

  /// Measures two cases, each with its `pet.json`; SUVmax by body weight is compared.
  ///
  /// The mean is compared over the sites that both have. A lesion that only one names is missing in the other.
  /// - Throws: a refusal when a case cannot be measured, or both do not use one template.
  public init(_ path: String, with other: String) throws {
    let (first, second) = (try PETSites(case: path), try PETSites(case: other))
    guard first.plan.template == second.plan.template else {
      throw CaseError(
        "templates-differ", "The cases use the templates \(first.plan.template.name) and \(second.plan.template.name).",
        remedy: "Measure both by one template.")
    }
    names = (first.plan.name, second.plan.name)
    sites = zip(first.skeleton.sites, second.skeleton.sites).map {
      Pair(name: $0.site, first: $0.maximum, second: $1.maximum)
    }
    let both = sites.filter { $0.difference != nil }
    func mean(_ values: [UptakeValue]) throws -> UptakeValue? {
      try SkeletalUptake(first.plan.template, zip(both, values).map { SiteUptake($0.name, maximum: $1) }).meanMaximum
    }
    self.mean = Pair(
      name: "mean", first: try mean(both.compactMap(\.first)), second: try mean(both.compactMap(\.second)))
    let known = Set(first.lesions.map(\.name))
    let all = first.lesions.map(\.name) + second.lesions.map(\.name).filter { !known.contains($0) }
    lesions = all.map { name in
      Pair(
        name: name, first: first.lesions.first { $0.name == name }?.uptake.maximum,
        second: second.lesions.first { $0.name == name }?.uptake.maximum)
    }
    burden = (first.burden, second.burden)
    var findings = first.findings + second.findings
    if let a = first.pet?.factor.nuclide, let b = second.pet?.factor.nuclide, a != b {
      findings.append(
        Finding(
          .caution, code: "tracers-differ", title: "Two tracers.",
          "The studies are of \(a) and \(b): a difference is not a change over time.", origin: "Uptake · comparison"))
    }
    self.findings = findings.worstFirst()
  }

  /// Both values, their difference and their ratio for every site and lesion.
  public var document: JSONValue {
    func row(_ pair: Pair) -> JSONValue {
      [
        "name": .string(pair.name), "first": JSONValue(pair.first?.base), "second": JSONValue(pair.second?.base),
        "difference": JSONValue(pair.difference), "ratio": JSONValue(pair.ratio),
      ]
    }
    func total(_ burden: LesionBurden) -> JSONValue {
      ["volumeMl": .number(burden.volume.millilitres), "totalUptake": .number(burden.total.base)]
    }
    return [
      "first": .string(names.first), "second": .string(names.second), "sites": JSONValue(sites.map(row)),
      "n": JSONValue(sites.count { $0.difference != nil }), "meanSuvMax": row(mean),
      "lesions": JSONValue(lesions.map(row)),
      "burden": ["first": total(burden.first), "second": total(burden.second)],
      "findings": JSONValue(findings.map(\.document)),
    ]
  }

  /// A table.
  public var summary: String {
    var table = TextTable(
      ["SUVmax", printable(names.first), printable(names.second), "difference", "ratio"], numbers: [1, 2, 3, 4])
    for pair in sites + [mean] + lesions {
      let cells = [pair.first?.base, pair.second?.base, pair.difference, pair.ratio].map { $0.map(shortNumber) ?? "" }
      table.add([printable(pair.name)] + cells)
    }
    let notes = findings.map { "\($0.severity.rawValue): \($0.text)\n" }.joined()
    return table.text + (notes.isEmpty ? "" : "\n" + notes)
  }
}
