/// A reproducible stream of random numbers: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
///
/// A stream is made from a seed and a name, so that streams for different purposes are independent and none depends on
/// how much of another was used.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64, stream: StaticString = "") {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    stream.withUTF8Buffer { for byte in $0 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 } }
    state = seed &* 0x9e37_79b9_7f4a_7c15 ^ hash
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A uniform number in (0, 1).
  public mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

  /// A standard normal number, by inversion.
  public mutating func normal() -> Double { Normal.quantile(uniform()) }
}
