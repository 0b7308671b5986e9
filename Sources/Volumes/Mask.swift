public import Quantities

/// A set of voxels of a grid that is not empty.
public struct Mask: Hashable, Sendable {
  /// Where the voxels lie.
  public let grid: Grid
  /// The smallest block that holds all voxels of the set.
  public let box: VoxelBox
  /// Which voxels of the box belong to the set, in the box's order.
  public let members: [Bool]
  /// Voxels in the set.
  public let count: Int

  /// The set of the members of a block; `nil` when there are none.
  public init?(grid: Grid, box: VoxelBox, members: [Bool]) {
    precondition(members.count == box.count, "a mask has one member flag a voxel of its box")
    var (count, tight): (Int, VoxelBox?) = (0, nil)
    box.forEachRow { j, k in
      let start = box.index(box.columns.lowerBound, j, k)
      let row = members[start..<start + box.columns.count]
      guard let first = row.firstIndex(of: true), let last = row.lastIndex(of: true) else { return }
      count += row.count(where: { $0 })
      let offset = box.columns.lowerBound - start
      let span = VoxelBox(columns: first + offset..<last + offset + 1, rows: j..<j + 1, slices: k..<k + 1)
      tight = tight?.union(span) ?? span
    }
    guard let tight else { return nil }
    self.grid = grid
    self.box = tight
    self.count = count
    if tight == box {
      self.members = members
    } else {
      var cut: [Bool] = []
      cut.reserveCapacity(tight.count)
      tight.forEachRow { j, k in
        let start = box.index(tight.columns.lowerBound, j, k)
        cut += members[start..<start + tight.columns.count]
      }
      self.members = cut
    }
  }

  /// Voxels times the volume of one.
  public var volume: Volume { grid.voxelVolume * Double(count) }

  /// Whether voxel (i, j, k) belongs to the set.
  public func contains(_ i: Int, _ j: Int, _ k: Int) -> Bool {
    box.contains(i, j, k) && members[box.index(i, j, k)]
  }

  /// The set's places in an array over the grid, ascending.
  public func gridIndices() -> [Int] {
    var indices: [Int] = []
    indices.reserveCapacity(count)
    box.forEachRow { j, k in
      let (place, start) = (grid.index(0, j, k), box.index(box.columns.lowerBound, j, k) - box.columns.lowerBound)
      for i in box.columns where members[start + i] { indices.append(place + i) }
    }
    return indices
  }

  /// The voxels of either set; both lie on the same grid.
  public func union(_ other: Mask) -> Mask {
    select(in: box.union(other.box)) { contains($0, $1, $2) || other.contains($0, $1, $2) }!
  }

  /// The voxels of both sets, `nil` when there are none; both lie on the same grid.
  public func intersection(_ other: Mask) -> Mask? {
    select(in: box.intersection(other.box)) { contains($0, $1, $2) && other.contains($0, $1, $2) }
  }

  /// The voxels of this set that are not of the other, `nil` when there are none; both lie on the same grid.
  public func subtracting(_ other: Mask) -> Mask? {
    select(in: box) { contains($0, $1, $2) && !other.contains($0, $1, $2) }
  }

  /// The members that have a neighbour (across one of the six faces) that is none.
  public func innerBorder() -> Mask {
    select(in: box) { contains($0, $1, $2) && neighbours($0, $1, $2).contains { !contains($0, $1, $2) } }!
  }

  /// The voxels of the grid that are no members and have a neighbour (across one of the six faces) that is one;
  /// `nil` when the set fills the grid.
  public func outerBorder() -> Mask? {
    let around = VoxelBox(
      columns: max(0, box.columns.lowerBound - 1)..<min(grid.columns, box.columns.upperBound + 1),
      rows: max(0, box.rows.lowerBound - 1)..<min(grid.rows, box.rows.upperBound + 1),
      slices: max(0, box.slices.lowerBound - 1)..<min(grid.slices, box.slices.upperBound + 1))
    return select(in: around) { !contains($0, $1, $2) && neighbours($0, $1, $2).contains { contains($0, $1, $2) } }
  }

  private func neighbours(_ i: Int, _ j: Int, _ k: Int) -> [(Int, Int, Int)] {
    [(i - 1, j, k), (i + 1, j, k), (i, j - 1, k), (i, j + 1, k), (i, j, k - 1), (i, j, k + 1)]
  }

  private func select(in box: VoxelBox, _ belongs: (Int, Int, Int) -> Bool) -> Mask? {
    var members: [Bool] = []
    members.reserveCapacity(box.count)
    box.forEachRow { j, k in for i in box.columns { members.append(belongs(i, j, k)) } }
    return Mask(grid: grid, box: box, members: members)
  }
}
