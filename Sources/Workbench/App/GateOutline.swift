import Foundation
import Laboratory

/// The border of a gate in the coordinates of its dimensions.
enum GateOutline {
  /// `nil` for a gate that is no area of two dimensions.
  static func of(_ shape: Gate.Shape) -> (GateDimension, GateDimension, [Gate.Point])? {
    switch shape {
    case .polygon(let x, let y, let points): return (x, y, points)
    case .rectangle(let intervals) where intervals.count == 2:
      let far = 1e6
      let (a, b) = (intervals[0], intervals[1])
      let (left, right) = (a.minimum ?? -far, a.maximum ?? far)
      let (low, high) = (b.minimum ?? -far, b.maximum ?? far)
      return (
        a.dimension, b.dimension,
        [Gate.Point(left, low), Gate.Point(right, low), Gate.Point(right, high), Gate.Point(left, high)]
      )
    case .ellipsoid(let dimensions, let mean, let covariance, let square) where dimensions.count == 2:
      // μ + D L (cos φ, sin φ) with C = L Lᵀ.
      let l11 = covariance[0][0].squareRoot()
      let l21 = covariance[1][0] / l11
      let l22 = max(0, covariance[1][1] - l21 * l21).squareRoot()
      let d = square.squareRoot()
      return (
        dimensions[0], dimensions[1],
        (0..<72).map { step in
          let (c, s) = (cos(Double(step) * .pi / 36), sin(Double(step) * .pi / 36))
          return Gate.Point(mean[0] + d * l11 * c, mean[1] + d * (l21 * c + l22 * s))
        }
      )
    default: return nil
    }
  }
}
