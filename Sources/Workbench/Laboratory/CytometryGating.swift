import JSON
import Laboratory
import Provenance

/// A scale by name for the statistics of gates.
public enum StatisticsScale: String, CaseIterable, Sendable {
  case none, asinh, logicle, hyperlog, log

  /// The scale for a channel whose values reach `top`.
  func scale(top: Double) throws -> Scale? {
    switch self {
    case .none: nil
    case .asinh: .asinh(top: top, decades: 4.5, negative: 0)
    case .logicle: .logicle(try Logicle(top: top, width: 0.5, decades: 4.5, negative: 0))
    case .hyperlog: .hyperlog(try Hyperlog(top: top, width: 0.5, decades: 4.5, negative: 0))
    case .log: .logarithmic(top: top, decades: 4.5)
    }
  }
}

/// Applies the gates of a Gating-ML document to files: counts and statistics of every gate.
///
/// Statistics are of compensated values on the channels' scales; `transform` adds the median's place on another scale.
public func cytometryGating(paths: [String], gates path: String, transform: StatisticsScale) throws -> LaboratoryReport
{
  let gates = try GateSet(gatingML: try readFile(path))
  var lines: [String] = []
  var findings = gates.findings
  let files = try paths.map { path -> JSONValue in
    let file = try FCSFile(path: path)
    findings += file.findings
    let dataset = file.datasets[0]
    let stated = dataset.statedSpillover
    findings += stated.findings
    let result = try gates.apply(to: dataset)
    lines.append("\(fileName(path)): \(dataset.events.count) events")
    let columns = try dataset.channels.map { channel in
      try dataset.values(of: dimension(channel, stated.matrix != nil))
    }
    let documents = try gates.gates.enumerated().map { index, gate -> JSONValue in
      let parent = gate.parent.flatMap { result.index(of: $0) }.map { result.counts[$0] } ?? dataset.events.count
      let count = result.counts[index]
      let share = dataset.events.count > 0 ? 100 * Double(count) / Double(dataset.events.count) : nil
      lines.append("  \(gate.name): \(count)" + (share.map { " (\(significantText($0)) %)" } ?? ""))
      let events = result.events(in: index)
      return [
        "name": JSONValue(gate.name), "parent": JSONValue(gate.parent), "count": JSONValue(count),
        "percent": JSONValue(share),
        "percentOfParent": JSONValue(parent > 0 ? 100 * Double(count) / Double(parent) : nil),
        "channels": JSONValue(
          try dataset.channels.compactMap { channel in
            try statistics(channel, columns[channel.index], events, transform)
          }),
      ]
    }
    return [
      "file": JSONValue(fileName(path)), "events": JSONValue(dataset.events.count),
      "compensated": JSONValue(stated.matrix != nil), "gates": JSONValue(documents),
    ]
  }
  let sorted = findings.worstFirst()
  return LaboratoryReport(
    ["files": JSONValue(files), "findings": JSONValue(sorted.map(\.document))], lines + findingLines(sorted))
}

/// A channel with the file's compensation where it has one.
private func dimension(_ channel: FCSChannel, _ isCompensated: Bool) -> GateDimension {
  GateDimension(.index(channel.index), compensation: isCompensated ? .stated : .none)
}

private func statistics(
  _ channel: FCSChannel, _ column: [Double], _ events: [Int], _ transform: StatisticsScale
) throws -> JSONValue? {
  let values = events.map { column[$0] }.filter(\.isFinite)
  guard !values.isEmpty else { return nil }
  let fluorescence = try Fluorescence(values)
  var members: [(String, JSONValue)] = [
    ("name", JSONValue(channel.name)), ("label", JSONValue(channel.label)),
    ("median", JSONValue(fluorescence.median)), ("mean", JSONValue(fluorescence.mean)),
    ("geometricMean", JSONValue(fluorescence.geometricMean)),
  ]
  if channel.range > 0, let scale = try transform.scale(top: channel.scaled(channel.range)) {
    let place = scale(fluorescence.median)
    members.append((transform.rawValue, JSONValue(place.isFinite ? place : nil)))
  }
  return .object(JSONObject(members))
}
