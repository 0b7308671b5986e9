import Foundation
import JSON
import Laboratory
import Provenance
import Quantities
import Reports
import Statistics

/// Radiochemical purity and stability of batches from a table `batch,time_h,product,other`: areas of a chromatogram.
///
/// Several columns that begin with `other` or `free` are added up.
public func purityReport(path: String, limit: Double) throws -> LaboratoryReport {
  let table = try DataTable.export(path)
  let (batch, time) = (try table.required("batch"), try table.required("time_h"))
  let product = try table.required("product")
  let others = table.columns.indices.filter { column in
    ["other", "free", "colloid", "impurity"].contains { table.columns[column].lowercased().hasPrefix($0) }
  }
  guard !others.isEmpty else {
    throw LaboratoryError(
      "purity-columns", "The table has no column of the other peaks.", remedy: "Name it other, free or colloid.")
  }
  var names: [String] = []
  for row in table.rows where !names.contains(table[row, batch]) { names.append(table[row, batch]) }
  var lines: [String] = []
  var findings: [Finding] = []
  var series: [SeriesPlot.Series] = []
  let batches = try names.map { name -> JSONValue in
    let rows = table.rows.filter { table[$0, batch] == name }
    let purity = try RadiochemicalPurity(
      times: rows.map { .hours(try table.requiredNumber($0, time)) },
      product: rows.map { try table.requiredNumber($0, product) },
      others: rows.map { row in try others.reduce(0) { $0 + (try table.requiredNumber(row, $1)) } }, limit: limit)
    series.append(
      .init(
        name: name, points: purity.points.map { .init($0.time.hours, $0.percent, isMarked: !$0.meets) }))
    lines.append(
      "\(name): " + purity.points.map { "\(short($0.percent)) % at \(short($0.time.hours)) h" }.joined(separator: ", ")
        + (purity.stableUntil.map { "; at least \(short(limit)) % until \(short($0.hours)) h" }
          ?? "; below \(short(limit)) %"))
    if let failed = purity.points.first(where: { !$0.meets }) {
      findings.append(
        Finding(
          .serious, code: "purity-below-limit", title: "A batch is below the limit of radiochemical purity.",
          "\(short(failed.percent)) % at \(short(failed.time.hours)) h, limit \(short(limit)) %.", subject: name,
          origin: "Laboratory"))
    }
    return [
      "batch": JSONValue(name),
      "points": JSONValue(
        purity.points.map {
          ["time": amount($0.time.hours, "h"), "purity": amount($0.percent, "%"), "meets": JSONValue($0.meets)]
        }),
      "released": JSONValue(purity.points[0].meets),
      "stableUntil": purity.stableUntil.map { amount($0.hours, "h") } ?? nil,
      "trend": purity.trend.map { ["slope": amount($0.slope, "%/h"), "interval95": $0.interval?.document ?? nil] }
        ?? nil,
    ]
  }
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "limit": amount(limit, "%"), "batches": JSONValue(batches),
      "findings": JSONValue(findings.map(\.document)),
    ], lines + findingLines(findings), figures: [("purity", purityFigure(series, limit))],
    tables: [
      (
        "purity",
        csvText(
          [["batch", "time_h", "purity_percent"]]
            + series.flatMap { own in own.points.map { [own.name, "\($0.x)", "\($0.y)"] } })
      )
    ])
}

/// Purity of batches over time, those below the limit with a ring.
private func purityFigure(_ series: [SeriesPlot.Series], _ limit: Double) -> Figure {
  let points = series.flatMap(\.points)
  let floor = min(limit, points.map(\.y).min() ?? limit)
  return .series(
    SeriesPlot(
      title: "Radiochemical purity", x: .covering(points.map(\.x), title: "time after synthesis, h"),
      y: PlotAxis(title: "purity, %", low: max(0, floor - 2), high: 100.5), series: series,
      limit: .init(limit, "limit \(short(limit)) %"),
      note:
        "n \(series.count) \(series.count == 1 ? "batch" : "batches"), \(points.count) chromatograms; rings: below the limit."
    ))
}

/// Measurements of a control in their order with mean and deviations (Levey and Jennings 1950).
private func controlFigure(_ name: String, _ dates: [String], _ chart: ControlChart) -> Figure {
  let steps = max(1, (dates.count + 3) / 4)
  let marks = stride(from: 0, to: dates.count, by: steps).map { PlotAxis.Mark(Double($0 + 1), dates[$0]) }
  let levels = (-3...3).map { k in
    PlotAxis.Mark(
      chart.mean + Double(k) * chart.deviation, k == 0 ? "mean" : "\(k > 0 ? "+" : "−")\(abs(k)) SD")
  }
  let broken = chart.points.count { !$0.broken.isEmpty }
  let values = chart.points.map(\.value) + levels.map(\.place)
  return .series(
    SeriesPlot(
      title: name, x: PlotAxis(title: "measurement", low: 0, high: Double(dates.count + 1), marks: marks),
      y: .covering(values, title: "value", fromZero: false),
      series: [
        .init(
          name: name,
          points: chart.points.enumerated().map {
            .init(Double($0 + 1), $1.value, isMarked: !$1.broken.isEmpty)
          })
      ], levels: levels,
      note: "n \(chart.points.count), mean \(short(chart.mean)) and SD \(short(chart.deviation)) of the first "
        + "\(chart.baseline). Rings: \(broken) that break a rule of Westgard."))
}

/// A control over time from a table `date,value`, such as the median of a bead or of a control sample, with Westgard's
/// rules.
///
/// With a column `channel`, every channel is a chart of its own. Rows are in the order of time.
public func controlReport(path: String, baseline: Int) throws -> LaboratoryReport {
  let table = try DataTable.export(path)
  let (date, value, channel) = (try table.required("date"), try table.required("value"), table.column("channel"))
  var names: [String] = []
  func name(_ row: Int) -> String { channel.map { table[row, $0] } ?? "value" }
  for row in table.rows where !names.contains(name(row)) { names.append(name(row)) }
  var lines: [String] = []
  var findings: [Finding] = []
  var figures: [NamedFigure] = []
  var cells = [["channel", "date", "value", "score", "rules"]]
  let charts = try names.map { own -> JSONValue in
    let rows = table.rows.filter { name($0) == own }
    let dates = rows.map { table[$0, date] }
    guard dates == dates.sorted() else {
      throw LaboratoryError(
        "control-order", "The measurements of \(own) are not in the order of their dates.",
        remedy: "Write dates as 2026-11-21 and sort the rows.")
    }
    let chart = try ControlChart(rows.map { try table.requiredNumber($0, value) }, baseline: baseline)
    figures.append(("control-\(CytometryFigures.stem(own))", controlFigure(own, dates, chart)))
    cells += zip(dates, chart.points).map { date, point in
      [own, date, "\(point.value)", "\(point.score)", point.broken.map(\.rawValue).joined(separator: " ")]
    }
    let broken = zip(dates, chart.points).filter { !$0.1.broken.isEmpty }
    lines.append(
      "\(own): mean \(short(chart.mean)), SD \(short(chart.deviation)) of the first \(chart.baseline); "
        + (broken.isEmpty
          ? "\(chart.points.count) in control"
          : broken.map { "\($0.0) \($0.1.broken.map(\.rawValue).joined(separator: " "))" }.joined(separator: ", ")))
    for (date, point) in broken {
      findings.append(
        Finding(
          .caution, code: "control-rule", title: "A control measurement breaks a rule.",
          "\(date): \(short(point.value)), \(short(point.score)) SD, \(point.broken.map(\.rawValue).joined(separator: ", ")).",
          subject: own, origin: "Laboratory"))
    }
    return [
      "name": JSONValue(own), "mean": JSONValue(chart.mean), "sd": JSONValue(chart.deviation),
      "baseline": JSONValue(chart.baseline),
      "points": JSONValue(
        zip(dates, chart.points).map { date, point in
          [
            "date": JSONValue(date), "value": JSONValue(point.value), "score": JSONValue(point.score),
            "rules": JSONValue(point.broken.map { JSONValue($0.rawValue) }),
          ]
        }),
    ]
  }
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "charts": JSONValue(charts), "findings": JSONValue(findings.map(\.document)),
    ], lines, figures: figures, tables: [("control", csvText(cells))])
}

/// Internalisation of a ligand from a table `time_min,surface,internalised`.
public func internalisationReport(path: String) throws -> LaboratoryReport {
  let table = try DataTable.export(path)
  let (time, surface) = (try table.required("time_min"), try table.required("surface"))
  let inside = try table.required("internalised", "internalized")
  let times = try table.rows.map { Time.minutes(try table.requiredNumber($0, time)) }
  let fit = try Internalisation(
    times: times, surface: table.rows.map { try table.requiredNumber($0, surface) },
    internalised: table.rows.map { try table.requiredNumber($0, inside) })
  let (rate, error) = (fit.rate.perSecond * 60, fit.rateUncertainty.perSecond * 60)
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)),
      "points": JSONValue(
        zip(times, fit.shares).map { ["time": amount($0.minutes, "min"), "internalised": amount(100 * $1, "%")] }),
      "plateau": amount(100 * fit.plateau.value, "%", 100 * fit.plateau.standardUncertainty),
      "rate": amount(rate, "1/min", error), "halfTime": amount(fit.rate.halfLife.minutes, "min"), "findings": [],
    ],
    [
      "plateau \(short(100 * fit.plateau.value)) % ± \(short(100 * fit.plateau.standardUncertainty)) %, "
        + "rate \(short(rate)) ± \(short(error)) /min, half of it after \(short(fit.rate.halfLife.minutes)) min"
    ],
    figures: [
      (
        "internalisation",
        .series(
          SeriesPlot(
            title: "Internalisation", x: .covering(times.map(\.minutes), title: "time, min"),
            y: .covering(fit.shares.map { 100 * $0 } + [100 * fit.plateau.value], title: "internalised, % of bound"),
            series: [
              .init(
                name: "internalised", points: zip(times, fit.shares).map { .init($0.minutes, 100 * $1) },
                curve: (0...80).map { step in
                  let time = Double(step) / 80 * (times.map(\.minutes).max() ?? 1)
                  return .init(
                    x: time, y: -100 * fit.plateau.value * expm1(-rate * time), lower: nil, upper: nil)
                })
            ],
            note:
              "Plateau \(short(100 * fit.plateau.value)) % ± \(short(100 * fit.plateau.standardUncertainty)) %, half "
              + "of it after \(short(fit.rate.halfLife.minutes)) min. n \(times.count) points."))
      )
    ],
    tables: [
      (
        "internalisation",
        csvText(
          [["time_min", "internalised_percent"]] + zip(times, fit.shares).map { ["\($0.minutes)", "\(100 * $1)"] })
      )
    ])
}

/// Indels by T7 endonuclease I from a table `sample,parent,cut1,cut2`: light of bands.
///
/// A row whose sample is `control` is the unedited lane, whose cleaved share is background.
public func cleavageReport(path: String) throws -> LaboratoryReport {
  let table = try DataTable.export(path)
  let (sample, parent) = (try table.required("sample"), try table.required("parent"))
  let cuts = table.columns.indices.filter { table.columns[$0].lowercased().hasPrefix("cut") }
  func lane(_ row: Int, _ background: Double) throws -> MismatchCleavage {
    try MismatchCleavage(
      parent: table.requiredNumber(row, parent), fragments: cuts.map { try table.requiredNumber(row, $0) },
      background: background)
  }
  let control = table.rows.first { table[$0, sample].lowercased() == "control" }
  let background = try control.map { try lane($0, 0).cleaved } ?? 0
  let lanes = try table.rows.filter { $0 != control }.map { (table[$0, sample], try lane($0, background)) }
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "background": JSONValue(background),
      "lanes": JSONValue(
        lanes.map {
          ["sample": JSONValue($0.0), "cleaved": JSONValue($0.1.cleaved), "indelPercent": JSONValue($0.1.indelPercent)]
        }), "findings": [],
    ], lanes.map { "\($0.0): \(short($0.1.indelPercent)) % of alleles with an indel" },
    figures: barFigures(
      "cleavage",
      BarPlot(
        title: "T7 endonuclease I", quantity: "% of alleles with an indel",
        bars: lanes.map { .init(name: $0.0, value: $0.1.indelPercent) },
        note: "Background \(short(100 * background)) % cleaved, taken off.")),
    tables: [
      ("cleavage", csvText([["sample", "indel_percent"]] + lanes.map { [$0.0, "\($0.1.indelPercent)"] }))
    ])
}
