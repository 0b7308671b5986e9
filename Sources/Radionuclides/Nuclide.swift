import Glibc
public import Provenance
public import Quantities

/// A radionuclide with its decay data.
public struct Nuclide: Hashable, Sendable {
  /// A nuclide that a decay leaves.
  public struct Product: Hashable, Sendable {
    /// Its name, such as `Hf-177`.
    public let name: String
    /// The fraction of decays that leave it.
    public let branching: Double

    public init(name: String, branching: Double) {
      self.name = name
      self.branching = branching
    }
  }

  /// Photons of one energy.
  public struct PhotonLine: Hashable, Sendable {
    /// The energy of one photon.
    public let energy: Energy
    /// The mean number of photons per decay.
    public let yield: Double

    public init(energy: Energy, yield: Double) {
      self.energy = energy
      self.yield = yield
    }
  }

  /// The name: symbol of the element, hyphen, mass number, `m` for a metastable state: `Lu-177`, `Tc-99m`.
  public let name: String
  /// The physical half-life.
  public let halfLife: Time
  /// What one decay of the nuclide itself emits, without its progeny.
  public let emitted: EmittedEnergy
  /// The gamma, X and annihilation lines with a yield above 0.1 %, by rising energy.
  public let photonLines: [PhotonLine]
  /// What it decays to.
  public let products: [Product]
  /// Where the data come from.
  public let source: Source

  /// - Throws: ``RadionuclideError`` for a name that is not like `Lu-177` and a half-life that is not above zero.
  public init(
    name: String, halfLife: Time, emitted: EmittedEnergy, photonLines: [PhotonLine], products: [Product],
    source: Source
  ) throws(RadionuclideError) {
    guard NuclideName(name)?.name == name else {
      throw RadionuclideError(
        "nuclide-name", "'\(name.prefix(20))' is no nuclide's name.", remedy: "Write it like Lu-177.")
    }
    guard halfLife.isFinite, halfLife > .zero else {
      throw RadionuclideError(
        "half-life-range", "The half-life of \(name) is \(halfLife).", remedy: "Give a time above zero.")
    }
    self.name = name
    self.halfLife = halfLife
    self.emitted = emitted
    self.photonLines = photonLines
    self.products = products
    self.source = source
  }

  /// λ = ln 2 / T½.
  public var decayConstant: RateConstant { RateConstant(halfLife: halfLife) }

  /// The name of a nuclide in any usual spelling, such as `Lu-177` for `177Lu`; `nil` for what is none.
  public static func name(spelled text: String) -> String? { NuclideName(text)?.name }

  /// The name as people write it: `¹⁷⁷Lu`, `⁹⁹ᵐTc`.
  public var symbol: String { NuclideName(name)?.symbol ?? name }

  /// The fraction of the activity left after a time, 2^(−t/T½); above one for a time before.
  public func remaining(after time: Time) -> Double { exp2(-time / halfLife) }
}
