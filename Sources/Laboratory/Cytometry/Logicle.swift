import Glibc

/// The logicle scale of Gating-ML 2.0, from 0 to 1.
///
/// B(x) = a·e^(b x) − c·e^(−d x) − f with B(x₁) = 0, linear around it and mirrored below (Moore and Parks, Cytometry A
/// 2012, 81A:273). The scale is its inverse; the absolute error is below 1e-14 between B(0) and T.
public struct Logicle: Hashable, Sendable {
  /// The top of scale.
  public let top: Double
  /// Decades of the linear part.
  public let width: Double
  /// Decades in all.
  public let decades: Double
  /// Further decades below zero.
  public let negative: Double

  let zero: Double
  private let b: Double
  private let d: Double
  private let rise: Double
  private let fall: Double

  /// - Throws: ``LaboratoryError`` unless T > 0, M > 0, 0 ≤ W ≤ M/2 and −W ≤ A ≤ M − 2W.
  public init(top: Double, width: Double, decades: Double, negative: Double) throws {
    guard top > 0, decades > 0, width >= 0, 2 * width <= decades, -width <= negative,
      negative <= decades - 2 * width, [top, width, decades, negative].allSatisfy(\.isFinite)
    else {
      throw LaboratoryError(
        "scale-invalid", "A logicle scale has T \(top), W \(width), M \(decades), A \(negative).",
        remedy: "It needs T > 0, M > 0, 0 ≤ W ≤ M/2 and −W ≤ A ≤ M − 2W.")
    }
    (self.top, self.width, self.decades, self.negative) = (top, width, decades, negative)
    let b = (decades + negative) * 2.302585092994045684
    let w = width / (decades + negative)
    let x2 = negative / (decades + negative)
    let x1 = x2 + w
    let x0 = x2 + 2 * w
    let d = Self.decay(b, w)
    let cOverA = exp(x0 * (b + d))
    let fOverA = exp(b * x1) - cOverA * exp(-d * x1)
    let a = top / (exp(b) - fOverA - cOverA * exp(-d))
    (self.b, self.d, zero) = (b, d, x1)
    rise = a * exp(b * x1)
    fall = a * cOverA * exp(-d * x1)
  }

  /// Solves 2(ln d − ln b) + w(d + b) = 0 for 0 < d ≤ b.
  private static func decay(_ b: Double, _ w: Double) -> Double {
    guard w > 0 else { return b }
    var (low, high) = (0.0, b)
    var d = b / 2
    for _ in 0..<200 {
      let value = 2 * log(d / b) + w * (d + b)
      if value > 0 { high = d } else { low = d }
      var next = d - value / (2 / d + w)
      if !(next > low && next < high) { next = (low + high) / 2 }
      if abs(next - d) <= 1e-16 * d { return next }
      d = next
    }
    return d
  }

  /// The value at a place x of the scale.
  public func value(at x: Double) -> Double {
    let u = abs(x - zero)
    let value = rise * expm1(b * u) - fall * expm1(-d * u)
    return x < zero ? -value : value
  }

  /// The slope of ``value(at:)`` at a place of the scale.
  func derivative(at x: Double) -> Double { slope(abs(x - zero)) }

  private func slope(_ u: Double) -> Double { rise * b * exp(b * u) + fall * d * exp(-d * u) }

  /// The place of a value on the scale.
  public func callAsFunction(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value == 0 ? zero : value }
    let target = abs(value)
    // Both bounds are starts above the root, from which Newton's method on a convex function descends.
    var u = min(target / (rise * b + fall * d) * 1.0000001, log1p(target / rise) / b)
    if !(u >= 0 && u.isFinite) { u = log1p(target / rise) / b }
    for _ in 0..<60 {
      let residual = rise * expm1(b * u) - fall * expm1(-d * u) - target
      let first = slope(u)
      let second = rise * b * b * exp(b * u) - fall * d * d * exp(-d * u)
      let newton = residual / first
      let step = newton / (1 - newton * second / (2 * first))
      u -= step.isFinite ? step : newton
      if abs(step) <= 4e-16 * max(abs(u), 1e-3) { break }
    }
    return value < 0 ? zero - u : zero + u
  }
}
