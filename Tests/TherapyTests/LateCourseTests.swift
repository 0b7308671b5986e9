import Glibc
import Numerics
import Quantities
import Statistics
import Testing

@testable import Therapy

private func d(_ text: String) -> ExactDecimal { ExactDecimal(text) ?? -999 }

@Suite("Graft, chimerism and kidneys in the long run")
struct LateCourseTests {
  static func day(_ day: Int, _ anc: String, _ plt: String, _ hb: String) -> [LaboratoryResult] {
    [(Analyte.neutrophils, anc), (.platelets, plt), (.haemoglobin, hb)].map {
      LaboratoryResult(day: day, analyte: $0.0, value: d($0.1))
    }
  }

  @Test("Poor graft function takes three lineages on three days with full chimerism; one lineage that holds ends it")
  func poorFunction() {
    let low = [30, 33, 37].flatMap { Self.day($0, "0.4", "12", "6.8") }
    #expect(GraftFunction.assess(low) { _ in .full }.value == .poor)
    #expect(GraftFunction.assess(low) { _ in .mixed }.value == .failing)
    let open = GraftFunction.assess(low) { _ in nil }
    #expect(open.value == nil && open.missing.contains("donor chimerism"))
    let held = Self.day(30, "0.4", "12", "6.8") + Self.day(33, "0.4", "20", "6.8") + Self.day(37, "0.4", "12", "6.8")
    #expect(GraftFunction.assess(held) { _ in .full }.value == .sufficient)
    let early = [20, 24, 27].flatMap { Self.day($0, "0.4", "12", "6.8") }
    #expect(GraftFunction.assess(early) { _ in .full }.value == nil)
  }

  @Test("After a boost counts start anew, and a recovery after it is said to be perhaps the boost's")
  func boosts() {
    let values = Array(repeating: "0.1", count: 20) + ["0.6", "0.7", "0.9", "1.0"]
    let results = values.enumerated().map {
      LaboratoryResult(day: $0.offset, analyte: .neutrophils, value: d($0.element))
    }
    #expect(Engraftment.neutrophilDay(results).value == 20)
    #expect(Engraftment.neutrophilDay(results, from: 15).value == 20)
    #expect(Engraftment.neutrophilDay(results, from: 21).value == nil)
    let failure = Engraftment.primaryFailure(results, graft: .peripheralBlood, death: nil, boosts: [15])
    #expect(failure.value == Engraftment.Failure.none)
    #expect(failure.missing == ["whether the boost of day +15 brought the recovery"])
    let before = Engraftment.primaryFailure(results, graft: .peripheralBlood, death: nil, boosts: [40])
    #expect(before.missing.isEmpty)
  }

  @Test("Donor share by droplets: a marker that was not found still bounds the share")
  func droplets() throws {
    let half = try DonorShare(
      donor: .init(positives: 5000, negatives: 5000), recipient: .init(positives: 5000, negatives: 5000))
    #expect(abs(half.percent - 50) < 1e-9 && abs(half.interval.lower + half.interval.upper - 100) < 0.05)
    let full = try DonorShare(
      donor: .init(positives: 9000, negatives: 5000), recipient: .init(positives: 0, negatives: 14000))
    // Clopper and Pearson: 3.69/14000 copies a droplet at most, against ln(14000/5000).
    #expect(full.percent == 100 && full.interval.upper == 100 && abs(full.interval.lower - 99.9744) < 0.001)
    let none = try DonorShare(
      donor: .init(positives: 0, negatives: 14000), recipient: .init(positives: 9000, negatives: 5000))
    #expect(none.percent == 0 && none.interval.lower == 0 && abs(none.interval.upper - 0.0256) < 0.001)
    #expect(throws: TherapyError.self) { try DonorShare.Droplets(positives: 10, negatives: 0) }
    #expect(throws: TherapyError.self) {
      try DonorShare(donor: .init(positives: 0, negatives: 9), recipient: .init(positives: 0, negatives: 9))
    }
    let tiny = try DonorShare(donor: .init(positives: 1, negatives: 3), recipient: .init(positives: 1, negatives: 3))
    #expect(tiny.interval.lower >= 0 && tiny.interval.upper <= 100 && tiny.interval.lower < 50)
  }

  @Test(
    "The interval of the donor share covers the truth in at least 94 % of simulated samples",
    arguments: [99.8, 97.0, 60])
  func coverage(percent: Double) throws {
    var stream = RandomStream(seed: 11, stream: "droplets")
    let (count, copies) = (1000, 0.5)
    func positives(_ lambda: Double) -> Int {
      let p = 1 - exp(-lambda)
      return (0..<count).count { _ in stream.uniform() < p }
    }
    var covered = 0
    for _ in 0..<250 {
      let donors = positives(copies * percent / 100)
      let recipients = positives(copies * (1 - percent / 100))
      let share = try DonorShare(
        donor: .init(positives: donors, negatives: count - donors),
        recipient: .init(positives: recipients, negatives: count - recipients))
      if share.interval.lower <= percent, percent <= share.interval.upper { covered += 1 }
    }
    #expect(Double(covered) / 250 > 0.94)
  }

  @Test("CKD-EPI 2021 at both branches of both sexes")
  func filtration() throws {
    let vectors: [(String, Double, Bool, Double)] = [
      ("1.0", 50, false, 91.6914786098333), ("0.8", 50, true, 89.70737342385397), ("0.5", 30, true, 129.31695975066629),
      ("2.4", 70, false, 28.31752772058858),
    ]
    for (creatinine, age, isFemale, rate) in vectors {
      let found = try KidneyFunction.rate(creatinine: d(creatinine), ageInYears: age, sex: isFemale ? .female : .male)
      #expect(abs(found.millilitresPerMinute / rate - 1) < 1e-12)
    }
    #expect(throws: TherapyError.self) { try KidneyFunction.rate(creatinine: 1, ageInYears: 12, sex: .male) }
  }

  @Test("The slope of the rate needs three days over a year, and leaves out the first ninety")
  func slope() throws {
    func results(_ days: [Int]) -> [LaboratoryResult] {
      days.map { LaboratoryResult(day: $0, analyte: .creatinine, value: d("0.9") + .hundredths($0 / 10)) }
    }
    let short = try KidneyFunction(results([0, 30, 90, 180, 400]), ageInYears: 50, sex: .male)
    #expect(short.slope.value == nil && short.points.count == 5)
    let long = try KidneyFunction(results([0, 30, 90, 180, 455]), ageInYears: 50, sex: .male)
    let trend = try #require(long.slope.value)
    #expect(trend.count == 3 && trend.slope < 0 && trend.interval != nil)
  }

  @Test("What is left of a late phase is the same from whatever day it is stated")
  func lateMarrow() throws {
    let whole = try MarrowDoseCourse(total: .grays(6), effectiveHalfLife: .hours(88), limit: .grays(1))
    let late = try MarrowDoseCourse.late(
      remaining: whole.remaining(after: .days(14)), after: .days(14), effectiveHalfLife: .hours(88), limit: .grays(1),
      relativeUncertainty: 0.2)
    for days in [10.0, 14, 21] {
      let ratio = late.remaining(after: .days(days)) / whole.remaining(after: .days(days))
      #expect(abs(ratio - 1) < 1e-12)
    }
    #expect(late.relativeUncertainty == 0.2)
  }

  @Test("WE-8.3: a thousandth of Lu-177m is as active as the Lu-177 after 69.1 d")
  func impurity() throws {
    let time = try #require(
      RadiationProtection.time(untilImpurity: 1e-3, of: .days(160.4), equals: .days(6.647)))
    #expect(abs(time.days / 69.10634543508019 - 1) < 1e-12)
    #expect(RadiationProtection.time(untilImpurity: 1e-3, of: .days(5), equals: .days(6.647)) == nil)
    #expect(RadiationProtection.time(untilImpurity: 0, of: .days(160.4), equals: .days(6.647)) == nil)
    // Ten half-lives.
    #expect(abs((Time.days(6.647) * 10).days - 66.47) < 1e-9)
  }
}
