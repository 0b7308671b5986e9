import Glibc

/// What one material does to photons, tabulated for tracking.
final class PhotonTables: Sendable {
  /// The total cross section (cm²/g) at an energy, and the cumulative shares of the photoelectric effect, with Compton and
  /// with Rayleigh scattering; the rest makes pairs.
  struct Node: BitwiseCopyable {
    var total: Float
    var photoelectric: Float
    var compton: Float
    var rayleigh: Float
  }

  /// An element whose K X rays are followed.
  struct Fluorescence: BitwiseCopyable {
    var edge: Float
    /// The X rays' cumulative shares and energies; six lines at the most.
    var lines: SIMD8<Float>
    var shares: SIMD8<Float>
  }

  let nodes: Table<Node>
  let compton: Table<Float>
  let rayleigh: Table<Float>
  let fluorescence: Table<Fluorescence>
  /// The probability that a photoelectric event makes a K X ray of each element of ``fluorescence``, at each node.
  let fluorescenceYield: Table<Float>

  /// Bins of equal probability of the scattering angle.
  static let bins = 64

  init(_ data: MaterialData) {
    let parts = data.photons.constituents
    func sum(_ part: (ElementCrossSections) -> Double) -> Double { parts.reduce(0) { $0 + part($1) } }
    let energies = LogarithmicBins.photons.nodes
    nodes = Table(
      energies.map { energy in
        let photoelectric = sum { $0.photoelectric(energy) }
        let incoherent = sum { $0.incoherent(energy) }
        let coherent = sum { $0.coherent(energy) }
        let pairs = sum { $0.pairInNuclearField(energy) + $0.pairInElectronField(energy) }
        let total = photoelectric + incoherent + coherent + pairs
        return Node(
          total: Float(total), photoelectric: Float(photoelectric / total),
          compton: Float((photoelectric + incoherent) / total),
          rayleigh: pairs == 0 ? 1 : Float((photoelectric + incoherent + coherent) / total))
      })
    let emitters = parts.filter { $0.element.kShell != nil }
    fluorescence = Table(emitters.compactMap { $0.element.kShell.map(Fluorescence.init) })
    fluorescenceYield = Table(
      energies.flatMap { energy -> [Float] in
        let all = sum { $0.photoelectric(energy) }
        return emitters.map { part -> Float in
          guard let shell = part.element.kShell, energy > shell.edge.kiloelectronvolts else { return 0 }
          return Float(part.photoelectric(energy) / all * shell.shareOfPhotoelectric * shell.fluorescenceYield)
        }
      })
    let electrons = data.electronsPerGram
    let incoherent = ScatteringShape.incoherent { energy in sum { $0.incoherent(energy) } / electrons }
    let coherent = ScatteringShape.coherent { energy in sum { $0.coherent(energy) } }
    let angles = LogarithmicBins.angles.nodes
    compton = Table(angles.flatMap { incoherent.quantiles(energy: $0, bins: Self.bins) })
    rayleigh = Table(angles.flatMap { coherent.quantiles(energy: $0, bins: Self.bins) })
  }
}

extension PhotonTables.Fluorescence {
  init(_ shell: Element.KShell) {
    edge = Float(shell.edge.kiloelectronvolts)
    lines = .zero
    shares = SIMD8(repeating: 1)
    var sum = 0.0
    let strongest = shell.lines.sorted { $0.share > $1.share }.prefix(8)
    for (k, line) in strongest.enumerated() {
      sum += line.share
      lines[k] = Float(line.energy.kiloelectronvolts)
      shares[k] = Float(sum)
    }
    for k in strongest.count..<8 { lines[k] = lines[max(0, strongest.count - 1)] }
    shares[max(0, strongest.count - 1)] = 1
  }
}
