public import Volumes

/// A CT of the synthetic patient.
public struct SyntheticTomography: Sendable {
  /// Where the voxels lie.
  public let grid: Grid
  /// Hounsfield units in the grid's order.
  public let hounsfieldUnits: [Int16]
}

extension SyntheticPatient {
  /// The grid of the CT: 256 × 256 × 128 voxels of 2.4 × 2.4 × 4.8 mm, on the slices of the SPECT images.
  public static let tomographyGrid = Grid(
    columns: 256, rows: 256, slices: 128, origin: SIMD3(-306, -306, -304.8), columnStep: SIMD3(2.4, 0, 0),
    rowStep: SIMD3(0, 2.4, 0), sliceStep: SIMD3(0, 0, 4.8))

  /// The CT: air, soft tissue, lungs, and the organs with the vertebral bodies as bone.
  public func tomography() -> SyntheticTomography {
    let grid = Self.tomographyGrid
    var values = [Int16](repeating: -1000, count: grid.count)
    let bodies: [(Ellipsoid, Int16)] =
      [(Anatomy.trunk, 20)] + Anatomy.lungs.map { ($0, -780) }
      + organs.flatMap { organ in organ.parts.map { ($0, Self.hounsfieldUnits[organ.name] ?? 45) } }
    for (ellipsoid, value) in bodies {
      let box = ellipsoid.box(on: grid)
      box.forEachRow { j, k in
        for i in box.columns where ellipsoid.squaredRadius(grid.position(i, j, k)) < 1 {
          values[grid.index(i, j, k)] = value
        }
      }
    }
    return SyntheticTomography(grid: grid, hounsfieldUnits: values)
  }

  static let hounsfieldUnits: [String: Int16] = [
    "Left kidney": 32, "Right kidney": 32, "Liver": 58, "Spleen": 48, Anatomy.vertebralBodies: 240, "Lesion": 40,
  ]
}
