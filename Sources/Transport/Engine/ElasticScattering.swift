import Glibc

/// Elastic scattering of electrons and positrons in screened fields of nuclei and of atomic electrons.
///
/// Per element dσ/dx = π r² (N w/A) · 4 Z(Z + ξ)/(4 β² p²) /(x + A)² · R with x = (1 − cos θ)/2, Molière's screening A,
/// the spin factor R of McKinley and Feshbach (Phys Rev 74:1759, 1948; good for Z up to about 20, the sign of its third
/// term is that of the charge) and ξ that takes out the collisions that are followed one by one.
struct ElasticScattering {
  let composition: [Material.Constituent]
  let atomicWeights: [Double]
  let collisions: ElectronCollisions

  /// Points x over which cross sections are summed: even in log(x + smallest).
  static let points: [Double] = (0..<count).map {
    smallest * (exp((Double($0) + 0.5) / Double(count) * log(1 + 1 / smallest)) - 1)
  }
  private static let count = 500
  private static let smallest = 1e-9

  /// The cross section at each point times the width of its cell, cm²/g.
  func weights(energy: Double) -> [Double] {
    let points = Self.points
    let kinematics = Kinematics(energy: energy)
    let beta = kinematics.betaSquared.squareRoot()
    let width = log(1 + 1 / Self.smallest) / Double(points.count)
    var nuclear = [Double](repeating: 0, count: points.count)
    var electronic = nuclear
    for (constituent, weight) in zip(composition, atomicWeights) {
      let z = Double(constituent.atomicNumber)
      let screening = Self.screening(z, kinematics)
      let strength =
        Physical.avogadro * constituent.massFraction / weight * Double.pi * Physical.radiusSquared
        / (kinematics.betaSquared * kinematics.momentumSquared)
      let spin = Double.pi * Physical.fineStructure * z * beta * (collisions.charge == .electron ? 1 : -1)
      for (k, x) in points.enumerated() {
        let root = x.squareRoot()
        let factor = max(0, 1 - kinematics.betaSquared * x + spin * root * (1 - root))
        let share = strength / ((x + screening) * (x + screening)) * factor * (x + Self.smallest) * width
        nuclear[k] += share * z * z
        electronic[k] += share * z
      }
    }
    var transport = 0.0
    for (k, x) in points.enumerated() { transport += 2 * x * electronic[k] }
    let left = max(0, 1 - collisions.moments(energy: energy).transport / transport)
    for k in points.indices { nuclear[k] += left * electronic[k] }
    return nuclear
  }

  /// Molière's screening parameter (Z. Naturforsch. 3a:78, 1948).
  private static func screening(_ z: Double, _ kinematics: Kinematics) -> Double {
    let c = Physical.fineStructure / 0.885
    let born = Physical.fineStructure * z
    return 0.25 * c * c * pow(z, 2 / 3.0) / kinematics.momentumSquared
      * (1.13 + 3.76 * born * born / kinematics.betaSquared)
  }
}
