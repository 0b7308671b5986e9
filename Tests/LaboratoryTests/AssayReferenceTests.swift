import Foundation
import Statistics
import Testing

@testable import Laboratory

@Suite(.enabled(if: ReferenceData.isThere, "The reference data of the laboratory are not there."))
struct AssayReferenceTests {
  private func close(_ a: Double?, _ b: Any?, _ tolerance: Double, _ what: String) throws {
    let (a, b) = (try #require(a), try #require(b as? Double))
    #expect(abs(a - b) <= tolerance * max(abs(b), 1e-3), "\(what) \(a) \(b)")
  }

  @Test("Copies, intervals and shares of droplets are those of the reference")
  func droplets() throws {
    let reference = try #require(try ReferenceData.json("ddpcr/ddpcr.ref.json") as? [String: Any])
    for (name, well) in try #require(reference["wells"] as? [String: [String: Any]]) {
      let count = try DropletCount(
        positives: try #require(well["pos"] as? Int), negatives: try #require(well["neg"] as? Int))
      try close(count.copiesPerDroplet, well["lambda"], 1e-12, name)
      try close(count.copiesPerMicrolitre(dropletVolume: .millilitres(0.91e-6)), well["conc_0.91nL"], 1e-12, name)
      try close(count.copiesPerMicrolitre(dropletVolume: DropletCount.usualVolume), well["conc_0.85nL"], 1e-12, name)
      try close(count.interval.lowerBound / 0.91e-3, well["lo_wald_0.91"], 1e-4, name)
      try close(count.interval.upperBound / 0.91e-3, well["hi_wald_0.91"], 1e-4, name)
    }
    for entry in try #require(reference["chimerism_fraction_lt_over_lt_plus_lr"] as? [[String: Any]]) {
      func count(_ key: String) throws -> DropletCount {
        let pair = try #require(entry[key] as? [Int])
        return try DropletCount(positives: pair[0], negatives: pair[1])
      }
      let share = try FractionalAbundance(target: count("target"), reference: count("reference"))
      try close(share.value, entry["fraction"], 1e-12, "fraction")
      if share.value > 0 { try close(share.standardUncertainty, entry["se_delta"], 1e-9, "se") }
    }
  }

  @Test("Relative expression is that of Livak and Schmittgen, and of Pfaffl with efficiencies")
  func expression() throws {
    let reference = try #require(try ReferenceData.json("qpcr/qpcr.ref.json") as? [String: Any])
    func table(_ name: String) throws -> DataTable {
      try DataTable(
        export: [UInt8](Data(contentsOf: URL(fileURLWithPath: ReferenceData.path("qpcr/pcr/\(name)")))), file: name)
    }
    let ct1 = try table("ct1.csv")
    let cycles = try ct1.rows.flatMap { row in
      try ct1.columns.indices.map { column in
        RelativeExpression.Cycle(
          group: row < 6 ? "brain" : "kidney", gene: ct1.columns[column], value: try ct1.number(row, column))
      }
    }
    let result = try RelativeExpression(cycles, references: ["GAPDH"], calibrator: "brain")
    let expected = try #require(reference["ct1_separate_tube"] as? [String: [String: Any]])
    for row in result.rows {
      let truth = try #require(expected["\(row.gene)|\(row.group)"])
      try close(row.deltaCycle, truth["normalized_dCt"], 1e-12, row.group)
      try close(row.deviation, truth["sd"], 1e-9, row.group)
      try close(row.relative, truth["rel"], 1e-9, row.group)
      try close(row.interval?.lowerBound, truth["lower"], 1e-9, row.group)
      try close(row.interval?.upperBound, truth["upper"], 1e-9, row.group)
    }
    let ct3 = try table("ct3.csv")
    let amounts: [Double] = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01].flatMap { (x: Double) -> [Double] in [x, x, x] }
    var factors: [String: Double] = [:]
    for (column, gene) in ct3.columns.enumerated() {
      let truth = try #require(reference["ct3_curve_\(gene)"] as? [String: Any])
      let values = try ct3.rows.map { try ct3.requiredNumber($0, column) }
      let curve = try StandardCurve(inputs: Array(amounts.prefix(values.count)), cycles: values)
      try close(curve.slope, truth["slope"], 1e-9, gene)
      try close(curve.intercept, truth["intercept"], 1e-9, gene)
      try close(curve.determination, truth["r2"], 1e-9, gene)
      try close(curve.efficiency, truth["efficiency"], 1e-9, gene)
      factors[gene] = 1 + curve.efficiency
    }
    let corrected = try RelativeExpression(
      cycles, references: ["GAPDH"], calibrator: "brain", efficiencies: factors)
    try close(
      corrected.rows.first { $0.group == "kidney" }?.relative, reference["pfaffl_ct1_kidney_vs_brain"], 1e-9, "Pfaffl")
  }

  @Test("An instrument's export gives the ΔCt, ΔΔCt and expression that the instrument writes, with two references")
  func instrumentExpression() throws {
    let path = "qpcr/autoqpcr/Example_Data/RELATIVE_example.csv"
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: ReferenceData.path(path))))
    let table = try DataTable(export: bytes, file: "RELATIVE_example.csv") { $0.contains("Target Name") }
    let (sample, gene, cycle) = try (
      table.required("Sample Name"), table.required("Target Name"), table.required("CT")
    )
    let cycles = try table.rows.filter { !table[$0, gene].isEmpty }.map { row in
      RelativeExpression.Cycle(
        group: table[row, sample], gene: table[row, gene], value: try table.number(row, cycle))
    }
    let result = try RelativeExpression(cycles, references: ["ACTB", "GAPDH"], calibrator: "AiW002-2-D0")
    let instrument = try #require(
      try ReferenceData.json("qpcr/quantstudio_relative.ref.json") as? [String: Any])
    let groups = try #require(instrument["groups"] as? [String: [String: Any]])
    var compared = 0
    for row in result.rows {
      let stated = try #require(groups["\(row.group)|\(row.gene)"])
      guard let deltaDelta = stated["Delta Delta Ct"] as? Double else { continue }
      // The instrument writes three decimals.
      #expect(abs(row.cycles.mean - (try #require(stated["Ct Mean"] as? Double))) < 0.0015, "\(row.gene) \(row.group)")
      #expect(abs(row.deltaCycle - (try #require(stated["Delta Ct Mean"] as? Double))) < 0.0015)
      #expect(abs(row.deltaDeltaCycle - deltaDelta) < 0.0025)
      #expect(abs(row.relative / pow(2, -deltaDelta) - 1) < 0.002)
      compared += 1
    }
    #expect(compared >= 9, "\(compared)")
  }
}
