import Glibc
public import Provenance
public import Quantities

/// Serial planar (or SPECT) activities as the shape of a curve, scaled by quantitative SPECT/CT.
///
/// A(t) = k·A_pl(t) with k the weighted mean of A_SPECT/A_pl at the times of the SPECT. One SPECT takes away all errors of
/// the planar level; what changes with time stays.
public struct HybridScaling: Hashable, Sendable {
  /// A time and its activity; uncertainties are those of this time alone.
  public struct Point: Hashable, Sendable {
    public let time: Time
    public let activity: Uncertain<Activity>
    /// By its name, the relative standard uncertainty that an error common to all times gives this one.
    public let shared: [String: Double]

    public init(time: Time, activity: Uncertain<Activity>, shared: [String: Double] = [:]) {
      self.time = time
      self.activity = activity
      self.shared = shared
    }
  }

  /// k with its relative standard uncertainty by the points.
  public let factor: Double
  public let relativeUncertainty: Double
  /// A_SPECT/A_pl at each time of a SPECT.
  public let ratios: [(time: Time, ratio: Double)]
  /// The planar points times k, with all of their uncertainty.
  public let points: [Point]
  public let findings: [Finding]

  /// The greatest change of the ratio that is not flagged; unverified.
  public static let greatestTrend = 0.15

  /// The greatest relative uncertainty of the factor that is not flagged; unverified.
  public static let greatestNoise = 0.2

  public static func == (a: Self, b: Self) -> Bool { a.factor == b.factor && a.points == b.points }
  public func hash(into hasher: inout Hasher) { hasher.combine(points) }

  /// Scales a curve.
  ///
  /// The planar activity at a SPECT's time is that of the scan within an hour or a tenth of the time, else interpolated
  /// in ln A; a SPECT outside the planar times by more than that is refused.
  /// With s = d ln k/d ln A_pl(t), −1 at the time of a single SPECT: u² = u_pl²(t)·(1 + 2s) + u_k² + Σ (c(t) − c̄)² + u_com².
  /// An error that all planar times share moves the ratio as well, and only what it does otherwise at t than at the SPECT
  /// stays: c(t) is its effect, c̄ the mean of those behind k.
  /// - Parameters:
  ///   - region: for the findings.
  ///   - common: u_com, the relative standard uncertainty that all SPECT share.
  ///   - removesNoise: divides each ratio by 1 + u², u the relative uncertainty of its planar activity: since 1/x is
  ///     curved, noise makes a ratio too high by that on average (to second order).
  public init(
    planar: [Point], spect: [Point], region: String, common: Double = 0, removesNoise: Bool = false
  ) throws(ScintigraphyError) {
    let planar = planar.sorted { $0.time < $1.time }
    guard let first = planar.first, let last = planar.last, !spect.isEmpty,
      (planar + spect).allSatisfy({ $0.activity.value > .zero && $0.activity.value.isFinite })
    else {
      throw ScintigraphyError(
        "hybrid-points", "The hybrid of \(region) needs planar and SPECT activities above zero.",
        remedy: "Leave out times without counts.")
    }
    var ratios: [(time: Time, ratio: Double)] = []
    var weights: [Double] = []
    // What each planar point contributes to the logarithm of the level at each SPECT.
    var parts: [[(point: Int, part: Double)]] = []
    for point in spect {
      let slack = max(Time.hours(1), point.time * 0.1)
      let level: Double
      let relative: Double
      let nearest = planar.indices.min {
        (planar[$0].time - point.time).seconds.magnitude < (planar[$1].time - point.time).seconds.magnitude
      }
      if let nearest, (planar[nearest].time - point.time).seconds.magnitude <= slack.seconds {
        level = planar[nearest].activity.value.becquerels
        relative = planar[nearest].activity.relativeUncertainty ?? 0
        parts.append([(nearest, 1)])
      } else {
        guard point.time > first.time, point.time < last.time,
          let next = planar.firstIndex(where: { $0.time > point.time })
        else {
          throw ScintigraphyError(
            "hybrid-times", "The SPECT of \(region) at \(point.time.hours) h lies outside the planar scans.",
            remedy: "Use a SPECT between the first and the last planar scan.")
        }
        let (a, b) = (planar[next - 1], planar[next])
        let part = (point.time - a.time) / (b.time - a.time)
        level = exp(
          (1 - part) * log(a.activity.value.becquerels) + part * log(b.activity.value.becquerels))
        relative = hypot(
          (1 - part) * (a.activity.relativeUncertainty ?? 0), part * (b.activity.relativeUncertainty ?? 0))
        parts.append([(next - 1, 1 - part), (next, part)])
      }
      let excess = removesNoise ? 1 + relative * relative : 1
      ratios.append((point.time, point.activity.value.becquerels / level / excess))
      let u = hypot(relative, point.activity.relativeUncertainty ?? 0)
      weights.append(u > 0 ? 1 / (u * u) : 1)
    }
    let total = weights.reduce(0, +)
    let isKnown = spect.allSatisfy { $0.activity.standardUncertainty != nil }
    factor = zip(ratios, weights).reduce(0) { $0 + $1.0.ratio * $1.1 } / total
    relativeUncertainty = isKnown ? 1 / total.squareRoot() : 0
    self.ratios = ratios
    let (k, u) = (factor, relativeUncertainty)
    // −d ln k/d ln A_pl.
    var pull = [Double](repeating: 0, count: planar.count)
    for (n, list) in parts.enumerated() {
      for one in list { pull[one.point] += one.part * weights[n] * ratios[n].ratio / (k * total) }
    }
    let names = Set(planar.flatMap(\.shared.keys))
    let means = names.map { name in zip(planar, pull).reduce(0) { $0 + $1.1 * ($1.0.shared[name] ?? 0) } }
    points = zip(planar, pull).map { point, pull in
      let own = point.activity.relativeUncertainty ?? 0
      let left = zip(names, means).reduce(0) { sum, item in
        let difference = (point.shared[item.0] ?? 0) - item.1
        return sum + difference * difference
      }
      return Point(
        time: point.time,
        activity: Uncertain(
          point.activity.value * k,
          relative: max(0, own * own * (1 - 2 * pull) + u * u + left + common * common).squareRoot()))
    }
    var findings: [Finding] = []
    if relativeUncertainty > Self.greatestNoise {
      findings.append(
        Finding(
          .caution, code: "hybrid-noisy", title: "Hybrid rests on few counts.",
          "The factor of \(region) is known to \((relativeUncertainty * 100).rounded()) %; that is more than the planar shape is worth. "
            + "Use SPECT alone.", subject: region, origin: "Scintigraphy · hybrid"
        ))
    }
    let sorted = ratios.sorted { $0.time < $1.time }
    guard let early = sorted.first, let late = sorted.last, sorted.count > 1,
      (late.ratio / early.ratio - 1).magnitude > Self.greatestTrend
    else {
      self.findings = findings
      return
    }
    findings.append(
      Finding(
        .caution, code: "ratio-trend", title: "Ratio of SPECT to planar changes.",
        "For \(region) it goes from \((early.ratio * 1000).rounded() / 1000) to \((late.ratio * 1000).rounded() / 1000): what overlaps "
          + "the region changes with time, and the shape of the planar curve is not its own.",
        subject: region, origin: "Scintigraphy · hybrid"))
    self.findings = findings
  }
}
