import Foundation
import Quantities

/// A small cube of spongiosa that repeats itself: plates of bone in marrow, in voxels of 50 µm.
///
/// The plates lie where the magnitude of a sum of plane waves of one wavelength and of random directions is least
/// (a two-cut Gaussian random field). Bone volume fraction and wavelength are those that give the mean chords that
/// Whitwell and Spiers measured (1976). In the marrow a voxel is active with the probability of the cellularity, else an
/// adipocyte of about its size. The 50 µm of marrow beside bone are the endosteum.
struct TrabecularGeometry: Sendable {
  /// What a voxel is.
  enum Cell: UInt8, CaseIterable, Sendable {
    case bone, boneSurface, active, inactive, activeEndosteum, inactiveEndosteum

    var isBone: Bool { self == .bone || self == .boneSurface }
    var isActive: Bool { self == .active || self == .activeEndosteum }
    var isEndosteum: Bool { self == .activeEndosteum || self == .inactiveEndosteum }
  }

  /// A kind of spongiosa.
  struct Kind: Sendable {
    let name: String
    /// The share of its volume that is bone.
    let boneVolumeFraction: Double
    /// Waves along an edge of the cube.
    let waves: Double
  }

  /// Mean chords of marrow and bone: vertebrae, ribs and limbs 1.2-1.7 and 0.25-0.3 mm; iliac crest 0.90 and 0.24 mm;
  /// parietal bone 0.39 and 0.51 mm.
  static let kinds = [
    Kind(name: "vertebra", boneVolumeFraction: 0.16, waves: 2.75),
    Kind(name: "iliac crest", boneVolumeFraction: 0.21, waves: 3.7),
    Kind(name: "parietal bone", boneVolumeFraction: 0.56, waves: 6.25),
  ]

  /// Voxels along an edge and their size.
  static let count = 96
  static let edge = Length.millimetres(0.05)

  let cells: [Cell]

  init(_ kind: Kind, cellularity: Double, seed: UInt64) {
    let n = Self.count
    let field = Self.field(waves: kind.waves, seed: seed)
    let limit = field.map(abs).sorted()[Int(Double(field.count) * kind.boneVolumeFraction)]
    let isBone = field.map { abs($0) < limit }
    cells = isBone.indices.map { i in
      let (x, y, z) = (i % n, i / n % n, i / (n * n))
      func at(_ dx: Int, _ dy: Int, _ dz: Int) -> Bool {
        isBone[(x + dx + n) % n + n * ((y + dy + n) % n + n * ((z + dz + n) % n))]
      }
      let beside = [at(1, 0, 0), at(-1, 0, 0), at(0, 1, 0), at(0, -1, 0), at(0, 0, 1), at(0, 0, -1)]
      if isBone[i] { return beside.contains(false) ? .boneSurface : .bone }
      var dice = Dice(seed &+ UInt64(i))
      let isActive = dice.next() < cellularity
      if beside.contains(true) { return isActive ? .activeEndosteum : .inactiveEndosteum }
      return isActive ? .active : .inactive
    }
  }

  /// The mean chords of marrow and bone along the axes, in mm.
  var meanChords: (marrow: Double, bone: Double) {
    let n = Self.count
    var changes = 0
    for i in cells.indices {
      let (x, y, z) = (i % n, i / n % n, i / (n * n))
      for next in [(x + 1) % n + n * (y + n * z), x + n * ((y + 1) % n + n * z), x + n * (y + n * ((z + 1) % n))]
      where cells[next].isBone != cells[i].isBone { changes += 1 }
    }
    let bone = Double(cells.count(where: \.isBone))
    let segments = Double(changes) / 2
    let length = 3 * Self.edge.millimetres
    return ((Double(cells.count) - bone) * length / segments, bone * length / segments)
  }

  private static func field(waves: Double, seed: UInt64) -> [Double] {
    let n = count
    // Whole numbers of waves along each edge, so that the cube repeats itself.
    let reach = Int(waves) + 2
    var vectors: [SIMD3<Double>] = []
    for a in -reach...reach {
      for b in -reach...reach {
        for c in -reach...reach where abs(Double(a * a + b * b + c * c).squareRoot() - waves) < 0.5 {
          vectors.append(SIMD3(Double(a), Double(b), Double(c)))
        }
      }
    }
    var dice = Dice(seed)
    let phases = vectors.map { _ in dice.next() }
    var field = [Double](repeating: 0, count: n * n * n)
    // Products of the waves along each axis.
    for (vector, phase) in zip(vectors, phases) {
      func table(_ k: Double, _ shift: Double) -> [(Double, Double)] {
        (0..<n).map { i in
          let angle = 2 * Double.pi * (k * Double(i) / Double(n) + shift)
          return (cos(angle), sin(angle))
        }
      }
      let (xs, ys, zs) = (table(vector.x, phase), table(vector.y, 0), table(vector.z, 0))
      for z in 0..<n {
        for y in 0..<n {
          let c = ys[y].0 * zs[z].0 - ys[y].1 * zs[z].1
          let s = ys[y].0 * zs[z].1 + ys[y].1 * zs[z].0
          let row = n * (y + n * z)
          for x in 0..<n { field[row + x] += xs[x].0 * c - xs[x].1 * s }
        }
      }
    }
    return field
  }
}
