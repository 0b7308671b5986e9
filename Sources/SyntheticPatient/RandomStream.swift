import Glibc

/// A reproducible stream of random numbers, SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
///
/// Streams of one seed with different keys are independent for every practical purpose: work that is shared out among
/// threads takes one stream a piece, so that the result does not depend on who does which piece.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The stream of a seed, or of one piece of work under it.
  public init(seed: UInt64, key: [UInt64] = []) {
    state = key.reduce(Self.mixed(seed)) { Self.mixed($0 ^ Self.mixed($1 &+ 0x9e37_79b9_7f4a_7c15)) }
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mixed(state)
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Uniform between 0 and 1, both excluded.
  public mutating func uniform() -> Double {
    (Double(next() >> 12) + 0.5) * 0x1p-52
  }

  /// Standard normal (Box and Muller, Ann Math Statist 1958;29:610).
  public mutating func normal() -> Double {
    (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
  }

  /// Poisson with a mean from 0 to 1e9; a mean of 0 gives 0.
  ///
  /// Exact: by inversion below 12, above by transformed rejection (PTRS; Hörmann, Insur Math Econ 1993;12:39).
  public mutating func poisson(mean: Double) -> Int {
    precondition(mean >= 0 && mean <= 1e9, "a Poisson mean lies between 0 and 1e9")
    return mean < 12 ? inverted(mean) : rejected(mean)
  }

  private mutating func inverted(_ mean: Double) -> Int {
    var (k, probability, rest) = (0, exp(-mean), uniform())
    while rest > probability, k < 200 {
      rest -= probability
      k += 1
      probability *= mean / Double(k)
    }
    return k
  }

  private mutating func rejected(_ mean: Double) -> Int {
    let b = 0.931 + 2.53 * mean.squareRoot()
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let squeeze = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = uniform() - 0.5
      let v = uniform()
      let us = 0.5 - u.magnitude
      let k = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
      if us >= 0.07, v <= squeeze { return Int(k) }
      if k < 0 || (us < 0.013 && v > us) { continue }
      if log(v * inverseAlpha / (a / (us * us) + b)) <= k * log(mean) - mean - logFactorial(k) { return Int(k) }
    }
  }
}

/// ln k!, by the table for small k and Stirling's series with an error below 1e-10 above.
private func logFactorial(_ k: Double) -> Double {
  guard k >= 10 else { return smallLogFactorials[Int(k)] }
  let x = k + 1
  let correction = (1 / 12.0 - (1 / 360.0 - 1 / (1260 * x * x)) / (x * x)) / x
  return (x - 0.5) * log(x) - x + 0.5 * log(2 * .pi) + correction
}

private let smallLogFactorials: [Double] = (0..<10).map { k in (0...k).dropFirst().reduce(0) { $0 + log(Double($1)) } }
