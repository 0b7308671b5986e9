public import Quantities

/// A block of voxels of a grid, by index; arrays over it run along columns, then rows, then slices.
public struct VoxelBox: Hashable, Sendable {
  /// The columns of the block.
  public let columns: Range<Int>
  /// The rows of the block.
  public let rows: Range<Int>
  /// The slices of the block.
  public let slices: Range<Int>

  public init(columns: Range<Int>, rows: Range<Int>, slices: Range<Int>) {
    self.columns = columns
    self.rows = rows
    self.slices = slices
  }

  /// All voxels of a grid.
  public init(all grid: Grid) {
    self.init(columns: 0..<grid.columns, rows: 0..<grid.rows, slices: 0..<grid.slices)
  }

  /// Voxels in the block.
  public var count: Int { columns.count * rows.count * slices.count }

  /// Where voxel (i, j, k) of the grid stands in an array over the block.
  public func index(_ i: Int, _ j: Int, _ k: Int) -> Int {
    ((k - slices.lowerBound) * rows.count + j - rows.lowerBound) * columns.count + i - columns.lowerBound
  }

  /// Whether voxel (i, j, k) of the grid belongs to the block.
  public func contains(_ i: Int, _ j: Int, _ k: Int) -> Bool {
    columns.contains(i) && rows.contains(j) && slices.contains(k)
  }

  /// The voxels that belong to both blocks.
  public func intersection(_ other: VoxelBox) -> VoxelBox {
    VoxelBox(
      columns: columns.clamped(to: other.columns), rows: rows.clamped(to: other.rows),
      slices: slices.clamped(to: other.slices))
  }

  /// The smallest block that holds both.
  public func union(_ other: VoxelBox) -> VoxelBox {
    func hull(_ a: Range<Int>, _ b: Range<Int>) -> Range<Int> {
      min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
    }
    return VoxelBox(
      columns: hull(columns, other.columns), rows: hull(rows, other.rows), slices: hull(slices, other.slices))
  }

  /// The block with a margin of at least `distance` on every side, cut at the grid's edge.
  public func grown(by distance: Length, on grid: Grid) -> VoxelBox {
    func grow(_ range: Range<Int>, _ spacing: Double, _ count: Int) -> Range<Int> {
      let margin = distance > .zero ? Int(min((distance.millimetres / spacing).rounded(.up), Double(count))) : 0
      return max(0, range.lowerBound - margin)..<min(count, range.upperBound + margin)
    }
    let spacing = grid.spacing
    return VoxelBox(
      columns: grow(columns, spacing.x, grid.columns), rows: grow(rows, spacing.y, grid.rows),
      slices: grow(slices, spacing.z, grid.slices))
  }

  /// Calls `body` with the indices of the first voxel of every row of the block.
  @inlinable
  public func forEachRow(_ body: (_ j: Int, _ k: Int) -> Void) {
    for k in slices { for j in rows { body(j, k) } }
  }
}
