/// A choice in every lane: all bits set or none.
typealias LaneMask = SIMD16<Int32>

/// Where a < b; both finite.
@inline(__always)
func below(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> LaneMask { unsafeBitCast(a - b, to: LaneMask.self) &>> 31 }

/// a where the mask is set, b elsewhere.
@inline(__always)
func choose(_ mask: LaneMask, _ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> {
  let (x, y) = (unsafeBitCast(a, to: LaneMask.self), unsafeBitCast(b, to: LaneMask.self))
  return unsafeBitCast(y ^ ((x ^ y) & mask), to: SIMD16<Float>.self)
}

/// The larger of two finite values.
@inline(__always)
func larger(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> { choose(below(a, b), b, a) }

/// The smaller of two finite values.
@inline(__always)
func smaller(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> { choose(below(b, a), b, a) }

/// exp(x) for x ≤ 0, relative error below 3e-7; exp(−87), that is below 2e-38, from −87 on.
///
/// 2ⁿ by the exponent's bits, the rest by a polynomial of degree 6 over ±ln 2/2.
@inline(__always)
func exponential(_ x: SIMD16<Float>) -> SIMD16<Float> {
  let clamped = larger(x, SIMD16(repeating: -87))
  let shifted = clamped * 1.442_695_04 + 12_582_912
  let whole = shifted - 12_582_912
  let rest = clamped - whole * 0.693_359_375 + whole * 2.121_944_4e-4
  var p = rest * 0.001_388_889 + 0.008_333_334
  p = p * rest + 0.041_666_668
  p = p * rest + 0.166_666_67
  p = p * rest + 0.5
  p = p * rest + 1
  p = p * rest + 1
  let power = (unsafeBitCast(shifted, to: LaneMask.self) &<< 23) &+ 0x3f80_0000
  return p * unsafeBitCast(power, to: SIMD16<Float>.self)
}

/// ln x for x above 0, absolute error below 1e-4: good enough for a start.
@inline(__always)
func naturalLogarithm(_ x: SIMD16<Float>) -> SIMD16<Float> {
  let bits = unsafeBitCast(x, to: LaneMask.self)
  let mantissa = unsafeBitCast((bits & 0x7f_ffff) | 0x3f80_0000, to: SIMD16<Float>.self)
  // The exponent as a number, by adding it to the bits of 2²³.
  let exponent = unsafeBitCast((bits &>> 23) | 0x4b00_0000, to: SIMD16<Float>.self) - 8_388_735
  // ln m = 2 artanh((m − 1)/(m + 1)).
  let z = (mantissa - 1) / (mantissa + 1)
  let square = z * z
  var series = square * (1 / 7) + 0.2
  series = series * square + (1 / 3)
  series = series * square + 1
  return exponent * 0.693_147_18 + z * series * 2
}
