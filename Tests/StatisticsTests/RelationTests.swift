import Testing

@testable import Statistics

@Suite("Small cohorts: bootstrap, relations, diagnostic tables, trends")
struct RelationTests {
  let suv = [4.61, 5.2, 6.9, 7.7, 9.1, 12.47]
  let blasts = [0.11, 0.3, 0.28, 0.44, 0.42, 0.57]

  @Test("All resamples of up to seven are weighed as if each were drawn: values of a full enumeration in NumPy")
  func exactBootstrap() throws {
    let values = [1.0, 2, 4, 9]
    let four = try Bootstrap(of: 4) { places in mean(places.map { values[$0] }) }
    #expect(four.isExact && four.resamples == 35 && four.interval == Interval(1.5, 7.25))
    let relation = try Relation(suv, with: blasts)
    #expect(relation.bootstrap.resamples == 462)
    #expect(near(relation.bootstrap.interval?.lower, 0.2, 1e-12) && near(relation.bootstrap.interval?.upper, 1, 1e-12))
    #expect(near(relation.bootstrap.undefinedShare, 0.0001286008230452675, 1e-9))
  }

  @Test("Drawn resamples give the same interval every time and cover the exact one")
  func drawnBootstrap() throws {
    let values = (0..<30).map { Double($0 * $0 % 17) }
    func interval(_ seed: UInt64) throws -> Interval? {
      try Bootstrap(of: 30, seed: seed) { places in mean(places.map { values[$0] }) }.interval
    }
    let found = try #require(try interval(0))
    #expect(try interval(0) == found)
    let description = try Description(values)
    let exact = try #require(description.meanInterval)
    #expect(abs(found.lower - exact.lower) < 0.3 && abs(found.upper - exact.upper) < 0.3)
    #expect(throws: StatisticsError.self) { try Bootstrap(of: 1) { _ in 0 } }
    #expect(throws: StatisticsError.self) { try Bootstrap(of: 1001) { _ in 0 } }
  }

  @Test("An interval is not given when too many resamples have no value")
  func undefinedBootstrap() throws {
    let bootstrap = try Bootstrap(of: 4) { places in places.contains(0) ? 1 : nil }
    #expect(bootstrap.interval == nil && near(bootstrap.undefinedShare, 81.0 / 256, 1e-12))
  }

  @Test("Fewer than ten subjects or events, or a test that cannot come below 0.05: no test, and why")
  func withheld() throws {
    let small = try Relation(suv, with: blasts)
    #expect(small.p == nil && small.withheld == "n 6 is fewer than 10" && near(small.coefficient, 0.8857142857142858))
    let x = (0..<12).map { Double(($0 * 5) % 12) }
    let large = try Relation(x, with: x.map { $0 * $0 })
    #expect(large.withheld == nil && large.coefficient == 1 && (large.p ?? 1) < 1e-6)
    let one = try Relation(x, withOutcome: x.map { $0 == 11 })
    #expect(one.p == nil && one.withheld == "even the clearest difference could not reach p 0.05")
    let half = try Relation(x, withOutcome: x.map { $0 > 5 })
    #expect(half.coefficient == 1 && near(half.p, 0.0021645021645021645))
    let few = try Relation(x, untilEvent: SurvivalSample(times: x.map { 20 - $0 }, events: x.map { $0 > 5 }))
    #expect(few.p == nil && few.withheld == "6 events are fewer than 10" && few.coefficient == 1)
    #expect(throws: StatisticsError.self) { try Relation([1, 2], with: [1, 2]) }
    #expect(throws: StatisticsError.self) { try Relation([1, 2], withOutcome: [true, true]) }
    #expect(throws: StatisticsError.self) {
      try Relation([1, 2, 3], untilEvent: SurvivalSample(times: [1, 2, 3], events: [false, false, false]))
    }
  }

  @Test("Harrell's C of times with ties and censoring (lifelines 0.30)")
  func concordance() throws {
    let relation = try Relation(
      [9, 4, 7, 7, 2, 1],
      untilEvent: SurvivalSample(times: [5, 8, 8, 12, 15, 20], events: [true, false, true, true, false, true]))
    #expect(near(relation.coefficient, 0.9545454545454546))
  }

  @Test(
    "Harrell's C of 432 released prisoners (lifelines 0.30)",
    .enabled(if: SurvivalReferences.areThere, "The folder lab/survival of the test data is not there."))
  func rossi() throws {
    let (header, rows) = try SurvivalReferences.table("lifelines/rossi.csv")
    func column(_ name: String) throws -> [Double] {
      let place = try #require(header.firstIndex(of: name))
      return rows.compactMap { Double($0[place]) }
    }
    let sample = try SurvivalSample(times: try column("week"), events: try column("arrest").map { $0 == 1 })
    #expect(near(harrellsC(try column("prio"), sample, Array(rows.indices)), 0.5879362171809686))
    #expect(near(harrellsC(try column("age"), sample, Array(rows.indices)), 0.38636043398619135))
  }

  @Test("The area under the curve with the interval of DeLong (values of NumPy); groups apart have no interval")
  func area() throws {
    let area = try CharacteristicArea([5.1, 6.3, 4.7, 7.9, 3.0], above: [2.9, 3.4, 5.0, 3.9, 2.6, 3.0])
    #expect(near(area.area, 0.85) && near(area.standardError, 0.1288840995278747))
    #expect(area.interval?.upper == 1)
    let apart = try CharacteristicArea([3, 4], above: [1, 2])
    #expect(apart.area == 1 && apart.interval == nil)
  }

  @Test("WE-11.7: visual positivity of 9 with and 5 without marrow involvement")
  func diagnostic() throws {
    let table = try DiagnosticTable(truePositives: 4, falseNegatives: 5, falsePositives: 0, trueNegatives: 5)
    #expect(near(table.sensitivity?.estimate, 0.4444444444444444) && table.specificity?.estimate == 1)
    #expect(near(table.sensitivity?.wilson.lower, 0.18877852109766452))
    #expect(near(table.sensitivity?.wilson.upper, 0.733348706504507))
    #expect(near(table.specificity?.clopperPearson.lower, 0.4781762498950185))
    #expect(table.positivePredictiveValue?.estimate == 1 && table.negativePredictiveValue?.estimate == 0.5)
    let nobody = try DiagnosticTable(truePositives: 0, falseNegatives: 0, falsePositives: 1, trueNegatives: 2)
    #expect(nobody.sensitivity == nil)
    #expect(throws: StatisticsError.self) {
      try DiagnosticTable(truePositives: -1, falseNegatives: 0, falsePositives: 1, trueNegatives: 2)
    }
    #expect(throws: StatisticsError.self) {
      try DiagnosticTable(truePositives: 0, falseNegatives: 0, falsePositives: 0, trueNegatives: 0)
    }
  }

  static let organs: [(String, [Double], [Double], [Double])] = [
    (
      "marrow", [0.42, 0.57, 0.44, 0.16], [0.14, 0.41, 0.30, 0.10],
      [
        3.519530760512479, 0.03893037165872687, 0.16, 0.09092121131323903, 0.565371725560498, 0.4866828087167071,
        0.568618584671038, 0.8352706741946199,
      ]
    ),
    (
      "liver", [0.29, 0.40, 0.66, 0.38], [0.20, 0.36, 0.32, 0.36],
      [
        1.6558716511280447, 0.19632413188860934, 0.1225, 0.14795832746644128, 0.7307180974988815,
        0.12200232828870775, 0.22519005547565243, 0.2943862476497448,
      ]
    ),
  ]

  @Test("WE-11.1: marrow and liver before and after", arguments: organs)
  func markedOrgans(name: String, before: [Double], after: [Double], expected: [Double]) throws {
    let t = try TTest.paired(before, after)
    let agreement = try Agreement(before, after)
    let found: [Double?] = [
      t.t, t.p, agreement.difference.bias, agreement.difference.deviation, agreement.ratio.map { 1 / $0.bias },
      agreement.intraclass.oneWay, agreement.intraclass.agreement, agreement.intraclass.consistency,
    ]
    for (value, reference) in zip(found, expected) { #expect(near(value, reference), "\(name) \(reference)") }
  }

  @Test("A straight line has the slope and standard error of SciPy; two points have no interval")
  func trend() throws {
    let trend = try LinearTrend([0.25, 1, 1.5, 2.2, 3.1], [98, 95, 93.5, 90, 86])
    #expect(near(trend.slope, -4.222199083715116) && near(trend.intercept, 99.29774052478133))
    #expect(near(trend.standardError, 0.16556911507584862) && near(trend.interval?.lower, -4.749113902257344))
    #expect(try LinearTrend([0, 1], [1, 2]).interval == nil)
    #expect(throws: StatisticsError.self) { try LinearTrend([1, 1], [1, 2]) }
  }
}
