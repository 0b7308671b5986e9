import Testing

@testable import Statistics

/// 137 patients after marrow transplantation in three disease groups (Klein and Moeschberger, Survival Analysis, 1997):
/// days to relapse (1), death in remission (2) or the end of observation (0).
enum MarrowTransplants {
  static let groups: [SurvivalSample] = [all, lowRisk, highRisk].compactMap { text in
    let rows = text.split(separator: ",").map { $0.split(whereSeparator: \.isWhitespace).map { Int($0)! } }
    return try? SurvivalSample(times: rows.map { Double($0[0]) }, causes: rows.map { $0[1] })
  }

  private static let all = """
    2081 0, 1602 0, 1496 0, 1462 0, 1433 0, 1377 0, 1330 0, 996 0, 226 0, 1199 0, 1111 0, 530 0, 1182 0, 1167 0,
    418 2, 383 1, 276 2, 104 1, 609 1, 172 2, 487 2, 662 1, 194 2, 230 1, 526 2, 122 2, 129 1, 74 1, 122 1, 86 2,
    466 2, 192 1, 109 1, 55 1, 1 2, 107 2, 110 1, 332 2
    """
  private static let lowRisk = """
    2569 0, 2506 0, 2409 0, 2218 0, 1857 0, 1829 0, 1562 0, 1470 0, 1363 0, 1030 0, 860 0, 1258 0, 2246 0, 1870 0,
    1799 0, 1709 0, 1674 0, 1568 0, 1527 0, 1324 0, 957 0, 932 0, 847 0, 848 0, 1850 0, 1843 0, 1535 0, 1447 0,
    1384 0, 414 2, 2204 2, 1063 2, 481 2, 105 2, 641 2, 390 2, 288 2, 421 1, 79 2, 748 1, 486 1, 48 2, 272 1, 1074
    2, 381 1, 10 2, 53 2, 80 2, 35 2, 248 1, 704 2, 211 1, 219 1, 606 1
    """
  private static let highRisk = """
    2640 0, 2430 0, 2252 0, 2140 0, 2133 0, 1238 0, 1631 0, 2024 0, 1345 0, 1136 0, 845 0, 422 1, 162 2, 84 1, 100
    1, 2 2, 47 1, 242 1, 456 1, 268 1, 318 2, 32 1, 467 1, 47 1, 390 1, 183 2, 105 2, 115 1, 164 2, 93 1, 120 1,
    80 2, 677 2, 64 1, 168 2, 74 2, 16 2, 157 1, 625 1, 48 1, 273 1, 63 2, 76 1, 113 1, 363 2
    """
}

@Suite("Competing risks")
struct CompetingRiskTests {
  @Test("Gray's test of relapse after transplantation agrees with an independent transcription of its formulas")
  func gray() throws {
    let relapse = try GrayTest(of: 1, in: MarrowTransplants.groups)
    #expect(relapse.degreesOfFreedom == 2)
    #expect(near(relapse.chiSquared, 11.922882048591756, 1e-9) && near(relapse.p, 0.0025761969335674753, 1e-9))
    let death = try GrayTest(of: 2, in: MarrowTransplants.groups)
    #expect(near(death.chiSquared, 0.13741078327005868, 1e-9) && near(death.p, 0.9336016864330006, 1e-9))
  }

  @Test("A group that dies out before the others leaves the test defined (values of an independent calculation)")
  func extinction() throws {
    let groups = [
      try SurvivalSample(times: [1, 2, 2, 3, 4, 5], causes: [1, 2, 1, 0, 1, 2]),
      try SurvivalSample(times: [1, 2, 4, 6, 7, 8, 9, 10], causes: [0, 1, 2, 1, 0, 1, 2, 0]),
      try SurvivalSample(times: [2, 3, 5, 6, 6, 9], causes: [2, 1, 1, 2, 1, 0]),
    ]
    #expect(near(try GrayTest(of: 1, in: groups).chiSquared, 2.2994112148682073))
    #expect(near(try GrayTest(of: 2, in: groups).chiSquared, 1.1427453636420728))
  }

  @Test("Gray's test does not depend on the order of groups")
  func order() throws {
    let forward = try GrayTest(of: 1, in: MarrowTransplants.groups)
    let backward = try GrayTest(of: 1, in: MarrowTransplants.groups.reversed())
    #expect(near(forward.chiSquared, backward.chiSquared, 1e-10))
  }

  @Test("Incidences of all causes and survival add to 1 at every time")
  func sum() throws {
    for sample in MarrowTransplants.groups {
      let (first, second) = (CumulativeIncidence(of: 1, in: sample), CumulativeIncidence(of: 2, in: sample))
      let curve = KaplanMeier(sample)
      for (a, b) in zip(first.steps, second.steps) {
        #expect(near(a.incidence + b.incidence + curve.step(at: a.time)!.survival, 1, 1e-12))
        #expect(a.interval.map { $0.lower < a.incidence && a.incidence < $0.upper } ?? (a.incidence == 0))
      }
    }
  }

  @Test("Without competing events the incidence is 1 − Kaplan-Meier with Greenwood's error")
  func singleCause() throws {
    let sample = try SurvivalSample(times: [1, 2, 2, 3, 4, 4, 5, 8, 9, 9], causes: [1, 1, 0, 1, 1, 1, 0, 1, 0, 0])
    let curve = KaplanMeier(sample)
    for step in CumulativeIncidence(of: 1, in: sample).steps {
      let survival = curve.step(at: step.time)!
      #expect(near(step.incidence, 1 - survival.survival, 1e-12))
      #expect(near(step.standardError, survival.standardError!, 1e-10))
    }
  }

  @Test("1 − Kaplan-Meier over-states relapse where death competes")
  func overstatement() throws {
    for sample in MarrowTransplants.groups {
      let naive = try KaplanMeier(SurvivalSample(times: sample.times, events: sample.causes.map { $0 == 1 }))
      #expect(1 - naive.steps.last!.survival > CumulativeIncidence(of: 1, in: sample).steps.last!.incidence)
    }
  }

  @Test("Groups that cannot be compared are refused")
  func refused() throws {
    #expect(throws: StatisticsError.self) { try GrayTest(of: 1, in: [MarrowTransplants.groups[0]]) }
    #expect(throws: StatisticsError.self) { try GrayTest(of: 3, in: MarrowTransplants.groups) }
  }
}
