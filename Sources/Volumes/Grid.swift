public import Quantities

/// Where the voxels of a volume lie: a lattice in the patient's coordinates.
///
/// Coordinates are DICOM's (PS3.3 C.7.6.2.1.1): millimetres, x to the patient's left, y to the back, z to the head.
/// Voxel (column i, row j, slice k) has its centre at `origin + i·columnStep + j·rowStep + k·sliceStep` and stands at
/// index `(k·rows + j)·columns + i` of every array over the grid.
public struct Grid: Hashable, Sendable {
  /// Voxels along a row.
  public let columns: Int
  /// Rows in a slice.
  public let rows: Int
  /// Slices in the volume.
  public let slices: Int
  /// The centre of voxel (0, 0, 0) in mm.
  public let origin: SIMD3<Double>
  /// From a voxel to the next of its row, in mm.
  public let columnStep: SIMD3<Double>
  /// From a voxel to the one below it in its slice, in mm.
  public let rowStep: SIMD3<Double>
  /// From a voxel to the one in the next slice, in mm.
  public let sliceStep: SIMD3<Double>

  public init(
    columns: Int, rows: Int, slices: Int, origin: SIMD3<Double>, columnStep: SIMD3<Double>,
    rowStep: SIMD3<Double>, sliceStep: SIMD3<Double>
  ) {
    self.columns = columns
    self.rows = rows
    self.slices = slices
    self.origin = origin
    self.columnStep = columnStep
    self.rowStep = rowStep
    self.sliceStep = sliceStep
  }

  /// Voxels in all.
  public var count: Int { columns * rows * slices }

  /// The volume of one voxel: the determinant of the three steps.
  public var voxelVolume: Volume {
    let n = SIMD3(
      columnStep.y * rowStep.z - columnStep.z * rowStep.y,
      columnStep.z * rowStep.x - columnStep.x * rowStep.z,
      columnStep.x * rowStep.y - columnStep.y * rowStep.x)
    return .millilitres((n * sliceStep).sum().magnitude / 1000)
  }

  /// The voxel's edges along column, row and slice, in mm.
  public var spacing: SIMD3<Double> { SIMD3(length(columnStep), length(rowStep), length(sliceStep)) }

  /// The centre of a voxel in mm.
  public func position(_ i: Int, _ j: Int, _ k: Int) -> SIMD3<Double> {
    origin + Double(i) * columnStep + Double(j) * rowStep + Double(k) * sliceStep
  }

  /// Where a voxel stands in an array over the grid.
  public func index(_ i: Int, _ j: Int, _ k: Int) -> Int { (k * rows + j) * columns + i }
}
