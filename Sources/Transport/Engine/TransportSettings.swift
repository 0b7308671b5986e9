public import Quantities

/// What a simulation follows and how finely.
public struct TransportSettings: Hashable, Sendable {
  /// Electrons and positrons of less energy stay where they are.
  public var electronCut: Energy
  /// Photons of less energy stay where they are.
  public var photonCut: Energy
  /// Collisions and bremsstrahlung photons above this energy are followed one by one; at least 2 keV.
  public var discreteThreshold: Energy
  /// The fraction of its energy an electron loses in one step, up to 256 keV; above 512 keV it is the other one.
  public var stepFraction: Double
  /// The fraction of its energy an electron loses in one step above 512 keV.
  public var stepFractionAbove512: Double
  /// Whether electrons that photons set free are followed, or their energy stays where they arise (kerma).
  public var followsSecondaryElectrons: Bool
  /// Whether an electron that cannot leave its voxel or shell ends there at once. Its bremsstrahlung is still followed.
  public var endsConfinedElectrons: Bool
  /// The seed of the random numbers.
  public var seed: UInt64
  /// How many threads work; the result does not depend on it.
  public var threads: Int

  public init(
    electronCut: Energy = .kiloelectronvolts(1), photonCut: Energy = .kiloelectronvolts(1),
    discreteThreshold: Energy = .kiloelectronvolts(10), stepFraction: Double = 0.1, stepFractionAbove512: Double = 0.1,
    followsSecondaryElectrons: Bool = true, endsConfinedElectrons: Bool = true, seed: UInt64 = 1, threads: Int = 2
  ) {
    self.electronCut = electronCut
    self.photonCut = photonCut
    self.discreteThreshold = discreteThreshold
    self.stepFraction = stepFraction
    self.stepFractionAbove512 = stepFractionAbove512
    self.followsSecondaryElectrons = followsSecondaryElectrons
    self.endsConfinedElectrons = endsConfinedElectrons
    self.seed = seed
    self.threads = threads
  }

  /// - Throws: ``TransportError`` for a value out of its range.
  func checked() throws(TransportError) -> TransportSettings {
    let cut = Energy.kiloelectronvolts(1)...Energy.kiloelectronvolts(1000)
    guard [electronCut, photonCut].allSatisfy({ $0.isFinite && cut.contains($0) }) else {
      throw TransportError(
        "cut-range", "The cut-off energies are \(electronCut) and \(photonCut).", remedy: "Choose 1 keV to 1 MeV.")
    }
    guard discreteThreshold.isFinite,
      (Energy.kiloelectronvolts(2)...Energy.kiloelectronvolts(200)).contains(discreteThreshold)
    else {
      throw TransportError(
        "threshold-range", "The threshold of discrete events is \(discreteThreshold).",
        remedy: "Choose 2 to 200 keV.")
    }
    guard [stepFraction, stepFractionAbove512].allSatisfy((0.01...0.3).contains) else {
      throw TransportError(
        "step-range", "The step fractions are \(stepFraction) and \(stepFractionAbove512).",
        remedy: "Choose 0.01 to 0.3.")
    }
    guard (1...1024).contains(threads) else {
      throw TransportError("threads-range", "The number of threads is \(threads).", remedy: "Choose 1 to 1024.")
    }
    return self
  }

  /// Δ in keV.
  var threshold: Double { discreteThreshold.kiloelectronvolts }

  /// The fraction of energy lost in a step that starts at an energy in keV: one value below 256 keV, the other above
  /// 512 keV, a straight line between.
  func fraction(at energy: Double) -> Double {
    let x = min(max((energy - 256) / 256, 0), 1)
    return stepFraction + (stepFractionAbove512 - stepFraction) * x
  }
}

extension TransportSettings {
  /// All that a result depends on.
  var fingerprint: String {
    "\(electronCut) \(photonCut) \(discreteThreshold) \(stepFraction) \(stepFractionAbove512) "
      + "\(followsSecondaryElectrons) \(endsConfinedElectrons) \(seed)"
  }
}
