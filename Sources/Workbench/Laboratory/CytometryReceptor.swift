import Foundation
import JSON
import Laboratory
import Provenance
import Reports
import Statistics

/// CXCR4 on blasts and lymphocytes: the stained tube against the isotype control, in given gates or proposed ones.
///
/// With gates given, those whose names begin with “blast” and “lymph” are the populations of that name. With beads of
/// known capacity, a table `abc,median`, antibodies bound a cell are stated too.
public func cytometryReceptor(
  stained: String, isotype: String, gates path: String?, channel name: String?, savingGates saved: String?,
  compensation: CompensationChoice = .stated, beads: String? = nil
) throws -> LaboratoryReport {
  let density = try beads.map(beadCalibration)
  let (tube, found) = try compensation.dataset(of: FCSFile(path: stained))
  let (control, foundInControl) = try compensation.dataset(of: FCSFile(path: isotype))
  let channel = try name.map { try tube.channel(named: $0) } ?? receptorChannel(tube)
  let controlChannel = try control.channel(named: channel.name)
  var findings = found + foundInControl.filter { !found.contains($0) }
  let gates: GateSet
  if let path {
    let read = try FileGates(readFile(path), file: fileName(stained))
    gates = read.gates
    findings += read.findings
  } else {
    let proposal = try GateProposal(tube)
    gates = proposal.gates
    findings += proposal.findings
  }
  if let saved { try writeText(gates.gatingML(), to: saved) }
  let (x, y) = (try gates.apply(to: tube), try gates.apply(to: control))
  let isCompensated = tube.statedSpillover.matrix != nil
  let values = try tube.values(of: GateDimension(.index(channel.index)))
  let controls = try control.values(of: GateDimension(.index(controlChannel.index)))
  var expressions: [ReceptorExpression] = []
  var figures: [(name: String, figure: Figure)] = []
  for (index, gate) in gates.gates.enumerated() {
    guard x.counts[index] > 0, y.counts[index] > 0 else {
      findings.append(
        Finding(
          .caution, code: "gate-empty", title: "A gate is empty.",
          "It holds \(x.counts[index]) events of the stained and \(y.counts[index]) of the isotype tube.",
          subject: gate.name, origin: "Laboratory"))
      continue
    }
    let (own, dark) = (x.events(in: index).map { values[$0] }, y.events(in: index).map { controls[$0] })
    let expression = try ReceptorExpression(
      population: gate.name, stained: own, of: tube.events.count, isotype: dark, of: control.events.count, seed: 1)
    expressions.append(expression)
    figures.append(
      (
        "histogram-\(CytometryFigures.stem(gate.name))",
        try CytometryFigures.overlay(
          expression, title: channel.label ?? channel.name, stained: own, isotype: dark, channel: channel)
      ))
  }
  figures += try CytometryFigures(dataset: tube, gates: gates, result: x).planes()
  func population(_ prefix: String) -> ReceptorExpression? {
    expressions.first { $0.population.lowercased().hasPrefix(prefix) }
  }
  let (blasts, lymphocytes) = (population("blast"), population("lymph"))
  if blasts == nil {
    findings.append(
      Finding(
        .caution, code: "blasts-missing", title: "No gate is named blasts.",
        "Name the gate of the blasts “blasts” to see its result apart.", origin: "Laboratory"))
  }
  let ratioOfRatios = blasts?.medianRatio.flatMap { r in lymphocytes?.medianRatio.map { r / $0 } }
  let sorted = findings.worstFirst()
  var document: JSONObject = [
    "stained": JSONValue(fileName(stained)), "isotype": JSONValue(fileName(isotype)),
    "channel": JSONValue(channel.name), "label": JSONValue(channel.label), "compensated": JSONValue(isCompensated),
    "gates": JSONValue(path == nil ? "proposed" : "given"), "blasts": blasts?.document(density) ?? nil,
    "lymphocytes": lymphocytes?.document(density) ?? nil, "blastPercent": JSONValue(blasts?.stained.percent),
    "blastsToLymphocytes": JSONValue(ratioOfRatios), "populations": JSONValue(expressions.map { $0.document(density) }),
    "findings": JSONValue(sorted.map(\.document)),
  ]
  if let density {
    document["beads"] = [
      "slope": JSONValue(density.slope), "rSquared": JSONValue(density.determination),
      "range": [JSONValue(density.range.lowerBound), JSONValue(density.range.upperBound)],
    ]
  }
  let lines = expressions.map { expression in
    "\(expression.population): \(expression.stained.count) events (\(significantText(expression.stained.percent)) %), "
      + "median ratio \(expression.medianRatio.map(significantText) ?? "–")"
      + (expression.medianRatioInterval.map {
        " (95 % \(significantText($0.lowerBound)) to \(significantText($0.upperBound)))"
      } ?? "") + ", \(significantText(expression.percentPositive)) % above isotype"
      + (expression.antibodies(density).map { ", \(significantText($0)) antibodies a cell" } ?? "")
  }
  let table =
    [
      [
        "population", "events_stained", "events_isotype", "median_stained", "median_isotype", "ratio", "low95",
        "high95", "percent_positive",
      ]
    ]
    + expressions.map { e in
      [
        e.population, "\(e.stained.count)", "\(e.isotype.count)", "\(e.stained.fluorescence.median)",
        "\(e.isotype.fluorescence.median)", e.medianRatio.map { "\($0)" } ?? "",
        e.medianRatioInterval.map { "\($0.lowerBound)" } ?? "", e.medianRatioInterval.map { "\($0.upperBound)" } ?? "",
        "\(e.percentPositive)",
      ]
    }
  return LaboratoryReport(
    .object(document),
    ["\(channel.label ?? channel.name) (\(channel.name)), stained against isotype"] + lines + findingLines(sorted),
    figures: figures, tables: [("populations", csvText(table))])
}

/// The calibration of fluorescence by a table of beads, `abc,median`.
private func beadCalibration(path: String) throws -> AntigenDensity {
  let table = try DataTable.export(path)
  let (capacity, median) = (try table.required("abc", "capacity"), try table.required("median", "mfi"))
  return try AntigenDensity(
    capacities: table.rows.map { try table.requiredNumber($0, capacity) },
    medians: table.rows.map { try table.requiredNumber($0, median) })
}

private func receptorChannel(_ dataset: FCSDataset) throws -> FCSChannel {
  let found = dataset.channels.filter { channel in
    let text = (channel.label ?? "").uppercased()
    return text.contains("CXCR4") || text.contains("CD184")
  }
  guard let channel = found.first, found.count == 1 else {
    throw LaboratoryError(
      "receptor-channel", "\(found.count) channels of the stained tube are labelled CXCR4 or CD184.",
      remedy: "Name the channel with --channel; there are: \(dataset.channels.map(\.name).joined(separator: ", ")).")
  }
  return channel
}

extension ReceptorExpression {
  /// Specific antibodies bound a cell at the medians.
  fileprivate func antibodies(_ density: AntigenDensity?) -> Double? {
    density?.specific(stained: stained.fluorescence.median, isotype: isotype.fluorescence.median)
  }

  fileprivate func document(_ density: AntigenDensity?) -> JSONValue {
    func tube(_ tube: Tube) -> JSONValue {
      [
        "count": JSONValue(tube.count), "percent": JSONValue(tube.percent),
        "median": JSONValue(tube.fluorescence.median), "mean": JSONValue(tube.fluorescence.mean),
        "geometricMean": JSONValue(tube.fluorescence.geometricMean),
      ]
    }
    var members: JSONObject = [
      "name": JSONValue(population), "stained": tube(stained), "isotype": tube(isotype),
      "ratio": [
        "median": JSONValue(medianRatio),
        "interval95": medianRatioInterval.map { [JSONValue($0.lowerBound), JSONValue($0.upperBound)] } ?? nil,
        "mean": JSONValue(meanRatio), "geometricMean": JSONValue(geometricMeanRatio),
      ],
      "difference": JSONValue(stained.fluorescence.median - isotype.fluorescence.median),
      "threshold": JSONValue(threshold), "percentPositive": JSONValue(percentPositive),
      "kolmogorovSmirnov": JSONValue(distance),
    ]
    if let density {
      let isWithin = density.range.contains(stained.fluorescence.median)
      members["antibodiesPerCell"] = JSONValue(antibodies(density))
      members["withinBeads"] = JSONValue(isWithin)
    }
    return .object(members)
  }
}
