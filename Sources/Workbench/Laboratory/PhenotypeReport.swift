import JSON
import Laboratory
import Provenance
import Reports
import Statistics

/// Phenotypes of cells in a multiplex immunofluorescence table (inForm cell segmentation data): counts by tissue,
/// distances to the nearest cell of every other phenotype, and neighbours within a radius.
///
/// Places are in the table's unit; `scale` turns them into µm. Densities need the areas of tissue categories, from the
/// table or from inForm's summary of it.
public func phenotypeReport(
  path: String, radius: Double, scale: Double, summary: String? = nil
) throws -> LaboratoryReport {
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
  let areas = try TissueAreas(summary.map { try DataTable.export($0) { $0.contains("Tissue Category") } } ?? table)
  let densities = areas.map { areas in
    areas.categories.flatMap { category in
      map.phenotypes.map { phenotype in
        PhenotypeDensity(
          tissue: category.name, phenotype: phenotype,
          cells: cells.count { $0.phenotype == phenotype && ($0.tissue ?? "") == category.name }, area: category.area)
      }
    }
  }
  let unit = areas.map { $0.isMicrometres ? "1/mm²" : "per megapixel" } ?? ""
  let findings =
    areas == nil
    ? [
      Finding(
        .info, code: "area-missing", title: "No densities were given.",
        "The table holds no areas of tissue; --summary names one that does.", origin: "Laboratory")
    ] : []
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "cells": JSONValue(cells.count), "leftOut": JSONValue(missing),
      "phenotypes": counts(cells),
      "byTissue": .object(JSONObject(tissues.map { name in (name, counts(cells.filter { $0.tissue == name })) })),
      "nearest": JSONValue(nearest), "radius": JSONValue(radius), "within": JSONValue(within),
      "densities": JSONValue(
        (densities ?? []).map {
          [
            "tissue": JSONValue($0.tissue), "phenotype": JSONValue($0.phenotype), "cells": JSONValue($0.cells),
            "density": amount($0.perMillion, unit),
          ]
        }), "findings": JSONValue(findings.map(\.document)),
    ],
    ["\(cells.count) cells"] + map.phenotypes.map { "  \($0): \(all[$0] ?? 0)" }
      + (densities ?? []).map {
        "  \($0.tissue.isEmpty ? "all" : $0.tissue) \($0.phenotype): \(short($0.perMillion)) \(unit)"
      } + findingLines(findings),
    figures: try phenotypeFigures(
      map, densities, unit: unit,
      lengthUnit: scale == 1 && table.column("Cell X Position (micron)") == nil ? "unit of the table" : "µm"),
    tables: [
      (
        "phenotypes",
        csvText(
          [["tissue", "phenotype", "cells", "density"]]
            + (densities.map { $0.map { [$0.tissue, $0.phenotype, "\($0.cells)", "\($0.perMillion)"] } }
              ?? map.phenotypes.map { ["", $0, "\(all[$0] ?? 0)", ""] })
        )
      )
    ])
}

/// How many cells of a phenotype there are on the area of a tissue.
private struct PhenotypeDensity {
  let tissue: String
  let phenotype: String
  let cells: Int
  /// In µm² or pixels.
  let area: Double

  var perMillion: Double { 1e6 * Double(cells) / area }
}

/// The areas of tissue categories, added up over samples.
private struct TissueAreas {
  let isMicrometres: Bool
  let categories: [(name: String, area: Double)]

  /// `nil` where the table states no area; every row of a sample and category repeats it.
  init?(_ table: DataTable) throws {
    let micrometres = table.column("Tissue Category Area (square microns)")
    guard let column = micrometres ?? table.column("Tissue Category Area (pixels)") else { return nil }
    isMicrometres = micrometres != nil
    let (tissue, sample) = (table.column("Tissue Category"), table.column("Sample Name"))
    var areas: [String: [String: Double]] = [:]
    for row in table.rows {
      let (category, name) = (tissue.map { table[row, $0] } ?? "", sample.map { table[row, $0] } ?? "")
      guard category.lowercased() != "all", let area = try? table.number(row, column), area > 0 else { continue }
      guard areas[category, default: [:]].updateValue(area, forKey: name).map({ $0 == area }) ?? true else {
        throw LaboratoryError(
          "area-conflict", "The area of \(category) differs between rows of a sample.",
          remedy: "Export the table again.")
      }
    }
    guard !areas.isEmpty else { return nil }
    categories = areas.keys.sorted().map { ($0, areas[$0]?.values.sorted().reduce(0, +) ?? 0) }
  }
}

/// Cells or densities by phenotype, one picture a tissue, and the distances to the nearest cell of each other phenotype.
private func phenotypeFigures(
  _ map: CellPhenotypes, _ densities: [PhenotypeDensity]?, unit: String, lengthUnit: String
) throws -> [NamedFigure] {
  let counts = map.counts
  var figures: [NamedFigure] = []
  if let densities {
    var tissues: [String] = []
    for density in densities where !tissues.contains(density.tissue) { tissues.append(density.tissue) }
    for tissue in tissues {
      let own = densities.filter { $0.tissue == tissue }
      figures += barFigures(
        tissue.isEmpty ? "density" : "density-\(CytometryFigures.stem(tissue))",
        BarPlot(
          title: tissue.isEmpty ? "Cells" : tissue, quantity: "cells \(unit)",
          bars: own.map { .init(name: $0.phenotype, value: $0.perMillion, count: $0.cells) },
          note: "n are cells."))
    }
  } else {
    figures += barFigures(
      "cells",
      BarPlot(
        title: "Cells by phenotype", quantity: "cells",
        bars: map.phenotypes.map { .init(name: $0, value: Double(counts[$0] ?? 0)) }, note: ""))
  }
  for from in map.phenotypes where map.phenotypes.count > 1 {
    let bars = try map.phenotypes.filter { $0 != from }.compactMap { to -> BarPlot.Bar? in
      let distances = map.nearest(from: from, to: to).distances
      guard !distances.isEmpty else { return nil }
      let d = try Description(distances)
      return .init(name: to, value: d.median, lower: d.lowerQuartile, upper: d.upperQuartile, count: d.count)
    }
    guard !bars.isEmpty else { continue }
    figures += barFigures(
      "nearest-\(CytometryFigures.stem(from))",
      BarPlot(
        title: "From \(from) to the nearest", quantity: "distance, \(lengthUnit)", bars: bars,
        note: "Bars: median; whiskers: quartiles; n are cells of \(from)."))
  }
  return figures
}
