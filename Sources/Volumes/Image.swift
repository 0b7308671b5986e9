public import Quantities

/// A volume whose voxels hold one kind of quantity.
public struct Image<Q: Quantity>: Sendable {
  /// Where the voxels lie.
  public let grid: Grid
  /// The voxels in the quantity's base unit, `grid.count` of them in the grid's order.
  public var values: [Float]

  public init(grid: Grid, values: [Float]) {
    precondition(values.count == grid.count, "an image has one value a voxel")
    self.grid = grid
    self.values = values
  }
}
