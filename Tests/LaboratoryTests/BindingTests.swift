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
