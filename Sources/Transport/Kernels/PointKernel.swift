import Foundation
public import Quantities

/// How far from a point the energy of a nuclide's decays goes in water: what a voxel kernel of any size is made from.
///
/// For each radiation F(r) is the share of its energy that is absorbed within r, on radii of equal ratios. Between two
/// radii F is straight.
public struct PointKernel: Hashable, Sendable {
  /// The nuclide; with its progeny when they are included.
  public let nuclide: String
  /// The energy per decay of each radiation.
  public let emitted: [DosedRadiation: Energy]
  /// Histories of the component with the most energy, and the seed.
  public let histories: Int
  public let seed: UInt64
  /// The largest |(deposited + escaped)/emitted − 1| of the simulations.
  public let imbalance: Double
  /// F at ``radii``.
  let within: [DosedRadiation: [Double]]
  /// The relative standard error of the energy of all radiation in each shell.
  let relativeUncertainties: [Double]

  /// The radii in cm: 5 µm to 1 m in steps of 8 %.
  static let radii: [Double] = (0..<160).map { 5e-4 * pow(2e5, Double($0) / 159) }

  init(
    nuclide: String, emitted: [DosedRadiation: Energy], histories: Int, seed: UInt64, imbalance: Double,
    within: [DosedRadiation: [Double]], relativeUncertainties: [Double]
  ) {
    (self.nuclide, self.emitted, self.histories, self.seed) = (nuclide, emitted, histories, seed)
    (self.imbalance, self.within, self.relativeUncertainties) = (imbalance, within, relativeUncertainties)
  }

  /// Simulates a point source in water without end.
  ///
  /// - Parameter histories: of the component with the most energy; the others have less by the root of their energy.
  /// - Throws: ``TransportError`` for a count out of range and when energy is not conserved to 10⁻⁵.
  public init(
    of source: NuclideSource, histories: Int = 1_000_000, settings: TransportSettings = TransportSettings()
  ) throws {
    guard (1000...2_000_000_000).contains(histories) else {
      throw TransportError(
        "history-count", "There are \(histories) histories.", remedy: "Choose 1000 to 2000000000.")
    }
    let shells = try SphereGeometry(material: .water, radii: Self.radii.map { .centimetres($0) })
    let tables = try TransportTables(
      [.water], settings: settings, highest: source.highest, positrons: source.hasPositrons, elements: try .standard())
    let count = Self.radii.count
    var energies: [DosedRadiation: [Double]] = [:]
    var (sums, variances) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    var imbalance = 0.0
    for part in source.parts {
      let result = try TransportRun(
        part.emission, in: .shells(shells, .centre), tables: tables,
        histories: part.histories(of: histories, in: source)
      ).run()
      imbalance = max(imbalance, abs(result.imbalance))
      let scale = part.energyPerDecay / (result.meanEmitted + result.meanFromRestEnergy)
      let radiation = part.component.radiation
      for shell in 0..<count {
        let energy = result.energy(shell).kiloelectronvolts * scale
        let error = energy * (result.relativeUncertainty(shell) ?? 0)
        energies[radiation, default: [Double](repeating: 0, count: count)][shell] += energy
        sums[shell] += energy
        variances[shell] += error * error
      }
    }
    guard imbalance < 1e-5 else {
      throw TransportError(
        "energy-balance", "The simulation lost or made energy, \(imbalance) of all.",
        remedy: "Report this with the command.", category: .internalFault)
    }
    var within: [DosedRadiation: [Double]] = [:]
    var emitted: [DosedRadiation: Energy] = [:]
    for (radiation, shells) in energies {
      let all = source.energyPerDecay(radiation)
      emitted[radiation] = all
      var sum = 0.0
      within[radiation] = shells.map {
        sum += $0 / all.kiloelectronvolts
        return sum
      }
    }
    self.init(
      nuclide: source.name, emitted: emitted, histories: histories, seed: settings.seed, imbalance: imbalance,
      within: within,
      relativeUncertainties: sums.indices.map { sums[$0] > 0 ? variances[$0].squareRoot() / sums[$0] : 0 })
  }

  /// The share of a radiation's energy that is absorbed within a radius.
  public func share(_ radiation: DosedRadiation, within radius: Length) -> Double {
    within[radiation].map { Shells($0).within(radius.centimetres) } ?? 0
  }

  /// The relative standard error of the energy of all radiation between two distances in cm, the shells being independent.
  func relativeUncertainty(from near: Double, to far: Double) -> Double {
    let (first, last) = (Shells.shell(max(near, 0)), Shells.shell(max(far, 0)))
    var (sum, variance) = (0.0, 0.0)
    for (radiation, shares) in within {
      let energy = emitted[radiation]?.kiloelectronvolts ?? 0
      for shell in first...last {
        let own = energy * (shares[shell] - (shell > 0 ? shares[shell - 1] : 0))
        let error = own * relativeUncertainties[shell]
        sum += own
        variance += error * error
      }
    }
    return sum > 0 ? variance.squareRoot() / sum : 0
  }

  /// The radii with F, ready for looking up.
  struct Shells {
    private let shares: [Double]
    private static let perStep = 159 / log(2e5)

    init(_ shares: [Double]) { self.shares = shares }

    /// The shell that a radius in cm lies in: its outer radius is `radii[shell]`.
    static func shell(_ radius: Double) -> Int {
      radius <= radii[0] ? 0 : min(radii.count - 1, Int(log(radius / radii[0]) * perStep) + 1)
    }

    func within(_ radius: Double) -> Double {
      let shell = Self.shell(radius)
      guard radius < PointKernel.radii[PointKernel.radii.count - 1] else { return shares[shares.count - 1] }
      let (low, below) = shell == 0 ? (0, 0) : (PointKernel.radii[shell - 1], shares[shell - 1])
      return below + (shares[shell] - below) * (radius - low) / (PointKernel.radii[shell] - low)
    }

    /// The share per volume at a radius in 1/cm³: 1/(4πr²) dF/dr, over the logarithms of radius and share.
    func perVolume(_ radius: Double) -> Double {
      func density(_ shell: Int) -> Double {
        let (low, high) = (PointKernel.radii[shell - 1], PointKernel.radii[shell])
        return (shares[shell] - shares[shell - 1]) / (4 * Double.pi / 3 * (high * high * high - low * low * low))
      }
      func middle(_ shell: Int) -> Double { (PointKernel.radii[shell - 1] * PointKernel.radii[shell]).squareRoot() }
      let shell = max(1, min(PointKernel.radii.count - 1, Self.shell(radius)))
      let other = max(1, min(PointKernel.radii.count - 1, radius < middle(shell) ? shell - 1 : shell + 1))
      let (a, b) = (density(shell), density(other))
      guard a > 0, b > 0, other != shell else { return max(0, a) }
      let part = log(radius / middle(shell)) / log(middle(other) / middle(shell))
      return a * pow(b / a, min(1, max(0, part)))
    }
  }
}
