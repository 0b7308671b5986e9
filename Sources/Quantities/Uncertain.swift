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
    self.init(value, standardUncertainty: relative.map { Q(base: (value.base * $0).magnitude) })
  }

  /// The standard uncertainty as a fraction of the value; `nil` for a value of zero, of which there is none.
  public var relativeUncertainty: Double? {
    value.base == 0 ? nil : standardUncertainty.map { ($0.base / value.base).magnitude }
  }
}
