/// Sine and cosine of 2πu for u in [0, 1), to 2·10⁻⁷, without the mathematical library.
@inline(__always)
func sineCosine(turns u: Float) -> (sine: Float, cosine: Float) {
  let quarter = Int32(u * 4 + 0.5)
  let x = (u * 4 - Float(quarter)) * 1.5707963267948966
  let x2 = x * x
  let s = x * (1 + x2 * (-0.16666667 + x2 * (0.008333331 + x2 * (-0.00019839335 + x2 * 2.7183114e-6))))
  let c = 1 + x2 * (-0.5 + x2 * (0.041666642 + x2 * (-0.0013888397 + x2 * 2.4760495e-5)))
  let k = quarter & 3
  let sine = (k & 1) == 0 ? s : c
  let cosine = (k & 1) == 0 ? c : s
  return ((k & 2) == 0 ? sine : -sine, ((k &+ 1) & 2) == 0 ? cosine : -cosine)
}

/// −ln u for u in (0, 1), to 10⁻⁷ absolute, without the mathematical library.
@inline(__always)
func negativeLogarithm(_ u: Float) -> Float {
  let bits = u.bitPattern
  var exponent = Int32(bitPattern: bits >> 23) - 127
  var mantissa = Float(bitPattern: (bits & 0x7F_FFFF) | 0x3F80_0000)
  if mantissa > 1.4142135 {
    mantissa *= 0.5
    exponent += 1
  }
  let z = (mantissa - 1) / (mantissa + 1)
  let z2 = z * z
  let l = z * (2 + z2 * (0.66666667 + z2 * (0.4 + z2 * (0.28571429 + z2 * 0.2222222))))
  return -(Float(exponent) * 0.69314718 + l)
}

/// A unit vector.
struct Direction {
  var x: Float
  var y: Float
  var z: Float

  /// A direction of which all are equally likely.
  @inline(__always)
  init(isotropic stream: inout HistoryStream) {
    let (a, b) = stream.pair()
    let cosine = 2 * a - 1
    let sine = (1 - cosine * cosine).squareRoot()
    let turn = sineCosine(turns: b)
    (x, y, z) = (sine * turn.cosine, sine * turn.sine, cosine)
  }

  @inline(__always)
  init(_ x: Float, _ y: Float, _ z: Float) { (self.x, self.y, self.z) = (x, y, z) }

  var reversed: Direction { Direction(-x, -y, -z) }

  /// Turns by a polar angle and an azimuth, in the branch-free frame of Duff et al. (JCGT 6(1), 2017). One Newton step
  /// keeps the length at 1.
  @inline(__always)
  mutating func turn(cosine: Float, sine: Float, azimuth: (sine: Float, cosine: Float)) {
    let sign: Float = z >= 0 ? 1 : -1
    let a = -1 / (sign + z)
    let b = x * y * a
    let p = sine * azimuth.cosine
    let q = sine * azimuth.sine
    let nx = x * cosine + (1 + sign * x * x * a) * p + b * q
    let ny = y * cosine + sign * b * p + (sign + y * y * a) * q
    let nz = z * cosine - sign * x * p - y * q
    let n = 1.5 - 0.5 * (nx * nx + ny * ny + nz * nz)
    (x, y, z) = (nx * n, ny * n, nz * n)
  }

  /// Turns by the polar angle of x = (1 − cos θ)/2.
  @inline(__always)
  mutating func turn(halfVersine x: Float, azimuth: (sine: Float, cosine: Float)) {
    turn(cosine: 1 - 2 * x, sine: 2 * (x * (1 - x)).squareRoot(), azimuth: azimuth)
  }
}
