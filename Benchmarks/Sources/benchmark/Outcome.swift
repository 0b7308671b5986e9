import Foundation
import Statistics

/// How long survival statistics of large tables take.
enum Outcome {
  static func measure(_ thresholds: Thresholds) throws -> [Figure] {
    var state: UInt64 = 1
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) + 0.5) * 0x1p-53
    }
    func sample(_ hazard: (Int) -> Double, _ count: Int) throws -> SurvivalSample {
      var (times, events) = ([Double](), [Bool]())
      for subject in 0..<count {
        let (event, end) = (-log(uniform()) / hazard(subject), 3 * uniform())
        // Days, so that events tie.
        times.append((min(event, end) * 365).rounded(.up))
        events.append(event <= end)
      }
      return try SurvivalSample(times: times, events: events)
    }
    let columns = (0..<10).map { index in (name: "x\(index)", values: (0..<1000).map { _ in uniform() - 0.5 }) }
    let cohort = try sample({ subject in exp(columns.reduce(0) { $0 + 0.5 * $1.values[subject] }) }, 1000)
    let cox = try (0..<9).map { _ in try seconds { _ = try CoxRegression(cohort, covariates: columns) } }
    let large = try sample({ _ in 1 }, 100_000)
    let curve = (0..<9).map { _ in seconds { _ = KaplanMeier(large) } }
    return [
      Figure(
        name: "Cox regression of 1000 patients by 10 covariates, ms", value: try Sample(cox).median * 1e3,
        bounds: 0...(try thresholds["coxMilliseconds"]), note: "\(cohort.eventCount) events"),
      Figure(
        name: "Kaplan-Meier of 100 000 rows, ms", value: try Sample(curve).median * 1e3,
        bounds: 0...(try thresholds["kaplanMeierMilliseconds"]), note: "\(large.eventCount) events"),
    ]
  }

  private static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(work)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
