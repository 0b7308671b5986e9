import Glibc
import Numerics

/// What one material does to electrons or positrons, tabulated for tracking. Paths are mass per area, g/cm².
///
/// A step ends after a fixed fraction of the kinetic energy is lost; the state of a particle is its residual range R in
/// the continuous slowing-down approximation of the restricted losses. Collisions and bremsstrahlung above the threshold
/// come at depths of M(E) = ∫ σ dE/L, so that the next one is found without rejection.
final class ElectronTables: Sendable {
  /// One bin of energy: range and step as straight lines over the bin.
  struct Bin: BitwiseCopyable {
    var range: Float
    var rangeSlope: Float
    var step: Float
    var stepSlope: Float
  }

  let bins: Table<Bin>
  let energyOfRange: Table<Float>
  let deflections: Table<Float>
  let depth: Table<Float>
  let rangeOfDepth: Table<Float>
  let depthToIndex: Float
  /// The share of bremsstrahlung among the discrete events.
  let radiativeShare: Table<Float>
  /// The mean number of bremsstrahlung photons above the threshold of a particle that slows down.
  let photonsToCome: Table<Float>
  let photonQuantiles: Table<Float>

  private static let depthCells = 1024

  init(_ data: MaterialData, _ charge: Charge, _ settings: TransportSettings) throws {
    let slowing = SlowingDown(data, charge, settings)
    let electrons = LogarithmicBins.electrons
    let steps = electrons.nodes.map { slowing.step(from: $0, fraction: settings.fraction(at: $0)) }
    let ranges = electrons.nodes.map(slowing.range(at:))
    bins = Table(
      (0...electrons.count).map { i in
        let next = min(i + 1, electrons.count)
        return Bin(
          range: Float(ranges[i]), rangeSlope: Float(ranges[next] - ranges[i]),
          step: Float(steps[i]), stepSlope: Float(steps[next] - steps[i]))
      })
    energyOfRange = Table((LogarithmicBins.ranges.nodes + [64]).map { Float(slowing.energy(atRange: $0)) })
    depth = Table(electrons.nodes.map { Float(slowing.depth(at: $0)) })
    let most = slowing.depths[slowing.depths.count - 1]
    depthToIndex = Float(Double(Self.depthCells) / most)
    rangeOfDepth = Table(
      (0...(Self.depthCells + 1)).map { i in
        let energy =
          i == 0
          ? 2 * settings.threshold
          : slowing.energy(atDepth: most * Double(i) / Double(Self.depthCells))
        return Float(slowing.range(at: energy))
      })
    radiativeShare = Table(electrons.nodes.map { Float(slowing.radiativeShare(at: $0)) })
    photonsToCome = Table(electrons.nodes.map { Float(slowing.photons(at: $0)) })
    let nodes = LogarithmicBins.deflections.nodes
    photonQuantiles = Table(nodes.flatMap { slowing.bremsstrahlung.spectrum(energy: $0).quantiles })
    let scattering = slowing.scattering
    deflections = Table(
      try inParallel(nodes.count) { i in
        // Two Gauss points in energy over the step share its path.
        let fraction = settings.fraction(at: nodes[i])
        let path = slowing.step(from: nodes[i], fraction: fraction)
        let offset = 0.5 / 3.0.squareRoot()
        let a = scattering.weights(energy: nodes[i] * (1 - fraction * (0.5 - offset)))
        let b = scattering.weights(energy: nodes[i] * (1 - fraction * (0.5 + offset)))
        return Deflections.table(zip(a, b).map { 0.5 * path * ($0 + $1) })
      }.flatMap { $0 })
  }
}

/// Continuous slowing down and the depth of discrete events on a fine grid of energies.
private struct SlowingDown {
  let bremsstrahlung: Bremsstrahlung
  let scattering: ElasticScattering
  private(set) var energies: [Double] = []
  private(set) var ranges: [Double] = []
  private(set) var depths: [Double] = []
  private var radiativeShares: [Double] = []
  private var photons: [Double] = []
  private static let width = log(highest / lowest) / Double(parts)
  private static let lowest = 0.2
  private static let highest = 8192.0
  private static let parts = 2400

  init(_ data: MaterialData, _ charge: Charge, _ settings: TransportSettings) {
    let collisions = ElectronCollisions(
      charge: charge, threshold: settings.threshold, electronsPerGram: data.electronsPerGram)
    bremsstrahlung = Bremsstrahlung(threshold: settings.threshold, atomicNumber: data.radiativeAtomicNumber)
    scattering = ElasticScattering(
      composition: data.material.composition, atomicWeights: data.atomicWeights, collisions: collisions)
    let nodes = LogarithmicBins.deflections.nodes
    let spectra = nodes.map { [bremsstrahlung] in bremsstrahlung.spectrum(energy: $0) }
    var previous = (power: 0.0, events: 0.0, radiative: 0.0, all: 0.0)
    for k in 0...Self.parts {
      let energy = Self.lowest * exp(Self.width * Double(k))
      let moments = collisions.moments(energy: energy)
      let place = max(0, min(log2(energy / nodes[0]) * 8, Double(nodes.count - 1) - 1e-9))
      let (i, x) = (Int(place), place - Double(Int(place)))
      let radiated = data.radiativePower(energy)
      let number =
        energy > 2 * settings.threshold
        ? radiated * (spectra[i].photons * (1 - x) + spectra[i + 1].photons * x) : 0
      let share = energy > 2 * settings.threshold ? spectra[i].share * (1 - x) + spectra[i + 1].share * x : 0
      let power = data.collisionPower(energy, charge) - moments.loss + radiated * (1 - share)
      let all = data.collisionPower(energy, charge) + radiated
      let events = moments.crossSection + number
      energies.append(energy)
      radiativeShares.append(events > 0 ? number / events : 0)
      if k == 0 {
        ranges.append(0.55 * energy / power)
        depths.append(0)
        photons.append(0)
      } else {
        let half = (energy - energies[k - 1]) / 2
        ranges.append(ranges[k - 1] + half * (1 / power + 1 / previous.power))
        depths.append(depths[k - 1] + half * (events / power + previous.events / previous.power))
        // All losses count here: what hard collisions take radiates less in other electrons.
        photons.append(photons[k - 1] + half * (number / all + previous.radiative / previous.all))
      }
      previous = (power, events, number, all)
    }
  }

  func range(at energy: Double) -> Double {
    energy <= Self.lowest ? ranges[0] * pow(energy / Self.lowest, 1.2) : value(ranges, at: energy)
  }

  func step(from energy: Double, fraction: Double) -> Double {
    range(at: energy) - range(at: energy * (1 - fraction))
  }

  func energy(atRange range: Double) -> Double {
    range <= ranges[0] ? Self.lowest * pow(range / ranges[0], 1 / 1.2) : inverse(ranges, range)
  }

  func depth(at energy: Double) -> Double { energy <= Self.lowest ? 0 : value(depths, at: energy) }
  func energy(atDepth depth: Double) -> Double { inverse(depths, depth) }
  func radiativeShare(at energy: Double) -> Double {
    energy <= Self.lowest ? 0 : value(radiativeShares, at: energy)
  }
  func photons(at energy: Double) -> Double { energy <= Self.lowest ? 0 : value(photons, at: energy) }

  private func value(_ values: [Double], at energy: Double) -> Double {
    let k = min(Int(log(energy / Self.lowest) / Self.width), energies.count - 2)
    return values[k] + (values[k + 1] - values[k]) * (energy - energies[k]) / (energies[k + 1] - energies[k])
  }

  private func inverse(_ values: [Double], _ wanted: Double) -> Double {
    guard wanted < values[values.count - 1] else { return energies[energies.count - 1] }
    var (low, high) = (0, values.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if values[middle] <= wanted { low = middle } else { high = middle }
    }
    return energies[low] + (energies[high] - energies[low]) * (wanted - values[low]) / (values[high] - values[low])
  }
}
