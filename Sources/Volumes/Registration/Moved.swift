extension Image {
  /// The image laid on a grid after a motion, by trilinear interpolation; outside the image it is zero.
  ///
  /// - Parameter transform: from the patient's coordinates on `grid` to those of this image, as ``RigidRegistration``
  ///   finds it.
  public func moved(by transform: RigidTransform, onto grid: Grid) -> Image {
    let lattice = Lattice(self)
    let (a, b, c) = (lattice.reciprocal[0], lattice.reciprocal[1], lattice.reciprocal[2])
    func index(_ v: SIMD3<Double>) -> SIMD3<Double> { SIMD3((v * a).sum(), (v * b).sum(), (v * c).sum()) }
    let along = index(transform.rotated(grid.columnStep))
    let shape = lattice.shape
    var result = [Float](repeating: 0, count: grid.count)
    values.withUnsafeBufferPointer { m in
      for k in 0..<grid.slices {
        for j in 0..<grid.rows {
          let start = index(transform(grid.position(0, j, k)) - lattice.origin)
          for i in 0..<grid.columns {
            let place = start + Double(i) * along
            let floor = place.rounded(.down)
            guard floor.min() >= -1, floor.x < Double(shape.x), floor.y < Double(shape.y), floor.z < Double(shape.z)
            else { continue }
            let part = place - floor
            let (x, y, z) = (Int(floor.x), Int(floor.y), Int(floor.z))
            var value = 0.0
            for corner in 0..<8 {
              let (p, q, r) = (x + (corner & 1), y + (corner >> 1 & 1), z + (corner >> 2))
              guard p >= 0, q >= 0, r >= 0, p < shape.x, q < shape.y, r < shape.z else { continue }
              let weight =
                (corner & 1 == 0 ? 1 - part.x : part.x) * (corner >> 1 & 1 == 0 ? 1 - part.y : part.y)
                * (corner >> 2 == 0 ? 1 - part.z : part.z)
              value += weight * Double(m[(r * shape.y + q) * shape.x + p])
            }
            result[grid.index(i, j, k)] = Float(value)
          }
        }
      }
    }
    return Image(grid: grid, values: result)
  }
}

extension Structure {
  /// The structure after a motion of the patient's coordinates.
  public func moved(by transform: RigidTransform) -> Structure {
    Structure(name: name, contours: contours.map { $0.map { transform($0) } })
  }
}

extension Grid {
  /// The same lattice in the frame of reference that a transform leads to.
  public func moved(by transform: RigidTransform) -> Grid {
    Grid(
      columns: columns, rows: rows, slices: slices, origin: transform(origin),
      columnStep: transform.rotated(columnStep), rowStep: transform.rotated(rowStep),
      sliceStep: transform.rotated(sliceStep))
  }
}
