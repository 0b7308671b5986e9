internal import CGSL

/// The standard normal distribution.
public enum Normal {
  /// Φ(z), the probability of a value below z.
  public static func cumulative(_ z: Double) -> Double { gsl_cdf_ugaussian_P(z) }

  /// The z below which a value lies with probability p in (0, 1).
  public static func quantile(_ p: Double) -> Double { gsl_cdf_ugaussian_Pinv(p) }
}

/// The χ² distribution.
public enum ChiSquared {
  /// The probability of a value above x with so many degrees of freedom.
  public static func survival(_ x: Double, degreesOfFreedom: Int) -> Double {
    gsl_cdf_chisq_Q(x, Double(degreesOfFreedom))
  }
}

extension Normal {
  /// The probability of a value further from 0 than z, on either side.
  public static func twoSided(_ z: Double) -> Double { 2 * gsl_cdf_ugaussian_Q(z.magnitude) }
}

/// Student's t distribution, through the incomplete beta function so that tails keep their relative accuracy.
public enum StudentT {
  /// The probability of a value below t with ν > 0 degrees of freedom.
  public static func cumulative(_ t: Double, degreesOfFreedom nu: Double) -> Double { gsl_cdf_tdist_P(t, nu) }

  /// The probability of a value further from 0 than t, on either side, with ν > 0 degrees of freedom.
  public static func twoSided(_ t: Double, degreesOfFreedom nu: Double) -> Double {
    guard t.isFinite else { return 0 }
    return Beta.cumulative(nu / (nu + t * t), nu / 2, 0.5)
  }

  /// The t > 0 that a value exceeds in magnitude with probability p in (0, 1).
  public static func critical(_ p: Double, degreesOfFreedom nu: Double) -> Double {
    let x = Beta.quantile(p, nu / 2, 0.5)
    return (nu * (1 - x) / x).squareRoot()
  }
}

/// The beta distribution with shapes a, b > 0.
public enum Beta {
  /// The probability of a value below x.
  public static func cumulative(_ x: Double, _ a: Double, _ b: Double) -> Double {
    gsl_cdf_beta_P(min(max(x, 0), 1), a, b)
  }

  /// The x below which a value lies with probability p in (0, 1), to machine precision.
  public static func quantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
    Root.bisect(0, 1) { cumulative($0, a, b) - p } ?? (p < 0.5 ? 0 : 1)
  }
}

/// Fisher's F distribution.
public enum FisherF {
  /// The probability of a value above f with so many degrees of freedom.
  public static func survival(_ f: Double, _ numerator: Double, _ denominator: Double) -> Double {
    guard f.isFinite else { return 0 }
    return Beta.cumulative(denominator / (denominator + numerator * f), denominator / 2, numerator / 2)
  }
}
