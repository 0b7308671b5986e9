import Glibc

/// One parameter of an FCS data set.
public struct FCSChannel: Hashable, Sendable {
  /// How its values are stored.
  public enum Storage: Hashable, Sendable {
    /// An unsigned integer of so many bits.
    case integer(bits: Int)
    case float32
    case float64
    /// Decimal digits, so many characters wide; `nil` between delimiters.
    case text(characters: Int?)
  }

  /// How a stored channel value becomes a value on its scale.
  public enum Amplification: Hashable, Sendable {
    /// value / gain.
    case linear(gain: Double)
    /// offset · 10^(decades · value / range).
    case logarithmic(decades: Double, offset: Double)
    /// value · step, in s.
    case time(step: Double)
  }

  /// Its place in the data set, from 0.
  public let index: Int
  /// The short name, $PnN.
  public let name: String
  /// The label, $PnS.
  public let label: String?
  /// $PnR, one more than the largest channel value.
  public let range: Double
  /// How its values are stored.
  public let storage: Storage
  /// How they are amplified.
  public let amplification: Amplification

  public init(
    index: Int, name: String, label: String?, range: Double, storage: Storage, amplification: Amplification
  ) {
    (self.index, self.name, self.label, self.range) = (index, name, label, range)
    (self.storage, self.amplification) = (storage, amplification)
  }

  /// The bits of an integer that count: those that $PnR needs.
  var mask: UInt64 {
    guard case .integer(let bits) = storage else { return .max }
    let full = bits >= 64 ? UInt64.max : (1 << UInt64(bits)) - 1
    guard range > 1, range < 0x1p63 else { return full }
    let needed = UInt64(range.rounded(.up)) - 1
    return full & (UInt64.max >> UInt64(needed.leadingZeroBitCount))
  }

  /// The value on the channel's scale.
  @inline(__always) public func scaled(_ value: Double) -> Double {
    switch amplification {
    case .linear(let gain): value / gain
    case .logarithmic(let decades, let offset): offset * pow(10, decades * value / range)
    case .time(let step): value * step
    }
  }

  /// Whether the scale leaves values as they are.
  public var isIdentity: Bool {
    switch amplification {
    case .linear(let gain): gain == 1
    case .logarithmic: false
    case .time(let step): step == 1
    }
  }

  /// Whether the name is that of time.
  public var isTime: Bool { ["TIME", "HDR-T"].contains(name.uppercased()) }

  /// Whether the name is that of scattered light.
  public var isScatter: Bool {
    let upper = name.uppercased()
    return upper.hasPrefix("FSC") || upper.hasPrefix("SSC") || upper.hasPrefix("FS ") || upper.hasPrefix("SS ")
      || upper == "FS" || upper == "SS"
  }
}
