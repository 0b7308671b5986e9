import Glibc
import Numerics

extension RandomStream {
  /// Poisson with a mean from 0 to 1e9; a mean of 0 gives 0.
  ///
  /// Exact: by inversion below 12, above by transformed rejection (PTRS; Hörmann, Insur Math Econ 1993;12:39).
  mutating func poisson(mean: Double) -> Int {
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
