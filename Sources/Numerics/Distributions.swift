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
