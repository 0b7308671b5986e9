import Foundation
import Numerics

extension CurveModel {
  /// Where the fit starts, in θ: rates from the curve's last slope and from a ladder, amplitudes by linear least squares.
  func startingPoints(times: [Double], values: [Double], sigmas: [Double], physical: Double) -> [[Double]] {
    let smallest = 1e-3 * physical
    let late = max(lateSlope(times, values) - physical, smallest)
    let clearances = [late, 0.1 * physical, physical, 0.02, 0.1, 0.5]

    func exponential(_ rate: Double) -> [Double] { times.map { exp(-rate * $0) } }
    func logAmplitudes(_ basis: [Double]...) -> [Double] {
      linearAmplitudes(basis, values: values, sigmas: sigmas).map { log($0) }
    }

    switch self {
    case .F1:
      return [logAmplitudes(exponential(physical))]
    case .F2:
      return clearances.map { l in logAmplitudes(exponential(l + physical)) + [log(l)] }
    case .F3p:
      return clearances.map { l in
        let a = logAmplitudes(exponential(l + physical), exponential(physical))
        return [a[0], log(l), a[1]]
      }
    case .F3u:
      var starts: [[Double]] = []
      for l in [late, 0.3 * physical, 2 * physical] {
        for step in [0.02, 0.1, 0.5, 2, 10] {
          let difference = zip(exponential(l + physical), exponential(l + step + physical)).map { $0 - $1 }
          starts.append(logAmplitudes(difference) + [log(l), log(step)])
        }
      }
      return starts
    case .F4, .F5:
      let circulation = self == .F5 ? exponential(fastestUptake + physical) : times.map { _ in 0 }
      var starts: [[Double]] = []
      for l in [late, 0.3 * physical, 2 * physical] {
        for step in [0.02, 0.1, 0.5, 2] {
          let (slow, fast) = (exponential(l + physical), exponential(l + step + physical))
          let a = logAmplitudes(zip(slow, fast).map { $0 - $1 }, zip(fast, circulation).map { $0 - $1 })
          starts.append([a[0], log(l), a[1], log(step)])
        }
      }
      return starts
    case .F6:
      var starts: [[Double]] = []
      for l in [late, 0.3 * physical] {
        for step in [0.03, 0.1, 0.4] {
          for last in [0.2, 1, 5] {
            let rates = [l, l + step, l + step + last]
            let basis = rates.map { exponential($0 + physical) }
            let a = logAmplitudes(basis[0], basis[1], basis[2])
            starts.append([a[0], log(l), a[1], log(step), a[2], log(last)])
          }
        }
      }
      return starts
    }
  }
}

/// The amplitudes of functions, given at the points, that fit the values best; kept positive.
private func linearAmplitudes(_ basis: [[Double]], values: [Double], sigmas: [Double]) -> [Double] {
  func weigh(_ column: [Double]) -> [Double] { zip(column, sigmas).map { $0 / $1 } }
  func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
  let floor = 1e-6 * values.max()!
  let target = weigh(values)
  let columns = basis.map(weigh)
  let normal = SquareMatrix(size: columns.count) { dot(columns[$0], columns[$1]) }
  let right = columns.map { dot($0, target) }
  guard let solution = normal.solved(for: right) else {
    return right.indices.map { max(right[$0] / normal[$0, $0] / Double(right.count), floor) }
  }
  return solution.map { max($0, floor) }
}

/// The slope −d ln y/dt of the last three points above zero, or of the last two; 0 when there are not two.
private func lateSlope(_ times: [Double], _ values: [Double]) -> Double {
  let points = zip(times, values).filter { $0.1 > 0 }.suffix(3)
  guard points.count >= 2 else { return 0 }
  let n = Double(points.count)
  let meanTime = points.reduce(0) { $0 + $1.0 } / n
  let meanLog = points.reduce(0) { $0 + log($1.1) } / n
  let covariance = points.reduce(0) { $0 + ($1.0 - meanTime) * (log($1.1) - meanLog) }
  let variance = points.reduce(0) { $0 + ($1.0 - meanTime) * ($1.0 - meanTime) }
  return -covariance / variance
}
