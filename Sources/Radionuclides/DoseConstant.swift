public import Quantities

/// The absorbed dose of energy that stays where it is emitted, D = k · Ã Δ / m (MIRD Pamphlet 21 with φ = 1).
///
/// Valid for a region large against the range of the radiation. k is the energy of 1 MeV in J per mass of 1 g in kg.
public struct DoseConstant: Hashable, Sendable {
  /// Δ, the mean energy per decay that is absorbed where it is emitted.
  public let energyPerDecay: Energy

  public init(energyPerDecay: Energy) { self.energyPerDecay = energyPerDecay }

  /// 1 MeV in J, exact by the definition of the SI (2019).
  static let joulesPerMegaelectronvolt = 1.602176634e-13

  /// The S value of a region that absorbs all of Δ in its own mass, k · Δ / m in Gy/(Bq s).
  ///
  /// - Throws: ``RadionuclideError`` for a mass that is not above zero and finite.
  public func sValue(mass: Mass) throws(RadionuclideError) -> SValue {
    guard mass > .zero, mass.isFinite else {
      throw RadionuclideError(
        "mass-range", "The mass is \(mass).", remedy: "Give the mass of the region, above zero.")
    }
    return .graysPerBecquerelSecond(
      Self.joulesPerMegaelectronvolt * energyPerDecay.megaelectronvolts / mass.kilograms)
  }

  /// The mean absorbed dose of a number of decays in a mass, k · Δ · Ã / m.
  public func dose(of decays: TimeIntegratedActivity, in mass: Mass) throws(RadionuclideError) -> AbsorbedDose {
    decays * (try sValue(mass: mass))
  }

  /// The dose rate of an activity in a mass, k · Δ · A / m.
  public func doseRate(of activity: Activity, in mass: Mass) throws(RadionuclideError) -> AbsorbedDoseRate {
    .graysPerSecond(activity.becquerels * (try sValue(mass: mass)).graysPerBecquerelSecond)
  }

  /// The constant in Gy g/(MBq h), as tables print it.
  public var grayGramsPerMegabecquerelHour: Double {
    let decays = TimeIntegratedActivity.megabecquerelHours(1).becquerelSeconds
    return decays * Self.joulesPerMegaelectronvolt * energyPerDecay.megaelectronvolts / Mass.grams(1).kilograms
  }
}

extension Nuclide {
  /// The constant of all that stays within millimetres: electrons, alpha particles, recoil nuclei, without progeny.
  public var localDose: DoseConstant { DoseConstant(energyPerDecay: emitted.locallyAbsorbed) }

  /// The constant of the electrons alone.
  public var electronDose: DoseConstant { DoseConstant(energyPerDecay: emitted.electrons) }
}
