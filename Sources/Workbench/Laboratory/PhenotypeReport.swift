import JSON
import Laboratory
import Statistics

/// Phenotypes of cells in a multiplex immunofluorescence table (inForm cell segmentation data): counts by tissue,
/// distances to the nearest cell of every other phenotype, and neighbours within a radius.
///
/// Places are in the table's unit; `scale` turns them into µm.
public func phenotypeReport(path: String, radius: Double, scale: Double) throws -> LaboratoryReport {
  guard radius > 0, scale > 0, radius.isFinite, scale.isFinite else {
    throw LaboratoryError("radius-invalid", "Radius or scale is not above 0.", remedy: "Give both above 0.")
  }
  let table = try DataTable.export(path) { cells in
    cells.contains { $0.hasPrefix("Cell X Position") } && cells.contains("Phenotype")
  }
  let (x, y, phenotype) =
    try (
      table.required("Cell X Position", "Cell X Position (micron)"),
      table.required("Cell Y Position", "Cell Y Position (micron)"), table.required("Phenotype")
    )
  let (tissue, sample) = (table.column("Tissue Category"), table.column("Sample Name"))
  var missing = 0
  let cells = try table.rows.compactMap { row -> CellPhenotypes.Cell? in
    guard let a = try table.number(row, x), let b = try table.number(row, y), !table[row, phenotype].isEmpty else {
      missing += 1
      return nil
    }
    return CellPhenotypes.Cell(
      x: a * scale, y: b * scale, phenotype: table[row, phenotype], tissue: tissue.map { table[row, $0] },
      sample: sample.map { table[row, $0] })
  }
  guard !cells.isEmpty else {
    throw LaboratoryError("cells-missing", "\(fileName(path)) lists no cell.", remedy: "Export the cells again.")
  }
  let map = CellPhenotypes(cells)
  let tissues = Set(cells.compactMap(\.tissue)).sorted()
  func counts(_ cells: [CellPhenotypes.Cell]) -> JSONValue {
    let counts = CellPhenotypes(cells).counts
    return .object(JSONObject(counts.keys.sorted().map { ($0, JSONValue(counts[$0] ?? 0)) }))
  }
  var nearest: [JSONValue] = []
  var within: [JSONValue] = []
  for from in map.phenotypes {
    for to in map.phenotypes {
      let distances = map.nearest(from: from, to: to).distances
      if from != to, !distances.isEmpty {
        nearest.append([
          "from": JSONValue(from), "to": JSONValue(to), "cells": JSONValue(distances.count),
          "mean": JSONValue(distances.reduce(0, +) / Double(distances.count)),
          "median": JSONValue(try Fluorescence(distances).median), "min": JSONValue(distances.min()),
          "max": JSONValue(distances.max()),
        ])
      }
      let near = map.within(from: from, to: to, radius: radius)
      within.append([
        "from": JSONValue(from), "to": JSONValue(to), "fromCount": JSONValue(near.fromCount),
        "toCount": JSONValue(near.toCount), "fromWith": JSONValue(near.fromWith), "withinMean": JSONValue(near.mean),
      ])
    }
  }
  let all = map.counts
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "cells": JSONValue(cells.count), "leftOut": JSONValue(missing),
      "phenotypes": counts(cells),
      "byTissue": .object(JSONObject(tissues.map { name in (name, counts(cells.filter { $0.tissue == name })) })),
      "nearest": JSONValue(nearest), "radius": JSONValue(radius), "within": JSONValue(within), "findings": [],
    ],
    ["\(cells.count) cells"] + map.phenotypes.map { "  \($0): \(all[$0] ?? 0)" })
}
