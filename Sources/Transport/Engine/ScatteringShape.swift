import Glibc

/// The distribution of the angle of Compton or Rayleigh scattering, x = (1 − cos θ)/2.
///
/// Binding enters through S(q) = 1 − (1 + b q²)^−p for Compton and F²(q) = (1 + b q²)^−p for Rayleigh scattering with
/// q = E √x/(12.398 keV Å). b and p are fitted to the energy dependence of the tabulated cross section of the material;
/// the cross sections themselves remain those of the table.
struct ScatteringShape {
  private enum Kind { case compton, rayleigh }
  private let kind: Kind
  private let b: Double
  private let p: Double

  /// Klein-Nishina times S(q), fitted to the cross section per electron in cm².
  static func incoherent(_ crossSection: (Double) -> Double) -> ScatteringShape {
    let energies = [2.0, 4, 8, 15, 30, 60, 150]
    let wanted = energies.map(crossSection)
    return best(.compton, from: (20, 0.8)) { shape in
      zip(energies, wanted).reduce(0) { sum, pair in
        let found = shape.integral(pair.0) * 2 * Double.pi * Physical.radiusSquared
        return sum + (found / pair.1 - 1) * (found / pair.1 - 1)
      }
    }
  }

  /// Thomson times F²(q), fitted to the shape of the cross section over energy.
  static func coherent(_ crossSection: (Double) -> Double) -> ScatteringShape {
    let energies = [2.0, 5, 10, 20, 40, 80, 150]
    let wanted = energies.map { log(crossSection($0)) }
    return best(.rayleigh, from: (20, 1.4)) { shape in
      let found = energies.map { log(shape.integral($0)) }
      return zip(found, wanted).dropFirst().reduce(0) { sum, pair in
        let off = pair.0 - found[0] - pair.1 + wanted[0]
        return sum + off * off
      }
    }
  }

  /// The quantiles of x at the ends of bins of equal probability.
  func quantiles(energy: Double, bins: Int) -> [Float] {
    let cells = 2000
    var sums = [0.0]
    for i in 0..<cells {
      let (x, width) = Self.cell(i, cells)
      sums.append(sums[i] + density(energy, x) * width)
    }
    var k = 0
    return (0...bins).map { bin in
      let wanted = Double(bin) / Double(bins) * sums[cells]
      while k < cells - 1, sums[k + 1] < wanted { k += 1 }
      let part = (wanted - sums[k]) / (sums[k + 1] - sums[k])
      let v = (Double(k) + min(max(part, 0), 1)) / Double(cells)
      return Float(v * v * v)
    }
  }

  /// dσ/dx in units of 2π r² (Compton) or arbitrary ones.
  private func density(_ energy: Double, _ x: Double) -> Double {
    let q = energy / 12.39842 * x.squareRoot()
    let cosine = 1 - 2 * x
    let binding = pow(1 + b * q * q, -p)
    switch kind {
    case .rayleigh: return (1 + cosine * cosine) * binding
    case .compton:
      let ratio = 1 / (1 + 2 * energy / Physical.electronMass * x)
      return ratio * ratio * (ratio + 1 / ratio - 1 + cosine * cosine) * (1 - binding)
    }
  }

  private func integral(_ energy: Double) -> Double {
    let cells = 120
    return (0..<cells).reduce(0) { sum, i in
      let (x, width) = Self.cell(i, cells)
      return sum + density(energy, x) * width
    }
  }

  /// Cells even in the cube root of x, which gather where forward scattering does.
  private static func cell(_ i: Int, _ cells: Int) -> (x: Double, width: Double) {
    let a = Double(i) / Double(cells)
    let b = Double(i + 1) / Double(cells)
    return ((a * a * a + b * b * b) / 2, b * b * b - a * a * a)
  }

  /// The pair (b, p) of least error on a grid that is refined around its best point.
  private static func best(
    _ kind: Kind, from start: (b: Double, p: Double), _ error: (ScatteringShape) -> Double
  ) -> ScatteringShape {
    var best = ScatteringShape(kind: kind, b: start.b, p: start.p)
    var least = error(best)
    var factor = 1.8
    while factor > 1.01 {
      let centre = best
      for i in -1...1 {
        for j in -1...1 where (i, j) != (0, 0) {
          let candidate = ScatteringShape(
            kind: kind, b: centre.b * pow(factor, Double(i)), p: centre.p * pow(factor, Double(j) / 2))
          let found = error(candidate)
          if found < least { (best, least) = (candidate, found) }
        }
      }
      if best.b == centre.b, best.p == centre.p { factor = 1 + (factor - 1) / 2 }
    }
    return best
  }
}
