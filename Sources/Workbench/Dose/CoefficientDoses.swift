import Dosimetry
import Foundation
public import JSON
import Provenance
import Quantities
import Radionuclides
import Reports
import Transport

/// Absorbed doses from time-integrated activity coefficients: `dose organ FILE`.
public struct CoefficientDoses: Sendable {
  private struct Row: Sendable {
    let region: DoseRegion
    let coefficient: Uncertain<TimeIntegratedActivityCoefficient>
    let massIsStated: Bool
    let published: AbsorbedDosePerActivity?
    let dose: MIRDDose

    /// The share of the dose that alpha particles and recoil nuclei give.
    var alphaShare: Double {
      dose.contributions.reduce(0) { $0 + ($1.perActivity * ($1.sValue.alpha / $1.sValue.total)).base }
        / dose.perActivity.base
    }

    /// With the uncertainties of the own coefficient and of all S values, where the coefficient has one.
    var perActivity: Uncertain<AbsorbedDosePerActivity> {
      guard let fit = coefficient.relativeUncertainty else {
        return Uncertain(dose.perActivity, standardUncertainty: nil)
      }
      let variance = dose.contributions.reduce(0.0) { sum, part in
        let relative = hypot(part.sValue.relativeUncertainty, part.source == region.name ? fit : 0)
        let u = (part.perActivity * relative).base
        return sum + u * u
      }
      return Uncertain(dose.perActivity, standardUncertainty: AbsorbedDosePerActivity(base: variance.squareRoot()))
    }
  }

  private let title: String
  private let hasRemainder: Bool
  private let source: String?
  private let nuclide: Nuclide
  private let set: any SValueSet
  private let convention: MassConvention
  private let activity: Activity?
  private let rows: [Row]
  private let tracer: TracerDose?
  private let digest: Digest

  /// Reads a file of the format `endora-dose-1`.
  public static func read(_ path: String) throws -> CoefficientDoses {
    try CoefficientDoses(readFile(path))
  }

  /// - Parameter set: in place of the file's.
  init(_ bytes: [UInt8], set other: (any SValueSet)? = nil) throws {
    let document = try JSONDocument(bytes)
    try Schema.dose.read().check(document)
    let root = document.root
    let nuclide = try NuclideTable.icrp107().nuclide(try root.required("nuclide").string())
    let sex: Sex = try root.required("sex").choice()
    let convention = try root["massConvention"]?.massConvention() ?? .withoutBlood
    let choice: SValueChoice = try root["sValues"]?.choice() ?? .full
    let set =
      try other
      ?? (choice == .selfDose
        ? SelfDoseSet() : try PatientSValues(sex, cellularity: root["marrowCellularity"]?.double() ?? 1))
    var sources: [(DoseSource, JSONNode, Bool)] = []
    var kinds: Set<String> = []
    for node in try root.required("sources").list() {
      let organ = try node.required("organ").string()
      let name = try node.required("name").string()
      guard !sources.contains(where: { $0.0.region.name == name }) else {
        throw node.refusal(
          "duplicate-source", found: "“\(name)” stands twice", remedy: "Give every source a name of its own.")
      }
      let kind = organ == "other" ? name.lowercased() : organ
      guard organ == "lesion" || kinds.insert(kind).inserted,
        !kinds.contains("kidneys") || kinds.isDisjoint(with: ["kidney-left", "kidney-right"])
      else {
        throw node.refusal(
          "duplicate-organ", found: "“\(name)” is of an organ that stands twice",
          remedy: "Give an organ once; the kidneys together or apart.")
      }
      let stated = try node["mass_g"].map { Mass.grams(try $0.double()) }
      let reference =
        ReferenceAdult.mass(organ, sex, convention)?.value ?? (set as? PatientSValues)?.referenceMass(of: name)
      guard let mass = stated ?? reference else {
        throw node.refusal("mass-missing", found: "“\(name)” has no mass", remedy: "Give mass_g.")
      }
      let region = DoseRegion(
        name: name, anatomy: organ == "other" ? name : organ.hasPrefix("kidney") ? "kidneys" : organ, mass: mass,
        pieces: try node["pieces"]?.int() ?? (organ == "kidneys" ? 2 : 1),
        shape: organ == "marrow" ? .redMarrow : organ == "lesion" ? .sphere : .organ)
      let coefficient = try Self.coefficient(node.required("tiac_h"), nuclide)
      sources.append((DoseSource(region: region, coefficient: coefficient), node, stated != nil))
    }
    let organs = sources.map(\.0)
    let remainder = try root["body_tiac_h"].map { body in
      (
        coefficient: try RemainderOfBody.coefficient(ofBody: Self.coefficient(body, nuclide), organs: organs),
        body: try root["body_kg"].map { Mass.kilograms(try $0.double()) } ?? ReferenceAdult.body(sex).value
      )
    }
    rows = try sources.map { source, node, isStated in
      Row(
        region: source.region,
        coefficient: Uncertain(
          source.coefficient, standardUncertainty: try node["tiacUncertainty_h"].map { .hours(try $0.double()) }),
        massIsStated: isStated,
        published: try node["published_Gy_per_GBq"].map { .graysPerGigabecquerel(try $0.double()) },
        dose: try MIRDDose(
          target: source.region, sources: organs, remainder: remainder, nuclide: nuclide, set: set))
    }
    tracer =
      try root["effectiveDose"]?.bool() == true
      ? TracerDose(
        nuclide, sources: organs.map { ($0.region.anatomy, $0.coefficient) },
        body: root["body_tiac_h"].map { .hours(try $0.double()) }) : nil
    title = try root.required("title").string()
    hasRemainder = remainder != nil
    self.source = try root["source"]?.string()
    activity = try root["activity_GBq"].map { .gigabecquerels(try $0.double()) }
    self.nuclide = nuclide
    self.set = set
    self.convention = convention
    digest = Digest(of: bytes)
  }

  /// A coefficient, which no biology makes longer than physical decay alone does: T/ln 2.
  private static func coefficient(_ node: JSONNode, _ nuclide: Nuclide) throws -> TimeIntegratedActivityCoefficient {
    let (hours, most) = (try node.double(), nuclide.halfLife.hours / log(2))
    // A hundredth is left to half-lives that were rounded.
    guard hours <= most * 1.01 else {
      throw node.refusal(
        "tiac-above-decay",
        found: "\(shortNumber(hours)) h, and \(nuclide.name) that never left gives \(shortNumber(most)) h",
        remedy: "Check the unit: hours, per administered activity.")
    }
    return .hours(hours)
  }

  /// The document of `dose organ FILE --json`.
  public var document: JSONValue {
    [
      "title": JSONValue(title), "source": JSONValue(source), "digest": JSONValue(digest.hexadecimal),
      "nuclide": JSONValue(nuclide.name), "set": JSONValue(set.name), "effectiveDose": tracer?.document ?? nil,
      "organs": JSONValue(
        rows.map { row in
          let d = row.perActivity
          return [
            "name": JSONValue(row.region.name), "mass": amount(row.region.mass.grams, "g"),
            "massConvention": JSONValue(row.massIsStated ? "stated" : convention.word),
            "tiac": amount(
              row.coefficient.value.hours, "h", row.coefficient.standardUncertainty?.hours),
            "dosePerActivity": amount(
              d.value.graysPerGigabecquerel, "Gy/GBq", d.standardUncertainty?.graysPerGigabecquerel),
            "dose": activity.map {
              amount((d.value * $0).grays, "Gy", d.standardUncertainty.map { u in (u * activity!).grays })
            } ?? nil,
            "contributions": JSONValue(
              row.dose.contributions.map {
                [
                  "source": JSONValue($0.source),
                  "dosePerActivity": amount($0.perActivity.graysPerGigabecquerel, "Gy/GBq"),
                ]
              }),
            "notInSet": JSONValue(row.dose.missing.map { JSONValue($0) }),
            "alphaShare": JSONValue(row.alphaShare),
            "published": row.published.map { amount($0.graysPerGigabecquerel, "Gy/GBq") } ?? nil,
            "overPublished": row.published.map { JSONValue(d.value / $0) } ?? nil,
          ]
        }),
    ]
  }

  /// A table for people.
  public var summary: String {
    var table = TextTable(
      ["Organ", "Gy/GBq", "mass / g", "TIAC / h", "published", "ratio"], numbers: Set(1...5))
    for row in rows {
      table.add([
        row.region.name, NumberFormat.dosePerActivity(row.perActivity).joined,
        String(format: "%.1f", row.region.mass.grams),
        shortNumber(row.coefficient.value.hours), row.published.map { NumberFormat.dosePerActivity($0) } ?? "-",
        row.published.map { shortNumber(row.dose.perActivity / $0) } ?? "-",
      ])
    }
    var lines = [title, "", table.text, "S values: \(set.name), reference masses \(convention.word)."]
    for row in rows where !row.dose.missing.isEmpty {
      lines.append("Not in the set: what \(row.dose.missing.joined(separator: ", ")) would give to \(row.region.name).")
    }
    if !hasRemainder, !rows.contains(where: { $0.region.name.lowercased() == RemainderOfBody.body }) {
      lines.append("Without body_tiac_h, what the rest of the body gives is left out.")
    }
    if let alpha = rows.map(\.alphaShare).max(), alpha > 0 {
      lines.append("Absorbed doses: alpha particles, up to \(shortNumber(alpha * 100)) % of them, are not weighted.")
    }
    if let tracer { lines += ["", tracer.summary] }
    lines.append(Release.disclaimer)
    return lines.joined(separator: "\n") + "\n"
  }
}

extension TracerDose {
  private var names: [String] { male.tissues.keys.sorted() }

  fileprivate var document: JSONValue {
    [
      "value": JSONValue(effective.millisievertsPerMegabecquerel), "unit": "mSv/MBq", "weights": "ICRP 103",
      "tissues": JSONValue(
        names.map { name in
          [
            "name": JSONValue(name),
            "male": male.tissues[name].map { amount($0.graysPerGigabecquerel, "mGy/MBq") } ?? nil,
            "female": female.tissues[name].map { amount($0.graysPerGigabecquerel, "mGy/MBq") } ?? nil,
            "weight": JSONValue(EffectiveDose.weights[name]), "surrogate": JSONValue(Self.surrogates[name]),
          ]
        }),
      "isUnverified": JSONValue(Self.colon.isUnverified),
      "note": "Reference adults at reference masses; for diagnostic tracers, not for therapy and no one's risk.",
    ]
  }

  fileprivate var summary: String {
    var table = TextTable(["Tissue", "man mGy/MBq", "woman mGy/MBq", "stands for it"], numbers: [1, 2])
    for name in names {
      table.add(
        [name]
          + [male, female].map { adult in
            adult.tissues[name].map { NumberFormat.dosePerActivity($0) } ?? "-"
          } + [Self.surrogates[name] ?? ""])
    }
    let value = shortNumber(effective.millisievertsPerMegabecquerel)
    return "\(table.text)Effective dose: \(value) mSv/MBq (ICRP 103, reference adults); not for therapy, no one's risk."
  }
}
