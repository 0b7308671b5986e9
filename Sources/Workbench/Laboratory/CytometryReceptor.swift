import Foundation
import JSON
import Laboratory
import Provenance

/// CXCR4 on blasts and lymphocytes: the stained tube against the isotype control, in given gates or proposed ones.
///
/// With gates given, those whose names begin with “blast” and “lymph” are the populations of that name.
public func cytometryReceptor(
  stained: String, isotype: String, gates path: String?, channel name: String?, savingGates saved: String?
) throws -> LaboratoryReport {
  let (a, b) = (try FCSFile(path: stained), try FCSFile(path: isotype))
  let (tube, control) = (a.datasets[0], b.datasets[0])
  let channel = try name.map { try tube.channel(named: $0) } ?? receptorChannel(tube)
  let controlChannel = try control.channel(named: channel.name)
  var findings = a.findings + b.findings + tube.statedSpillover.findings
  let gates: GateSet
  if let path {
    gates = try GateSet(gatingML: try readFile(path))
    findings += gates.findings
  } else {
    let proposal = try GateProposal(tube)
    gates = proposal.gates
    findings += proposal.findings
  }
  if let saved { try write(try gates.gatingML(), to: saved) }
  let (x, y) = (try gates.apply(to: tube), try gates.apply(to: control))
  let isCompensated = tube.statedSpillover.matrix != nil
  let values = try tube.values(of: GateDimension(.index(channel.index)))
  let controls = try control.values(of: GateDimension(.index(controlChannel.index)))
  var expressions: [ReceptorExpression] = []
  for (index, gate) in gates.gates.enumerated() {
    guard x.counts[index] > 0, y.counts[index] > 0 else {
      findings.append(
        Finding(
          .caution, code: "gate-empty", title: "A gate is empty.",
          "It holds \(x.counts[index]) events of the stained and \(y.counts[index]) of the isotype tube.",
          subject: gate.name, origin: "Laboratory"))
      continue
    }
    expressions.append(
      try ReceptorExpression(
        population: gate.name, stained: x.events(in: index).map { values[$0] }, of: tube.events.count,
        isotype: y.events(in: index).map { controls[$0] }, of: control.events.count, seed: 1))
  }
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
  let document: JSONValue = [
    "stained": JSONValue(fileName(stained)), "isotype": JSONValue(fileName(isotype)),
    "channel": JSONValue(channel.name), "label": JSONValue(channel.label), "compensated": JSONValue(isCompensated),
    "gates": JSONValue(path == nil ? "proposed" : "given"), "blasts": blasts?.document ?? nil,
    "lymphocytes": lymphocytes?.document ?? nil, "blastPercent": JSONValue(blasts?.stained.percent),
    "blastsToLymphocytes": JSONValue(ratioOfRatios), "populations": JSONValue(expressions.map(\.document)),
    "findings": JSONValue(sorted.map(\.document)),
  ]
  let lines = expressions.map { expression in
    "\(expression.population): \(expression.stained.count) events (\(significantText(expression.stained.percent)) %), "
      + "median ratio \(expression.medianRatio.map(significantText) ?? "–")"
      + (expression.medianRatioInterval.map {
        " (95 % \(significantText($0.lowerBound)) to \(significantText($0.upperBound)))"
      } ?? "") + ", \(significantText(expression.percentPositive)) % above isotype"
  }
  return LaboratoryReport(
    document,
    ["\(channel.label ?? channel.name) (\(channel.name)), stained against isotype"] + lines + findingLines(sorted))
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

private func write(_ text: String, to path: String) throws {
  do {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  } catch {
    throw CaseError(
      "file-unwritable", "The file \(fileName(path)) cannot be written.",
      remedy: "Check the folder and its permissions.", category: .inputOutput)
  }
}

extension ReceptorExpression {
  fileprivate var document: JSONValue {
    func tube(_ tube: Tube) -> JSONValue {
      [
        "count": JSONValue(tube.count), "percent": JSONValue(tube.percent),
        "median": JSONValue(tube.fluorescence.median), "mean": JSONValue(tube.fluorescence.mean),
        "geometricMean": JSONValue(tube.fluorescence.geometricMean),
      ]
    }
    return [
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
  }
}
