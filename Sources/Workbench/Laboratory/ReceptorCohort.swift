import JSON
import Laboratory
import Provenance
import Reports
import Statistics

/// CXCR4 of a cohort from a table with one row a sample: by entity, by blasts below or from 30 %, by risk group, and blood
/// against marrow of the same patients (Herhaus 2016, Fig 1B and C).
///
/// Columns: `patient`; `ratio`, or `stained` and `isotype` with names of files beside the table and optionally `gates`;
/// and what is there of `entity`, `blast_percent`, `risk`, `material` (`marrow` or `blood`). Without `blast_percent` the
/// share of the gate of blasts counts.
public func receptorCohort(path: String, centre: GroupCentre) throws -> LaboratoryReport {
  let table = try DataTable.export(path)
  let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  func beside(_ name: String) -> String { folder.isEmpty ? name : "\(folder)/\(name)" }
  let patient = try table.required("patient")
  let (ratio, stained, isotype) = (table.column("ratio"), table.column("stained"), table.column("isotype"))
  guard ratio != nil || (stained != nil && isotype != nil) else {
    throw LaboratoryError(
      "cohort-columns", "The table has neither ratios nor files.",
      remedy: "Give a column ratio, or columns stained and isotype.")
  }
  let (entity, share, risk) = (table.column("entity", "group"), table.column("blast_percent"), table.column("risk"))
  let (material, gates) = (table.column("material"), table.column("gates"))
  var findings: [Finding] = []
  var samples: [CohortSample] = []
  for row in table.rows {
    func text(_ column: Int?) -> String? { column.map { table[row, $0] }.flatMap { $0.isEmpty ? nil : $0 } }
    var value = try ratio.flatMap { try table.number(row, $0) }
    var blasts = try share.flatMap { try table.number(row, $0) }
    if value == nil, let stained = text(stained), let isotype = text(isotype) {
      let report = try cytometryReceptor(
        stained: beside(stained), isotype: beside(isotype), gates: text(gates).map(beside), channel: nil,
        savingGates: nil)
      value = report.document["blasts"]?["ratio"]?["median"]?.double
      blasts = blasts ?? report.document["blastPercent"]?.double
      if text(gates) == nil {
        findings.append(
          Finding(
            .caution, code: "gates-proposed", title: "Gates were proposed.",
            "Nobody has confirmed them; give them in the column gates.", subject: table[row, patient],
            origin: "Laboratory"))
      }
    }
    samples.append(
      CohortSample(
        patient: table[row, patient], ratio: value, entity: text(entity), blasts: blasts, risk: text(risk),
        material: text(material)?.lowercased()))
  }
  let missing = samples.count { $0.ratio == nil }
  findings += leftOut(missing, columns: "the ratio of the blasts")
  let known = samples.filter { $0.ratio != nil }
  guard known.count > 1 else {
    throw LaboratoryError("cohort-small", "Fewer than two samples have a ratio.", remedy: "Give more samples.")
  }
  // One sample a patient in comparisons of patients: the marrow where there is one.
  var single: [CohortSample] = []
  for sample in known.sorted(by: { ($0.material == "marrow" ? 0 : 1) < ($1.material == "marrow" ? 0 : 1) })
  where !single.contains(where: { $0.patient == sample.patient }) { single.append(sample) }
  if single.count < known.count {
    findings.append(
      Finding(
        .info, code: "one-sample-a-patient", title: "One sample a patient was compared.",
        "Of \(known.count) samples \(single.count) took part, the marrow where there is one.", origin: "Laboratory"))
  }
  func grouped(_ title: String, _ name: (CohortSample) -> String?) -> SampleComparison? {
    var names: [String] = []
    for sample in single { if let own = name(sample), !names.contains(own) { names.append(own) } }
    guard names.count > 1, names.count <= 8 else { return nil }
    return SampleComparison(
      title, names.sorted().map { own in (own, single.filter { name($0) == own }.compactMap(\.ratio)) }, centre: centre)
  }
  var comparisons: [(name: String, comparison: SampleComparison)] = []
  func add(_ name: String, _ comparison: SampleComparison?) {
    if let comparison { comparisons.append((name, comparison)) }
  }
  add("entity", grouped("CXCR4 by entity") { $0.entity })
  add("blasts", grouped("CXCR4 by blasts") { $0.blasts.map { $0 < 30 ? "< 30 % blasts" : "≥ 30 % blasts" } })
  add("risk", grouped("CXCR4 by risk group") { $0.risk })
  let pairs = known.filter { $0.material == "blood" }.compactMap { blood in
    known.first { $0.patient == blood.patient && $0.material == "marrow" }.flatMap { marrow in
      blood.ratio.flatMap { b in marrow.ratio.map { (b, $0) } }
    }
  }
  if !pairs.isEmpty {
    add(
      "paired",
      SampleComparison(
        "CXCR4 of blood and marrow", [("blood", pairs.map(\.0)), ("marrow", pairs.map(\.1))], centre: centre,
        isPaired: true))
  }
  for entry in comparisons {
    for test in entry.comparison.tests { findings += cannotReach(test.mannWhitney.smallestAttainable) }
  }
  var distinct: [Finding] = []
  for finding in findings.worstFirst() where !distinct.contains(finding) { distinct.append(finding) }
  func cell(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)),
      "samples": JSONValue(
        samples.map {
          [
            "patient": JSONValue($0.patient), "ratio": JSONValue($0.ratio), "entity": JSONValue($0.entity),
            "blastPercent": JSONValue($0.blasts), "risk": JSONValue($0.risk), "material": JSONValue($0.material),
          ]
        }),
      "comparisons": JSONValue(try comparisons.map { try $0.comparison.document() }),
      "findings": JSONValue(distinct.map(\.document)),
    ], comparisons.flatMap { $0.comparison.lines } + findingLines(distinct),
    figures: try comparisons.map {
      ("cohort-\($0.name)", try $0.comparison.figure(quantity: "CXCR4, median stained / isotype"))
    },
    tables: [
      (
        "cohort",
        csvText(
          [["patient", "ratio", "entity", "blast_percent", "risk", "material"]]
            + samples.map {
              [$0.patient, cell($0.ratio), $0.entity ?? "", cell($0.blasts), $0.risk ?? "", $0.material ?? ""]
            })
      )
    ])
}

private struct CohortSample {
  let patient: String
  let ratio: Double?
  let entity: String?
  let blasts: Double?
  let risk: String?
  let material: String?
}
