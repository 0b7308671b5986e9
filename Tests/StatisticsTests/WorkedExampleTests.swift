import Testing

@testable import Statistics

func near(_ a: Double?, _ b: Double, _ relative: Double = 1e-9) -> Bool {
  guard let a else { return false }
  return abs(a - b) <= relative * max(abs(b), 1e-300) || a == b
}

@Suite("Tests of samples against worked examples and published data")
struct WorkedExampleTests {
  let a = [5.1, 6.3, 4.7, 7.9]
  let b = [2.9, 3.4, 2.2, 3.9, 2.6]

  @Test("WE-11.4: Student, Welch and Mann-Whitney on 4 against 5")
  func twoSamples() throws {
    let student = try TTest.student(a, b)
    #expect(near(student.t, 4.188539082916955) && student.degreesOfFreedom == 7)
    #expect(near(student.p, 0.0040934933557784815))
    let welch = try TTest.welch(a, b)
    #expect(near(welch.t, 3.854822794656822) && near(welch.degreesOfFreedom, 4.032818033876069))
    #expect(near(welch.p, 0.017950749551231465))
    let rank = try MannWhitney(a, b)
    #expect(rank.u == 20 && near(rank.p, 0.015873015873015872) && rank.method == .exact && rank.superiority == 1)
  }

  @Test("WE-11.3: 0.036 and 0.040 are not among the exact Mann-Whitney probabilities of 4 against 5")
  func attainable() throws {
    let all = try MannWhitney.attainable(4, 5)
    let expected = [
      0.015873015873015872, 0.031746031746031744, 0.06349206349206349, 0.1111111111111111, 0.19047619047619047,
      0.2857142857142857,
    ]
    #expect(zip(all, expected).allSatisfy { near($0, $1) })
    #expect(!all.contains { (0.0355..<0.0365).contains($0) || (0.0395..<0.0405).contains($0) })
  }

  @Test("The distribution of Mann-Whitney's U sums to 1, is symmetric and counts single arrangements as 1 of C(n+m, n)")
  func distribution() {
    for (n, m) in [(1, 1), (3, 5), (7, 4), (20, 30), (49, 49)] {
      let shares = MannWhitney.distribution(n, m)
      #expect(near(shares.reduce(0, +), 1, 1e-12))
      #expect(zip(shares, shares.reversed()).allSatisfy { near($0, $1, 1e-12) })
      var arrangements = 1.0
      for i in 1...n { arrangements *= Double(m + i) / Double(i) }
      #expect(near(shares[0] * arrangements, 1, 1e-11))
    }
  }

  @Test("Ties lead to the normal approximation with corrections (values of scipy 1.17)")
  func ties() throws {
    let test = try MannWhitney([1, 2, 2, 3, 5, 5, 8], [2, 4, 5, 6, 9, 9])
    #expect(test.u == 11 && near(test.p, 0.16936768223501375) && test.method == .normal)
    let signed = try SignedRank([1, 2, 3, 4, 5, 6], [2, 1, 5, 1, 1, 2])
    #expect(near(signed.p, 0.24625169969252703) && signed.method == .normal && signed.smallestAttainable == nil)
  }

  @Test("Wilcoxon's exact test of the depression scale data (Hollander and Wolfe 1973): V = 40, p = 0.0390625")
  func signedRank() throws {
    let first = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    let second = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    let test = try SignedRank(first, second)
    #expect(test.v == 40 && test.p == 0.0390625 && test.method == .exact)
  }

  @Test("WE-11.1: dosimetry before and after, four pairs of kidneys, marrow and liver")
  func pairs() throws {
    let (pre, post) = ([1.59, 1.44, 1.18, 1.3], [0.87, 1.21, 0.68, 0.68])
    let t = try TTest.paired(pre, post)
    #expect(near(t.t, 4.8885515666103805) && t.degreesOfFreedom == 3 && near(t.p, 0.016371599937684195))
    let signed = try SignedRank(pre, post)
    #expect(signed.p == 0.125 && signed.smallestAttainable == 0.125)
    let agreement = try Agreement(pre, post)
    #expect(near(agreement.difference.bias, 0.5175) && near(agreement.difference.deviation, 0.21171915359740132))
    // The worked example multiplies by 1.96 instead of the normal quantile.
    #expect(near(agreement.difference.limits.lower, 0.1025304589490934, 1e-4))
    #expect(near(agreement.difference.limits.upper, 0.9324695410509065, 1e-4))
    #expect(near(agreement.ratio.map { 1 / $0.bias }, 0.6101468424061418))
    #expect(near(agreement.intraclass.oneWay, -0.35700619020821606))
    #expect(near(agreement.intraclass.agreement, 0.13983020617821218))
    #expect(near(agreement.intraclass.consistency, 0.5222488675726084))
    #expect(near(try Correlation.pearson(pre, post).coefficient, 0.5535609325840298))
    #expect(near(try Correlation.spearman(pre, post).coefficient, 0.7378647873726218))
  }

  @Test("WE-11.2: Wilson and Clopper-Pearson intervals")
  func proportions() throws {
    let cases: [(Int, Int, [Double])] = [
      (6, 7, [0.4868721707256811, 0.9743203756552565, 0.4212768029568048, 0.9963897031380994]),
      (4, 9, [0.18877852109766452, 0.733348706504507, 0.1369956622651665, 0.787991493221132]),
      (10, 14, [0.4535091567010681, 0.8827862135542308, 0.4189647428163391, 0.9161106816928725]),
      (0, 7, [0, 0.35433043506668743, 0, 0.40961639722500337]),
      (7, 7, [0.6456695649333126, 1, 0.5903836027749966, 1]),
      (476, 690, [0.6543703973059448, 0.723237479348349, 0.6538587395438186, 0.724218236782103]),
    ]
    for (k, n, expected) in cases {
      let p = try Proportion(k, of: n)
      let found = [p.wilson.lower, p.wilson.upper, p.clopperPearson.lower, p.clopperPearson.upper]
      #expect(zip(found, expected).allSatisfy { near($0, $1) }, "\(k)/\(n) gives \(found)")
    }
    #expect(throws: StatisticsError.self) { try Proportion(8, of: 7) }
  }

  @Test("WE-11.6: Pearson with Fisher's interval; Spearman exact (24 of 720 permutations)")
  func correlations() throws {
    let x = [4.61, 5.2, 6.9, 7.7, 9.1, 12.47]
    let y = [0.11, 0.3, 0.28, 0.44, 0.42, 0.57]
    let pearson = try Correlation.pearson(x, y)
    #expect(near(pearson.coefficient, 0.9082754400296779) && near(pearson.p, 0.012234234880014114))
    #expect(near(pearson.interval?.lower, 0.36790396634132416) && near(pearson.interval?.upper, 0.9900499406515288))
    let spearman = try Correlation.spearman(x, y)
    #expect(near(spearman.coefficient, 0.8857142857142858) && near(spearman.p, 24.0 / 720) && spearman.method == .exact)
  }

  @Test("One-way analysis of variance (values of scipy 1.17); of two groups it is the square of Student's t")
  func variance() throws {
    let test = try AnalysisOfVariance([a + [5.5, 6.0], b, [4.1, 4.6, 5.2, 3.7]])
    #expect(near(test.f, 14.801128946904223) && near(test.p, 0.0005759517006636683))
    let pair = try AnalysisOfVariance([a, b])
    let student = try TTest.student(a, b)
    #expect(near(pair.f, student.t * student.t) && near(pair.p, student.p))
  }

  @Test("A description gives quartiles and Student's interval of the mean")
  func description() throws {
    let d = try Description([1, 2, 3, 4])
    #expect(d.mean == 2.5 && d.lowerQuartile == 1.75 && near(d.geometricMean, 2.213363839400643))
    #expect(near(d.meanInterval?.upper, 2.5 + 3.1824463052837086 * 0.6454972243679028))
    #expect(try Description([-1, 2]).geometricMean == nil)
    #expect(try Description([3]).meanInterval == nil)
  }

  @Test("What does not vary, is missing or is unpaired is refused")
  func refusals() {
    #expect(throws: StatisticsError.self) { try TTest.student([1, 1], [2, 2]) }
    #expect(throws: StatisticsError.self) { try TTest.welch([1], [2, 3]) }
    #expect(throws: StatisticsError.self) { try TTest.paired([1, 2], [1]) }
    #expect(throws: StatisticsError.self) { try MannWhitney([1, 1], [1]) }
    #expect(throws: StatisticsError.self) { try MannWhitney([], [1]) }
    #expect(throws: StatisticsError.self) { try SignedRank([1, 2], [1, 2]) }
    #expect(throws: StatisticsError.self) { try Correlation.pearson([1, 1], [1, 2]) }
    #expect(throws: StatisticsError.self) { try Agreement([1, .nan], [1, 2]) }
    #expect(throws: StatisticsError.self) { try AnalysisOfVariance([[1, 1], [2, 2]]) }
    #expect(throws: StatisticsError.self) { try ConfidenceLevel(95) }
    #expect(throws: StatisticsError.self) { try Description([1e308, 1e308]) }
    #expect(throws: StatisticsError.self) { try Correlation.pearson([1e200, -1e200], [1, 2]) }
  }
}
