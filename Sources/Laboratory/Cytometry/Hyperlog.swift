import Glibc

/// The hyperlog scale of Gating-ML 2.0, from 0 to 1.
///
/// EH(x) = a·e^(b x) + c·x − f with EH(x₁) = 0, mirrored below (Bagwell, Cytometry A 2005, 64A:34, as Gating-ML 2.0
/// states it). The scale is its inverse.
public struct Hyperlog: Hashable, Sendable {
  /// The top of scale.
  public let top: Double
  /// Decades of the linear part.
  public let width: Double
  /// Decades in all.
  public let decades: Double
  /// Further decades below zero.
  public let negative: Double

  private let zero: Double
  private let b: Double
  private let c: Double
  private let rise: Double

  /// - Throws: ``LaboratoryError`` unless T > 0, M > 0, 0 < W ≤ M/2 and −W ≤ A ≤ M − 2W.
  public init(top: Double, width: Double, decades: Double, negative: Double) throws {
    guard top > 0, decades > 0, width > 0, 2 * width <= decades, -width <= negative,
      negative <= decades - 2 * width, [top, width, decades, negative].allSatisfy(\.isFinite)
    else {
      throw LaboratoryError(
        "scale-invalid", "A hyperlog scale has T \(top), W \(width), M \(decades), A \(negative).",
        remedy: "It needs T > 0, M > 0, 0 < W ≤ M/2 and −W ≤ A ≤ M − 2W.")
    }
    (self.top, self.width, self.decades, self.negative) = (top, width, decades, negative)
    b = (decades + negative) * 2.302585092994045684
    let w = width / (decades + negative)
    let x2 = negative / (decades + negative)
    zero = x2 + w
    let cOverA = exp(b * (x2 + 2 * w)) / w
    let fOverA = exp(b * zero) + cOverA * zero
    let a = top / (exp(b) + cOverA - fOverA)
    c = cOverA * a
    rise = a * exp(b * zero)
  }

  /// The value at a place x of the scale.
  public func value(at x: Double) -> Double {
    let u = abs(x - zero)
    let value = rise * expm1(b * u) + c * u
    return x < zero ? -value : value
  }

  /// The place of a value on the scale.
  public func callAsFunction(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value == 0 ? zero : value }
    let target = abs(value)
    var u = min(target / c, log1p(target / rise) / b)
    for _ in 0..<60 {
      let residual = rise * expm1(b * u) + c * u - target
      let first = rise * b * exp(b * u) + c
      let newton = residual / first
      let step = newton / (1 - newton * (rise * b * b * exp(b * u)) / (2 * first))
      u -= step.isFinite ? step : newton
      if abs(step) <= 4e-16 * max(abs(u), 1e-3) { break }
    }
    return value < 0 ? zero - u : zero + u
  }
}
