import JSON
import Laboratory
import Provenance

/// A scale by name for the statistics of gates.
public enum StatisticsScale: String, CaseIterable, Sendable {
  case none, asinh, logicle, hyperlog, biexponential, log

  /// The scale for a channel whose values reach `top`.
  func scale(top: Double) throws -> Scale? {
    switch self {
    case .none: nil
    case .asinh: .asinh(top: top, decades: 4.5, negative: 0)
    case .logicle: .logicle(try Logicle(top: top, width: 0.5, decades: 4.5, negative: 0))
    case .hyperlog: .hyperlog(try Hyperlog(top: top, width: 0.5, decades: 4.5, negative: 0))
    case .biexponential: .biexponential(try Biexponential(top: top, width: -100))
    case .log: .logarithmic(top: top, decades: 4.5)
    }
  }
}

/// The gates of a document for one file.
struct FileGates {
  let gates: GateSet
  /// As FlowJo bins them, where the gates are FlowJo's.
  var binned: GateSet?
  /// The counts that the document states, by gate.
  var counts: [String: Int] = [:]
  let findings: [Finding]

  /// Reads Gating-ML 2.0, the same gates for every file, or the file's sample of a FlowJo workspace.
  init(_ document: [UInt8], file: String) throws {
    guard FlowJoWorkspace.begins(document) else {
      gates = try GateSet(gatingML: document)
      findings = gates.findings
      return
    }
    let sample = try FlowJoWorkspace(document).sample(ofFile: file)
    gates = sample.gates
    binned = sample.binnedGates
    counts = sample.counts
    findings = gates.findings + sample.findings
  }
}

/// Applies the gates of a Gating-ML document or a FlowJo workspace to files: counts and statistics of every gate.
///
/// Statistics are of compensated values on the channels' scales; `transform` adds the median's place on another scale.
public func cytometryGating(
  paths: [String], gates path: String, transform: StatisticsScale, compensation: CompensationChoice = .stated
) throws -> LaboratoryReport {
  let document = try readFile(path)
  var lines: [String] = []
  var findings: [Finding] = []
  let files = try paths.map { path -> JSONValue in
    let read = try FileGates(document, file: fileName(path))
    let gates = read.gates
    let (dataset, found) = try compensation.dataset(of: FCSFile(path: path))
    findings += found + read.findings.filter { !findings.contains($0) }
    let isCompensated = dataset.statedSpillover.matrix != nil
    let result = try gates.apply(to: dataset)
    let binned = try read.binned?.apply(to: dataset)
    lines.append("\(fileName(path)): \(dataset.events.count) events")
    let members = gates.gates.indices.map { result.events(in: $0) }
    // One channel at a time: the values of all at once would need the memory of the file twice over.
    var statistics: [[JSONValue]] = gates.gates.map { _ in [] }
    for channel in dataset.channels {
      let column = try dataset.values(
        of: GateDimension(.index(channel.index), compensation: isCompensated ? .stated : .none))
      for gate in gates.gates.indices {
        if let entry = try entry(channel, column, members[gate], transform) { statistics[gate].append(entry) }
      }
    }
    let documents = gates.gates.enumerated().map { index, gate -> JSONValue in
      let parent = gate.parent.flatMap { result.index(of: $0) }.map { result.counts[$0] } ?? dataset.events.count
      let count = result.counts[index]
      let share = dataset.events.count > 0 ? 100 * Double(count) / Double(dataset.events.count) : nil
      let stated = read.counts[gate.name]
      lines.append(
        "  \(gate.name): \(count)" + (share.map { " (\(significantText($0)) %)" } ?? "")
          + (binned.map { ", in 256 bins \($0.counts[index])" } ?? "")
          + (stated.map { ", FlowJo counted \($0)" } ?? ""))
      var members: JSONObject = [
        "name": JSONValue(gate.name), "parent": JSONValue(gate.parent), "count": JSONValue(count),
        "percent": JSONValue(share),
        "percentOfParent": JSONValue(parent > 0 ? 100 * Double(count) / Double(parent) : nil),
        "channels": JSONValue(statistics[index]),
      ]
      if let binned {
        members["binnedCount"] = JSONValue(binned.counts[index])
        members["flowJoCount"] = stated.map { JSONValue($0) } ?? nil
      }
      return .object(members)
    }
    return [
      "file": JSONValue(fileName(path)), "events": JSONValue(dataset.events.count),
      "compensated": JSONValue(isCompensated), "gates": JSONValue(documents),
    ]
  }
  let sorted = findings.worstFirst()
  return LaboratoryReport(
    ["files": JSONValue(files), "findings": JSONValue(sorted.map(\.document))], lines + findingLines(sorted))
}

private func entry(
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
