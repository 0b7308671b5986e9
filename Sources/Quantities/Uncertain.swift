/// A quantity with its standard uncertainty.
public struct Uncertain<Q: Quantity>: Hashable, Sendable {
  /// The best estimate.
  public let value: Q
  /// One standard uncertainty in the unit of the value; `nil` when it was not estimated.
  public let standardUncertainty: Q?

  public init(_ value: Q, standardUncertainty: Q?) {
    self.value = value
    self.standardUncertainty = standardUncertainty
  }

  /// A value with a relative standard uncertainty.
  public init(_ value: Q, relative: Double?) {
    self.init(value, standardUncertainty: relative.map { value * $0.magnitude })
  }

  /// The standard uncertainty as a fraction of the value.
  public var relativeUncertainty: Double? {
    standardUncertainty.map { ($0.base / value.base).magnitude }
  }
}
