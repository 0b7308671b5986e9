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
