public import Provenance

/// The insertions and deletions of an edited sample, decomposed from its trace and that of an unedited control.
///
/// The base shares of the edited trace around the cut are a non-negative mixture of the control's, shifted by every
/// deletion of up to 30 bases over the cut and every insertion of up to 14 (the approach of Brinkman 2014 and Conant 2022),
/// and of a background of equal shares, which takes up noise and is no sequence.
public struct IndelSpectrum: Sendable {
  /// One size of indel.
  public struct Share: Hashable, Sendable {
    /// Bases gained, negative when lost; 0 for unedited.
    public let size: Int
    /// Of all sequences, 0 to 1.
    public let fraction: Double
    /// Its standard uncertainty by the jackknife over parts of the window.
    public let standardUncertainty: Double
  }

  /// Sizes of at least 1 %, ascending.
  public let shares: [Share]
  /// The share of edited sequences.
  public let edited: Double
  /// The share with a frame shift or at least 21 bases gained or lost.
  public let knockOut: Double
  /// How much of the edited trace's variation the mixture explains, R².
  public let goodness: Double
  /// The share of the signal that is background.
  public let background: Double
  /// The index of the first base after the cut in the control.
  public let cut: Int
  public let findings: [Finding]

  private static let deletions = 30
  private static let insertions = 14
  private static let before = 25
  private static let after = 100
  private static let blocks = 10

  /// Decomposes an edited trace.
  ///
  /// - Parameter guide: the protospacer without PAM, 5' to 3', on either strand; Cas9 cuts 3 bases before its PAM.
  /// - Throws: ``LaboratoryError`` when the guide is not found once in the control, too little is read around the cut, or
  ///   the mixture explains less than half of the edited trace.
  public init(control: SangerTrace, edited sample: SangerTrace, guide: String) throws {
    let cut = try Self.cut(control, guide)
    let start = cut - Self.before
    let offset = try Self.offset(control, sample, start)
    let end = min(cut + Self.after, control.bases.count - Self.deletions, sample.bases.count - offset)
    guard start >= 0, start + offset >= 0, end >= cut + 40 else {
      throw LaboratoryError(
        "trace-short", "Fewer than 40 bases after the cut, or 25 before it, are read in both traces.",
        remedy: "Sequence from a primer 100 to 300 bases away from the cut.")
    }
    let (sizes, shifted) = Self.candidates(control, cut, start, end)
    let noise = [SIMD4<Double>](repeating: SIMD4(repeating: 0.25), count: end - start)
    let columns = shifted + [noise]
    let target = (start..<end).map { sample.shares($0 + offset) }
    let problem = MixtureProblem(columns: columns, target: target, blocks: Self.blocks)
    func fractions(_ weights: [Double]) -> [Int: Double] {
      let total = weights.dropLast().reduce(0, +)
      var sums: [Int: Double] = [:]
      for (size, weight) in zip(sizes, weights) { sums[size, default: 0] += weight / total }
      sums = sums.filter { $0.value >= 0.01 }
      let kept = sums.values.reduce(0, +)
      return kept > 0 ? sums.mapValues { $0 / kept } : [:]
    }
    let weights = problem.solve(without: nil)
    let sums = fractions(weights)
    goodness = problem.goodness(weights)
    background = (weights.last ?? 0) / max(weights.reduce(0, +), 1e-300)
    guard goodness >= 0.5, !sums.isEmpty else {
      throw LaboratoryError(
        "decomposition-poor",
        "No mixture of indels explains the edited trace (R² \((goodness * 1000).rounded() / 1000)).",
        remedy: "Check that both traces are of the same amplicon and strand, and their quality.")
    }
    let parts = (0..<Self.blocks).map { fractions(problem.solve(without: $0)) }
    shares = sums.keys.sorted().map { size in
      let values = parts.map { $0[size] ?? 0 }
      let mean = values.reduce(0, +) / Double(values.count)
      let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let factor = Double(Self.blocks - 1) / Double(Self.blocks)
      return Share(size: size, fraction: sums[size] ?? 0, standardUncertainty: (factor * spread).squareRoot())
    }
    edited = shares.filter { $0.size != 0 }.reduce(0) { $0 + $1.fraction }
    knockOut = shares.filter { $0.size % 3 != 0 || abs($0.size) >= 21 }.reduce(0) { $0 + $1.fraction }
    self.cut = cut
    var findings: [Finding] = []
    if goodness < 0.9 {
      findings.append(
        .fcs(
          .caution, "decomposition-weak", "The mixture of indels explains the trace in part.",
          "R² is \((goodness * 1000).rounded() / 1000), below 0.9: the shares are uncertain."))
    }
    if background > 0.05 {
      findings.append(
        .fcs(
          .caution, "trace-noisy", "The edited trace is noisier than the control.",
          "\(Int((100 * background).rounded())) % of its signal is background."))
    }
    self.findings = findings
  }

  private static func cut(_ control: SangerTrace, _ guide: String) throws -> Int {
    let wanted = Array(guide.uppercased())
    let complement: [Character: Character] = ["A": "T", "C": "G", "G": "C", "T": "A"]
    guard (15...30).contains(wanted.count), wanted.allSatisfy({ complement[$0] != nil }) else {
      throw LaboratoryError(
        "guide-invalid", "The guide is not 15 to 30 bases of A, C, G and T.",
        remedy: "Give the protospacer without PAM.")
    }
    let reverse = wanted.reversed().map { complement[$0] ?? $0 }
    func places(_ text: [Character]) -> [Int] {
      guard control.bases.count >= text.count else { return [] }
      return (0...(control.bases.count - text.count)).filter {
        control.bases[$0..<($0 + text.count)].elementsEqual(text)
      }
    }
    let cuts = places(wanted).map { $0 + wanted.count - 3 } + places(reverse).map { $0 + 3 }
    guard let cut = cuts.first, cuts.count == 1 else {
      throw LaboratoryError(
        "guide-not-found", "The guide is found \(cuts.count) times in the control's bases.",
        remedy: "Check the guide and the control trace.")
    }
    return cut
  }

  /// By how many bases the edited trace is ahead of the control before the cut.
  private static func offset(_ control: SangerTrace, _ sample: SangerTrace, _ end: Int) throws -> Int {
    let start = max(20, end - 150)
    guard end - start >= 30 else {
      throw LaboratoryError(
        "trace-short", "Fewer than 30 readable bases precede the cut.",
        remedy: "Sequence from a primer 100 to 300 bases away from the cut.")
    }
    func matches(_ offset: Int) -> Int {
      (start..<end).count {
        sample.bases.indices.contains($0 + offset) && sample.bases[$0 + offset] == control.bases[$0]
      }
    }
    let best = (-60...60).max { (matches($0), -abs($0)) < (matches($1), -abs($1)) } ?? 0
    guard Double(matches(best)) >= 0.7 * Double(end - start) else {
      throw LaboratoryError(
        "traces-differ", "The traces do not agree before the cut.",
        remedy: "Check that both are of the same amplicon and strand.")
    }
    return best
  }

  private static func candidates(
    _ control: SangerTrace, _ cut: Int, _ start: Int, _ end: Int
  ) -> (sizes: [Int], columns: [[SIMD4<Double>]]) {
    var sizes: [Int] = []
    var columns: [[SIMD4<Double>]] = []
    for lost in 1...deletions {
      for left in max(0, lost - deletions)...lost {
        sizes.append(-lost)
        columns.append((start..<end).map { control.shares($0 < cut - left ? $0 : $0 + lost) })
      }
    }
    for gained in 0...insertions {
      sizes.append(gained)
      columns.append(
        (start..<end).map { place in
          if place >= cut, place < cut + gained { return SIMD4(repeating: 0.25) }
          return control.shares(place < cut ? place : place - gained)
        })
    }
    return (sizes, columns)
  }
}

/// Non-negative least squares (Lawson and Hanson 1974, chapter 23) of a target by columns, with parts to leave out.
private struct MixtureProblem {
  private let columns: [[SIMD4<Double>]]
  private let target: [SIMD4<Double>]
  private let grams: [[Double]]
  private let products: [[Double]]

  init(columns: [[SIMD4<Double>]], target: [SIMD4<Double>], blocks: Int) {
    self.columns = columns
    self.target = target
    let count = columns.count
    let ranges = (0..<blocks).map { ($0 * target.count / blocks)..<(($0 + 1) * target.count / blocks) }
    func dot(_ a: [SIMD4<Double>], _ b: [SIMD4<Double>], _ range: Range<Int>) -> Double {
      var sum = SIMD4<Double>(repeating: 0)
      for i in range { sum += a[i] * b[i] }
      return sum.sum()
    }
    grams = ranges.map { range in
      var gram = [Double](repeating: 0, count: count * count)
      for i in 0..<count {
        for j in 0...i {
          gram[i * count + j] = dot(columns[i], columns[j], range)
          gram[j * count + i] = gram[i * count + j]
        }
      }
      return gram
    }
    products = ranges.map { range in columns.map { dot($0, target, range) } }
  }

  /// The weights, of all parts or without one.
  func solve(without left: Int?) -> [Double] {
    let count = columns.count
    var gram = [Double](repeating: 0, count: count * count)
    var product = [Double](repeating: 0, count: count)
    for block in grams.indices where block != left {
      for i in gram.indices { gram[i] += grams[block][i] }
      for i in product.indices { product[i] += products[block][i] }
    }
    var x = [Double](repeating: 0, count: count)
    var active: [Int] = []
    var dependent: Set<Int> = []
    let tolerance = 1e-9 * (product.map(abs).max() ?? 1)
    for _ in 0..<(3 * count) {
      let gradient = (0..<count).map { i in
        active.reduce(product[i]) { $0 - gram[i * count + $1] * x[$1] }
      }
      guard
        let next = (0..<count).filter({ !active.contains($0) && !dependent.contains($0) }).max(by: {
          gradient[$0] < gradient[$1]
        }),
        gradient[next] > tolerance
      else { break }
      active.append(next)
      while true {
        let matrix = active.map { i in active.map { j in gram[i * count + j] } }
        guard let inverse = squareInverse(matrix) else {
          dependent.insert(active.removeLast())
          break
        }
        let s = inverse.map { row in zip(row, active).reduce(0) { $0 + $1.0 * product[$1.1] } }
        if s.allSatisfy({ $0 > 0 }) {
          for (i, value) in zip(active, s) { x[i] = value }
          break
        }
        var step = 1.0
        for (i, value) in zip(active, s) where value <= 0 { step = min(step, x[i] / max(x[i] - value, 1e-300)) }
        for (i, value) in zip(active, s) { x[i] += step * (value - x[i]) }
        for i in active where x[i] <= 1e-12 { x[i] = 0 }
        active.removeAll { x[$0] == 0 }
        if active.isEmpty { return x }
      }
    }
    return x
  }

  func goodness(_ weights: [Double]) -> Double {
    var residual = 0.0
    var total = 0.0
    let mean = target.reduce(0) { $0 + $1.sum() } / Double(4 * target.count)
    for i in target.indices {
      var difference = target[i]
      for (column, weight) in zip(columns, weights) where weight > 0 { difference -= weight * column[i] }
      residual += (difference * difference).sum()
      let deviation = target[i] - SIMD4(repeating: mean)
      total += (deviation * deviation).sum()
    }
    return total > 0 ? 1 - residual / total : 0
  }
}
