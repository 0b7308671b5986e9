import Glibc

/// What the engine needs to know of a material, per gram; energies in keV.
struct MaterialData: Sendable {
  let material: Material
  let photons: PhotonCrossSections
  private let electrons: ElectronStopping

  init(_ material: Material, elements: ElementTable) throws(TransportError) {
    self.material = material
    photons = try PhotonCrossSections(material, elements: elements)
    electrons = try ElectronStopping(material, elements: elements)
  }

  var atomicWeights: [Double] { photons.constituents.map(\.element.atomicWeight) }

  var electronsPerGram: Double { electrons.electronsPerMass * Physical.avogadro }

  /// Σ w Z³/A over Σ w Z²/A, the atomic number that stands for the material in bremsstrahlung.
  var radiativeAtomicNumber: Double {
    func moment(_ power: Double) -> Double {
      photons.constituents.reduce(0) {
        $0 + $1.massFraction * pow(Double($1.element.atomicNumber), power) / $1.element.atomicWeight
      }
    }
    return moment(3) / moment(2)
  }

  /// The collision stopping power in keV cm²/g. For positrons Bethe's F⁻ gives way to F⁺ (ICRU Report 37, eq. 3.11).
  /// Below three times the mean excitation energy, where Bethe's formula fails, it stays as it is there.
  func collisionPower(_ energy: Double, _ charge: Charge) -> Double {
    let energy = max(energy, 3 * electrons.meanExcitation)
    let power = electrons.collision(keV: energy)
    guard charge == .positron else { return power }
    let kinematics = Kinematics(energy: energy)
    let (tau, t2) = (kinematics.tau, kinematics.tau + 2)
    let electron = (1 - kinematics.betaSquared) * (1 + tau * tau / 8 - (2 * tau + 1) * log(2))
    let positron =
      2 * log(2) - kinematics.betaSquared / 12 * (23 + 14 / t2 + 10 / (t2 * t2) + 4 / (t2 * t2 * t2))
    let strength = 2 * Double.pi * Physical.radiusSquared * Physical.electronMass * electronsPerGram
    return power + strength / kinematics.betaSquared * (positron - electron)
  }

  /// The radiative stopping power in keV cm²/g.
  func radiativePower(_ energy: Double) -> Double { electrons.radiative(keV: energy) }
}
