import Foundation
import JSON
import Laboratory
import Reports
import Statistics

/// Binding from a table: `ligand_nM,total[,nonspecific]` for saturation or `competitor_nM,bound` for competition.
///
/// With the ligand's concentration and Kd, in nmol/L, a competition also gives Ki.
public func bindingReport(path: String, ligand: Double?, kd: Double?) throws -> LaboratoryReport {
  let table = try DataTable.export(path)
  if let concentration = table.column("competitor_nM") {
    return try competitionReport(table, path, concentration, ligand: ligand, kd: kd)
  }
  let (concentration, total) = (try table.required("ligand_nM", "competitor_nM"), try table.required("total"))
  let unspecific = table.column("nonspecific")
  let ligands = try table.rows.map { try table.requiredNumber($0, concentration) }
  let totals = try table.rows.map { try table.requiredNumber($0, total) }
  let rest = try table.rows.map { row in try unspecific.flatMap { try table.number(row, $0) } }
  let fit = try SaturationBinding(ligand: ligands.map { .nanomolar($0) }, total: totals, unspecific: rest)
  let curve = steps(0, 1.02 * (ligands.max() ?? 1)).map { (x: $0, point: fit.total(at: .nanomolar($0))) }
  let measured = rest.enumerated().compactMap { index, value in value.map { SeriesPlot.Point(ligands[index], $0) } }
  let lines = [text("Kd", fit.kd, "nmol/L"), text("Bmax", fit.bmax, "")]
  let unspecificSeries = SeriesPlot.Series(
    name: "nonspecific", points: measured,
    curve: curve.map { .init(x: $0.x, y: fit.unspecific.value * $0.x, lower: nil, upper: nil) })
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "kind": "saturation", "points": JSONValue(table.count),
      "kd": document(fit.kd, "nmol/L"), "bmax": document(fit.bmax, "1"),
      "nonspecific": document(fit.unspecific, "L/nmol"), "findings": [],
    ], lines,
    figures: [
      (
        "saturation",
        .series(
          SeriesPlot(
            title: "Saturation binding", x: .covering(ligands, title: "free ligand, nmol/L"),
            y: .covering(totals + curve.map { $0.point.interval.upperBound }, title: "bound"),
            series: [
              .init(
                name: "total", points: zip(ligands, totals).map { .init($0, $1) },
                curve: curve.map { linePoint($0.x, $0.point) })
            ] + (measured.isEmpty ? [] : [unspecificSeries]),
            note: "\(lines.joined(separator: "; ")). n \(table.count) concentrations. Band: 95 % interval of the curve."
          ))
      )
    ], tables: [("saturation", curveTable("ligand_nM", curve))])
}

private func competitionReport(
  _ table: DataTable, _ path: String, _ column: Int, ligand: Double?, kd: Double?
) throws -> LaboratoryReport {
  let bound = try table.required("bound")
  let competitors = try table.rows.map { try table.requiredNumber($0, column) }
  let values = try table.rows.map { try table.requiredNumber($0, bound) }
  let fit = try CompetitionBinding(competitor: competitors.map { .nanomolar($0) }, bound: values)
  let ki = try ligand.flatMap { l in
    try kd.map { try fit.inhibitionConstant(ligand: .nanomolar(l), kd: .nanomolar($0)) }
  }
  let axis = PlotAxis.concentrations(competitors, title: "competitor, nmol/L")
  let curve = steps(axis.low, axis.high).map { place in
    (x: pow(10, place), point: fit.bound(at: .nanomolar(pow(10, place))))
  }
  let lines = [text("IC50", fit.ic50, "nmol/L")] + (ki.map { [text("Ki", $0, "nmol/L")] } ?? [])
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "kind": "competition", "points": JSONValue(table.count),
      "ic50": document(fit.ic50, "nmol/L"), "top": document(fit.top, "1"), "bottom": document(fit.bottom, "1"),
      "ki": ki.map { document($0, "nmol/L") } ?? nil, "findings": [],
    ], lines,
    figures: [
      (
        "competition",
        .series(
          SeriesPlot(
            title: "Competition binding", x: axis,
            y: .covering(values + curve.map { $0.point.interval.upperBound }, title: "bound"),
            series: [
              .init(
                name: "bound",
                points: zip(competitors, values).map { .init(PlotAxis.place($0, among: competitors), $1) },
                curve: curve.map { linePoint(log10($0.x), $0.point) })
            ],
            note: "\(lines.joined(separator: "; ")). n \(table.count) points. Band: 95 % interval of the curve."))
      )
    ], tables: [("competition", curveTable("competitor_nM", curve))])
}

private func steps(_ low: Double, _ high: Double) -> [Double] { (0...80).map { low + (high - low) * Double($0) / 80 } }

private func linePoint(_ x: Double, _ point: BindingCurvePoint) -> CorrelationPlot.LinePoint {
  .init(x: x, y: point.value, lower: point.interval.lowerBound, upper: point.interval.upperBound)
}

private func curveTable(_ name: String, _ curve: [(x: Double, point: BindingCurvePoint)]) -> String {
  csvText(
    [[name, "bound", "low95", "high95"]]
      + curve.map {
        ["\($0.x)", "\($0.point.value)", "\($0.point.interval.lowerBound)", "\($0.point.interval.upperBound)"]
      })
}

private func document(_ parameter: BindingParameter, _ unit: String) -> JSONValue {
  var members = amount(parameter.value, unit, parameter.standardUncertainty).object ?? [:]
  members["interval95"] = parameter.interval95.map { [JSONValue($0.lowerBound), JSONValue($0.upperBound)] } ?? nil
  return .object(members)
}

private func text(_ name: String, _ parameter: BindingParameter, _ unit: String) -> String {
  "\(name) \(significantText(parameter.value)) ± \(significantText(parameter.standardUncertainty)) \(unit)"
    + (parameter.interval95.map {
      " (95 % \(significantText($0.lowerBound)) to \(significantText($0.upperBound)))"
    } ?? "")
}
