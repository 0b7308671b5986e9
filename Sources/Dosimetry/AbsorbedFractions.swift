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
/// ¹⁸⁸Re lies between ¹⁷⁷Lu and ⁹⁰Y: a and b interpolated in the logarithm of the electron energy. Alpha particles stay
/// where they are emitted; the electrons of the ²²⁵Ac chain are taken as those of ⁹⁰Y.
///
/// Red marrow, photons included: ¹⁷⁷Lu 0.568 of the electron energy (SCIENCE 16, B26); ⁹⁰Y 0.377, which the medians of
/// Hänscheid 2022 for both nuclides imply (SCIENCE 6.5); ¹⁸⁸Re 0.396 interpolated; ¹⁶¹Tb 0.60 estimated from its many
/// slow electrons; alpha particles 1, an upper bound.
public struct AbsorbedFractions: Hashable, Sendable {
  /// Of the electron energy.
  public let electrons: Double
  /// Of the photon energy; part of ``electrons`` for red marrow.
  public let photons: Double
  /// Of the energy of alpha particles and recoil nuclei.
  public let alphas = 1.0
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
      guard let marrow = Self.marrow[nuclide.name] else {
        throw DosimetryError(
          "no-marrow-fraction", "There is no absorbed fraction of red marrow for \(nuclide.name).",
          remedy: "Use \(Self.marrow.keys.sorted().joined(separator: ", ")), or leave the marrow out.")
      }
      (electrons, photons, relativeUncertainty) = (marrow.fraction, 0, marrow.uncertainty)
      source = Source("\(nuclide.symbol) red marrow: \(marrow.origin)", marrow.isUnverified ? .unverified : .verified)
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
    "Re-188": (0.349, 0.4286, 0.02),
    "Ac-225": (0.4555090573517281, 0.435958653855419, 0.05),
  ]

  private static let marrow: [String: (fraction: Double, uncertainty: Double, origin: String, isUnverified: Bool)] = [
    "Lu-177": (
      0.568, 0.02, "0.568 of the electron energy, on which OLINDA/EXM 2 and ICRP 133 agree to 0.4 %", false
    ),
    "Y-90": (0.377, 0.05, "0.377 of the electron energy, implied by the medians of Hänscheid 2022", true),
    "Re-188": (0.396, 0.06, "0.396 of the electron energy, interpolated between ¹⁷⁷Lu and ⁹⁰Y", true),
    "Tb-161": (0.60, 0.08, "0.60 of the electron energy, estimated", true),
    "Ac-225": (0.5, 0.10, "alpha particles all absorbed, an upper bound", true),
  ]
}
