extension Structure {
  /// The outline of a set of voxels: closed polygons along the edges of its pixels, slice by slice.
  ///
  /// Laid on the same grid again it holds the same voxels, and its planimetric volume is theirs.
  public init(name: String, outlining mask: Mask) {
    let grid = mask.grid
    var contours: [[SIMD3<Double>]] = []
    for k in mask.box.slices {
      for loop in mask.loops(slice: k) {
        contours.append(
          loop.map { corner in
            grid.origin + (Double(corner.x) - 0.5) * grid.columnStep + (Double(corner.y) - 0.5) * grid.rowStep
              + Double(k) * grid.sliceStep
          })
      }
    }
    self.init(name: name, contours: contours)
  }
}

extension Mask {
  /// The border of a slice as closed loops of pixel corners, the set on one side; corners on straight lines left out.
  fileprivate func loops(slice k: Int) -> [[SIMD2<Int>]] {
    var next: [SIMD2<Int>: [SIMD2<Int>]] = [:]
    var starts: [SIMD2<Int>] = []
    func side(_ from: SIMD2<Int>, _ to: SIMD2<Int>) {
      next[from, default: []].append(to)
      starts.append(from)
    }
    for j in box.rows {
      for i in box.columns where contains(i, j, k) {
        let (a, b, c, d) = (SIMD2(i, j), SIMD2(i + 1, j), SIMD2(i + 1, j + 1), SIMD2(i, j + 1))
        if !contains(i, j - 1, k) { side(a, b) }
        if !contains(i + 1, j, k) { side(b, c) }
        if !contains(i, j + 1, k) { side(c, d) }
        if !contains(i - 1, j, k) { side(d, a) }
      }
    }
    var loops: [[SIMD2<Int>]] = []
    for start in starts {
      var loop: [SIMD2<Int>] = []
      var corner = start
      while let following = next[corner]?.popLast() {
        if let last = loop.last, let before = loop.dropLast().last {
          let (u, v) = (last &- before, corner &- last)
          if u.x * v.y == u.y * v.x { loop.removeLast() }
        }
        loop.append(corner)
        corner = following
      }
      if !loop.isEmpty { loops.append(loop) }
    }
    return loops
  }
}
