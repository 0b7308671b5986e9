import Quantities
import Radionuclides

@testable import Transport

/// Geometries and runs that several tests share.
enum Scene {
  static let settings = TransportSettings(threads: 2)

  static func tables(
    _ materials: [Material] = [.water], highest: Energy = .megaelectronvolts(1), positrons: Bool = false,
    settings: TransportSettings = settings
  ) throws -> TransportTables {
    try TransportTables(
      materials, settings: settings, highest: highest, positrons: positrons, elements: try .standard())
  }

  static func cube(
    _ side: Int, _ millimetres: Double, walls: VoxelGeometry.Walls = .open
  ) throws -> VoxelGeometry {
    let edge = Length.millimetres(millimetres)
    return try VoxelGeometry(
      shape: SIMD3(side, side, side), spacing: [edge, edge, edge], material: .water, walls: walls)
  }

  /// Voxels of water, lung and bone in a fixed pattern, with densities of their own.
  static func mixture(_ side: Int, walls: VoxelGeometry.Walls = .open) throws -> VoxelGeometry {
    let count = side * side * side
    return try VoxelGeometry(
      shape: SIMD3(side, side, side),
      spacing: [.millimetres(2), .millimetres(3), .millimetres(2.5)], materials: [.water, .lung, .corticalBone],
      materialOfVoxel: (0..<count).map { UInt8(($0 * 7 + $0 / 5) % 3) },
      densities: (0..<count).map { [1, 0.26, 1.92][($0 * 7 + $0 / 5) % 3] * (0.9 + 0.05 * Float($0 % 5)) }, walls: walls
    )
  }

  static func source(_ name: String) throws -> NuclideSource {
    try NuclideSource(try NuclideTable.icrp107().nuclide(name), emissions: try .icrp107())
  }

  static func line(_ particle: Emission.Particle, _ kiloelectronvolts: Double) throws -> Emission {
    Emission(particle, try .monoenergetic(.kiloelectronvolts(kiloelectronvolts)), component: 1)
  }
}
