import Foundation
public import Provenance
public import Quantities
public import Radionuclides

/// The shape for which absorbed fractions are taken.
public enum TargetShape: String, Hashable, Sendable {
  /// A sphere, for lesions.
  case sphere
  /// A compact organ; photons leave it more easily than a sphere of its mass.
  case organ
  /// Red marrow, distributed in spongiosa.
  case redMarrow
}

/// The share of the emitted energy that a region absorbs of its own decays.
///
/// Electrons in soft tissue: φ(m) = 1/(1 + a (m/g)^(−b)), fitted to Monte Carlo results for spheres of 0.004 to 932 g
/// (SCIENCE 4.4, WE-4.4; residual ≤ 0.0014 for ¹⁷⁷Lu, ≤ 0.0011 for ¹⁶¹Tb, ≤ 0.011 for ⁹⁰Y). Photons of these nuclides:
/// φ = c (m/g)^(1/3), c 0.020 for spheres (SCIENCE 4.4) and 0.0145 ± 20 % for compact organs, the middle of the
/// self-doses of kidneys, liver and spleen in two published sets (ICRP 133 phantoms; MIRD-type phantoms of OLINDA/EXM 2).
/// Red marrow, ¹⁷⁷Lu only: 0.568 of the electron energy, photons included (SCIENCE 16, B26).
public struct AbsorbedFractions: Hashable, Sendable {
  /// Of the electron energy.
  public let electrons: Double
  /// Of the photon energy; part of ``electrons`` for red marrow.
  public let photons: Double
  /// The relative standard uncertainty of the energy absorbed.
  public let relativeUncertainty: Double
  /// Where the figures come from.
  public let source: Source

  /// The fractions for a mass of one compact piece (one kidney, not both).
  ///
  /// - Throws: ``DosimetryError`` for a mass outside 0.004 g to 10 kg, or a nuclide or shape without figures.
  public init(_ nuclide: Nuclide, pieceOf mass: Mass, shape: TargetShape) throws {
    guard (0.004...10_000).contains(mass.grams) else {
      throw DosimetryError(
        "mass-out-of-range", "A mass of \(mass.grams) g lies outside 0.004 g to 10 kg.",
        remedy: "Check the volume and density of the region.")
    }
    guard let fit = Self.electronFits[nuclide.name] else {
      let known = Self.electronFits.keys.sorted().joined(separator: ", ")
      throw DosimetryError(
        "no-absorbed-fraction", "There are no absorbed fractions for \(nuclide.name).",
        remedy: "Use one of \(known).")
    }
    if shape == .redMarrow {
      guard nuclide.name == "Lu-177" else {
        throw DosimetryError(
          "no-marrow-fraction", "There is no absorbed fraction of red marrow for \(nuclide.name).",
          remedy: "Use Lu-177, or leave the marrow out.")
      }
      (electrons, photons, relativeUncertainty) = (0.568, 0, 0.02)
      source = Source("¹⁷⁷Lu red marrow 0.568 of the electron energy: OLINDA/EXM 2 and ICRP 133 agree to 0.4 %")
      return
    }
    let grams = mass.grams
    electrons = 1 / (1 + fit.a * pow(grams, -fit.b))
    photons = min(1, (shape == .sphere ? 0.020 : 0.0145) * cbrt(grams))
    let electronEnergy = electrons * nuclide.emitted.electrons.megaelectronvolts
    let photonEnergy = photons * nuclide.emitted.photons.megaelectronvolts
    relativeUncertainty = hypot(fit.residual * electronEnergy, 0.2 * photonEnergy) / (electronEnergy + photonEnergy)
    source = Source("Electrons: Monte Carlo in spheres; photons: c·m^(1/3) (SCIENCE 4.4)")
  }

  private static let electronFits: [String: (a: Double, b: Double, residual: Double)] = [
    "Lu-177": (0.029895385382026463, 0.3607155447820958, 0.0014),
    "Y-90": (0.4555090573517281, 0.435958653855419, 0.0108),
    "Tb-161": (0.027943545487385875, 0.35750888873792813, 0.0011),
  ]
}
