/// The natural cubic spline through points of rising abscissa; straight beyond the ends.
struct CubicSpline: Sendable {
  private let x: [Double]
  private let y: [Double]
  private let curvature: [Double]

  /// At least two points.
  init(_ x: [Double], _ y: [Double]) {
    precondition(x.count == y.count && x.count > 1)
    let n = x.count
    var curvature = [Double](repeating: 0, count: n)
    var sweep = [Double](repeating: 0, count: n)
    for i in 1..<max(1, n - 1) {
      let ratio = (x[i] - x[i - 1]) / (x[i + 1] - x[i - 1])
      let p = ratio * curvature[i - 1] + 2
      curvature[i] = (ratio - 1) / p
      let bend = (y[i + 1] - y[i]) / (x[i + 1] - x[i]) - (y[i] - y[i - 1]) / (x[i] - x[i - 1])
      sweep[i] = (6 * bend / (x[i + 1] - x[i - 1]) - ratio * sweep[i - 1]) / p
    }
    curvature[n - 1] = 0
    for i in stride(from: n - 2, through: 0, by: -1) { curvature[i] = curvature[i] * curvature[i + 1] + sweep[i] }
    (self.x, self.y, self.curvature) = (x, y, curvature)
  }

  func callAsFunction(_ at: Double) -> Double {
    var low = 0
    var high = x.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if x[middle] <= at { low = middle } else { high = middle }
    }
    let h = x[high] - x[low]
    let a = (x[high] - at) / h
    let b = (at - x[low]) / h
    guard a >= 0, b >= 0 else {
      let slope = (y[high] - y[low]) / h
      return a < 0
        ? y[high] + (at - x[high]) * (slope + h / 6 * curvature[low])
        : y[low] + (at - x[low]) * (slope - h / 6 * curvature[high])
    }
    return a * y[low] + b * y[high] + ((a * a * a - a) * curvature[low] + (b * b * b - b) * curvature[high]) * h * h / 6
  }
}
