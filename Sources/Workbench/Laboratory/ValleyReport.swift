import Laboratory
import JSON
import Reports

/// Gates along the valleys of one channel or of two, within a gate of a document or among all events.
///
/// Channels are named by their names or labels, joined by a comma.
public func valleyReport(
  path: String, channels: String, gates document: String?, within parent: String?, savingGates saved: String?,
  compensation: CompensationChoice = .stated
) throws -> LaboratoryReport {
  let (dataset, found) = try compensation.dataset(of: FCSFile(path: path))
  let chosen = try channels.split(separator: ",").map { try dataset.channel(named: String($0)) }
  guard (1...2).contains(chosen.count), Set(chosen).count == chosen.count else {
    throw LaboratoryError(
      "valley-channels", "There are \(chosen.count) channels, or the same twice.", remedy: "Name one channel or two.")
  }
  let read = try document.map { try FileGates(readFile($0), file: fileName(path)) }
  let proposal = try ValleyProposal(
    dataset, x: chosen[0], y: chosen.count > 1 ? chosen[1] : nil, within: parent, of: read?.gates)
  if let saved { try writeText(proposal.gates.gatingML(), to: saved) }
  let result = try proposal.gates.apply(to: dataset)
  let base = parent.flatMap { result.index(of: $0) }.map { result.counts[$0] } ?? dataset.events.count
  let own = proposal.names.compactMap { name in result.index(of: name).map { (name, result.counts[$0]) } }
  func percent(_ count: Int) -> Double? { base > 0 ? 100 * Double(count) / Double(base) : nil }
  let findings = (found + (read?.findings ?? []) + proposal.findings).worstFirst()
  return LaboratoryReport(
    [
      "file": JSONValue(fileName(path)), "channels": JSONValue(chosen.map { JSONValue($0.name) }),
      "within": JSONValue(parent), "events": JSONValue(base),
      "gates": JSONValue(
        own.map { name, count in
          ["name": JSONValue(name), "count": JSONValue(count), "percentOfParent": JSONValue(percent(count))]
        }), "findings": JSONValue(findings.map(\.document)),
    ],
    own.map { name, count in "\(name): \(count)" + (percent(count).map { " (\(significantText($0)) %)" } ?? "") }
      + findingLines(findings),
    figures: try chosen.count > 1
      ? CytometryFigures(dataset: dataset, gates: proposal.gates, result: result).planes(
        title: proposal.title)
      : [CytometryFigures(dataset: dataset, gates: proposal.gates, result: result).intervals(proposal.names)],
    tables: [
      (
        "gates",
        csvText(
          [["gate", "events", "percent_of_parent"]] + own.map { [$0, "\($1)", percent($1).map { "\($0)" } ?? ""] })
      )
    ])
}
