import Foundation
import Testing

@testable import Laboratory

@Suite(.enabled(if: ReferenceData.isThere, "The reference data of the laboratory are not there."))
struct ReceptorTests {
  static let patients = ["P01_high", "P02_mid", "P04_ctrl"]

  private func truth() throws -> [String: [String: Any]] {
    try #require(
      (try ReferenceData.json("synthetic_aml/truth.json") as? [String: Any])?["tubes"] as? [String: [String: Any]])
  }

  private func tube(_ name: String) throws -> FCSDataset {
    try FCSFile(path: ReferenceData.path("synthetic_aml/\(name).fcs")).datasets[0]
  }

  @Test("Medians of labelled populations are the true ones", arguments: patients)
  func labelled(_ patient: String) throws {
    for name in ["\(patient)_cxcr4", "\(patient)_isotype"] {
      let dataset = try tube(name)
      let labels = try ReferenceData.numbers("synthetic_aml/\(name).labels.npy").values.map { Int($0) }
      let entry = try #require(try truth()["\(name).fcs"])
      let codes = try #require(entry["label_codes"] as? [String])
      let medians = try #require(entry["true_PE_median"] as? [String: Double])
      let column = try dataset.values(of: GateDimension(.channel("PE-A")))
      for (code, population) in codes.enumerated() {
        let values = labels.indices.filter { labels[$0] == code }.map { column[$0] }
        #expect(values.count == (entry["counts"] as? [String: Int])?[population])
        let expected = try #require(medians[population])
        #expect(abs(try Fluorescence(values).median / expected - 1) < 1e-5, "\(name) \(population)")
      }
    }
  }

  @Test("Proposed gates give the true ratio of blasts and lymphocytes within 2 %", arguments: patients)
  func proposal(_ patient: String) throws {
    let (stained, isotype) = (try tube("\(patient)_cxcr4"), try tube("\(patient)_isotype"))
    let gates = try GateProposal(stained).gates
    let again = try GateSet(gatingML: Array(try gates.gatingML().utf8))
    let (x, y) = (try gates.apply(to: stained), try again.apply(to: isotype))
    #expect(try again.apply(to: stained).counts == x.counts)
    let values = try stained.values(of: GateDimension(.channel("PE-A")))
    let controls = try isotype.values(of: GateDimension(.channel("PE-A")))
    let truths = try truth()
    for (gate, population) in [("blasts", "blast"), ("lymphocytes", "lymph")] {
      let index = try #require(x.index(of: gate))
      let result = try ReceptorExpression(
        population: gate, stained: x.events(in: index).map { values[$0] }, of: stained.events.count,
        isotype: y.events(in: index).map { controls[$0] }, of: isotype.events.count, seed: 1)
      func median(_ tube: String) throws -> Double {
        try #require((truths["\(patient)_\(tube).fcs"]?["true_PE_median"] as? [String: Double])?[population])
      }
      let expected = try median("cxcr4") / median("isotype")
      let ratio = try #require(result.medianRatio)
      #expect(abs(ratio / expected - 1) < 0.02, "\(patient) \(gate) \(ratio) \(expected) \(result.stained.count)")
      #expect(try #require(result.medianRatioInterval).contains(ratio))
    }
  }
}
