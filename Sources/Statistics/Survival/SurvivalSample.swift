/// Times to an event or to the end of observation, in any one unit.
public struct SurvivalSample: Hashable, Sendable {
  /// When the event came or observation ended; 0 or more.
  public let times: [Double]
  /// 0 where observation ended without an event, otherwise the number of the cause of the event.
  public let causes: [Int]

  /// - Throws: ``StatisticsError`` when there is no time, one is negative or not finite, or counts differ.
  public init(times: [Double], causes: [Int]) throws {
    guard !times.isEmpty, times.count == causes.count else {
      throw StatisticsError(
        "survival-columns", "There are \(times.count) times and \(causes.count) states.",
        remedy: "Give each of at least one subject a time and a state.")
    }
    guard times.allSatisfy({ $0.isFinite && $0 >= 0 }), causes.allSatisfy({ $0 >= 0 }) else {
      throw StatisticsError(
        "survival-time-invalid", "A time is negative or not finite, or a state is negative.",
        remedy: "Give times of 0 or more and states 0 (no event), 1, 2, …")
    }
    self.times = times
    self.causes = causes
  }

  /// One kind of event.
  public init(times: [Double], events: [Bool]) throws {
    try self.init(times: times, causes: events.map { $0 ? 1 : 0 })
  }

  /// How many subjects.
  public var count: Int { times.count }

  /// How many had an event of any cause.
  public var eventCount: Int { causes.count { $0 > 0 } }

  /// The subjects that pass a test, by their place; `nil` when none does.
  public func subset(_ isIncluded: (Int) -> Bool) -> SurvivalSample? {
    let kept = times.indices.filter(isIncluded)
    return try? SurvivalSample(times: kept.map { times[$0] }, causes: kept.map { causes[$0] })
  }

  /// The subjects still observed at a landmark, with times counted from it; `nil` when there is none.
  ///
  /// A landmark analysis groups by what is known then, so that nobody is counted as a responder for having lived.
  public func fromLandmark(_ landmark: Double) -> SurvivalSample? {
    let kept = times.indices.filter { times[$0] > landmark }
    return try? SurvivalSample(times: kept.map { times[$0] - landmark }, causes: kept.map { causes[$0] })
  }

  /// Subjects by ascending time.
  var order: [Int] { times.indices.sorted { times[$0] < times[$1] } }
}
