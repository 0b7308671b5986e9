import Glibc
public import Provenance

/// Threshold cycles of genes in the samples of groups, and the expression relative to a calibrator group.
///
/// ΔCt = Ct(target) − mean of Ct(references), all means over replicates; ΔΔCt = ΔCt − ΔCt(calibrator); with
/// amplification factors E, R = Π: E_target^−ΔCt_target / mean of E_reference^−ΔCt_reference (Livak 2001; Pfaffl 2001;
/// Vandesompele 2002). Uncertainties are the replicates' standard deviations, propagated.
public struct RelativeExpression: Sendable {
  /// One measured cycle.
  public struct Cycle: Hashable, Sendable {
    public let group: String
    public let gene: String
    /// `nil` when the gene was not detected.
    public let value: Double?
    public init(group: String, gene: String, value: Double?) {
      (self.group, self.gene, self.value) = (group, gene, value)
    }
  }

  /// The cycles of one gene in one group.
  public struct Replicates: Hashable, Sendable {
    public let count: Int
    public let mean: Double
    /// With n − 1; `nil` for one replicate.
    public let deviation: Double?
  }

  /// One target in one group.
  public struct Row: Sendable {
    public let gene: String
    public let group: String
    public let cycles: Replicates
    /// Ct of the target less the mean of the references'.
    public let deltaCycle: Double
    /// √(SD² of the target + Σ SD² of the references / n²).
    public let deviation: Double?
    public let deltaDeltaCycle: Double
    /// Relative to the calibrator.
    public let relative: Double
    /// E^−(ΔΔCt ± SD).
    public let interval: ClosedRange<Double>?
  }

  public let rows: [Row]
  public let calibrator: String
  public let references: [String]
  public let findings: [Finding]

  /// - Parameter efficiencies: the amplification factor of a gene, 2 for doubling every cycle; 2 where none is given.
  /// - Throws: ``LaboratoryError`` when a reference or the calibrator is not there, or a factor is not in 1…2.2.
  public init(
    _ cycles: [Cycle], references: [String], calibrator: String, efficiencies: [String: Double] = [:]
  ) throws {
    var groups: [String] = []
    var genes: [String] = []
    for cycle in cycles {
      if !groups.contains(cycle.group) { groups.append(cycle.group) }
      if !genes.contains(cycle.gene) { genes.append(cycle.gene) }
    }
    guard groups.contains(calibrator), !references.isEmpty, references.allSatisfy(genes.contains) else {
      throw LaboratoryError(
        "qpcr-reference", "The calibrator “\(calibrator)” or a reference gene is not in the table.",
        remedy: "Groups: \(groups.joined(separator: ", ")). Genes: \(genes.joined(separator: ", ")).")
    }
    guard efficiencies.values.allSatisfy({ $0 > 1 && $0 <= 2.2 }) else {
      throw LaboratoryError(
        "qpcr-efficiency", "An amplification factor is not above 1 and at most 2.2.",
        remedy: "Give 2 for a doubling every cycle.")
    }
    var findings: [Finding] = []
    func replicates(_ gene: String, _ group: String) -> Replicates? {
      let all = cycles.filter { $0.gene == gene && $0.group == group }
      let values = all.compactMap(\.value)
      guard !values.isEmpty else { return nil }
      if values.count < all.count {
        findings.append(
          .fcs(
            .caution, "cycles-undetermined", "Replicates were not detected.",
            "\(all.count - values.count) of \(all.count) of \(gene) in \(group); they were left out, which favours the "
              + "detected ones.", subject: gene))
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
      if let deviation, deviation > 0.5 {
        findings.append(
          .fcs(
            .caution, "cycles-scatter", "Replicates scatter.",
            "The standard deviation of \(gene) in \(group) is \((deviation * 100).rounded() / 100) cycles, above 0.5.",
            subject: gene))
      }
      return Replicates(count: values.count, mean: mean, deviation: deviation)
    }
    var table: [String: [String: Replicates]] = [:]
    for gene in genes { for group in groups { table[gene, default: [:]][group] = replicates(gene, group) } }
    func delta(_ gene: String, _ group: String) -> (cycles: Replicates, value: Double, deviation: Double?)? {
      guard let target = table[gene]?[group] else { return nil }
      let controls = references.compactMap { table[$0]?[group] }
      guard controls.count == references.count else { return nil }
      let count = Double(controls.count)
      let variances =
        [target.deviation.map { $0 * $0 }] + controls.map { $0.deviation.map { $0 * $0 / (count * count) } }
      let known = variances.compactMap { $0 }
      return (
        target, target.mean - controls.reduce(0) { $0 + $1.mean } / count,
        known.count == variances.count ? known.reduce(0, +).squareRoot() : nil
      )
    }
    func factor(_ gene: String) -> Double { efficiencies[gene] ?? 2 }
    var rows: [Row] = []
    for gene in genes where !references.contains(gene) {
      guard let base = delta(gene, calibrator) else {
        findings.append(
          .fcs(
            .caution, "calibrator-undetermined", "A gene was not detected in the calibrator.",
            "\(gene) has no relative expression.", subject: gene))
        continue
      }
      for group in groups {
        guard let own = delta(gene, group) else { continue }
        let change = own.value - base.value
        let target = pow(factor(gene), base.cycles.mean - own.cycles.mean)
        let control = references.reduce(0.0) { sum, reference in
          guard let a = table[reference]?[calibrator], let b = table[reference]?[group] else { return sum }
          return sum + (a.mean - b.mean) * log(factor(reference)) / Double(references.count)
        }
        let relative = efficiencies.isEmpty ? exp2(-change) : target / exp(control)
        let interval = own.deviation.map { deviation in
          let spread = pow(factor(gene), deviation)
          return (relative / spread)...(relative * spread)
        }
        rows.append(
          Row(
            gene: gene, group: group, cycles: own.cycles, deltaCycle: own.value, deviation: own.deviation,
            deltaDeltaCycle: change, relative: relative, interval: interval))
      }
    }
    (self.rows, self.calibrator, self.references, self.findings) = (rows, calibrator, references, findings)
  }
}

/// The amplification of a gene from a dilution series: Ct = intercept + slope · log₁₀(input).
public struct StandardCurve: Hashable, Sendable {
  public let slope: Double
  public let intercept: Double
  /// r².
  public let determination: Double
  /// 10^(−1/slope) − 1; 1 for a doubling every cycle.
  public let efficiency: Double

  /// - Throws: ``LaboratoryError`` unless there are two inputs above 0 and cycles that fall with them.
  public init(inputs: [Double], cycles: [Double]) throws {
    let x = inputs.map(log10)
    let count = Double(x.count)
    let (mx, my) = (x.reduce(0, +) / count, cycles.reduce(0, +) / count)
    let xx = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
    let xy = zip(x, cycles).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    let yy = cycles.reduce(0) { $0 + ($1 - my) * ($1 - my) }
    guard x.count == cycles.count, x.count >= 2, inputs.allSatisfy({ $0 > 0 && $0.isFinite }), xx > 0, yy > 0, xy < 0
    else {
      throw LaboratoryError(
        "dilution-invalid", "A dilution series has no two inputs above 0 with falling cycles.",
        remedy: "Give inputs and cycles of at least two dilutions.")
    }
    slope = xy / xx
    intercept = my - slope * mx
    determination = xy * xy / (xx * yy)
    efficiency = pow(10, -1 / slope) - 1
  }
}
