import Foundation
import Numerics
import Provenance
import Testing

@testable import Laboratory

@Suite struct ValleyTests {
  /// A normal distribution of the plane.
  struct Cloud: Sendable {
    let count: Int
    let x, y, deviation: Double
    var slant = 0.0
  }

  /// Points of clouds with the number of the cloud of each.
  static func points(_ clouds: [Cloud], seed: UInt64 = 7) -> (x: [Double], y: [Double], cloud: [Int]) {
    var stream = RandomStream(seed: seed, stream: "clouds")
    var (x, y, cloud): ([Double], [Double], [Int]) = ([], [], [])
    for (index, own) in clouds.enumerated() {
      for _ in 0..<own.count {
        let across = own.deviation * stream.normal()
        x.append(own.x + across)
        y.append(own.y + own.deviation * stream.normal() + own.slant * across)
        cloud.append(index)
      }
    }
    return (x, y, cloud)
  }

  @Test("Clouds of very different size that no single channel parts are each found, pure and whole")
  func mixture() throws {
    // Projections on either axis overlap; in the plane the slanted clouds lie side by side.
    let clouds = [
      Cloud(count: 20000, x: 0.5, y: 0.5, deviation: 0.06, slant: 1),
      Cloud(count: 6000, x: 0.5, y: 0.8, deviation: 0.06, slant: 1),
      Cloud(count: 1000, x: 0.85, y: 0.55, deviation: 0.03),
    ]
    let (x, y, cloud) = Self.points(clouds)
    #expect(try #require(DensityCurve(x)).valleys().count < 2)
    let modes = try #require(DensityPlane(x, y)).modes
    try #require(modes.count == 3)
    for (index, mode) in modes.enumerated() {
      let own = clouds[index]
      let isIn = x.indices.filter { GateTest.contains(mode.border, x[$0], y[$0]) }
      let right = isIn.count { cloud[$0] == index }
      #expect(Double(right) > 0.97 * Double(isIn.count), "purity of \(index)")
      #expect(Double(right) > 0.97 * Double(own.count), "yield of \(index)")
      #expect(abs(mode.peak.x - own.x) < 0.04 && abs(mode.peak.y - own.y) < 0.05)
      #expect(mode.border.count < 60)
    }
  }

  @Test("One cloud, however many events it has, is not parted", arguments: [200, 3000, 60000], [1, 2, 3] as [UInt64])
  func single(_ count: Int, _ seed: UInt64) throws {
    let (x, y, _) = Self.points([Cloud(count: count, x: 0, y: 0, deviation: 1, slant: 0.5)], seed: seed)
    #expect(try #require(DensityPlane(x, y)).modes.count == 1)
  }

  @Test("The order of events and values that are not finite change nothing")
  func order() throws {
    let (x, y, _) = Self.points([
      Cloud(count: 3000, x: 0, y: 0, deviation: 0.1), Cloud(count: 3000, x: 1, y: 1, deviation: 0.1),
    ])
    let one = try #require(DensityPlane(x, y)).modes
    let other = try #require(DensityPlane(Array(x.reversed()) + [.nan, 1], Array(y.reversed()) + [0, .infinity])).modes
    #expect(one.map(\.border) == other.map(\.border) && one.count == 2)
    #expect(DensityPlane([Double](repeating: 1, count: 500), [Double](repeating: 1, count: 500)) == nil)
    #expect(DensityPlane([1, 2], [1, 2]) == nil)
  }

  @Test("Valleys of one channel make intervals that hold every event once; a channel without one is refused")
  func intervals() throws {
    let (x, y, _) = Self.points([
      Cloud(count: 3000, x: 100, y: 500, deviation: 20), Cloud(count: 2000, x: 20000, y: 500, deviation: 100),
    ])
    let dataset = try Self.dataset([("FL1-A", x), ("FL2-A", y)])
    let proposal = try ValleyProposal(dataset, x: dataset.channels[0])
    #expect(proposal.names == ["FL1-A 1", "FL1-A 2"])
    #expect(try proposal.gates.apply(to: dataset).counts == [3000, 2000])
    #expect(proposal.findings.map(\.code) == ["gate-proposed", "gate-proposed"])
    let inner = try ValleyProposal(
      dataset, x: dataset.channels[0], y: dataset.channels[1])
    #expect(inner.names.count == 2)
    #expect(throws: LaboratoryError.self) { try ValleyProposal(dataset, x: dataset.channels[1]) }
    #expect(throws: LaboratoryError.self) {
      try ValleyProposal(dataset, x: dataset.channels[0], within: "FL1-A 1", of: proposal.gates)
    }
    #expect(throws: LaboratoryError.self) {
      try ValleyProposal(dataset, x: dataset.channels[0], within: "cells", of: proposal.gates)
    }
  }

  private static func dataset(_ columns: [(name: String, values: [Double])]) throws -> FCSDataset {
    let channels = columns.enumerated().map { index, column in
      FCSChannel(
        index: index, name: column.name, label: nil, range: 262144, storage: .float64,
        amplification: .linear(gain: 1))
    }
    return try FCSDataset(channels: channels, events: EventTable(columns: columns.map(\.values)))
  }

  @Test(
    "Without CD117 and CD34 the valleys of CD45 and side scatter give blasts and lymphocytes of a known mixture",
    .enabled(if: ReferenceData.isThere, "The reference data of the laboratory are not there."),
    arguments: ReceptorTests.patients)
  func withoutMarker(_ patient: String) throws {
    let name = "synthetic_aml/\(patient)_cxcr4"
    let known = try FCSFile(path: ReferenceData.path(name + ".fcs")).datasets[0]
    let labels = try ReferenceData.numbers(name + ".labels.npy").values.map { Int($0) }
    let spillover = try #require(known.statedSpillover.matrix)
    let dataset = try FCSDataset(
      channels: known.channels.map {
        FCSChannel(
          index: $0.index, name: $0.name, label: ["CD117", "CD34"].contains($0.label) ? nil : $0.label, range: $0.range,
          storage: $0.storage, amplification: $0.amplification)
      }, events: known.events
    ).stating(spillover)
    let gates = try GateProposal(dataset).gates
    let result = try gates.apply(to: dataset)
    // Codes: blast 0, dead 1, erythroid 2, granulocytes 3, lymphocytes 4, monocytes 5.
    for (gate, code) in [("blasts", 0), ("lymphocytes", 4)] {
      let events = result.events(in: try #require(result.index(of: gate)))
      let right = events.count { labels[$0] == code }
      #expect(Double(right) > 0.95 * Double(events.count), "\(gate) \(right) of \(events.count)")
      #expect(Double(right) > 0.9 * Double(labels.count { $0 == code }), "\(gate) \(right)")
    }
  }

  @Test(
    "On a leukaemia's tube the valleys of CD45 and side scatter find the lymphocytes gated by hand; its blasts, which no valley parts from granulocytes, are not proposed",
    .enabled(if: ReferenceData.isThere, "The reference data of the laboratory are not there."))
  func leukaemia() throws {
    let dataset = try FCSFile(path: ReferenceData.path("aml_blast/fs1_FI05_000942_003.fcs")).datasets[0]
    let reference = try #require(try ReferenceData.json("aml_blast/blast_gate.ref.json") as? [String: Any])
    let polygons = try #require((reference["gates"] as? [String: [String: [[Double]]]])?["fs1"])
    let (x, y) = (dataset.events[channel: 4], dataset.events[channel: 1])
    let corners = try #require(polygons["lymph"]).map { Gate.Point($0[0], $0[1]) }
    let byHand = Set(x.indices.filter { GateTest.contains(corners, x[$0], y[$0]) })
    let proposal = try ValleyProposal(
      dataset, x: dataset.channel(named: "CD45-ECD"), y: dataset.channel(named: "SS Log"))
    let result = try proposal.gates.apply(to: dataset)
    let scores = proposal.names.indices.map { index -> Double in
      let found = Set(result.events(in: index))
      return 2 * Double(found.intersection(byHand).count) / Double(found.count + byHand.count)
    }
    #expect(scores.count { $0 > 0.8 } == 1, "\(scores)")
    let error = #expect(throws: LaboratoryError.self) { try GateProposal(dataset) }
    #expect(error?.code == "proposal-impossible")
  }
}
