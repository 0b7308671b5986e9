import Glibc
public import Statistics

/// The share of donor cells from droplet counts of a marker of the donor and one of the recipient.
///
/// Each marker has λ = −ln(1 − p) copies a droplet (Poisson), with p in the exact interval of Clopper and Pearson. The
/// interval of the ratio of the two follows from theirs by the method of variance estimates recovery (Donner and Zou
/// 2012), which holds near 0 and 100 %, where chimerism lies, and for a marker that was not found at all.
public struct DonorShare: Hashable, Sendable {
  /// Positive and negative droplets of one marker.
  public struct Droplets: Hashable, Sendable {
    public let positives: Int
    public let negatives: Int

    /// - Throws: ``TherapyError`` for counts below 0 or no droplet that is negative.
    public init(positives: Int, negatives: Int) throws {
      guard (0...10_000_000).contains(positives), (1...10_000_000).contains(negatives) else {
        throw TherapyError(
          "droplets-invalid", "A marker has \(positives) positive and \(negatives) negative droplets.",
          remedy: "Give counts of 0 or more with at least one negative droplet; dilute a saturated sample.")
      }
      (self.positives, self.negatives) = (positives, negatives)
    }

    /// Copies a droplet with its 95 % interval.
    fileprivate func copies() throws -> (value: Double, lower: Double, upper: Double) {
      let share = try Proportion(positives, of: positives + negatives)
      func copies(_ p: Double) -> Double { -log1p(-p) }
      return (
        copies(share.estimate), copies(share.clopperPearson.lower), copies(share.clopperPearson.upper)
      )
    }
  }

  /// In %.
  public let percent: Double
  /// 95 %, in %.
  public let interval: Interval

  /// - Throws: ``TherapyError`` when neither marker was found.
  public init(donor: Droplets, recipient: Droplets) throws {
    let (d, r) = (try donor.copies(), try recipient.copies())
    guard d.value + r.value > 0 else {
      throw TherapyError(
        "markers-absent", "Neither marker has a positive droplet.", remedy: "Check the sample: it gives no share.")
    }
    percent = 100 * d.value / (d.value + r.value)
    // The ratio is taken of the rarer marker over the other, so that it is never divided by nothing.
    let donorIsRare = d.value < r.value
    let ratio = Self.ratio(donorIsRare ? d : r, donorIsRare ? r : d)
    interval =
      donorIsRare
      ? Interval(100 * ratio.lower / (1 + ratio.lower), 100 * ratio.upper / (1 + ratio.upper))
      : Interval(100 / (1 + ratio.upper), 100 / (1 + ratio.lower))
  }

  private typealias Copies = (value: Double, lower: Double, upper: Double)

  private static func ratio(_ a: Copies, _ b: Copies) -> (lower: Double, upper: Double) {
    let product = a.value * b.value
    func root(_ x: Double, _ y: Double) -> Double {
      max(0, product * product - x * y * (2 * a.value - x) * (2 * b.value - y)).squareRoot()
    }
    // With so few droplets that the common marker may be twice as frequent, nothing but 0 bounds the ratio from below.
    let isCertain = b.upper < 2 * b.value
    let lower = isCertain ? (product - root(a.lower, b.upper)) / (b.upper * (2 * b.value - b.upper)) : 0
    let upper = (product + root(a.upper, b.lower)) / (b.lower * (2 * b.value - b.lower))
    return (max(0, lower), upper)
  }
}
