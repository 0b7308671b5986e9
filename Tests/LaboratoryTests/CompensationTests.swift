import Foundation
import Numerics
import Testing

@testable import Laboratory

@Suite struct CompensationTests {
  private static func dataset(
    _ columns: [(String, [Double])], keywords: [(String, String)] = []
  ) throws -> FCSDataset {
    let channels = columns.enumerated().map {
      FCSChannel(
        index: $0, name: $1.0, label: nil, range: 262_144, storage: .float64, amplification: .linear(gain: 1))
    }
    var text = FCSKeywords()
    Array(("|" + keywords.map { "\($0.0)|\($0.1)|" }.joined()).utf8).withUnsafeBytes { text.append($0) }
    return FCSDataset(
      version: "3.0", keywords: text, analysis: FCSKeywords(), channels: channels,
      events: try EventTable(columns: columns.map(\.1)), findings: [])
  }

  private func values(_ name: String, _ dataset: FCSDataset) throws -> [Double] {
    try dataset.values(of: GateDimension(.channel(name)))
  }

  @Test("A percentage of $DFCiTOj of one fluorescence is subtracted from the other, scatter not counted")
  func percentages() throws {
    let raw = try Self.dataset(
      [("FS Lin", [7, 8]), ("FL1 Log", [100, 200]), ("FL2 Log", [50, 10])],
      keywords: [("$DFC1TO2", "21.60"), ("$DFC2TO1", "0.6")])
    #expect(try values("FL2 Log", raw) == [50, 10])
    let matrix = try #require(try raw.legacySpillover())
    let applied = try raw.stating(matrix)
    for (found, truth) in zip(try values("FL2 Log", applied), [50 - 21.6, 10 - 43.2]) {
      #expect(abs(found - truth) < 1e-12)
    }
    for (found, truth) in zip(try values("FL1 Log", applied), [100 - 0.3, 200 - 0.06]) {
      #expect(abs(found - truth) < 1e-12)
    }
    #expect(try values("FS Lin", applied) == [7, 8])
  }

  @Test("$COMP of all channels or of the fluorescences is taken out with either sign", arguments: ["0.15", "-0.15"])
  func square(_ part: String) throws {
    for comp in ["3,1,0,0,0,1,\(part),0,0,1", "2,1,\(part),0,1"] {
      let raw = try Self.dataset([("SSC", [7]), ("A", [100]), ("B", [50])], keywords: [("$COMP", comp)])
      let applied = try raw.stating(try #require(try raw.legacySpillover()))
      #expect(abs(try values("B", applied)[0] - 35) < 1e-12)
      #expect(abs(try values("A", applied)[0] - 100) < 1e-12)
    }
  }

  @Test(
    "An older compensation that makes no matrix is refused",
    arguments: [
      ("$DFC1TO9", "1"), ("$DFC1TO2", "much"), ("$COMP", "2,1,0"), ("$COMP", "2,2,0,0,1"), ("$COMP", "2,1,1,1,1"),
    ])
  func refused(_ key: String, _ value: String) throws {
    let raw = try Self.dataset([("A", [1]), ("B", [2])], keywords: [(key, value)])
    #expect(throws: LaboratoryError.self) { try raw.legacySpillover() }
  }

  static let spectra: [[[Double]]] = [
    [[1, 0.3, 0.1], [0.05, 1, 0.2], [0.01, 0.15, 1]],
    [[1, 0.6, 0.3, 0.1, 0.05, 0.02], [0.1, 0.5, 1, 0.7, 0.3, 0.1], [0.02, 0.1, 0.2, 0.5, 1, 0.8]],
  ]

  @Test(
    "The matrix of controls is that from which they were made, for as many and for more detectors", arguments: spectra)
  func controls(_ truth: [[Double]]) throws {
    let names = truth[0].indices.map { "D\($0)-A" }
    var stream = RandomStream(seed: 5, stream: "controls")
    func tube(_ amounts: [Double]) throws -> FCSDataset {
      let brightness: [Double] = (0..<2001).map { _ in 0.9 + 0.2 * stream.uniform() }
      let light: [Double] = names.indices.map { d in
        zip(amounts, truth).reduce(0.0) { (sum: Double, pair: (Double, [Double])) in sum + pair.0 * pair.1[d] }
      }
      return try Self.dataset(names.indices.map { d in (names[d], brightness.map { 50 + $0 * light[d] }) })
    }
    let unstained = try tube([0, 0, 0])
    let controls = try (0..<3).map { dye in
      SpilloverMatrix.Control(
        fluorochrome: "dye \(dye)", dataset: try tube((0..<3).map { $0 == dye ? 10_000 : 0 }))
    }
    let matrix = try SpilloverMatrix(controls: controls, unstained: unstained)
    #expect(matrix.fluorochromes == ["dye 0", "dye 1", "dye 2"] && matrix.detectors == names)
    for (row, expected) in zip(matrix.rows, truth) {
      for (found, part) in zip(row, expected) { #expect(abs(found - part) < 1e-9) }
    }
    let mixed = try tube([3000, 500, 8000])
    for (dye, amount) in [("dye 0", 3000.0), ("dye 1", 500), ("dye 2", 8000)] {
      let found = try mixed.values(of: GateDimension(.channel(dye), compensation: .matrix(matrix)))
      let dark = try unstained.values(of: GateDimension(.channel(dye), compensation: .matrix(matrix)))
      let light = try Fluorescence(found).median - Fluorescence(dark).median
      #expect(abs(light / amount - 1) < 0.01, "\(dye) \(light)")
    }
  }

  @Test("Controls without light, or two of the same dye, are refused")
  func darkControls() throws {
    let dark = try Self.dataset([("A", [1, 2, 3]), ("B", [1, 2, 3])])
    let bright = try Self.dataset([("A", [101, 102, 103]), ("B", [11, 12, 13])])
    #expect(throws: LaboratoryError.self) { try SpilloverMatrix(controls: [.init(dataset: dark)], unstained: dark) }
    #expect(throws: LaboratoryError.self) {
      try SpilloverMatrix(controls: [.init(dataset: bright), .init(dataset: bright)], unstained: dark)
    }
  }

  @Test(
    "The matrix of flowCore's controls is that of flowCore",
    .enabled(if: ReferenceData.isThere, "The reference data of the laboratory are not there."))
  func flowCore() throws {
    let reference = try #require(try ReferenceData.json("flowcore_comp/spillover.ref.json") as? [String: [String: Any]])
    let expected = try #require(reference["median"]?["matrix"] as? [[Double]])
    let names = ["FL1-H", "FL2-H", "FL3-H", "FL4-H"]
    func tube(_ number: Int) throws -> FCSDataset {
      try FCSFile(path: ReferenceData.path("flowcore_comp/compdata/data/060909.00\(number)")).datasets[0]
    }
    let matrix = try SpilloverMatrix(
      controls: [2, 3, 4, 5].map { .init(dataset: try tube($0)) }, unstained: try tube(1), detectors: names)
    #expect(matrix.fluorochromes == names)
    for row in expected {
      let own = try #require(row.firstIndex(of: 1))
      for column in 0..<4 { #expect(abs(matrix.rows[own][column] - row[column]) < 1e-9, "\(own) \(column)") }
    }
  }
}
