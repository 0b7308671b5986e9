import Testing

@testable import Laboratory

@Suite struct BindingTests {
  @Test("A saturation without noise gives the constants that made it", arguments: [true, false])
  func saturation(_ hasUnspecific: Bool) throws {
    let ligand = [0.5, 1, 2, 5, 10, 20, 50, 100, 200]
    let fit = try SaturationBinding(
      ligand: ligand.map { .nanomolar($0) }, total: ligand.map { 1200 * $0 / (8 + $0) + 1.5 * $0 },
      unspecific: ligand.map { hasUnspecific ? 1.5 * $0 : nil })
    #expect(abs(fit.kd.value / 8 - 1) < 1e-6)
    #expect(abs(fit.bmax.value / 1200 - 1) < 1e-6)
    #expect(abs(fit.unspecific.value / 1.5 - 1) < 1e-6)
  }

  @Test("A competition gives IC50, and Ki by Cheng and Prusoff")
  func competition() throws {
    let competitor = [0, 0.1, 1, 3, 10, 30, 100, 1000]
    let fit = try CompetitionBinding(
      competitor: competitor.map { .nanomolar($0) }, bound: competitor.map { 50 + 950 / (1 + $0 / 12) })
    #expect(abs(fit.ic50.value / 12 - 1) < 1e-6)
    #expect(abs(try fit.inhibitionConstant(ligand: .nanomolar(4), kd: .nanomolar(8)).value / 8 - 1) < 1e-6)
    #expect(throws: LaboratoryError.self) {
      try fit.inhibitionConstant(ligand: .nanomolar(4), kd: .nanomolar(0))
    }
  }

  private func close(_ found: ClosedRange<Double>?, _ low: Double, _ high: Double) throws {
    let found = try #require(found)
    #expect(abs(found.lowerBound / low - 1) < 1e-5 && abs(found.upperBound / high - 1) < 1e-5, "\(found)")
  }

  @Test("Intervals of constants and curves of scattered points are those of SciPy's curve_fit with Student's t")
  func intervals() throws {
    let saturation = try SaturationBinding(
      ligand: [0.5, 1, 2, 5, 10, 20, 50, 100, 200].map { .nanomolar($0) },
      total: [82, 121, 262, 455, 684, 850, 1120, 1240, 1460], unspecific: [0.2, 2.1, 2.4, 8, 14, 33, 71, 155, 296])
    #expect(abs(saturation.kd.value / 8.120769931424544 - 1) < 1e-6)
    try close(saturation.kd.interval95, 7.522415921214978, 8.766718693809954)
    try close(saturation.bmax.interval95, 1165.7896361807202, 1220.0254272080617)
    try close(saturation.unspecific.interval95, 1.4022697317470836, 1.6267531558799295)
    let curve = saturation.total(at: .nanomolar(30))
    #expect(abs(curve.value / 983.978240381097 - 1) < 1e-6)
    try close(curve.interval, 971.2925985405591, 996.6638822216348)
    let competition = try CompetitionBinding(
      competitor: [0, 0.1, 1, 3, 10, 30, 100, 1000].map { .nanomolar($0) },
      bound: [1010, 985, 950, 800, 560, 330, 140, 66])
    try close(competition.ic50.interval95, 9.970266584270062, 13.516536812214392)
    try close(competition.bound(at: .nanomolar(20)).interval, 379.2886835650872, 424.9875723846499)
    let ki = try competition.inhibitionConstant(ligand: .nanomolar(4), kd: .nanomolar(4))
    try close(ki.interval95, 9.970266584270062 / 2, 13.516536812214392 / 2)
  }

  @Test("Too few concentrations and a binding that does not saturate are refused")
  func refusals() {
    #expect(throws: LaboratoryError.self) {
      try CompetitionBinding(competitor: [.nanomolar(1), .nanomolar(2)], bound: [1, 2])
    }
    #expect(throws: LaboratoryError.self) {
      try SaturationBinding(
        ligand: [1, 2, 3, 4, 5].map { .nanomolar($0) }, total: [1, 2, 3, 4, 5], unspecific: [0, 0, 0, 0, 0])
    }
  }
}
