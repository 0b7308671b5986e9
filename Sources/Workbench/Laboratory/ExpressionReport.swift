import JSON
import Laboratory
import Provenance

/// Relative expression of a quantitative PCR from a table of cycles: columns of sample, target and Ct.
///
/// Without references, known reference genes of the table are taken; without a calibrator, its first sample.
public func expressionReport(path: String, references: String?, calibrator: String?) throws -> LaboratoryReport {
  let cycleNames = ["ct", "cq", "cт", "cp", "crossing point", "c_t"]
  let table = try DelimitedTable(try readFile(path), name: fileName(path)) { cells in
    cells.count { !$0.isEmpty } >= 3 && cells.contains { cycleNames.contains($0.lowercased()) }
  }
  let sample = try table.required("Sample Name", "Sample", "Group", "Content")
  let gene = try table.required("Target Name", "Target", "Gene", "Detector", "Detector Name")
  let cycle = try table.required("CT", "Cq", "Cт", "Cp", "Crossing Point", "C_t")
  let cycles = try table.rows.indices.filter { !table.rows[$0][sample].isEmpty && !table.rows[$0][gene].isEmpty }
    .map {
      RelativeExpression.Cycle(
        group: table.rows[$0][sample], gene: table.rows[$0][gene], value: try table.number($0, cycle))
    }
  var findings: [Finding] = []
  func assumed(_ code: String, _ title: String, _ text: String) {
    findings.append(Finding(.caution, code: code, title: title, text, origin: "Laboratory"))
  }
  let genes = Set(cycles.map(\.gene))
  var chosen = references?.split(separator: ",").map { String($0).trimmingSpaces } ?? []
  if chosen.isEmpty {
    let usual = ["GAPDH", "ACTB", "B2M", "HPRT1", "HPRT", "18S", "RPLP0", "TBP", "ABL1", "GUSB", "PPIA"]
    chosen = genes.filter { usual.contains($0.uppercased()) }.sorted()
    if !chosen.isEmpty {
      assumed(
        "reference-assumed", "Reference genes were assumed.",
        "\(chosen.joined(separator: ", ")); state them with --reference.")
    }
  }
  let base = calibrator ?? cycles.first?.group ?? ""
  if calibrator == nil {
    assumed(
      "calibrator-assumed", "The calibrator was assumed.", "It is “\(base)”, the first; state it with --calibrator.")
  }
  let result = try RelativeExpression(cycles, references: chosen, calibrator: base)
  findings = (findings + result.findings).worstFirst()
  let rows = result.rows.map { row -> JSONValue in
    [
      "gene": JSONValue(row.gene), "sample": JSONValue(row.group), "replicates": JSONValue(row.cycles.count),
      "ct": ["mean": JSONValue(row.cycles.mean), "sd": JSONValue(row.cycles.deviation)],
      "deltaCt": ["value": JSONValue(row.deltaCycle), "sd": JSONValue(row.deviation)],
      "deltaDeltaCt": JSONValue(row.deltaDeltaCycle), "relative": JSONValue(row.relative),
      "interval": row.interval.map { [JSONValue($0.lowerBound), JSONValue($0.upperBound)] } ?? nil,
    ]
  }
  let lines = result.rows.map { row in
    "\(row.gene) in \(row.group): \(significantText(row.relative)) of \(base)"
      + (row.interval.map { " (\(significantText($0.lowerBound)) to \(significantText($0.upperBound)))" } ?? "")
  }
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "references": JSONValue(chosen.map { JSONValue($0) }),
      "calibrator": JSONValue(base), "rows": JSONValue(rows), "findings": JSONValue(findings.map(\.document)),
    ], lines + findingLines(findings))
}

extension String {
  fileprivate var trimmingSpaces: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
