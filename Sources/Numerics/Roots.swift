/// Finds roots of functions of one variable.
public enum Root {
  /// The root of a monotone function in an interval over which it changes sign, by bisection to machine precision.
  ///
  /// `nil` when the function has the same sign at both ends.
  public static func bisect(_ lower: Double, _ upper: Double, _ f: (Double) -> Double) -> Double? {
    var (a, b) = (lower, upper)
    let atLower = f(a)
    if atLower == 0 { return a }
    let atUpper = f(b)
    if atUpper == 0 { return b }
    guard (atLower < 0) != (atUpper < 0) else { return nil }
    for _ in 0..<200 {
      let middle = (a + b) / 2
      if middle == a || middle == b { break }
      if (f(middle) < 0) == (atLower < 0) { a = middle } else { b = middle }
    }
    return (a + b) / 2
  }
}

/// Order statistics of a sample.
public enum Sample {
  /// The quantile p in [0, 1] of an ascending, non-empty sample, by linear interpolation (R type 7).
  public static func quantile(ofSorted values: [Double], _ p: Double) -> Double {
    let position = p * Double(values.count - 1)
    let below = Int(position.rounded(.down))
    guard below + 1 < values.count else { return values[values.count - 1] }
    return values[below] + (position - Double(below)) * (values[below + 1] - values[below])
  }
}
