/// A cycle with the run, such as a plate, in which it was measured.
public struct RunCycle: Hashable, Sendable {
  public let run: String
  public let cycle: RelativeExpression.Cycle

  public init(run: String, cycle: RelativeExpression.Cycle) { (self.run, self.cycle) = (run, cycle) }
}

/// The shifts of runs against each other by samples that all of them hold (Hellemans 2007, Genome Biol 8:R19).
///
/// The shift of a gene in a run is the mean over calibrators of its mean cycle there less that over all runs; on amounts
/// this divides by the geometric mean of the calibrators, whatever the efficiency.
public struct InterRunCalibration: Sendable {
  /// Cycles to subtract, by gene and run.
  public let shifts: [String: [String: Double]]
  /// The cycles with the shifts taken out.
  public let cycles: [RelativeExpression.Cycle]

  /// - Throws: ``LaboratoryError`` when a run lacks all calibrators of a gene that it holds.
  public init(_ measured: [RunCycle], calibrators: [String]) throws {
    var shifts: [String: [String: Double]] = [:]
    var runs: [String] = []
    var genes: [String] = []
    for entry in measured {
      if !runs.contains(entry.run) { runs.append(entry.run) }
      if !genes.contains(entry.cycle.gene) { genes.append(entry.cycle.gene) }
    }
    for gene in genes {
      let own = measured.filter { $0.cycle.gene == gene }
      let holding = runs.filter { run in own.contains { $0.run == run } }
      func mean(_ calibrator: String, _ run: String) -> Double? {
        let values = own.filter { $0.run == run && $0.cycle.group == calibrator }.compactMap(\.cycle.value)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
      }
      // Only calibrators that every run has measured compare like with like.
      let shared = calibrators.filter { calibrator in holding.allSatisfy { mean(calibrator, $0) != nil } }
      guard !shared.isEmpty || holding.count < 2 else {
        throw LaboratoryError(
          "run-calibrator-missing", "No calibrator of \(gene) was measured in all of its \(holding.count) runs.",
          remedy: "Name samples that every run holds.")
      }
      let means = holding.map { run in
        shared.isEmpty ? 0 : shared.reduce(0) { $0 + (mean($1, run) ?? 0) } / Double(shared.count)
      }
      let all = means.reduce(0, +) / Double(means.count)
      for (run, value) in zip(holding, means) { shifts[gene, default: [:]][run] = value - all }
    }
    self.shifts = shifts
    cycles = measured.map { entry in
      .init(
        group: entry.cycle.group, gene: entry.cycle.gene,
        value: entry.cycle.value.map { $0 - (shifts[entry.cycle.gene]?[entry.run] ?? 0) })
    }
  }
}
