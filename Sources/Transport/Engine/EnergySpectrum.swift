public import Quantities

/// The distribution of the energies of emitted particles.
public struct EnergySpectrum: Hashable, Sendable {
  enum Form: Hashable {
    /// Energies in keV and their relative probabilities.
    case lines([Double], [Double])
    /// Energies in keV and the probability density at each, straight between them.
    case density([Double], [Double])
  }
  let form: Form

  /// One energy.
  public static func monoenergetic(_ energy: Energy) throws(TransportError) -> EnergySpectrum {
    try lines([(energy, 1)])
  }

  /// Lines with their relative yields.
  ///
  /// - Throws: ``TransportError`` for no lines, energies outside 1 eV to 10 MeV and yields that are not above zero.
  public static func lines(_ lines: [(energy: Energy, yield: Double)]) throws(TransportError) -> EnergySpectrum {
    try EnergySpectrum(.lines(lines.map(\.energy.kiloelectronvolts), lines.map(\.yield)))
  }

  /// A continuous spectrum by its density at rising energies.
  ///
  /// - Throws: ``TransportError`` for less than two points, energies that do not rise, and densities below zero or all zero.
  public static func continuous(
    _ points: [(energy: Energy, density: Double)]
  ) throws(TransportError) -> EnergySpectrum {
    try EnergySpectrum(.density(points.map(\.energy.kiloelectronvolts), points.map(\.density)))
  }

  private init(_ form: Form) throws(TransportError) {
    self.form = form
    let (energies, weights) =
      switch form {
      case .lines(let energies, let weights), .density(let energies, let weights): (energies, weights)
      }
    var least = 1
    if case .density = form { least = 2 }
    guard energies.count >= least, energies.allSatisfy({ $0 >= 0 && $0 <= 10_000 }),
      weights.allSatisfy({ $0 >= 0 && $0.isFinite }), weights.contains(where: { $0 > 0 }),
      least == 1 || zip(energies, energies.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw TransportError(
        "spectrum", "The spectrum has no energies, energies outside 0 to 10 MeV or negative yields.",
        remedy: "Give energies and yields of a source of radiation.")
    }
  }

  /// The mean energy.
  public var mean: Energy {
    switch form {
    case .lines(let energies, let yields):
      return .kiloelectronvolts(zip(energies, yields).reduce(0) { $0 + $1.0 * $1.1 } / yields.reduce(0, +))
    case .density(let energies, let densities):
      var (sum, norm) = (0.0, 0.0)
      for k in 1..<energies.count {
        let (a, b, f, g) = (energies[k - 1], energies[k], densities[k - 1], densities[k])
        norm += (b - a) * (f + g) / 2
        sum += (b - a) * (f * (2 * a + b) + g * (a + 2 * b)) / 6
      }
      return .kiloelectronvolts(sum / norm)
    }
  }

  /// The highest energy.
  public var highest: Energy {
    switch form {
    case .lines(let energies, _), .density(let energies, _): .kiloelectronvolts(energies.max() ?? 0)
    }
  }
}

/// An energy spectrum made ready for drawing from it.
final class EnergySampler: Sendable {
  private let energies: Table<Float>
  private let accept: Table<Float>
  private let alias: Table<Int32>
  private let isContinuous: Bool

  /// Continuous spectra are read at quantiles of even probability, with the mean kept in each interval.
  private static let quantiles = 4096

  init(_ spectrum: EnergySpectrum) {
    switch spectrum.form {
    case .lines(let lines, let yields):
      let table = AliasTable(yields)
      energies = Table(lines.map(Float.init))
      (accept, alias) = (Table(table.accept), Table(table.alias))
      isContinuous = false
    case .density(let points, let densities):
      energies = Table(Self.inverse(points, densities))
      (accept, alias) = (Table([]), Table([]))
      isContinuous = true
    }
  }

  @inline(__always)
  func draw(_ u: Float, _ v: Float) -> Float {
    if isContinuous {
      let place = u * Float(Self.quantiles)
      let k = Int(place)
      let e = energies.start + k
      return e[0] + (e[1] - e[0]) * (place - Float(k))
    }
    let k = min(Int(u * Float(energies.count)), energies.count - 1)
    return energies.start[v < accept.start[k] ? k : Int(alias.start[k])]
  }

  /// The energies at the ends of intervals of even probability: on each straight piece the distribution is a parabola.
  private static func inverse(_ points: [Double], _ densities: [Double]) -> [Float] {
    var sums = [0.0]
    for k in 1..<points.count {
      sums.append(sums[k - 1] + (points[k] - points[k - 1]) * (densities[k - 1] + densities[k]) / 2)
    }
    let total = sums[sums.count - 1]
    var k = 1
    var result = (0...quantiles).map { i -> Float in
      let wanted = Double(i) / Double(quantiles) * total
      while k < points.count - 1, sums[k] < wanted { k += 1 }
      let width = points[k] - points[k - 1]
      let (f, slope) = (densities[k - 1], (densities[k] - densities[k - 1]) / width)
      let rest = max(0, wanted - sums[k - 1])
      let root = max(0, f * f + 2 * slope * rest).squareRoot()
      let x = rest == 0 ? 0 : 2 * rest / (f + root)
      return Float(points[k - 1] + min(x, width))
    }
    result.append(result[quantiles])
    return result
  }
}

/// Walker's alias table (ACM TOMS 3:253, 1977) of relative weights.
struct AliasTable {
  private(set) var accept: [Float]
  private(set) var alias: [Int32]

  init(_ weights: [Double]) {
    let mean = weights.reduce(0, +) / Double(weights.count)
    var scaled = weights.map { $0 / mean }
    accept = [Float](repeating: 1, count: weights.count)
    alias = weights.indices.map { Int32($0) }
    var small = weights.indices.filter { scaled[$0] < 1 }
    var large = weights.indices.filter { scaled[$0] >= 1 }
    while let s = small.popLast() {
      guard let l = large.last else { break }
      accept[s] = Float(scaled[s])
      alias[s] = Int32(l)
      scaled[l] -= 1 - scaled[s]
      if scaled[l] < 1 { small.append(large.removeLast()) }
    }
  }
}
