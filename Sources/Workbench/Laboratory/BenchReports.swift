import Provenance
import JSON
import Laboratory
import Quantities
import Reports
import Statistics

/// Migration from a table `sample,condition,cells,beads,beads_added`: cells a well, against medium and input.
///
/// The conditions “medium” and “input” are the controls; the migration index is the mean of a condition over medium's.
public func migrationReport(path: String, centre: GroupCentre = .median) throws -> LaboratoryReport {
  let table = try DataTable.export(path)
  let (sample, condition) = (try table.required("sample"), try table.required("condition"))
  let (cells, beads, added) = try (table.required("cells"), table.required("beads"), table.required("beads_added"))
  let wells = try table.rows.map { row in
    (
      sample: table[row, sample], condition: table[row, condition],
      well: try MigrationWell(
        cells: table.requiredCount(row, cells), beads: table.requiredCount(row, beads),
        addedBeads: table.requiredNumber(row, added))
    )
  }
  var conditions: [String] = []
  for well in wells where !conditions.contains(well.condition) { conditions.append(well.condition) }
  func mean(_ name: String) -> Double? {
    let totals = wells.filter { $0.condition.lowercased() == name.lowercased() }.map(\.well.total)
    return totals.isEmpty ? nil : totals.reduce(0, +) / Double(totals.count)
  }
  let (medium, input) = (mean("medium"), mean("input"))
  let rows = conditions.map { name -> (JSONValue, String) in
    let own = mean(name) ?? 0
    let index = medium.flatMap { $0 > 0 ? own / $0 : nil }
    let percent = input.flatMap { $0 > 0 ? 100 * own / $0 : nil }
    return (
      [
        "condition": JSONValue(name), "meanCells": JSONValue(own),
        "wells": JSONValue(wells.count { $0.condition == name }), "migrationIndex": JSONValue(index),
        "percentOfInput": JSONValue(percent),
      ],
      "\(name): \(significantText(own)) cells" + (index.map { ", index \(significantText($0))" } ?? "")
        + (percent.map { ", \(significantText($0)) % of input" } ?? "")
    )
  }
  let comparison = SampleComparison(
    "Migration",
    conditions.filter { input == nil || $0.lowercased() != "input" }.map { name in
      (
        name,
        wells.filter { $0.condition == name }.map { well in input.map { 100 * well.well.total / $0 } ?? well.well.total
        }
      )
    }, centre: centre)
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)),
      "wells": JSONValue(
        wells.map {
          [
            "sample": JSONValue($0.sample), "condition": JSONValue($0.condition), "cells": JSONValue($0.well.total),
            "standardUncertainty": JSONValue($0.well.standardUncertainty),
          ]
        }),
      "conditions": JSONValue(rows.map(\.0)), "comparison": try comparison.document(), "findings": [],
    ], rows.map(\.1) + comparison.lines,
    figures: try comparison.groups.isEmpty
      ? [] : [("migration", comparison.figure(quantity: input == nil ? "cells" : "% of input"))],
    tables: [
      (
        "migration",
        csvText(
          [["sample", "condition", "cells", "standard_uncertainty"]]
            + wells.map {
              [$0.sample, $0.condition, "\($0.well.total)", $0.well.standardUncertainty.map { "\($0)" } ?? ""]
            })
      )
    ])
}

/// Scores of stained tumour cells from a table `sample,weak,moderate,strong` in % of cells.
public func stainingReport(path: String) throws -> LaboratoryReport {
  let table = try DataTable.export(path)
  let (sample, weak) = (try table.required("sample"), try table.required("weak"))
  let (moderate, strong) = (try table.required("moderate"), try table.required("strong"))
  var bars: [BarPlot.Bar] = []
  let rows = try table.rows.map { row -> (JSONValue, String) in
    let cells = try StainedCells(
      weak: table.requiredNumber(row, weak), moderate: table.requiredNumber(row, moderate),
      strong: table.requiredNumber(row, strong))
    let name = table[row, sample]
    bars.append(.init(name: name, value: cells.hScore))
    return (
      [
        "sample": JSONValue(name), "positivePercent": JSONValue(cells.positive), "hScore": JSONValue(cells.hScore),
        "irs": JSONValue(cells.immunoreactiveScore), "allred": JSONValue(cells.allredScore),
      ],
      "\(name): H-score \(significantText(cells.hScore)), IRS \(cells.immunoreactiveScore), Allred \(cells.allredScore)"
    )
  }
  let unverified = Finding(
    .caution, code: "score-bounds-unverified", title: "Bounds not verified.",
    "The classes of stained cells behind IRS and Allred were not checked in their primary sources.",
    origin: "Laboratory · immunohistochemistry")
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "samples": JSONValue(rows.map(\.0)),
      "findings": JSONValue([unverified.document]),
    ], rows.map(\.1) + ["\(unverified.title) \(unverified.text)"],
    figures: barFigures(
      "h-score",
      BarPlot(
        title: "H-score", quantity: "0 to 300", bars: bars,
        note: "Share of weakly, twice that of moderately and three times that of strongly stained cells.")),
    tables: [("h-score", csvText([["sample", "h_score"]] + bars.map { [$0.name, "\($0.value)"] }))])
}

/// Xenografts from a table: `animal,group,day,length_mm,width_mm` for growth, or
/// `animal,group,tissue,activity_kBq,injected_kBq,mass_g` for uptake.
public func xenograftReport(path: String, centre: GroupCentre = .median) throws -> LaboratoryReport {
  let table = try DataTable.export(path)
  let (animal, group) = (try table.required("animal"), try table.required("group"))
  if table.column("mass_g") != nil { return try uptakeReport(table, path, animal, group, centre) }
  let (day, length, width) = try (table.required("day"), table.required("length_mm"), table.required("width_mm"))
  var order: [String] = []
  var curves: [String: (group: String, times: [Time], volumes: [Volume])] = [:]
  var measured: [JSONValue] = []
  for row in table.rows {
    let name = table[row, animal]
    let time = Time.days(try table.requiredNumber(row, day))
    let volume = try Xenograft.volume(
      length: .millimetres(table.requiredNumber(row, length)), width: .millimetres(table.requiredNumber(row, width)))
    if curves[name] == nil { order.append(name) }
    curves[name, default: (table[row, group], [], [])].times.append(time)
    curves[name]?.volumes.append(volume)
    measured.append([
      "animal": JSONValue(name), "group": JSONValue(table[row, group]), "time": amount(time.days, "d"),
      "volume": amount(volume.millilitres, "mL"),
    ])
  }
  var lines: [String] = []
  let growth = order.compactMap { name -> JSONValue? in
    guard let curve = curves[name] else { return nil }
    let rate = Xenograft.growthRate(times: curve.times, volumes: curve.volumes)
    let doubling = rate.flatMap { $0.perSecond > 0 ? $0.halfLife.days : nil }
    lines.append("\(name) (\(curve.group)): doubling time \(doubling.map { significantText($0) + " d" } ?? "–")")
    return [
      "animal": JSONValue(name), "group": JSONValue(curve.group),
      "growthRate": rate.map { amount($0.perSecond * 86400, "1/d") } ?? nil,
      "doublingTime": doubling.map { amount($0, "d") } ?? nil,
    ]
  }
  let figures = GrowthFigures(
    order.compactMap { name in
      curves[name].map { ($0.group, zip($0.times.map(\.days), $0.volumes.map(\.millilitres)).map { ($0, $1) }) }
    }, centre: centre)
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "volumes": JSONValue(measured), "growth": JSONValue(growth),
      "comparison": try figures.comparison.document(), "findings": [],
    ], lines + figures.comparison.lines, figures: try figures.all(), tables: [("growth", figures.table)])
}

private func uptakeReport(
  _ table: DataTable, _ path: String, _ animal: Int, _ group: Int, _ centre: GroupCentre
) throws -> LaboratoryReport {
  let (tissue, mass) = (try table.required("tissue"), try table.required("mass_g"))
  let (activity, injected) = (try table.required("activity_kBq"), try table.required("injected_kBq"))
  var (tissues, groups): ([String], [String]) = ([], [])
  var values: [String: [String: [Double]]] = [:]
  let rows = try table.rows.map { row -> (JSONValue, String) in
    let uptake = try Xenograft.uptake(
      .becquerels(1000 * table.requiredNumber(row, activity)),
      injected: .becquerels(1000 * table.requiredNumber(row, injected)), mass: .grams(table.requiredNumber(row, mass)))
    if !tissues.contains(table[row, tissue]) { tissues.append(table[row, tissue]) }
    if !groups.contains(table[row, group]) { groups.append(table[row, group]) }
    values[table[row, tissue], default: [:]][table[row, group], default: []].append(uptake)
    return (
      [
        "animal": JSONValue(table[row, animal]), "group": JSONValue(table[row, group]),
        "tissue": JSONValue(table[row, tissue]),
        "uptake": amount(uptake, "%ID/g"),
      ],
      "\(table[row, animal]) \(table[row, tissue]): \(significantText(uptake)) %ID/g"
    )
  }
  let comparisons = tissues.map { tissue in
    SampleComparison(tissue, groups.map { ($0, values[tissue]?[$0] ?? []) }, centre: centre)
  }
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "uptake": JSONValue(rows.map(\.0)),
      "comparisons": JSONValue(try comparisons.map { try $0.document() }), "findings": [],
    ], rows.map(\.1) + comparisons.flatMap(\.lines),
    figures: try comparisons.map { ("uptake-\(CytometryFigures.stem($0.title))", try $0.figure(quantity: "%ID/g")) },
    tables: [
      (
        "uptake",
        csvText(
          [["tissue", "group", "percent_injected_per_g"]]
            + tissues.flatMap { tissue in
              groups.flatMap { group in (values[tissue]?[group] ?? []).map { [tissue, group, "\($0)"] } }
            })
      )
    ])
}
