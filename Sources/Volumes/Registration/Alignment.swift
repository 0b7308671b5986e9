import Dispatch
import Numerics
import Quantities

/// The search for the best motion on one level of resolution.
struct Alignment: Sendable {
  let fixed: Lattice
  let moving: Lattice

  /// Sums of one evaluation: the normal equations of the motion, the factor and the offset, and the moments.
  private struct Sums {
    var matrix = [Double](repeating: 0, count: 64)
    var vector = [Double](repeating: 0, count: 8)
    var (n, f, m, ff, mm, fm) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

    mutating func add(_ other: Sums) {
      for i in 0..<64 { matrix[i] += other.matrix[i] }
      for i in 0..<8 { vector[i] += other.vector[i] }
      (n, f, m) = (n + other.n, f + other.f, m + other.m)
      (ff, mm, fm) = (ff + other.ff, mm + other.mm, fm + other.fm)
    }

    var correlation: Double {
      let (a, b) = (ff - f * f / n, mm - m * m / n)
      return a > 0 && b > 0 ? (fm - f * m / n) / (a * b).squareRoot() : -1
    }

    /// The factor and the offset that bring the moving values next to the fixed ones.
    var line: (a: Double, b: Double) {
      let spread = mm - m * m / n
      let a = spread > 0 ? (fm - f * m / n) / spread : 1
      return (a, (f - a * m) / n)
    }
  }

  /// The motion at which the correlation is greatest near a start; `nil` when less than a tenth of the voxels overlap.
  func refined(from start: RigidTransform) -> (transform: RigidTransform, correlation: Double)? {
    let centre = fixed.centroid
    let least = Double(fixed.values.count) / 10
    let isFlat = fixed.shape.z == 1
    let free = isFlat ? planar : [0, 1, 2, 3, 4, 5, 6, 7]
    let finest = fixed.steps.prefix(isFlat ? 2 : 3).map { length($0) }.min() ?? 1
    let reach = 0.5 * finest * Double(fixed.shape.max())
    var current = start
    var line = (a: 1.0, b: 0.0)
    var sums = evaluate(current, about: centre, line)
    guard sums.n >= least else { return nil }
    line = sums.line
    sums = evaluate(current, about: centre, line)
    var correlation = sums.correlation
    var damping = 1.0
    for _ in 0..<24 {
      let normal = SquareMatrix(size: free.count) { sums.matrix[free[$0] * 8 + free[$1]] }
      guard let step = normal.solved(for: free.map { -sums.vector[$0] }) else { break }
      var full = [Double](repeating: 0, count: 8)
      for (n, parameter) in free.enumerated() { full[parameter] = damping * step[n] }
      let turn = SIMD3(full[3], full[4], full[5])
      let move = RigidTransform(
        turn: .degrees(length(turn) * 180 / .pi), axis: turn, about: current(centre),
        shift: SIMD3(full[0], full[1], full[2]))
      let next = current.followed(by: move)
      let tried = evaluate(next, about: centre, (line.a + full[6], line.b + full[7]))
      guard tried.n >= least, tried.correlation >= correlation - 1e-9 else {
        damping /= 2
        if damping < 0.1 { break }
        continue
      }
      let size = max(length(SIMD3(full[0], full[1], full[2])), length(turn) * reach)
      current = next
      correlation = tried.correlation
      line = tried.line
      sums = evaluate(current, about: centre, line)
      damping = 1
      if size < 0.02 * finest { break }
    }
    return (current, correlation)
  }

  /// The parameters of a motion within the plane of a single slice: two shifts and the turn about its normal.
  private var planar: [Int] {
    let normal = fixed.steps[2]
    let axis = (0..<3).max { normal[$0].magnitude < normal[$1].magnitude } ?? 2
    return [0, 1, 2].filter { $0 != axis } + [3 + axis, 6, 7]
  }

  private func evaluate(_ transform: RigidTransform, about centre: SIMD3<Double>, _ line: (a: Double, b: Double))
    -> Sums
  {
    // Few pieces of fixed size, so that the order of additions does not depend on the number of threads.
    let isFlat = fixed.shape.z == 1
    let lines = isFlat ? fixed.shape.y : fixed.shape.z
    let pieces = min(8, lines)
    let results = [Sums](unsafeUninitializedCapacity: pieces) { buffer, count in
      nonisolated(unsafe) let slots = buffer
      DispatchQueue.concurrentPerform(iterations: pieces) { piece in
        let range = lines * piece / pieces..<lines * (piece + 1) / pieces
        let sums =
          isFlat
          ? self.sums(transform, centre, line, rows: range, slices: 0..<1)
          : self.sums(transform, centre, line, rows: 0..<fixed.shape.y, slices: range)
        (slots.baseAddress! + piece).initialize(to: sums)
      }
      count = pieces
    }
    return results.dropFirst().reduce(into: results[0]) { $0.add($1) }
  }

  private func sums(
    _ transform: RigidTransform, _ centre: SIMD3<Double>, _ line: (a: Double, b: Double), rows: Range<Int>,
    slices: Range<Int>
  ) -> Sums {
    var sums = Sums()
    let (a, b) = (Float(line.a), Float(line.b))
    let reciprocal = moving.reciprocal
    func index(_ vector: SIMD3<Double>) -> SIMD3<Float> {
      SIMD3((0..<3).map { Float((vector * reciprocal[$0]).sum()) })
    }
    let along = index(transform.rotated(fixed.steps[0]))
    let alongPatient = SIMD3<Float>(transform.rotated(fixed.steps[0]))
    let (gx, gy, gz) = (
      SIMD3<Float>(reciprocal[0]), SIMD3<Float>(reciprocal[1]), SIMD3<Float>(reciprocal[2])
    )
    let (nx, ny, nz) = (moving.shape.x, moving.shape.y, moving.shape.z)
    let top = SIMD3(Float(nx - 1), Float(ny - 1), Float(nz - 1))
    let isFlat = nz == 1
    let pivot = transform(centre)
    // The normal equations of a row, in single precision; rows are added in double precision.
    fixed.values.withUnsafeBufferPointer { f in
      moving.values.withUnsafeBufferPointer { m in
        for k in slices {
          for j in rows {
            let first = transform(fixed.origin + Double(j) * fixed.steps[1] + Double(k) * fixed.steps[2])
            let start = index(first - moving.origin)
            let arm = SIMD3<Float>(first - pivot)
            var gradient = SIMD8<Float>.zero
            var (m0, m1, m2, m3) = (gradient, gradient, gradient, gradient)
            var (m4, m5, m6, m7) = (gradient, gradient, gradient, gradient)
            var (n, sf, sm, sff, smm, sfm): (Float, Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0, 0)
            let base = (k * fixed.shape.y + j) * fixed.shape.x
            for i in 0..<fixed.shape.x {
              let place = start + Float(i) * along
              if place.x < 0 || place.y < 0 || place.x > top.x || place.y > top.y { continue }
              if !isFlat, place.z < 0 || place.z > top.z { continue }
              let (x0, y0) = (min(Int(place.x), nx - 2), min(Int(place.y), ny - 2))
              let z0 = isFlat ? 0 : min(Int(place.z), nz - 2)
              let (u, v) = (place.x - Float(x0), place.y - Float(y0))
              let w = isFlat ? 0 : place.z - Float(z0)
              let p = (z0 * ny + y0) * nx + x0
              let q = isFlat ? p : p + nx * ny
              let (c00, c10) = (m[p] + u * (m[p + 1] - m[p]), m[p + nx] + u * (m[p + nx + 1] - m[p + nx]))
              let (c01, c11) = (m[q] + u * (m[q + 1] - m[q]), m[q + nx] + u * (m[q + nx + 1] - m[q + nx]))
              let (c0, c1) = (c00 + v * (c10 - c00), c01 + v * (c11 - c01))
              let value = c0 + w * (c1 - c0)
              let (d00, d10) = (m[p + 1] - m[p], m[p + nx + 1] - m[p + nx])
              let (d01, d11) = (m[q + 1] - m[q], m[q + nx + 1] - m[q + nx])
              let (d0, d1) = (d00 + v * (d10 - d00), d01 + v * (d11 - d01))
              let dx = d0 + w * (d1 - d0)
              let dy = (c10 - c00) + w * ((c11 - c01) - (c10 - c00))
              let dz = isFlat ? 0 : c1 - c0
              let slope = a * (dx * gx + dy * gy + dz * gz)
              let r = arm + Float(i) * alongPatient
              let fixedValue = f[base + i]
              let residual = a * value + b - fixedValue
              let j3 = r.y * slope.z - r.z * slope.y
              let j4 = r.z * slope.x - r.x * slope.z
              let j5 = r.x * slope.y - r.y * slope.x
              let low = SIMD8<Float>(slope.x, slope.y, slope.z, j3, j4, j5, value, 1)
              gradient += low * residual
              m0 += low * low[0]
              m1 += low * low[1]
              m2 += low * low[2]
              m3 += low * low[3]
              m4 += low * low[4]
              m5 += low * low[5]
              m6 += low * low[6]
              m7 += low * low[7]
              n += 1
              sf += fixedValue
              sm += value
              sff += fixedValue * fixedValue
              smm += value * value
              sfm += fixedValue * value
            }
            guard n > 0 else { continue }
            for (column, products) in [m0, m1, m2, m3, m4, m5, m6, m7].enumerated() {
              sums.vector[column] += Double(gradient[column])
              for other in 0..<8 { sums.matrix[column * 8 + other] += Double(products[other]) }
            }
            sums.n += Double(n)
            sums.f += Double(sf)
            sums.m += Double(sm)
            sums.ff += Double(sff)
            sums.mm += Double(smm)
            sums.fm += Double(sfm)
          }
        }
      }
    }
    return sums
  }
}
