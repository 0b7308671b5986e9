import Glibc
import Numerics
import Testing

@testable import Statistics

@Suite("Survival")
struct SurvivalTests {
  let first = try? SurvivalSample(times: [6, 7, 10, 15, 19, 25], causes: [1, 1, 0, 1, 0, 1])
  let second = try? SurvivalSample(times: [1, 2, 3, 8, 11, 12], causes: [1, 1, 1, 1, 0, 1])

  @Test("WE-11.5: Kaplan-Meier with Greenwood and the log-rank test")
  func workedExample() throws {
    let (first, second) = (try #require(first), try #require(second))
    let steps = KaplanMeier(first).steps.filter { $0.events > 0 }
    #expect(steps.map(\.atRisk) == [6, 5, 3, 1])
    #expect(near(steps[2].survival, 0.44444444444444453) && near(steps[2].standardError, 0.22222222222222227))
    #expect(steps[3].survival == 0 && steps[3].interval == nil)
    let test = try LogRank([first, second])
    #expect(test.observed[0] == 4 && near(test.expected[0], 6.258549783549784))
    #expect(near(test.chiSquared, 3.135383854346037) && near(test.p, 0.07661035046089669))
  }

  @Test("Without ties the score test of Cox is the log-rank test")
  func scoreTest() throws {
    let (first, second) = (try #require(first), try #require(second))
    let both = try SurvivalSample(times: first.times + second.times, causes: first.causes + second.causes)
    let group = (0..<12).map { $0 < 6 ? 0.0 : 1 }
    let cox = try CoxRegression(both, covariates: [("group", group)])
    #expect(near(cox.score.chiSquared, try LogRank([first, second]).chiSquared))
    #expect(cox.likelihoodRatio.chiSquared > 0 && cox.logLikelihood > cox.nullLogLikelihood)
  }

  @Test("Scaling a covariate scales its coefficient; shifting it changes nothing")
  func invariance() throws {
    let sample = Self.synthetic(200, covariates: 2)
    let plain = try CoxRegression(sample.0, covariates: sample.1)
    let moved = try CoxRegression(
      sample.0,
      covariates: [("a", sample.1[0].1.map { $0 * 1000 + 1e5 }), ("b", sample.1[1].1)])
    #expect(near(moved.coefficients[0].estimate * 1000, plain.coefficients[0].estimate, 1e-7))
    #expect(near(moved.coefficients[1].standardError, plain.coefficients[1].standardError, 1e-7))
  }

  @Test("A synthetic cohort gives back the hazard ratios it was made with, within 4 standard errors")
  func truth() throws {
    let (sample, covariates) = Self.synthetic(1000, covariates: 10)
    let cox = try CoxRegression(sample, covariates: covariates)
    for (j, coefficient) in cox.coefficients.enumerated() {
      #expect(abs(coefficient.estimate - Self.truth(j)) < 4 * coefficient.standardError)
    }
  }

  @Test("A covariate that separates the events, is constant or follows from others is refused")
  func refusals() throws {
    let sample = try SurvivalSample(times: [1, 2, 3, 4, 5, 6], causes: [1, 1, 1, 0, 0, 0])
    #expect(throws: StatisticsError.self) { try CoxRegression(sample, covariates: [("x", [1, 1, 1, 0, 0, 0])]) }
    #expect(throws: StatisticsError.self) { try CoxRegression(sample, covariates: [("x", [2, 2, 2, 2, 2, 2])]) }
    let column = [1.0, 5, 2, 4, 3, 6]
    #expect(throws: StatisticsError.self) {
      try CoxRegression(sample, covariates: [("x", column), ("y", column.map { 3 - 2 * $0 })])
    }
    #expect(throws: StatisticsError.self) { try SurvivalSample(times: [1, -1], causes: [0, 1]) }
    #expect(throws: StatisticsError.self) { try LogRank([sample]) }
  }

  @Test("A landmark leaves out those who are no longer observed")
  func landmark() throws {
    let sample = try #require(first?.fromLandmark(7))
    #expect(sample.times == [3, 8, 12, 18] && sample.eventCount == 2)
    #expect(first?.fromLandmark(25) == nil)
  }

  @Test("The median of a curve that lies level at one half is the middle of that stretch")
  func levelMedian() throws {
    let curve = KaplanMeier(try SurvivalSample(times: [1, 2, 3, 4], causes: [1, 1, 1, 1]))
    #expect(curve.median.time == 2.5)
    #expect(KaplanMeier(try SurvivalSample(times: [1, 2, 3], causes: [1, 0, 0])).median.time == nil)
  }

  static func truth(_ j: Int) -> Double { Double(j - 4) / 10 }

  static func synthetic(_ count: Int, covariates k: Int) -> (SurvivalSample, [(String, [Double])]) {
    var stream = RandomStream(seed: 7, stream: "survival")
    let columns = (0..<k).map { j in ("x\(j)", (0..<count).map { _ in stream.normal() }) }
    var (times, causes) = ([Double](), [Int]())
    for i in 0..<count {
      var predictor = 0.0
      for j in 0..<k { predictor += truth(j) * columns[j].1[i] }
      let time = -log(stream.uniform()) / exp(predictor)
      let end = -2 * log(stream.uniform())
      times.append((min(time, end) * 100).rounded(.up) / 100)
      causes.append(time <= end ? 1 : 0)
    }
    return ((try? SurvivalSample(times: times, causes: causes))!, columns)
  }

}
