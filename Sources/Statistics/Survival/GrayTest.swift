import Numerics

/// Gray's test of the cumulative incidence of one cause in groups (Gray, Ann Statist 1988;16:1141), ρ = 0.
///
/// It compares the subdistribution hazards dF/(1 − F). A group's risk set at t is Y(t)(1 − F̂(t−))/Ŝ(t−), which keeps
/// those with a competing event in proportion to how many would still be observed.
public struct GrayTest: Hashable, Sendable {
  public let chiSquared: Double
  public let degreesOfFreedom: Int
  public let p: Double

  /// - Throws: ``StatisticsError`` for fewer than two groups or when the groups cannot be compared.
  public init(of cause: Int, in groups: [SurvivalSample]) throws {
    guard groups.count > 1 else { throw Self.notComparable }
    let times = Self.eventTimes(of: cause, in: groups)
    let k = groups.count
    var score = [Double](repeating: 0, count: k - 1)
    let zero = [[Double]](repeating: Array(repeating: 0, count: k), count: k - 1)
    var all = zero
    for moment in times {
      let risk = moment.groups.map(\.riskSet)
      let total = risk.reduce(0, +)
      for i in 0..<(k - 1) where moment.groups[i].atRisk > 0 {
        score[i] += moment.groups[i].events - moment.events * risk[i] / total
      }
      _ = moment.influence(adding: &all)
    }
    var variance = SquareMatrix(size: k - 1)
    var until = zero
    for moment in times {
      let now = moment.influence(adding: &until)
      for (g, group) in moment.groups.enumerated() where group.atRisk > 0 {
        let ratio = group.survivalAfter > 0 ? (1 - moment.incidenceAfter) / group.survivalAfter : 0
        let own = moment.ownVariance(group)
        let competing = group.survivalAfter > 0 ? group.competingVariance : 0
        let later = (0..<(k - 1)).map { all[$0][g] - until[$0][g] }
        for i in 0..<(k - 1) {
          let a = now[i][g] + (1 - ratio) * later[i]
          for j in 0..<(k - 1) {
            let b = now[j][g] + (1 - ratio) * later[j]
            variance[i, j] += a * b * own + ratio * ratio * later[i] * later[j] * competing
          }
        }
      }
    }
    guard let solution = variance.solved(for: score) else { throw Self.notComparable }
    chiSquared = zip(solution, score).reduce(0) { $0 + $1.0 * $1.1 }
    degreesOfFreedom = k - 1
    p = ChiSquared.survival(chiSquared, degreesOfFreedom: k - 1)
  }

  private static let notComparable = StatisticsError(
    "groups-not-comparable", "There are not two groups whose incidence of the cause can be compared.",
    remedy: "Compare at least two groups with events of the cause.")

  /// A group at a time of an event.
  private struct Group {
    var atRisk: Double
    var events = 0.0
    var competing = 0.0
    var leaving = 0.0
    var survivalBefore = 1.0
    var survivalAfter = 1.0
    var incidenceBefore = 0.0

    /// Y(1 − F̂−)/Ŝ−, 0 once nobody is observed.
    var riskSet: Double { atRisk > 0 ? atRisk / survivalBefore * (1 - incidenceBefore) : 0 }

    /// Of the increment of the incidence by competing events, with the hypergeometric factor for ties.
    var competingVariance: Double {
      let ties = competing > 1 ? 1 - (competing - 1) / (atRisk - 1) : 1
      return ties * survivalBefore * survivalBefore * competing / (atRisk * atRisk)
    }
  }

  /// All groups at a time of an event, with the incidence estimated from all of them.
  private struct Moment {
    let groups: [Group]
    let events: Double
    let totalWeight: Double
    let incidenceBefore: Double
    var incidenceAfter: Double { incidenceBefore + events / totalWeight }

    /// Y/Ŝ−: how many of a group would be observed without deaths.
    func weight(_ i: Int) -> Double { groups[i].atRisk / groups[i].survivalBefore }

    /// How an increment of the incidence of group j moves the score of group i at once; what it does through all
    /// later increments is added.
    func influence(adding sum: inout [[Double]]) -> [[Double]] {
      (0..<sum.count).map { i in
        groups.indices.map { j in
          guard groups[i].atRisk > 0, groups[j].atRisk > 0 else { return 0 }
          let now = weight(i) * ((i == j ? 1 : 0) - weight(j) / totalWeight)
          sum[i][j] += now * events / (totalWeight * (1 - incidenceBefore))
          return now
        }
      }
    }

    /// Of the increment of a group's incidence when the groups are alike, with the factor for ties.
    func ownVariance(_ group: Group) -> Double {
      guard events > 0 else { return 0 }
      let ties = events > 1 ? 1 - (events - 1) / (totalWeight * group.survivalBefore - 1) : 1
      return ties * group.survivalBefore * events / (totalWeight * group.atRisk)
    }
  }

  private static func eventTimes(of cause: Int, in samples: [SurvivalSample]) -> [Moment] {
    var rows: [(time: Double, group: Int, state: Int)] = []
    for (g, sample) in samples.enumerated() {
      for (time, state) in zip(sample.times, sample.causes) { rows.append((time, g, state)) }
    }
    rows.sort { $0.time < $1.time }
    var groups = samples.map { Group(atRisk: Double($0.count)) }
    var moments: [Moment] = []
    var incidence = 0.0
    var start = 0
    while start < rows.count {
      var end = start
      while end < rows.count, rows[end].time == rows[start].time {
        let row = rows[end]
        groups[row.group].leaving += 1
        if row.state == cause {
          groups[row.group].events += 1
        } else if row.state > 0 {
          groups[row.group].competing += 1
        }
        end += 1
      }
      let events = groups.reduce(0) { $0 + $1.events }
      if events + groups.reduce(0, { $0 + $1.competing }) > 0 {
        for i in groups.indices where groups[i].atRisk > 0 {
          let group = groups[i]
          groups[i].survivalAfter *= 1 - (group.events + group.competing) / group.atRisk
        }
        let total = groups.reduce(0) { $0 + ($1.atRisk > 0 ? $1.atRisk / $1.survivalBefore : 0) }
        let moment = Moment(groups: groups, events: events, totalWeight: total, incidenceBefore: incidence)
        moments.append(moment)
        incidence = moment.incidenceAfter
      }
      for i in groups.indices {
        if groups[i].atRisk > 0 {
          groups[i].incidenceBefore += groups[i].survivalBefore * groups[i].events / groups[i].atRisk
        }
        groups[i].survivalBefore = groups[i].survivalAfter
        groups[i].atRisk -= groups[i].leaving
        (groups[i].events, groups[i].competing, groups[i].leaving) = (0, 0, 0)
      }
      start = end
    }
    return moments
  }
}
