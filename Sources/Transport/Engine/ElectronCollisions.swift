import Glibc

/// Constants of electron and photon interactions in keV and cm (CODATA 2018).
enum Physical {
  /// The rest energy of the electron in keV.
  static let electronMass = 510.99895
  /// The square of the classical electron radius in cm².
  static let radiusSquared = 7.940787e-26
  static let avogadro = 6.02214076e23
  static let fineStructure = 1 / 137.035999084
}

/// The sign of the charge of a light particle.
enum Charge: Int, CaseIterable, Sendable { case electron, positron }

/// Kinematics of an electron or positron of kinetic energy T: τ = T/mc², β², p² in (mc)².
struct Kinematics {
  let tau: Double
  let momentumSquared: Double
  let betaSquared: Double

  init(energy: Double) {
    tau = energy / Physical.electronMass
    momentumSquared = tau * (tau + 2)
    betaSquared = momentumSquared / ((tau + 1) * (tau + 1))
  }
}

/// Collisions with electrons of the medium in which more energy than a threshold changes hands: Møller for electrons,
/// Bhabha for positrons (ICRU Report 37, section 3). Lesser ones are part of the continuous energy loss.
struct ElectronCollisions {
  let charge: Charge
  /// The least energy transfer Δ that is followed, keV; collisions happen above 2Δ.
  let threshold: Double
  /// 2π r² mc² times electrons per gram, keV cm²/g.
  let strength: Double

  init(charge: Charge, threshold: Double, electronsPerGram: Double) {
    self.charge = charge
    self.threshold = threshold
    strength = 2 * Double.pi * Physical.radiusSquared * Physical.electronMass * electronsPerGram
  }

  /// The integral cross section (cm²/g), the energy lost in such collisions per path (keV cm²/g) and the first transport
  /// moment ∫(1 − cos θ)dσ of the deflection they cause (cm²/g).
  func moments(energy: Double) -> (crossSection: Double, loss: Double, transport: Double) {
    guard energy > 2 * threshold else { return (0, 0, 0) }
    let most = charge == .electron ? energy / 2 : energy
    let parts = 200
    let width = log(most / threshold) / Double(parts)
    let kinematics = Kinematics(energy: energy)
    var result = (crossSection: 0.0, loss: 0.0, transport: 0.0)
    for k in 0..<parts {
      let transfer = threshold * exp((Double(k) + 0.5) * width)
      let share = strength / energy * shape(transfer / energy, kinematics) / energy * transfer * width
      let cosine =
        (((energy - transfer) * (energy + 2 * Physical.electronMass))
        / (energy * (energy - transfer + 2 * Physical.electronMass))).squareRoot()
      result.crossSection += share
      result.loss += share * transfer
      result.transport += share * (1 - cosine)
    }
    return result
  }

  /// dσ/dε in units of strength over energy; ε is the fraction of the kinetic energy that is transferred.
  func shape(_ fraction: Double, _ kinematics: Kinematics) -> Double {
    let tau = kinematics.tau
    switch charge {
    case .electron:
      let square = (tau + 1) * (tau + 1)
      return
        (1 / (fraction * fraction) + 1 / ((1 - fraction) * (1 - fraction)) + tau * tau / square
        - (2 * tau + 1) / square / (fraction * (1 - fraction))) / kinematics.betaSquared
    case .positron:
      let b = BhabhaCoefficients(tau: tau)
      let e = fraction
      return 1 / (kinematics.betaSquared * e * e) - b.b1 / e + b.b2 - b.b3 * e + b.b4 * e * e
    }
  }
}

/// The coefficients of Bhabha's cross section (ICRU Report 37, eq. 3.8).
struct BhabhaCoefficients {
  let b1: Double
  let b2: Double
  let b3: Double
  let b4: Double

  init(tau: Double) {
    let y = 1 / (tau + 2)
    let z = 1 - 2 * y
    b1 = 2 - y * y
    b2 = z * (3 + y * y)
    b4 = z * z * z
    b3 = b4 + z * z
  }
}
