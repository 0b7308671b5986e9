import JSON
import Laboratory
import Quantities
import Reports
import Statistics

/// Concentrations and shares of a digital PCR: a QuantaSoft table, a table of counts, or one well's amplitudes.
public func dropletReport(path: String, dropletVolume: Double) throws -> LaboratoryReport {
  let volume = Volume.millilitres(dropletVolume * 1e-6)
  guard dropletVolume > 0.01, dropletVolume < 100 else {
    throw LaboratoryError(
      "droplet-volume", "The droplet volume is \(dropletVolume) nL.", remedy: "Give a volume in nL, usually 0.85.")
  }
  let table = try DataTable.export(path)
  var counts: [(well: String, target: String, channel: Int, count: DropletCount)] = []
  if let cluster = table.column("Cluster") {
    var tally: [Int: Int] = [:]
    for row in table.rows { tally[try table.requiredCount(row, cluster), default: 0] += 1 }
    let (none, one, both, two) = (tally[1] ?? 0, tally[2] ?? 0, tally[3] ?? 0, tally[4] ?? 0)
    let well = fileName(path).replacing("_Amplitude.csv", with: "")
    counts = [
      (well, "channel 1", 1, try DropletCount(positives: one + both, negatives: none + two)),
      (well, "channel 2", 2, try DropletCount(positives: two + both, negatives: none + one)),
    ]
  } else if let positives = table.column("MtPositives") {
    let columns = try (table.required("MtNegatives"), table.required("WtPositives"), table.required("WtNegatives"))
    for row in table.rows {
      let well = table[row, 0]
      counts.append(
        (
          well, "mutant", 1,
          try DropletCount(
            positives: table.requiredCount(row, positives), negatives: table.requiredCount(row, columns.0))
        ))
      counts.append(
        (
          well, "wild type", 2,
          try DropletCount(
            positives: table.requiredCount(row, columns.1), negatives: table.requiredCount(row, columns.2))
        ))
    }
  } else {
    let (well, positives, negatives) =
      try (table.required("Well"), table.required("Positives"), table.required("Negatives"))
    let target = try table.required("TypeAssay", "Target", "DyeName(s)")
    var seen: [String: Int] = [:]
    for row in table.rows where !table[row, positives].isEmpty {
      let name = table[row, well]
      seen[name, default: 0] += 1
      let label = table[row, target]
      counts.append(
        (
          name, label, label.hasPrefix("Ch2") ? 2 : label.hasPrefix("Ch1") ? 1 : seen[name] ?? 1,
          try DropletCount(
            positives: table.requiredCount(row, positives), negatives: table.requiredCount(row, negatives))
        ))
    }
  }
  func concentration(_ copies: Double) -> Double { copies / (volume.millilitres * 1000) }
  let wells = counts.map { entry -> JSONValue in
    let interval = entry.count.interval
    return [
      "well": JSONValue(entry.well), "target": JSONValue(entry.target), "channel": JSONValue(entry.channel),
      "positives": JSONValue(entry.count.positives), "negatives": JSONValue(entry.count.negatives),
      "copiesPerDroplet": JSONValue(entry.count.copiesPerDroplet),
      "concentration": [
        "value": JSONValue(entry.count.copiesPerMicrolitre(dropletVolume: volume)), "unit": "copies/µL",
        "interval95": [
          JSONValue(concentration(interval.lowerBound)), JSONValue(concentration(interval.upperBound)),
        ],
      ],
    ]
  }
  var pairs: [JSONValue] = []
  var shares: [BarPlot.Bar] = []
  var lines = counts.map { entry in
    "\(entry.well) \(entry.target): \(significantText(entry.count.copiesPerMicrolitre(dropletVolume: volume))) copies/µL"
  }
  for target in counts where target.channel == 1 {
    guard let reference = counts.first(where: { $0.well == target.well && $0.channel == 2 }),
      target.count.positives + reference.count.positives > 0
    else { continue }
    let share = try FractionalAbundance(target: target.count, reference: reference.count)
    pairs.append([
      "well": JSONValue(target.well), "target": JSONValue(target.target), "reference": JSONValue(reference.target),
      "fraction": ["value": JSONValue(share.value), "standardUncertainty": JSONValue(share.standardUncertainty)],
      "ratio": JSONValue(
        reference.count.positives > 0 ? target.count.copiesPerDroplet / reference.count.copiesPerDroplet : nil),
    ])
    let percent = 100 * share.value
    let error = 196 * share.standardUncertainty
    shares.append(
      .init(name: target.well, value: percent, lower: max(0, percent - error), upper: min(100, percent + error)))
    lines.append(
      "\(target.well) \(target.target) of both: \(significantText(100 * share.value)) % "
        + "± \(significantText(100 * share.standardUncertainty)) %")
  }
  var targets: [String] = []
  for entry in counts where !targets.contains(entry.target) { targets.append(entry.target) }
  var figures = targets.flatMap { target in
    barFigures(
      "concentration-\(CytometryFigures.stem(target))",
      BarPlot(
        title: target, quantity: "copies/µL",
        bars: counts.filter { $0.target == target }.map { entry in
          .init(
            name: entry.well, value: concentration(entry.count.copiesPerDroplet),
            lower: concentration(entry.count.interval.lowerBound),
            upper: concentration(entry.count.interval.upperBound),
            count: entry.count.positives + entry.count.negatives)
        }, note: "Whiskers: 95 % interval of counting; n are droplets of \(significantText(dropletVolume)) nL."))
  }
  if !shares.isEmpty {
    figures += barFigures(
      "fraction",
      BarPlot(
        title: "Share of channel 1", quantity: "% of both channels", bars: shares,
        note: "Whiskers: 95 % interval of counting."))
  }
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "dropletVolume": amount(dropletVolume, "nL"), "wells": JSONValue(wells),
      "fractions": JSONValue(pairs), "findings": [],
    ], lines, figures: figures,
    tables: [
      (
        "droplets",
        csvText(
          [["well", "target", "positives", "negatives", "copies_per_uL", "low95", "high95"]]
            + counts.map { entry in
              [
                entry.well, entry.target, "\(entry.count.positives)", "\(entry.count.negatives)",
                "\(concentration(entry.count.copiesPerDroplet))", "\(concentration(entry.count.interval.lowerBound))",
                "\(concentration(entry.count.interval.upperBound))",
              ]
            })
      )
    ])
}
