import Foundation
public import Quantities

/// A material's stopping powers for electrons of 1 keV to 10 MeV.
///
/// Collision: Bethe's formula for electrons, K/β² [2 ln(T/I) + ln(1 + τ/2) + F(τ) − δ] with K = 2π rₑ² mc² nₑ,
/// F = (1 − β²)[1 + τ²/8 − (2τ + 1) ln 2] (ICRU Report 37), δ of Sternheimer. Radiative: NIST ESTAR by Bragg's rule.
public struct ElectronStopping: Sendable {
  /// The energies for which they hold, in keV.
  static let validEnergies = 1.0...10_000
  static let restEnergy = 510.99895

  /// Electrons per gram over Avogadro's number, Σ w Z/A.
  let electronsPerMass: Double
  /// I in keV.
  let meanExcitation: Double
  private let densityEffect: DensityEffect
  private let radiativeParts: [(massFraction: Double, spline: CubicSpline)]

  /// - Throws: ``TransportError`` for an element without data.
  public init(_ material: Material, elements: ElementTable) throws(TransportError) {
    var parts: [(fraction: Double, element: Element)] = []
    for part in material.composition { parts.append((part.massFraction, try elements.element(part.atomicNumber))) }
    let electronsPerMass = parts.reduce(0) {
      $0 + $1.fraction * Double($1.element.atomicNumber) / $1.element.atomicWeight
    }
    self.electronsPerMass = electronsPerMass
    meanExcitation = material.meanExcitationEnergy.kiloelectronvolts
    var shares: [(share: Double, binding: Double)] = []
    for (fraction, element) in parts {
      let ofElement = fraction * Double(element.atomicNumber) / element.atomicWeight / electronsPerMass
      let count = element.shells.reduce(0) { $0 + $1.electrons }
      for (index, shell) in element.shells.enumerated() {
        // Electrons conduct in a pure element alone.
        let conducts = parts.count == 1 && element.outerShellConducts && index == element.shells.count - 1
        shares.append((ofElement * shell.electrons / count, conducts ? 0 : shell.binding))
      }
    }
    densityEffect = DensityEffect(
      shares: shares, meanExcitation: meanExcitation * 1e3,
      plasma: 28.8159 * (material.density.gramsPerMillilitre * electronsPerMass).squareRoot())
    radiativeParts = parts.map { ($0.fraction, $0.element.radiative) }
  }

  /// The collision stopping power.
  public func collision(at energy: Energy) throws(TransportError) -> MassStoppingPower {
    .megaelectronvoltSquareCentimetresPerGram(collision(keV: try Self.checked(energy)) * 1e-3)
  }

  /// The radiative stopping power.
  public func radiative(at energy: Energy) throws(TransportError) -> MassStoppingPower {
    .megaelectronvoltSquareCentimetresPerGram(radiative(keV: try Self.checked(energy)) * 1e-3)
  }

  /// K = 2π rₑ² mc² nₑ in keV cm²/g.
  var bethePrefactor: Double { 153.5374639 * electronsPerMass }

  /// The collision stopping power in keV cm²/g.
  func collision(keV: Double) -> Double {
    let tau = keV / Self.restEnergy
    let betaSquared = Self.betaSquared(keV: keV)
    let f = (1 - betaSquared) * (1 + tau * tau / 8 - (2 * tau + 1) * log(2))
    return bethePrefactor / betaSquared
      * (2 * log(keV / meanExcitation) + log(1 + tau / 2) + f - densityEffect(betaSquared: betaSquared))
  }

  /// The radiative stopping power in keV cm²/g.
  func radiative(keV: Double) -> Double {
    let at = log(max(keV, 1))
    return radiativeParts.reduce(0) { $0 + $1.massFraction * exp($1.spline(at)) } * 1e3
  }

  /// δ, without unit.
  func densityEffect(keV: Double) -> Double { densityEffect(betaSquared: Self.betaSquared(keV: keV)) }

  static func betaSquared(keV: Double) -> Double {
    let tau = keV / restEnergy
    return tau * (tau + 2) / ((tau + 1) * (tau + 1))
  }

  private static func checked(_ energy: Energy) throws(TransportError) -> Double {
    guard validEnergies.contains(energy.kiloelectronvolts) else {
      throw TransportError(
        "electron-energy-range",
        "An electron energy of \(energy.kiloelectronvolts) keV lies outside 1 keV to 10 MeV.",
        remedy: "Choose an energy in that range.")
    }
    return energy.kiloelectronvolts
  }
}
