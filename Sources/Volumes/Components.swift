extension Mask {
  /// The parts that hang together across faces, edges or corners of voxels, largest first, then by their place.
  public func components() -> [Mask] {
    var labels = [Int](repeating: 0, count: box.count)
    var found = 0
    var pending: [SIMD3<Int>] = []
    for k in box.slices {
      for j in box.rows {
        for i in box.columns where members[box.index(i, j, k)] && labels[box.index(i, j, k)] == 0 {
          found += 1
          labels[box.index(i, j, k)] = found
          pending.append(SIMD3(i, j, k))
          while let voxel = pending.popLast() {
            for dk in -1...1 {
              for dj in -1...1 {
                for di in -1...1 {
                  let next = voxel &+ SIMD3(di, dj, dk)
                  guard box.contains(next.x, next.y, next.z) else { continue }
                  let place = box.index(next.x, next.y, next.z)
                  if members[place], labels[place] == 0 {
                    labels[place] = found
                    pending.append(next)
                  }
                }
              }
            }
          }
        }
      }
    }
    guard found > 1 else { return [self] }
    var boxes = [VoxelBox?](repeating: nil, count: found + 1)
    box.forEachRow { j, k in
      for i in box.columns {
        let label = labels[box.index(i, j, k)]
        if label > 0 {
          let voxel = VoxelBox(columns: i..<i + 1, rows: j..<j + 1, slices: k..<k + 1)
          boxes[label] = boxes[label]?.union(voxel) ?? voxel
        }
      }
    }
    let parts = (1...found).compactMap { label -> Mask? in
      guard let part = boxes[label] else { return nil }
      var flags: [Bool] = []
      flags.reserveCapacity(part.count)
      part.forEachRow { j, k in for i in part.columns { flags.append(labels[box.index(i, j, k)] == label) } }
      return Mask(grid: grid, box: part, members: flags)
    }
    return parts.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element)
  }

  /// The voxels of the set for which a condition holds, by their place in an array over the grid; `nil` when there
  /// are none.
  public func filter(_ holds: (Int) -> Bool) -> Mask? {
    var flags = members
    box.forEachRow { j, k in
      let (place, start) = (grid.index(0, j, k), box.index(box.columns.lowerBound, j, k) - box.columns.lowerBound)
      for i in box.columns where flags[start + i] { flags[start + i] = holds(place + i) }
    }
    return Mask(grid: grid, box: box, members: flags)
  }

  /// All voxels of a grid.
  public init(all grid: Grid) {
    let box = VoxelBox(all: grid)
    self.init(grid: grid, box: box, members: [Bool](repeating: true, count: box.count))!
  }
}
