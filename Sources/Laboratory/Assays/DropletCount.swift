import Glibc
public import Quantities

/// The positive and negative droplets of one target in a digital PCR.
///
/// With p the share of positive droplets, λ = −ln(1 − p) copies a droplet and λ / V copies a volume (Poisson). Valid while
/// a negative droplet is left.
public struct DropletCount: Hashable, Sendable {
  public let positives: Int
  public let negatives: Int

  /// The droplet volume that QuantaSoft assumes by default, 0.85 nL; older versions 0.91 nL.
  public static let usualVolume = Volume.millilitres(0.85e-6)

  /// - Throws: ``LaboratoryError`` for negative counts, no droplet, or none that is negative.
  public init(positives: Int, negatives: Int) throws {
    guard positives >= 0, negatives >= 0, positives < 1 << 40, negatives < 1 << 40, positives + negatives > 0 else {
      throw LaboratoryError(
        "droplets-invalid", "A well has \(positives) positive and \(negatives) negative droplets.",
        remedy: "Give counts of at least one droplet.")
    }
    guard negatives > 0 else {
      throw LaboratoryError(
        "droplets-saturated", "All \(positives) droplets of a well are positive.",
        remedy: "Dilute the sample: without a negative droplet there is no upper bound.")
    }
    (self.positives, self.negatives) = (positives, negatives)
  }

  public var total: Int { positives + negatives }
  private var share: Double { Double(positives) / Double(total) }

  /// Copies a droplet, λ.
  public var copiesPerDroplet: Double { positives == 0 ? 0 : -log1p(-share) }

  /// The variance of λ, p / (n(1 − p)).
  var variance: Double { share / (Double(total) * (1 - share)) }

  /// The 95 % interval of λ from the normal interval of p, as QuantaSoft's Poisson interval.
  public var interval: ClosedRange<Double> {
    let half = 1.96 * (share * (1 - share) / Double(total)).squareRoot()
    let (low, high) = (max(0, share - half), min(share + half, 1 - 0.5 / Double(total)))
    return -log1p(-low)...(-log1p(-high))
  }

  /// Copies a microlitre of reaction.
  public func copiesPerMicrolitre(dropletVolume: Volume) -> Double {
    copiesPerDroplet / (dropletVolume.millilitres * 1000)
  }
}

/// The share of a target among target and reference, as in chimerism: λt / (λt + λr).
public struct FractionalAbundance: Sendable {
  /// 0 to 1.
  public let value: Double
  /// By propagation of the two Poisson variances.
  public let standardUncertainty: Double

  /// - Throws: ``LaboratoryError`` when neither target was found.
  public init(target: DropletCount, reference: DropletCount) throws {
    let (t, r) = (target.copiesPerDroplet, reference.copiesPerDroplet)
    let sum = t + r
    guard sum > 0 else {
      throw LaboratoryError(
        "targets-absent", "Neither target has a positive droplet.", remedy: "Check the well: it gives no share.")
    }
    value = t / sum
    standardUncertainty =
      (r * r * target.variance + t * t * reference.variance).squareRoot() / (sum * sum)
  }
}
