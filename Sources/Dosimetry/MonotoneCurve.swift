/// A curve through points that nowhere over- or undershoots them (PCHIP).
///
/// Cubic between neighbours, with the slopes of Fritsch and Butland (SIAM J. Sci. Stat. Comput. 5 (1984) 300): the weighted
/// harmonic mean of the secants where they have one sign, else zero; at the ends three-point slopes kept in shape.
struct MonotoneCurve: Sendable {
  private let x: [Double]
  private let y: [Double]
  private let slopes: [Double]

  /// - Parameter x: rising.
  /// - Returns: `nil` for fewer than two points or lists of unlike length.
  init?(_ x: [Double], _ y: [Double]) {
    guard x.count == y.count, x.count > 1 else { return nil }
    (self.x, self.y) = (x, y)
    let h = zip(x, x.dropFirst()).map { $1 - $0 }
    let secants = zip(zip(y, y.dropFirst()), h).map { ($0.1 - $0.0) / $1 }
    guard h.count > 1 else {
      slopes = [secants[0], secants[0]]
      return
    }
    var slopes = [Self.end(h[0], h[1], secants[0], secants[1])]
    for k in 1..<h.count {
      let (a, b) = (secants[k - 1], secants[k])
      guard a * b > 0 else {
        slopes.append(0)
        continue
      }
      let (u, v) = (2 * h[k] + h[k - 1], h[k] + 2 * h[k - 1])
      slopes.append((u + v) / (u / a + v / b))
    }
    let n = h.count
    slopes.append(Self.end(h[n - 1], h[n - 2], secants[n - 1], secants[n - 2]))
    self.slopes = slopes
  }

  /// The highest place that it knows.
  var end: Double { x[x.count - 1] }

  /// The value at a place; outside the points that of the nearest end.
  func callAsFunction(_ place: Double) -> Double {
    guard place > x[0] else { return y[0] }
    guard place < end else { return y[y.count - 1] }
    var low = 0
    var high = x.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if x[middle] <= place { low = middle } else { high = middle }
    }
    let h = x[high] - x[low]
    let t = (place - x[low]) / h
    let s = 1 - t
    return s * s * ((1 + 2 * t) * y[low] + t * h * slopes[low])
      + t * t * ((1 + 2 * s) * y[high] - s * h * slopes[high])
  }

  private static func end(_ near: Double, _ far: Double, _ a: Double, _ b: Double) -> Double {
    let slope = ((2 * near + far) * a - near * b) / (near + far)
    guard slope * a > 0 else { return 0 }
    return a * b < 0 && abs(slope) > 3 * abs(a) ? 3 * a : slope
  }
}
