public import Quantities

extension Mask {
  /// The voxels whose centres are at least `from` and less than `to` away from the nearest centre of a member; `nil`
  /// when there are none.
  ///
  /// With `from` above zero the members themselves are left out. Exact Euclidean distances on the rectangular grid
  /// (Felzenszwalb and Huttenlocher, Theory of Computing 2012;8:415).
  /// - Throws: ``VolumeError`` when the grid is not rectangular.
  public func shell(from: Length, to: Length) throws(VolumeError) -> Mask? {
    try grid.requireRectangular()
    let block = box.grown(by: to, on: grid)
    let (low, high) = (from.millimetres * from.millimetres, to.millimetres * to.millimetres)
    let members = squaredDistances(in: block).map { low <= $0 && $0 < high }
    return Mask(grid: grid, box: block, members: members)
  }

  /// The voxels less than `distance` away from a member, members included.
  public func dilated(by distance: Length) throws(VolumeError) -> Mask {
    try shell(from: .zero, to: distance) ?? self
  }

  /// The members at least `distance` away from every voxel that is none and lies beside the set; `nil` when there are
  /// none.
  public func eroded(by distance: Length) throws(VolumeError) -> Mask? {
    guard let border = outerBorder() else { return self }
    return subtracting(try border.dilated(by: distance))
  }

  /// The squared distance of every voxel of a block, which holds the mask's box, from the nearest member in mm².
  private func squaredDistances(in block: VoxelBox) -> [Double] {
    var field = [Double](repeating: .infinity, count: block.count)
    box.forEachRow { j, k in
      for i in box.columns where members[box.index(i, j, k)] { field[block.index(i, j, k)] = 0 }
    }
    let (columns, rows, slices) = (block.columns.count, block.rows.count, block.slices.count)
    let spacing = grid.spacing
    for (length, step, spacing) in [
      (columns, 1, spacing.x), (rows, columns, spacing.y), (slices, columns * rows, spacing.z),
    ] {
      var envelope = LowerEnvelope(length: length, spacing: spacing)
      for line in 0..<block.count / length {
        let start = line / step * step * length + line % step
        envelope.transform(&field, start: start, step: step)
      }
    }
    return field
  }
}

/// The lower envelope of parabolas, one on every point of a line that has a finite value.
private struct LowerEnvelope {
  let length: Int
  let spacing: Double
  private var values: [Double]
  private var vertices: [Int]
  private var limits: [Double]

  init(length: Int, spacing: Double) {
    self.length = length
    self.spacing = spacing
    values = [Double](repeating: 0, count: length)
    vertices = [Int](repeating: 0, count: length)
    limits = [Double](repeating: 0, count: length + 1)
  }

  /// Replaces the values f on a line by the minimum over q of f(q) + (p − q)².
  mutating func transform(_ field: inout [Double], start: Int, step: Int) {
    var last = -1
    for q in 0..<length {
      values[q] = field[start + q * step]
      guard values[q].isFinite else { continue }
      var cut = -Double.infinity
      while last >= 0 {
        let v = vertices[last]
        let (a, b) = (Double(q) * spacing, Double(v) * spacing)
        cut = ((values[q] + a * a) - (values[v] + b * b)) / (2 * (a - b))
        if cut > limits[last] { break }
        last -= 1
      }
      last += 1
      vertices[last] = q
      limits[last] = last == 0 ? -.infinity : cut
      limits[last + 1] = .infinity
    }
    guard last >= 0 else { return }
    var n = 0
    for p in 0..<length {
      let x = Double(p) * spacing
      while limits[n + 1] < x { n += 1 }
      let d = x - Double(vertices[n]) * spacing
      field[start + p * step] = values[vertices[n]] + d * d
    }
  }
}
