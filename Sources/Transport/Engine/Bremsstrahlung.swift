import Glibc

/// Bremsstrahlung photons above a threshold.
///
/// The shape of the spectrum is formula 3BN of Koch and Motz (Rev Mod Phys 31:920, 1959; Born approximation, no
/// screening) with Elwert's Coulomb correction; its strength is such that the energy radiated is the tabulated radiative
/// stopping power. Photons below the threshold are part of the continuous energy loss and stay where they arise.
struct Bremsstrahlung {
  /// The least photon energy that is followed, keV.
  let threshold: Double
  /// The effective atomic number of Elwert's correction, Σ w Z³/A over Σ w Z²/A.
  let atomicNumber: Double
  /// Bins of equal probability.
  static let bins = 32
  private static let parts = 240

  /// k dσ/dk of formula 3BN in arbitrary units.
  func shape(energy: Double, photon: Double) -> Double {
    let e0 = energy / Physical.electronMass + 1
    let k = photon / Physical.electronMass
    let e = e0 - k
    guard e > 1 + 1e-9, k > 0 else { return 0 }
    let p0 = (e0 * e0 - 1).squareRoot()
    let p = (e * e - 1).squareRoot()
    let l0 = 2 * log(e0 + p0)
    let l = 2 * log(e + p)
    let big = 2 * log((e0 * e + p0 * p - 1) / k)
    let p02 = p0 * p0
    let p2 = p * p
    let bracket =
      8 / 3.0 * e0 * e / (p0 * p) + k * k / (p02 * p0 * p2 * p) * (e0 * e0 * e * e + p02 * p2)
      + k / (2 * p0 * p)
      * ((e0 * e + p02) / (p02 * p0) * l0 - (e0 * e + p2) / (p2 * p) * l + 2 * k * e0 * e / (p2 * p02))
    let value =
      p / p0
      * (4 / 3.0 - 2 * e0 * e * (p2 + p02) / (p02 * p2) + l0 * e / (p02 * p0) + l * e0 / (p2 * p) - l * l0 / (p0 * p)
        + big * bracket)
    let twist = 2 * Double.pi * Physical.fineStructure * atomicNumber
    let (beta0, beta) = (p0 / e0, p / e)
    return max(0, value) * beta0 * (1 - exp(-twist / beta0)) / (beta * (1 - exp(-twist / beta)))
  }

  /// The number of photons above the threshold and the energy they carry, per unit of radiated energy; and the inverse
  /// distribution of v, k = threshold · (T/threshold)^v, at the ends of bins of equal probability.
  func spectrum(energy: Double) -> (photons: Double, share: Double, quantiles: [Float]) {
    let even = (0...Self.bins).map { Float($0) / Float(Self.bins) }
    guard energy > 2 * threshold else { return (0, 0, even) }
    let width = log(energy / threshold) / Double(Self.parts)
    var below = 0.0
    let cells = 200
    for i in 0..<cells {
      let photon = threshold * (Double(i) + 0.5) / Double(cells)
      below += shape(energy: energy, photon: photon) * threshold / Double(cells)
    }
    var numbers = [0.0]
    var above = 0.0
    for i in 0..<Self.parts {
      let photon = threshold * exp((Double(i) + 0.5) * width)
      let value = shape(energy: energy, photon: photon)
      numbers.append(numbers[i] + value * width)
      above += value * width * photon
    }
    var quantiles: [Float] = []
    var k = 0
    for bin in 0...Self.bins {
      let wanted = Double(bin) / Double(Self.bins) * numbers[Self.parts]
      while k < Self.parts - 1, numbers[k + 1] < wanted { k += 1 }
      let step = numbers[k + 1] - numbers[k]
      let part = step > 0 ? min(max((wanted - numbers[k]) / step, 0), 1) : 0
      quantiles.append(Float((Double(k) + part) / Double(Self.parts)))
    }
    return (numbers[Self.parts] / (above + below), above / (above + below), quantiles)
  }
}
