import JSON
import Laboratory
import Statistics

/// Binding from a table: `ligand_nM,total[,nonspecific]` for saturation or `competitor_nM,bound` for competition.
///
/// With the ligand's concentration and Kd, in nmol/L, a competition also gives Ki.
public func bindingReport(path: String, ligand: Double?, kd: Double?) throws -> LaboratoryReport {
  let table = try DataTable.export(path)
  func document(_ parameter: BindingParameter, _ unit: String) -> JSONValue {
    amount(parameter.value, unit, parameter.standardUncertainty)
  }
  func text(_ name: String, _ parameter: BindingParameter, _ unit: String) -> String {
    "\(name) \(significantText(parameter.value)) ± \(significantText(parameter.standardUncertainty)) \(unit)"
  }
  if let concentration = table.column("competitor_nM") {
    let bound = try table.required("bound")
    let fit = try CompetitionBinding(
      competitor: table.rows.map { .nanomolar(try table.requiredNumber($0, concentration)) },
      bound: table.rows.map { try table.requiredNumber($0, bound) })
    let ki = try ligand.flatMap { l in
      try kd.map { try fit.inhibitionConstant(ligand: .nanomolar(l), kd: .nanomolar($0)) }
    }
    return LaboratoryReport(
      [
        "file": JSONValue(fileName(path)), "kind": "competition", "points": JSONValue(table.count),
        "ic50": document(fit.ic50, "nmol/L"), "top": document(fit.top, "1"), "bottom": document(fit.bottom, "1"),
        "ki": ki.map { document($0, "nmol/L") } ?? nil, "findings": [],
      ], [text("IC50", fit.ic50, "nmol/L")] + (ki.map { [text("Ki", $0, "nmol/L")] } ?? []))
  }
  let (concentration, total) = (try table.required("ligand_nM", "competitor_nM"), try table.required("total"))
  let unspecific = table.column("nonspecific")
  let fit = try SaturationBinding(
    ligand: table.rows.map { .nanomolar(try table.requiredNumber($0, concentration)) },
    total: table.rows.map { try table.requiredNumber($0, total) },
    unspecific: table.rows.map { row in try unspecific.flatMap { try table.number(row, $0) } })
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "kind": "saturation", "points": JSONValue(table.count),
      "kd": document(fit.kd, "nmol/L"), "bmax": document(fit.bmax, "1"),
      "nonspecific": document(fit.unspecific, "L/nmol"), "findings": [],
    ], [text("Kd", fit.kd, "nmol/L"), text("Bmax", fit.bmax, "")])
}
