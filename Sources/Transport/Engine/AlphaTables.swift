/// The range of alpha particles in one material in the continuous slowing-down approximation, g/cm².
final class AlphaTables: Sendable {
  /// 1 keV to 16 MeV.
  static var energies: LogarithmicBins { LogarithmicBins(from: 1, octaves: 14, perOctave: 4) }

  let range: Table<Float>
  let energyOfRange: Table<Float>

  init(_ material: Material) throws(TransportError) {
    let stopping = try AlphaStopping(material)
    let nodes = Self.energies.nodes
    // Simpson's rule in each bin; below 1 keV the particle stays where it is.
    var ranges = [nodes[0] / stopping.total(keV: nodes[0])]
    for k in 1..<nodes.count {
      let (a, b) = (nodes[k - 1], nodes[k])
      let middle = 4 / stopping.total(keV: (a + b) / 2)
      ranges.append(
        ranges[k - 1] + (b - a) / 6 * (1 / stopping.total(keV: a) + middle + 1 / stopping.total(keV: b)))
    }
    range = Table(ranges.map(Float.init))
    var k = 1
    energyOfRange = Table(
      (LogarithmicBins.ranges.nodes + [64]).map { wanted in
        guard wanted > ranges[0] else { return Float(nodes[0] * wanted / ranges[0]) }
        while k < ranges.count - 1, ranges[k] < wanted { k += 1 }
        let part = min(1, (wanted - ranges[k - 1]) / (ranges[k] - ranges[k - 1]))
        return Float(nodes[k - 1] + part * (nodes[k] - nodes[k - 1]))
      })
  }
}
