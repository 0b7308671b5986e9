import JSON
import Laboratory
import Provenance
import Quantities
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
  let batches = try names.map { name -> JSONValue in
    let rows = table.rows.filter { table[$0, batch] == name }
    let purity = try RadiochemicalPurity(
      times: rows.map { .hours(try table.requiredNumber($0, time)) },
      product: rows.map { try table.requiredNumber($0, product) },
      others: rows.map { row in try others.reduce(0) { $0 + (try table.requiredNumber(row, $1)) } }, limit: limit)
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
    ], lines + findingLines(findings))
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
  let charts = try names.map { own -> JSONValue in
    let rows = table.rows.filter { name($0) == own }
    let dates = rows.map { table[$0, date] }
    guard dates == dates.sorted() else {
      throw LaboratoryError(
        "control-order", "The measurements of \(own) are not in the order of their dates.",
        remedy: "Write dates as 2026-11-21 and sort the rows.")
    }
    let chart = try ControlChart(rows.map { try table.requiredNumber($0, value) }, baseline: baseline)
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
    ], lines)
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
    ], lanes.map { "\($0.0): \(short($0.1.indelPercent)) % of alleles with an indel" })
}
