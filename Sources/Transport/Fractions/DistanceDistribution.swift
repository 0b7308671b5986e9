import Foundation
import Numerics
import Quantities

/// The probability that a place at a distance, in a random direction, from a random place of a region lies in another.
///
/// With a point kernel it gives the absorbed fractions of electrons in the exact shapes, without voxels:
/// φ(T ← S) = Σₖ G_T(rₖ) [F(ρ rₖ₊½) − F(ρ rₖ₋½)]. Another mass of the source stretches all distances by its cube root.
struct DistanceDistribution: Sendable {
  /// The edges of the distances in cm.
  static let edges: [Double] = [0] + (0..<48).map { 1e-4 * pow(2.4e4, Double($0) / 47) }

  /// By organ index: the probability at the middle of each distance; other tissue and outside are not in it.
  let probabilities: [Int: [Double]]
  /// The density of the source in g/mL.
  let density: Double

  init(from source: Int, in phantom: StylisedPhantom, samples: Int, seed: UInt64) throws {
    let box = phantom.organs[source].box
    let middles = zip(Self.edges, Self.edges.dropFirst()).map { ($0 + $1) / 2 }
    let portions = 64
    let parts = try inParallel(portions) { portion -> [Int: [Int]] in
      var counts: [Int: [Int]] = [:]
      var stream = Dice(seed &+ UInt64(portion) &* 0x9e37_79b9)
      var taken = 0
      while taken < samples / portions {
        let p = box.low + (box.high - box.low) * SIMD3(stream.next(), stream.next(), stream.next())
        guard phantom.organs[source].shape.contains(p) else { continue }
        taken += 1
        let cosine = 2 * stream.next() - 1
        let turn = 2 * Double.pi * stream.next()
        let sine = (1 - cosine * cosine).squareRoot()
        let direction = SIMD3(sine * cos(turn), sine * sin(turn), cosine)
        for (k, distance) in middles.enumerated() {
          let place = phantom.place(at: p + direction * distance)
          if place >= 0 { counts[place, default: [Int](repeating: 0, count: middles.count)][k] += 1 }
        }
      }
      return counts
    }
    var sums: [Int: [Int]] = [:]
    for part in parts {
      for (organ, counts) in part {
        let old = sums[organ] ?? [Int](repeating: 0, count: middles.count)
        sums[organ] = zip(old, counts).map { $0 + $1 }
      }
    }
    let total = Double(samples / portions * portions)
    probabilities = sums.mapValues { $0.map { Double($0) / total } }
    density = phantom.organs[source].tissue.density
  }

  /// The share of the energy of electrons of one of the kernel's energies that an organ absorbs, with all lengths of the
  /// phantom stretched.
  func fraction(to organ: Int, kernel: ElectronPointKernel, energy: Int, stretch: Double) -> Double {
    guard let probabilities = probabilities[organ] else { return 0 }
    var sum = 0.0
    var before = 0.0
    for (probability, edge) in zip(probabilities, Self.edges.dropFirst()) {
      let within = kernel.share(energy: energy, within: edge * stretch * density)
      sum += probability * (within - before)
      before = within
    }
    return sum
  }
}

extension StylisedPhantom.Tissue {
  /// In g/mL.
  var density: Double {
    switch self {
    case .soft: 1.04
    case .lung: 0.296
    case .skeleton: 1.4
    }
  }
}
