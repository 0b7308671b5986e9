import Glibc

/// The cumulative incidence of one cause among competing causes (Aalen and Johansen 1978): F̂(t) = Σ Ŝ(tᵢ−) dᵢ/nᵢ.
public struct CumulativeIncidence: Hashable, Sendable {
  /// The estimate from one time of an event of any cause to the next.
  public struct Step: Hashable, Sendable {
    public let time: Double
    public let atRisk: Int
    /// Events of the cause.
    public let events: Int
    /// Events of other causes.
    public let competing: Int
    public let incidence: Double
    /// By the delta method (Marubini and Valsecchi 1995); without competing events that of Greenwood.
    public let standardError: Double
    /// F^exp(±z σ/(F ln F)); `nil` while the incidence is 0 or once it is 1.
    public let interval: Interval?
  }

  public let steps: [Step]

  public init(of cause: Int, in sample: SurvivalSample, level: ConfidenceLevel = .ninetyFive) {
    let order = sample.order
    let z = level.z
    var steps: [Step] = []
    var (survival, incidence, start) = (1.0, 0.0, 0)
    // Var F(t) = Σ (F(t) − F(u))² g + S² v − 2 (F(t) − F(u)) c, expanded in powers of F(t).
    var (g0, g1, g2, c0, c1, v0) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    while start < order.count {
      let time = sample.times[order[start]]
      var (end, own, other) = (start, 0, 0)
      while end < order.count, sample.times[order[end]] == time {
        let state = sample.causes[order[end]]
        if state == cause { own += 1 } else if state > 0 { other += 1 }
        end += 1
      }
      if own + other > 0 {
        let n = Double(order.count - start)
        let (d, all) = (Double(own), Double(own + other))
        incidence += survival * d / n
        if all < n {
          let g = all / (n * (n - all))
          g0 += g
          g1 += g * incidence
          g2 += g * incidence * incidence
        }
        let c = survival * d / (n * n)
        c0 += c
        c1 += c * incidence
        v0 += survival * survival * d * (n - d) / (n * n * n)
        survival *= (n - all) / n
        let variance =
          incidence * incidence * g0 - 2 * incidence * g1 + g2 + v0 - 2 * (incidence * c0 - c1)
        let error = max(0, variance).squareRoot()
        steps.append(
          Step(
            time: time, atRisk: order.count - start, events: own, competing: other, incidence: incidence,
            standardError: error, interval: Self.interval(incidence, error, z)))
      }
      start = end
    }
    self.steps = steps
  }

  private static func interval(_ f: Double, _ error: Double, _ z: Double) -> Interval? {
    guard f > 0, f < 1 else { return nil }
    let half = z * error / (f * log(f))
    return Interval(exp(log(f) * exp(-half)), exp(log(f) * exp(half)))
  }

  /// F̂(t).
  public func incidence(at time: Double) -> Double { steps.last { $0.time <= time }?.incidence ?? 0 }
}
