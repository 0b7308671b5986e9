/// The random numbers of one history.
///
/// A block of Philox4x32-10 (Salmon et al., SC11, 2011) of history and component under the key of the seed gives the
/// state of xoroshiro128++ (Blackman and Vigna, 2021), which runs within the history. A history therefore has the same
/// numbers wherever and whenever it is run, and components of one source have unlike ones.
struct HistoryStream {
  private var s0: UInt64
  private var s1: UInt64

  @inline(__always)
  init(seed: UInt64, component: UInt32, history: UInt64) {
    let block = Self.philox(
      SIMD4(UInt32(truncatingIfNeeded: history), UInt32(truncatingIfNeeded: history >> 32), component, 0),
      key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
    s0 = UInt64(block.x) | UInt64(block.y) << 32
    s1 = (UInt64(block.z) | UInt64(block.w) << 32) | 1
  }

  @inline(__always)
  private mutating func next() -> UInt64 {
    let a = s0
    let sum = a &+ s1
    let b = s1 ^ a
    s0 = ((a &<< 49) | (a &>> 15)) ^ b ^ (b &<< 21)
    s1 = (b &<< 28) | (b &>> 36)
    return ((sum &<< 17) | (sum &>> 47)) &+ a
  }

  /// A number of the open interval (0, 1): one of 2²³ midpoints, exact in `Float`, so an inverse distribution is never
  /// read beyond its end.
  @inline(__always)
  mutating func uniform() -> Float { Self.midpoint(next() >> 41) }

  /// Two such numbers of one draw.
  @inline(__always)
  mutating func pair() -> (Float, Float) {
    let bits = next()
    return (Self.midpoint(bits >> 41), Self.midpoint((bits >> 9) & 0x7F_FFFF))
  }

  @inline(__always)
  private static func midpoint(_ bits: UInt64) -> Float {
    (Float(Int32(truncatingIfNeeded: bits)) + 0.5) * 0x1p-23
  }

  @inline(__always)
  static func philox(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (c0, c1, c2, c3) = (counter.x, counter.y, counter.z, counter.w)
    var (k0, k1) = (key.x, key.y)
    for _ in 0..<10 {
      let p0 = UInt64(0xD251_1F53) &* UInt64(c0)
      let p1 = UInt64(0xCD9E_8D57) &* UInt64(c2)
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
      )
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return SIMD4(c0, c1, c2, c3)
  }
}
