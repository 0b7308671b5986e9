import Foundation
import Testing

@testable import Laboratory

@Suite(.enabled(if: ReferenceData.isThere, "The reference data of the laboratory are not there."))
struct FCSReferenceTests {
  @Test("Every edge case is read to its true values, or refused")
  func edgeCases() throws {
    let truth = try #require(try ReferenceData.json("synthetic_edge/truth.json") as? [String: [String: Any]])
    var seen = 0
    for (name, expected) in truth.sorted(by: { $0.key < $1.key }) {
      let path = "synthetic_edge/\(name).fcs"
      guard ReferenceData.exists(path) else { continue }
      seen += 1
      let outcome = try #require(expected["expect"] as? String)
      if outcome == "refuse" {
        #expect(throws: LaboratoryError.self, "\(name)") { try FCSFile(path: ReferenceData.path(path)) }
        continue
      }
      let file = try FCSFile(path: ReferenceData.path(path))
      let dataset = file.datasets[0]
      if outcome.contains("with-warning"), !name.hasPrefix("comp_") { #expect(file.findings.count > 0, "\(name)") }
      let (shape, values) = try ReferenceData.numbers("synthetic_edge/\(name).truth.npy")
      #expect(dataset.events.count == shape[0], "\(name)")
      guard dataset.events.count == shape[0] else { continue }
      for channel in dataset.channels {
        let column = dataset.events[channel: channel.index]
        let wrong = (0..<shape[0]).first { i in
          let value = values[i * shape[1] + channel.index]
          return column[i] != value && !(column[i].isNaN && value.isNaN)
        }
        #expect(wrong == nil, "\(name) \(channel.name) \(wrong ?? -1)")
      }
      for (key, value) in expected["keywords"] as? [String: String] ?? [:] {
        #expect(dataset.keywords[key] == value, "\(name) \(key)")
      }
      for (key, value) in expected["analysis"] as? [String: String] ?? [:] {
        #expect(dataset.analysis[key] == value, "\(name) \(key)")
      }
      if let labels = expected["desc"] as? [String] { #expect(dataset.channels.map { $0.label ?? "" } == labels) }
      if let counts = expected["datasets"] as? [Int] { #expect(file.datasets.map(\.events.count) == counts) }
    }
    #expect(seen > 40)
  }

  @Test("Files of instruments have the values that other readers agree on")
  func instruments() throws {
    var seen = 0
    for folder in ["instruments", "aml_blast", "gatingml"] {
      let answers = try #require(try ReferenceData.json("\(folder)/answers.ref.json") as? [String: [String: Any]])
      for (name, expected) in answers.sorted(by: { $0.key < $1.key }) {
        guard ReferenceData.exists("\(folder)/\(name)") else { continue }
        seen += 1
        let path = ReferenceData.path("\(folder)/\(name)")
        guard let raw = expected["raw"] as? [String: Any] else {
          #expect(throws: LaboratoryError.self, "\(name)") { try FCSFile(path: path) }
          continue
        }
        let dataset = try FCSFile(path: path).datasets[0]
        #expect(dataset.events.count == (raw["shape"] as? [Int])?[0], "\(name)")
        try compare(dataset, raw, name) { dataset.events[channel: $0.index] }
        if let scaled = expected["scaled_flowio"] as? [String: Any] {
          try compare(dataset, scaled, "\(name) scaled") { dataset.scaled($0) }
        }
      }
    }
    #expect(seen >= 20)
  }

  private func compare(
    _ dataset: FCSDataset, _ expected: [String: Any], _ name: String, _ values: (FCSChannel) -> [Double]
  ) throws {
    for channel in dataset.channels {
      let sorted = values(channel).sorted()
      let middle = sorted.count / 2
      let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
      for (key, value) in [("min", sorted[0]), ("median", median), ("max", sorted[sorted.count - 1])] {
        let truth = try #require((expected[key] as? [Double])?[channel.index])
        #expect(abs(value - truth) <= 1e-9 * abs(truth), "\(name) \(channel.name) \(key) \(value) \(truth)")
      }
    }
  }

  @Test("Scales of gain, decades and time steps are applied as written")
  func scales() throws {
    let dataset = try FCSFile(path: ReferenceData.path("synthetic_edge/scale_pne_png_timestep.fcs")).datasets[0]
    let (shape, values) = try ReferenceData.numbers("synthetic_edge/scale_pne_png_timestep.scaled.npy")
    for channel in dataset.channels {
      let column = dataset.scaled(channel)
      for i in 0..<shape[0] {
        let truth = values[i * shape[1] + channel.index]
        #expect(abs(column[i] - truth) <= 1e-12 * abs(truth))
      }
    }
  }
}
