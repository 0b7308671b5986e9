/// A volume as a NIfTI-1 file, `.nii`, which viewers and numerical programs read.
///
/// NIfTI's axes point to the patient's right-to-left reversed and back-to-front reversed against DICOM's, so x and y change
/// their signs in the affine (sform, code 1, scanner coordinates); the order of the voxels stays. Written in the byte order
/// of the machine, as the format allows. Source: NIfTI-1.1, nifti1.h (2003).
public struct NIfTIFile: Sendable {
  private let grid: Grid
  private let name: String
  private let description: String

  /// - Parameters:
  ///   - name: of the quantity, at most 15 ASCII characters are kept.
  ///   - description: of the quantity and its unit, at most 79 ASCII characters are kept.
  /// - Throws: ``VolumeError`` when a side of the grid has more voxels than the format counts, 32 767.
  public init(grid: Grid, name: String, description: String) throws(VolumeError) {
    guard max(grid.columns, grid.rows, grid.slices) <= Int(Int16.max) else {
      throw VolumeError(
        "too-large-for-nifti", "The volume has \(grid.columns) × \(grid.rows) × \(grid.slices) voxels.",
        remedy: "NIfTI-1 holds at most 32 767 along a side: crop the volume.")
    }
    self.grid = grid
    self.name = name
    self.description = description
  }

  /// The file of numbers, one a voxel in the grid's order.
  public func bytes(of values: [Float]) -> [UInt8] {
    precondition(values.count == grid.count, "a volume has one value a voxel")
    return values.withUnsafeBytes { header(type: 16, bits: 32) + $0 }
  }

  /// The file of labels, one a voxel in the grid's order.
  public func bytes(of labels: [UInt8]) -> [UInt8] {
    precondition(labels.count == grid.count, "a volume has one value a voxel")
    return header(type: 2, bits: 8) + labels
  }

  private func header(type: Int16, bits: Int16) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 352)
    func put<T>(_ value: T, at offset: Int) {
      withUnsafeBytes(of: value) { for (k, byte) in $0.enumerated() { bytes[offset + k] = byte } }
    }
    func put(_ text: String, at offset: Int, most: Int) {
      for (k, byte) in text.utf8.filter({ $0 < 128 }).prefix(most).enumerated() { bytes[offset + k] = byte }
    }
    put(Int32(348), at: 0)
    let sizes = [3, grid.columns, grid.rows, grid.slices, 1, 1, 1, 1]
    for (k, size) in sizes.enumerated() { put(Int16(size), at: 40 + 2 * k) }
    put(type, at: 70)
    put(bits, at: 72)
    let spacing = grid.spacing
    for (k, width) in [1, spacing.x, spacing.y, spacing.z].enumerated() { put(Float(width), at: 76 + 4 * k) }
    put(Float(352), at: 108)
    put(Float(1), at: 112)
    bytes[123] = 2
    put(description, at: 148, most: 79)
    put(Int16(1), at: 254)
    for (row, sign) in [-1.0, -1, 1].enumerated() {
      let line = [grid.columnStep[row], grid.rowStep[row], grid.sliceStep[row], grid.origin[row]]
      for (k, value) in line.enumerated() { put(Float(sign * value), at: 280 + 16 * row + 4 * k) }
    }
    put(name, at: 328, most: 15)
    put("n+1", at: 344, most: 3)
    return bytes
  }
}
