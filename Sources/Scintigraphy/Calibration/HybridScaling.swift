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

    public init(time: Time, activity: Uncertain<Activity>) {
      self.time = time
      self.activity = activity
    }
  }

  /// k with its relative standard uncertainty.
  public let factor: Double
  public let relativeUncertainty: Double
  /// A_SPECT/A_pl at each time of a SPECT.
  public let ratios: [(time: Time, ratio: Double)]
  /// The planar points times k, with the uncertainty of point and factor.
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
  /// - Parameters:
  ///   - region: for the findings.
  ///   - removesNoise: divides each ratio by 1 + u², u the relative uncertainty of its planar activity: since 1/x is
  ///     curved, noise makes a ratio too high by that on average (to second order).
  public init(
    planar: [Point], spect: [Point], region: String, removesNoise: Bool = false
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
    for point in spect {
      let slack = max(Time.hours(1), point.time * 0.1)
      let level: Double
      let relative: Double
      let nearest = planar.min { ($0.time - point.time).seconds.magnitude < ($1.time - point.time).seconds.magnitude }
      if let nearest, (nearest.time - point.time).seconds.magnitude <= slack.seconds {
        level = nearest.activity.value.becquerels
        relative = nearest.activity.relativeUncertainty ?? 0
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
    points = planar.map {
      Point(
        time: $0.time,
        activity: Uncertain($0.activity.value * k, relative: hypot($0.activity.relativeUncertainty ?? 0, u)))
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
