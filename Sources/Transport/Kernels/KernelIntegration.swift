import Foundation
import Numerics
public import Quantities

extension VoxelKernel {
  /// Voxels this near are reached by lines from even places of the source; beyond, the point kernel hardly changes within
  /// a voxel and a product rule takes its mean.
  private static let near = 6
  private static let portions = 32
  private static let linesPerPortion = 4096

  /// Integrates a point kernel over pairs of voxels of water at its nominal density.
  ///
  /// S(d) = Δ/m ⟨F(r_out) − F(r_in)⟩ over lines from even places and directions of the source through the other voxel; no
  /// simulation, hence a fraction of a second for any voxel. The statistical uncertainty of a voxel is that of the shells
  /// within half its diagonal of its centre, taken together.
  /// - Parameters:
  ///   - spacing: the edges of a voxel, 0.1 to 50 mm.
  ///   - reach: voxels from the centre to each side.
  /// - Throws: ``TransportError`` for a value out of its range.
  public init(integrating kernel: PointKernel, spacing: [Length], reach: Int = 25) throws {
    try KernelSimulation.check(spacing: spacing, reach: reach)
    let orbits = VoxelOrbits(reach: reach, isCubic: Set(spacing).count == 1)
    let edges = spacing.map(\.centimetres)
    let mass = Volume.millilitres(edges.reduce(1, *)) * Material.water.density
    var sizes = [Int](repeating: 0, count: orbits.count)
    var offsets = [SIMD3<Int>](repeating: .zero, count: orbits.count)
    for z in -reach...reach {
      for y in -reach...reach {
        for x in -reach...reach {
          guard let orbit = orbits.orbit(x, y, z) else { continue }
          sizes[orbit] += 1
          offsets[orbit] = SIMD3(x, y, z)
        }
      }
    }
    let lines = try Self.lines(kernel, edges, min(reach, Self.near), orbits)
    var values: [DosedRadiation: [Double]] = [:]
    var contained: [DosedRadiation: Energy] = [:]
    for (radiation, energy) in kernel.emitted {
      guard let shares = kernel.within[radiation], let near = lines[radiation] else { continue }
      let shells = PointKernel.Shells(shares)
      let far = Self.far(shells, edges, offsets)
      var inside = 0.0
      values[radiation] = offsets.indices.map { orbit in
        let share =
          offsets[orbit].isWithin(Self.near) ? near[orbit] / Double(sizes[orbit]) : far[orbit]
        inside += share * Double(sizes[orbit])
        return share * DosePerEnergy.grays(energy, in: mass)
      }
      contained[radiation] = energy * inside
    }
    let halfDiagonal = edges.reduce(0) { $0 + $1 * $1 }.squareRoot() / 2
    let relative = offsets.map { offset in
      let way = SIMD3(Double(offset.x) * edges[0], Double(offset.y) * edges[1], Double(offset.z) * edges[2])
      let distance = (way * way).sum().squareRoot()
      return kernel.relativeUncertainty(from: distance - halfDiagonal, to: distance + halfDiagonal)
    }
    self.init(
      nuclide: kernel.nuclide, material: Material.water.name, density: Material.water.density, spacing: spacing,
      reach: reach, histories: kernel.histories, seed: kernel.seed, emitted: kernel.emitted, contained: contained,
      imbalance: kernel.imbalance, values: values, relativeUncertainties: relative)
  }

  /// The share of the energy that goes to all voxels of each orbit near the source.
  private static func lines(
    _ kernel: PointKernel, _ edges: [Double], _ near: Int, _ orbits: VoxelOrbits
  ) throws -> [DosedRadiation: [Double]] {
    let kinds = kernel.within.sorted { $0.key.rawValue < $1.key.rawValue }
    let parts = try inParallel(portions) { portion -> [[Double]] in
      let shells = kinds.map { PointKernel.Shells($0.value) }
      var sums = kinds.map { _ in [Double](repeating: 0, count: orbits.count) }
      for line in 0..<linesPerPortion {
        // Even places by the golden ratio's five-dimensional kin (the root of x⁶ = x + 1).
        func number(_ power: Int) -> Double {
          let step = pow(1.1347241384015194, -Double(power))
          let value = 0.5 + step * Double(portion * linesPerPortion + line)
          return value - value.rounded(.down)
        }
        let place = SIMD3(number(1) * edges[0], number(2) * edges[1], number(3) * edges[2])
        let cosine = 2 * number(4) - 1
        let sine = (1 - cosine * cosine).squareRoot()
        let turn = 2 * Double.pi * number(5)
        let direction = SIMD3(sine * cos(turn), sine * sin(turn), cosine)
        var voxel = SIMD3<Int>.zero
        var before = kinds.map { _ in 0.0 }
        while voxel.isWithin(near) {
          var (out, axis) = (Double.infinity, 0)
          for n in 0..<3 where direction[n] != 0 {
            let face = Double(voxel[n] + (direction[n] > 0 ? 1 : 0)) * edges[n]
            let way = (face - place[n]) / direction[n]
            if way < out { (out, axis) = (way, n) }
          }
          guard let orbit = orbits.orbit(voxel.x, voxel.y, voxel.z) else { break }
          for kind in kinds.indices {
            let within = shells[kind].within(out)
            sums[kind][orbit] += within - before[kind]
            before[kind] = within
          }
          voxel[axis] += direction[axis] > 0 ? 1 : -1
        }
      }
      return sums
    }
    var result: [DosedRadiation: [Double]] = [:]
    for (n, kind) in kinds.enumerated() {
      var sums = [Double](repeating: 0, count: orbits.count)
      for part in parts { for orbit in sums.indices { sums[orbit] += part[n][orbit] } }
      result[kind.key] = sums.map { $0 / Double(portions * linesPerPortion) }
    }
    return result
  }

  /// The share of the energy that goes to one voxel at each far offset.
  ///
  /// The difference of two places, one in each voxel, is spread like a triangle of twice the edge; three points with
  /// weights 5/24, 7/12, 5/24 at ± √0.4 of an edge have its moments to the fifth.
  private static func far(_ shells: PointKernel.Shells, _ edges: [Double], _ offsets: [SIMD3<Int>]) -> [Double] {
    let side = 0.4.squareRoot()
    let points = [(-side, 5.0 / 24), (0, 7.0 / 12), (side, 5.0 / 24)]
    let volume = edges.reduce(1, *)
    return offsets.map { offset in
      guard !offset.isWithin(near) else { return 0 }
      var sum = 0.0
      for (x, a) in points {
        for (y, b) in points {
          for (z, c) in points {
            let way = SIMD3(
              (Double(offset.x) + x) * edges[0], (Double(offset.y) + y) * edges[1], (Double(offset.z) + z) * edges[2])
            sum += a * b * c * shells.perVolume((way * way).sum().squareRoot())
          }
        }
      }
      return sum * volume
    }
  }
}

extension SIMD3<Int> {
  fileprivate func isWithin(_ reach: Int) -> Bool {
    abs(x) <= reach && abs(y) <= reach && abs(z) <= reach
  }
}
