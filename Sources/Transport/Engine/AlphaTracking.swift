extension Tracker {
  /// Follows an alpha particle along a straight line, slowing down continuously.
  @inline(never)
  mutating func trackAlpha(_ start: Particle) {
    var p = start
    let cell = space.cell(p)
    let material = space.radii == nil ? space.material(cell) : 0
    var table = tables.alphas[material]
    let (bin, x) = AlphaTables.energies.place(max(p.energy, 1))
    var range = table.range.start[bin] + (table.range.start[bin + 1] - table.range.start[bin]) * x
    guard p.energy > 1 else {
      tally.add(cell, p.energy)
      return
    }
    if space.radii != nil {
      trackAlphaAmongShells(p, range / space.density)
      return
    }
    var voxel = cell
    while true {
      let tx = Self.toFace(p.x, p.direction.x, space.hx)
      let ty = Self.toFace(p.y, p.direction.y, space.hy)
      let tz = Self.toFace(p.z, p.direction.z, space.hz)
      let way = min(tx, min(ty, tz))
      let rho = space.density(voxel)
      if way * rho > range {
        tally.add(voxel, p.energy)
        return
      }
      range -= way * rho
      let now = min(p.energy, ElectronView.energy(UnsafePointer(table.energyOfRange.start), range))
      tally.add(voxel, p.energy - now)
      p.energy = now
      (p.x, p.y, p.z) = (p.x + p.direction.x * way, p.y + p.direction.y * way, p.z + p.direction.z * way)
      if tx == way {
        (p.ix, p.x) = p.direction.x > 0 ? (p.ix + 1, 0) : (p.ix - 1, space.hx)
      } else if ty == way {
        (p.iy, p.y) = p.direction.y > 0 ? (p.iy + 1, 0) : (p.iy - 1, space.hy)
      } else {
        (p.iz, p.z) = p.direction.z > 0 ? (p.iz + 1, 0) : (p.iz - 1, space.hz)
      }
      if !space.contains(p.ix, p.iy, p.iz) {
        guard space.isPeriodic else {
          tally.escape(p.energy)
          return
        }
        p.ix = (p.ix + space.nx) % space.nx
        p.iy = (p.iy + space.ny) % space.ny
        p.iz = (p.iz + space.nz) % space.nz
      }
      let before = space.material(voxel)
      voxel = space.index(p.ix, p.iy, p.iz)
      if space.material(voxel) != before {
        table = tables.alphas[space.material(voxel)]
        let (bin, x) = AlphaTables.energies.place(max(p.energy, 1))
        range = table.range.start[bin] + (table.range.start[bin + 1] - table.range.start[bin]) * x
      }
      if p.energy <= 1 {
        tally.add(voxel, p.energy)
        return
      }
    }
  }

  /// The track in fifty pieces, each deposited at its middle.
  private mutating func trackAlphaAmongShells(_ start: Particle, _ length: Float) {
    var left = start.energy
    let table = UnsafePointer(tables.alphas[0].energyOfRange.start)
    for k in 0..<50 {
      let way = length * (Float(k) + 0.5) / 50
      let after = k == 49 ? 0 : min(left, ElectronView.energy(table, length * space.density * (1 - Float(k + 1) / 50)))
      var place = start
      place.x += start.direction.x * way
      place.y += start.direction.y * way
      place.z += start.direction.z * way
      tally.add(space.cell(place), left - after)
      left = after
    }
  }

  private static func toFace(_ x: Float, _ d: Float, _ h: Float) -> Float {
    d > 0 ? (h - x) / d : (d < 0 ? x / -d : 1e30)
  }
}
