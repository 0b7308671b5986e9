import Glibc

/// The polar deflection of a full step, after Goudsmit and Saunderson (Phys Rev 57:24, 1940) with Lewis's account of the
/// energy loss within the step (Phys Rev 78:526, 1950).
///
/// F = Σ (l + ½)(e^−γ − e^−n) P + e^−n δ, γ = ∫ G dE/L with two Gauss points. Stored as the inverse distribution of w in
/// x = (1 − cos θ)/2 = a w/(1 + a − w).
enum Deflections {
  /// Bins of equal probability.
  static let bins = 64
  /// The floats of one energy: a, then w at the ends of the bins.
  static let stride = bins + 2

  /// - Parameters:
  ///   - weights: of ``ElasticScattering`` times the step's path, summed over its two energies.
  static func table(_ weights: [Double]) -> [Float] {
    let none = exp(-weights.reduce(0, +))
    let coefficients = legendre(weights, none)
    let transport = coefficients.transport
    let a = max((1 - exp(-transport)) / 4, 1e-7)
    let cells = 800
    var distribution = [none]
    for k in 1...cells {
      let w = (Double(k) - 0.5) / Double(cells)
      let x = a * w / (1 + a - w)
      let density = max(0, coefficients.sum(cosine: 1 - 2 * x)) * 2 * a * (1 + a) / ((1 + a - w) * (1 + a - w))
      distribution.append(distribution[k - 1] + density / Double(cells))
    }
    var table = [Float(a)]
    var k = 0
    for bin in 0...bins {
      let wanted = Double(bin) / Double(bins) * distribution[cells]
      while k < cells - 1, distribution[k + 1] < wanted { k += 1 }
      let step = distribution[k + 1] - distribution[k]
      let part = step > 0 ? min(max((wanted - distribution[k]) / step, 0), 1) : 0
      table.append(
        wanted <= distribution[0] ? 0 : bin == bins ? 1 : Float((Double(k) + part) / Double(cells)))
    }
    return table
  }

  private struct Series {
    let coefficients: [Double]
    let transport: Double

    func sum(cosine: Double) -> Double {
      var (before, now) = (1.0, cosine)
      var sum = coefficients[0] + coefficients[1] * cosine
      for l in 2..<coefficients.count {
        let n = Double(l)
        (before, now) = (now, ((2 * n - 1) * cosine * now - (n - 1) * before) / n)
        sum += coefficients[l] * now
      }
      return sum
    }
  }

  private static func legendre(_ weights: [Double], _ none: Double) -> Series {
    let cosines = ElasticScattering.points.map { 1 - 2 * $0 }
    var before = [Double](repeating: 1, count: cosines.count)
    var now = cosines
    var exponents = [0.0]
    for l in 1...4000 {
      var exponent = 0.0
      for k in cosines.indices { exponent += weights[k] * (1 - now[k]) }
      exponents.append(exponent)
      if exp(-exponent) - none < 1e-7, l > 8 { break }
      let n = Double(l)
      for k in cosines.indices {
        let next = ((2 * n + 1) * cosines[k] * now[k] - n * before[k]) / (n + 1)
        (before[k], now[k]) = (now[k], next)
      }
    }
    return Series(
      coefficients: exponents.enumerated().map { (Double($0.offset) + 0.5) * (exp(-$0.element) - none) },
      transport: exponents[1])
  }
}
