import Foundation
import JSON
import Laboratory
import Provenance

/// What a flow cytometry file holds.
public func cytometryInfo(path: String) throws -> LaboratoryReport {
  let file = try FCSFile(path: path)
  let spillovers = file.datasets.map(\.statedSpillover)
  let findings = (file.findings + spillovers.flatMap(\.findings)).worstFirst()
  let datasets = zip(file.datasets, spillovers).map { dataset, spillover -> JSONValue in
    [
      "version": JSONValue(dataset.version), "events": JSONValue(dataset.events.count),
      "channels": JSONValue(dataset.channels.map { channelDocument($0, dataset) }),
      "spillover": spillover.matrix.map {
        [
          "keyword": JSONValue(spillover.keyword), "channels": JSONValue($0.detectors.map { JSONValue($0) }),
          "matrix": JSONValue($0.rows.map { JSONValue($0.map { JSONValue($0) }) }),
        ]
      } ?? nil,
      "instrument": JSONValue(dataset.keywords["$CYT"]), "date": JSONValue(dataset.keywords["$DATE"]),
    ]
  }
  let first = datasets[0]
  let document: JSONValue = [
    "file": JSONValue(fileName(path)), "version": first["version"]!, "events": first["events"]!,
    "channels": first["channels"]!, "spillover": first["spillover"]!, "instrument": first["instrument"]!,
    "date": first["date"]!, "datasets": JSONValue(datasets), "findings": JSONValue(findings.map(\.document)),
  ]
  var lines: [String] = []
  for (index, dataset) in file.datasets.enumerated() {
    lines.append(
      "\(fileName(path))\(file.datasets.count > 1 ? ", data set \(index + 1)" : ""): FCS \(dataset.version), "
        + "\(dataset.events.count) events")
    for channel in dataset.channels {
      let values = datasets[index]["channels"]![channel.index]!
      func text(_ key: String) -> String { values[key]?.double.map { significantText($0) } ?? "–" }
      lines.append(
        "  \(channel.name)\(channel.label.map { " (\($0))" } ?? "")  range \(significantText(channel.range))  "
          + "min \(text("min"))  median \(text("median"))  max \(text("max"))")
    }
  }
  return LaboratoryReport(document, lines + findingLines(findings))
}

private func channelDocument(_ channel: FCSChannel, _ dataset: FCSDataset) -> JSONValue {
  let values = dataset.events[channel: channel.index].filter(\.isFinite)
  let fluorescence = try? Fluorescence(values)
  let (type, bits): (String, Int?) =
    switch channel.storage {
    case .integer(let bits): ("integer", bits)
    case .float32: ("float", 32)
    case .float64: ("double", 64)
    case .text(let characters): ("text", characters.map { $0 * 8 })
    }
  let scale: JSONValue =
    switch channel.amplification {
    case .linear(let gain): ["kind": "linear", "gain": JSONValue(gain)]
    case .logarithmic(let decades, let offset):
      ["kind": "logarithmic", "decades": JSONValue(decades), "offset": JSONValue(offset)]
    case .time(let step): ["kind": "time", "step": amount(step, "s")]
    }
  func scaled(_ value: Double?) -> JSONValue { JSONValue(value.map(channel.scaled)) }
  let scaledMedian = channel.isIdentity ? fluorescence?.median : try? Fluorescence(values.map(channel.scaled)).median
  return [
    "index": JSONValue(channel.index + 1), "name": JSONValue(channel.name), "label": JSONValue(channel.label),
    "range": JSONValue(channel.range), "type": JSONValue(type), "bits": bits.map { JSONValue($0) } ?? nil,
    "min": JSONValue(values.min()), "median": JSONValue(fluorescence?.median), "max": JSONValue(values.max()),
    "notFinite": JSONValue(dataset.events.count - values.count), "scale": scale,
    "scaled": [
      "min": scaled(values.min()), "median": JSONValue(scaledMedian), "max": scaled(values.max()),
    ],
  ]
}

/// A number for people, with at most six significant digits.
func significantText(_ value: Double) -> String { JSONValue(roundedSignificantly(value)).display }

private func roundedSignificantly(_ value: Double) -> Double {
  guard value != 0, value.isFinite else { return value }
  return Double(String(format: "%.6g", value)) ?? value
}

extension JSONValue {
  fileprivate var display: String { (try? text(indented: false)) ?? "–" }
}

/// Findings as lines of a summary, worst first.
func findingLines(_ findings: [Finding]) -> [String] {
  findings.map { "\($0.severity.rawValue): \($0.title)\($0.subject.map { " [\($0)]" } ?? "") \($0.text)" }
}
