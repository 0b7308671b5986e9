public import Quantities

/// The tables of all materials of a geometry, made once and used by many runs.
public final class TransportTables: Sendable {
  let settings: TransportSettings
  let materials: [Material]
  let highest: Double
  let electrons: [ElectronTables]
  /// Empty where no positron can arise.
  let positrons: [ElectronTables]
  let photons: [PhotonTables]
  let alphas: [AlphaTables]

  /// - Parameters:
  ///   - highest: the highest energy of electrons, positrons and photons, up to 5 MeV.
  ///   - positrons: whether the source emits positrons; pairs have theirs where the energy allows.
  /// - Throws: ``TransportError`` for settings out of their range and elements without data.
  public init(
    _ materials: [Material], settings: TransportSettings = TransportSettings(),
    highest: Energy = .megaelectronvolts(5), positrons: Bool = true, elements: ElementTable
  ) throws {
    guard highest > .zero, highest <= .megaelectronvolts(5) else {
      throw TransportError(
        "energy-range", "The highest energy of electrons or photons is \(highest).", remedy: "Stay within 5 MeV.")
    }
    self.settings = try settings.checked()
    self.materials = materials
    self.highest = highest.kiloelectronvolts
    var data: [MaterialData] = []
    for material in materials { data.append(try MaterialData(material, elements: elements)) }
    electrons = try data.map { try ElectronTables($0, .electron, settings) }
    let needsPositrons = self.highest > 2 * Physical.electronMass || positrons
    self.positrons = needsPositrons ? try data.map { try ElectronTables($0, .positron, settings) } : []
    photons = data.map(PhotonTables.init)
    var alphas: [AlphaTables] = []
    for material in materials { alphas.append(try AlphaTables(material)) }
    self.alphas = alphas
  }
}
