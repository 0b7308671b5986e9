/// Where a value comes from.
public struct Source: Hashable, Sendable {
  /// Whether the value was read in the primary source.
  public enum Verification: String, Sendable {
    /// Read in the source named, or derived and checked.
    case verified
    /// Remembered or second-hand: it shows as unverified wherever it decides something.
    case unverified
  }

  /// The citation in one line.
  public let citation: String
  /// Whether the value was read there.
  public let verification: Verification

  public init(_ citation: String, _ verification: Verification = .verified) {
    self.citation = citation
    self.verification = verification
  }
}

/// A constant with its source.
public struct Sourced<Value: Sendable & Hashable>: Hashable, Sendable {
  /// The constant.
  public let value: Value
  /// Where it comes from.
  public let source: Source

  public init(_ value: Value, _ source: Source) {
    self.value = value
    self.source = source
  }

  /// Whether the value has not been read in its primary source.
  public var isUnverified: Bool { source.verification == .unverified }
}
