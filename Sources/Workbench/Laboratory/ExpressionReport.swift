import DICOM
import JSON
import Laboratory
import Provenance
import Reports
import Statistics

/// What a file of a quantitative PCR holds.
private struct ExpressionFile {
  var cycles: [RunCycle] = []
  var references: [String] = []
  var runCalibrators: [String] = []
  var efficiencies: [String: Double] = [:]

  /// Reads RDML, compressed or not, or a table with columns of sample, target and Ct, perhaps run and efficiency.
  init(path: String) throws {
    let bytes = try readFile(path)
    if ZipArchive.begins(bytes) || bytes.prefix(4096).contains("<rdml".utf8) {
      let document = try RDMLDocument(xml: ZipArchive.begins(bytes) ? Self.unpacked(path) : bytes)
      (cycles, references) = (document.cycles, document.references)
      (runCalibrators, efficiencies) = (document.runCalibrators, document.efficiencies)
      return
    }
    let cycleNames = ["ct", "cq", "cт", "cp", "crossing point", "c_t"]
    let table = try DataTable(export: bytes, file: fileName(path)) { cells in
      cells.count { !$0.isEmpty } >= 3 && cells.contains { cycleNames.contains($0.lowercased()) }
    }
    let sample = try table.required("Sample Name", "Sample", "Group", "Content")
    let gene = try table.required("Target Name", "Target", "Gene", "Detector", "Detector Name")
    let cycle = try table.required("CT", "Cq", "Cт", "Cp", "Crossing Point", "C_t")
    let (run, factor) = (table.column("Run", "Plate"), table.column("Amplification Factor"))
    for row in table.rows where !table[row, sample].isEmpty && !table[row, gene].isEmpty {
      let own = RelativeExpression.Cycle(
        group: table[row, sample], gene: table[row, gene], value: try table.number(row, cycle))
      cycles.append(RunCycle(run: run.map { table[row, $0] } ?? "", cycle: own))
      if let factor, let value = try table.number(row, factor) { efficiencies[own.gene] = value }
    }
  }

  private static func unpacked(_ path: String) throws -> [UInt8] {
    let archive = try ZipArchive(path: path)
    guard let entry = archive.entries.first(where: { $0.name.lowercased().hasSuffix(".xml") }) else {
      throw LaboratoryError(
        "rdml-empty", "The archive \(fileName(path)) holds no XML document.", remedy: "Give an RDML file.")
    }
    return try archive.bytes(of: entry)
  }
}

/// Relative expression of a quantitative PCR from RDML or a table of cycles.
///
/// Without references, those that RDML names or known reference genes are taken; without a calibrator, the first sample.
/// Cycles of several runs are brought together by calibrators that all runs hold.
public func expressionReport(
  path: String, references: String?, calibrator: String?, runCalibrators: String? = nil
) throws -> LaboratoryReport {
  let file = try ExpressionFile(path: path)
  func names(_ text: String?) -> [String] { text?.split(separator: ",").map { String($0).trimmingSpaces } ?? [] }
  var findings: [Finding] = []
  func assumed(_ code: String, _ title: String, _ text: String) {
    findings.append(Finding(.caution, code: code, title: title, text, origin: "Laboratory"))
  }
  let runs = Set(file.cycles.map(\.run))
  let shared = runCalibrators.map { names($0) } ?? file.runCalibrators
  var cycles = file.cycles.map(\.cycle)
  var shifts: [String: [String: Double]] = [:]
  if runs.count > 1, shared.isEmpty {
    assumed(
      "runs-uncalibrated", "Runs were not brought together.",
      "The file holds \(runs.count) runs; name samples that all of them hold with --run-calibrator.")
  } else if runs.count > 1 {
    let calibration = try InterRunCalibration(file.cycles, calibrators: shared)
    (cycles, shifts) = (calibration.cycles, calibration.shifts)
  }
  let genes = Set(cycles.map(\.gene))
  var chosen = references.map { names($0) } ?? file.references
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
  let result = try RelativeExpression(cycles, references: chosen, calibrator: base, efficiencies: file.efficiencies)
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
      "calibrator": JSONValue(base), "runs": JSONValue(runs.count),
      "runShifts": .object(
        JSONObject(
          shifts.keys.sorted().map { gene in
            let own = shifts[gene] ?? [:]
            return (gene, .object(JSONObject(own.keys.sorted().map { ($0, JSONValue(own[$0])) })))
          })),
      "rows": JSONValue(rows), "findings": JSONValue(findings.map(\.document)),
    ], lines + findingLines(findings), figures: expressionFigures(result),
    tables: [
      (
        "expression",
        csvText(
          [["gene", "sample", "replicates", "relative", "low", "high"]]
            + result.rows.map { row in
              [
                row.gene, row.group, "\(row.cycles.count)", "\(row.relative)",
                row.interval.map { "\($0.lowerBound)" } ?? "", row.interval.map { "\($0.upperBound)" } ?? "",
              ]
            })
      )
    ])
}

/// A picture a gene: its expression in every sample.
private func expressionFigures(_ result: RelativeExpression) -> [NamedFigure] {
  var genes: [String] = []
  for row in result.rows where !genes.contains(row.gene) { genes.append(row.gene) }
  return genes.flatMap { gene in
    barFigures(
      "expression-\(CytometryFigures.stem(gene))",
      BarPlot(
        title: gene, quantity: "expression relative to \(result.calibrator)",
        bars: result.rows.filter { $0.gene == gene }.map { row in
          .init(
            name: row.group, value: row.relative, lower: row.interval?.lowerBound, upper: row.interval?.upperBound,
            count: row.cycles.count, isControl: row.group == result.calibrator)
        },
        note: "References: \(result.references.joined(separator: ", ")). Whiskers: one standard deviation of ΔCt; "
          + "n are wells, of which no test is made."))
  }
}

extension String {
  fileprivate var trimmingSpaces: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
