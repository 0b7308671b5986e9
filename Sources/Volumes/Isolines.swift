import Quantities

extension Image {
  /// Where the image has given values in a plane of the body.
  ///
  /// Marching squares on the plane's raster, whose pixels are as fine as the finest edge of a voxel; values between voxels
  /// are linear along each axis, lines between pixels too. Where the raster leaves a choice, what lies above hangs together
  /// when the mean of the four corners does.
  ///
  /// - Parameter point: the plane goes through it, in mm.
  /// - Returns: for each level its lines in mm; one that closes ends with its first point, another at the image's edge.
  /// - Throws: ``VolumeError`` for a grid whose voxels have no volume or a plane of more than 8192 pixels an edge.
  public func isolines(
    at levels: [Q], in plane: AnatomicalPlane, through point: SIMD3<Double>
  ) throws(VolumeError) -> [[[SIMD3<Double>]]] {
    let edge = grid.spacing
    let raster = try grid.plane(plane, through: point, pixel: .millimetres(min(edge.x, edge.y, edge.z)))
    let values = try resampled(onto: raster).values
    return levels.map { level in
      IsolineRaster(columns: raster.columns, rows: raster.rows, values: values, level: level.base).lines.map { line in
        line.map { raster.origin + $0.x * raster.columnStep + $0.y * raster.rowStep }
      }
    }
  }
}

/// The lines of one level among the pixels of a raster, in steps of pixels.
private struct IsolineRaster {
  let columns, rows: Int
  let values: [Float]
  let level: Double

  private func value(_ i: Int, _ j: Int) -> Double { Double(values[j * columns + i]) }
  private func isAbove(_ i: Int, _ j: Int) -> Bool { value(i, j) >= level }

  /// An edge between pixels by number: even ones lead to the next column, odd ones to the next row.
  private func across(_ i: Int, _ j: Int) -> Int { 2 * (j * columns + i) }
  private func down(_ i: Int, _ j: Int) -> Int { 2 * (j * columns + i) + 1 }

  /// Where the level lies on an edge.
  private func place(_ edge: Int) -> SIMD2<Double> {
    let (j, i) = (edge / 2).quotientAndRemainder(dividingBy: columns)
    let isDown = !edge.isMultiple(of: 2)
    let (a, b) = (value(i, j), isDown ? value(i, j + 1) : value(i + 1, j))
    let t = (level - a) / (b - a)
    return SIMD2(Double(i) + (isDown ? 0 : t), Double(j) + (isDown ? t : 0))
  }

  var lines: [[SIMD2<Double>]] {
    // Of each edge that is crossed, the one or two edges to which the line goes on.
    var links = [SIMD2<Int32>](repeating: SIMD2(-1, -1), count: 2 * columns * rows)
    var crossed: [Int] = []
    func join(_ a: Int, _ b: Int) {
      for (one, other) in [(a, b), (b, a)] {
        if links[one].x < 0 {
          links[one].x = Int32(other)
          crossed.append(one)
        } else {
          links[one].y = Int32(other)
        }
      }
    }
    for j in 0..<max(0, rows - 1) {
      for i in 0..<max(0, columns - 1) {
        let corners = (isAbove(i, j), isAbove(i + 1, j), isAbove(i + 1, j + 1), isAbove(i, j + 1))
        if corners == (corners.0, corners.0, corners.0, corners.0) { continue }
        let (top, right, bottom, left) = (across(i, j), down(i + 1, j), across(i, j + 1), down(i, j))
        if corners.0 == corners.2, corners.1 == corners.3 {
          let middle = (value(i, j) + value(i + 1, j) + value(i + 1, j + 1) + value(i, j + 1)) / 4
          // The first corner is cut off from the third when the middle is not on their side.
          let isCut = (middle >= level) != corners.0
          join(top, isCut ? left : right)
          join(bottom, isCut ? right : left)
        } else {
          let edges = [
            (top, corners.0 != corners.1), (right, corners.1 != corners.2), (bottom, corners.2 != corners.3),
            (left, corners.3 != corners.0),
          ].filter(\.1).map(\.0)
          join(edges[0], edges[1])
        }
      }
    }
    var isUsed = [Bool](repeating: false, count: links.count)
    func follow(from start: Int) -> [SIMD2<Double>] {
      var line = [place(start)]
      var at = start
      isUsed[start] = true
      while let next = [links[at].x, links[at].y].first(where: { $0 >= 0 && !isUsed[Int($0)] }) {
        at = Int(next)
        isUsed[at] = true
        line.append(place(at))
      }
      if line.count > 2, links[at].x == start || links[at].y == start { line.append(line[0]) }
      return line
    }
    let ends = crossed.filter { links[$0].y < 0 }
    return (ends + crossed).compactMap { isUsed[$0] ? nil : follow(from: $0) }
  }
}
