public import Provenance

/// A compartment model of a ligand that binds CXCR4: blood plasma, tissues with saturable binding, internalisation and release,
/// kidneys that filter and retain.
///
/// Labelled and unlabelled ligand behave alike and are given together, so that one amount x in nmol per compartment suffices:
/// its activity is x(t)/x₀ · A₀ exp(−λp t). With plasma P, and free I, bound B and internalised N in tissue o:
///
///     dP/dt = Σ Qₒ (Iₒ/Vₒ − P/V) − F P/V
///     dIₒ/dt = Qₒ (P/V − Iₒ/Vₒ) − kon Iₒ/Vₒ (Rₒ − Bₒ) + koff Bₒ
///     dBₒ/dt = kon Iₒ/Vₒ (Rₒ − Bₒ) − (koff + kintₒ) Bₒ
///     dNₒ/dt = kintₒ Bₒ − krelₒ Nₒ
///     dK/dt = φ F P/V − kK K       (retained by the kidneys)
///     dU/dt = (1 − φ) F P/V + kK K + Σ krelₒ Nₒ       (excreted)
///
/// The amount of all compartments is constant.
public struct LigandModel: Hashable, Sendable {
  /// A tissue; amounts in nmol, volumes in litres, rates in 1/h.
  public struct Tissue: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Q: the plasma that exchanges with the tissue, in L/h.
    public var exchange: Double
    /// V: the volume in which free ligand spreads, in L.
    public var volume: Double
    /// R: all receptors, in nmol.
    public var receptors: Double
    /// kint of bound ligand, in 1/h.
    public var internalisation: Double
    /// krel of internalised ligand, in 1/h.
    public var release: Double

    public init(
      name: String, exchange: Double, volume: Double, receptors: Double = 0, internalisation: Double = 0,
      release: Double = 0
    ) {
      self.name = name
      self.exchange = exchange
      self.volume = volume
      self.receptors = receptors
      self.internalisation = internalisation
      self.release = release
    }
  }

  /// V of the plasma in L.
  public var plasma: Double
  /// F: the plasma filtered by the kidneys, in L/h.
  public var filtration: Double
  /// φ: the share of the filtered ligand that the kidneys retain.
  public var retained: Double
  /// kK: how fast they let it go, in 1/h.
  public var kidneyRelease: Double
  /// kon in L/(nmol h).
  public var association: Double
  /// koff in 1/h.
  public var dissociation: Double
  /// The tissues.
  public var tissues: [Tissue]

  /// - Throws: ``KineticsError`` for a value that is negative or not finite, a volume of zero, a share above 1, or a name that
  ///   comes twice.
  public init(
    plasma: Double, filtration: Double, retained: Double, kidneyRelease: Double, association: Double,
    dissociation: Double, tissues: [Tissue]
  ) throws {
    self.plasma = plasma
    self.filtration = filtration
    self.retained = retained
    self.kidneyRelease = kidneyRelease
    self.association = association
    self.dissociation = dissociation
    self.tissues = tissues
    try check()
  }

  func check() throws {
    let amounts =
      [filtration, kidneyRelease, association, dissociation]
      + tissues.flatMap { [$0.exchange, $0.receptors, $0.internalisation, $0.release] }
    let volumes = [plasma] + tissues.map(\.volume)
    guard amounts.allSatisfy({ $0 >= 0 && $0 <= 1e6 }), volumes.allSatisfy({ $0 >= 1e-6 && $0 <= 1e3 }),
      retained >= 0, retained <= 1
    else {
      throw KineticsError(
        "ligand-model", "A value of the ligand model is negative, too large or not finite, or a volume is 0.",
        remedy: "Give volumes above 0 in L, rates and amounts of 0 or more, and a retained share from 0 to 1.")
    }
    guard Set(tissues.map(\.name)).count == tissues.count, tissues.count <= 20,
      tissues.allSatisfy({ !["blood", "kidneys", "excreted"].contains($0.name) })
    else {
      throw KineticsError(
        "ligand-tissues",
        "Two tissues have one name, one is called blood, kidneys or excreted, or there are more than 20.",
        remedy: "Give every tissue a name of its own.")
    }
  }

  /// A patient to begin with. Late releases follow from the published effective half-lives (Hänscheid et al. 2022, Buck et al.
  /// 2022); the retained share gives 2.2 % a kidney at 18 h; everything else is an assumption within the ranges that
  /// simulations of PSMA ligands use (kon 0.01 to 0.1 L/(nmol min), koff 1e-4 to 0.1/min, kint 1e-4 to 0.01/min).
  public static let reference: (model: LigandModel, source: Source) = {
    func release(_ halfLife: Double) -> Double { 0.693_147_180_559_945_3 * (1 / halfLife - 1 / 159.528) }
    let tissues = [
      Tissue(name: "marrow", exchange: 6, volume: 0.35, receptors: 4, internalisation: 0.12, release: release(92)),
      Tissue(name: "spleen", exchange: 3, volume: 0.04, receptors: 1, internalisation: 0.12, release: release(86)),
      Tissue(name: "liver", exchange: 12, volume: 0.35, receptors: 3, internalisation: 0.12, release: release(109)),
      Tissue(name: "tumour", exchange: 0.6, volume: 0.03, receptors: 0.8, internalisation: 0.12, release: release(122)),
      Tissue(name: "rest", exchange: 20, volume: 9),
    ]
    var model = LigandModel(unchecked: tissues)
    model.kidneyRelease = release(41)
    return (
      model,
      Source(
        "late half-lives: Hänscheid et al. 2022 and Buck et al. 2022; other values assumed within published ranges",
        .unverified)
    )
  }()

  private init(unchecked tissues: [Tissue]) {
    plasma = 3
    filtration = 6.5
    retained = 0.065
    kidneyRelease = 0
    association = 3
    dissociation = 3
    self.tissues = tissues
  }
}
