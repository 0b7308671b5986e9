import Foundation
import Testing

@testable import Laboratory

@Suite(.enabled(if: ReferenceData.isThere, "The reference data of the laboratory are not there."))
struct GatingReferenceTests {
  @Test("Every gate of the Gating-ML compliance suite holds exactly the true events")
  func compliance() throws {
    let dataset = try FCSFile(path: ReferenceData.path("gatingml/data1.fcs")).datasets[0]
    var checked: Set<String> = []
    for name in try ReferenceData.files("gatingml/gml") where name.hasSuffix(".xml") {
      let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: ReferenceData.path("gatingml/gml/\(name)"))))
      let result = try GateSet(gatingML: bytes).apply(to: dataset)
      for (index, gate) in result.names.enumerated() {
        let path = "gatingml/truth/Results_\(gate).txt"
        guard ReferenceData.exists(path) else { continue }
        let text = try String(contentsOfFile: ReferenceData.path(path), encoding: .utf8)
        let truth = text.utf8.filter { $0 == 48 || $0 == 49 }.map { $0 - 48 }
        #expect(Array(result.membership(index)) == truth, "\(name) \(gate)")
        checked.insert(gate)
      }
    }
    #expect(checked.count >= 30)
  }

  @Test("Compensated values are those of the stated matrix, whatever its spelling")
  func compensation() throws {
    for name in try ReferenceData.files("synthetic_edge") where name.hasPrefix("comp_") && name.hasSuffix(".fcs") {
      let stem = "synthetic_edge/" + name.dropLast(4)
      let dataset = try FCSFile(path: ReferenceData.path("synthetic_edge/\(name)")).datasets[0]
      let stated = dataset.statedSpillover
      guard ReferenceData.exists("\(stem).scaled.npy") else {
        #expect(stated.matrix == nil, "\(name)")
        continue
      }
      let (shape, truth) = try ReferenceData.numbers("\(stem).scaled.npy")
      for channel in dataset.channels {
        let values = try dataset.values(of: GateDimension(.channel(channel.name)))
        for i in 0..<shape[0] {
          let expected = truth[i * shape[1] + channel.index]
          #expect(abs(values[i] - expected) <= 1e-9 * max(1, abs(expected)), "\(name) \(channel.name)")
        }
      }
    }
    for name in ["comp_name_mismatch", "comp_singular"] where ReferenceData.exists("synthetic_edge/\(name).fcs") {
      let dataset = try FCSFile(path: ReferenceData.path("synthetic_edge/\(name).fcs")).datasets[0]
      #expect(throws: LaboratoryError.self) { try dataset.values(of: GateDimension(.channel("FITC-A"))) }
    }
  }

  @Test("The CD117 to isotype ratio of the blasts of a leukaemia is the published one")
  func leukaemia() throws {
    let reference = try #require(try ReferenceData.json("aml_blast/blast_gate.ref.json") as? [String: Any])
    let polygons = try #require((reference["gates"] as? [String: [String: [[Double]]]])?["fs1"])
    let samples = try #require(reference["samples"] as? [String: [String: Any]])
    let tubes = try #require(samples["fs1"]?["tubes"] as? [String: [String: Any]])
    let scale = BoundedScale(.logarithmic(top: 1024, decades: 4))
    let gates = try GateSet(
      polygons.map { name, points in
        Gate(
          name,
          .polygon(
            GateDimension(.channel("FL3 Log"), compensation: .none, scale: scale),
            GateDimension(.channel("SS Log"), compensation: .none, scale: scale),
            points.map { .init($0[0] / 1024, $0[1] / 1024) }))
      })
    var medians: [String: Double] = [:]
    for (tube, expected) in tubes {
      let path = "aml_blast/fs1_FI05_000942_00\(tube.suffix(1)).fcs"
      guard ReferenceData.exists(path) else { continue }
      let dataset = try FCSFile(path: ReferenceData.path(path)).datasets[0]
      let result = try gates.apply(to: dataset)
      for (gate, values) in try #require(expected["gates"] as? [String: [String: Any]]) {
        let index = try #require(result.index(of: gate))
        #expect(result.counts[index] == values["count"] as? Int, "\(tube) \(gate)")
      }
      let column = try dataset.values(of: GateDimension(.channel("FL2 Log"), compensation: .none))
      let blasts = result.events(in: try #require(result.index(of: "blast"))).map { column[$0] }
      medians[tube] = try Fluorescence(blasts).median
    }
    let ratio = try #require(medians["tube6"]) / (try #require(medians["tube1"]))
    #expect(abs(ratio - 2.371373705661655) < 1e-9)
  }
}
