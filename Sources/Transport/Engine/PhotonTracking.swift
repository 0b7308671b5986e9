import Glibc

extension Tracker {
  /// Follows a photon by delta tracking (Woodcock): flights are drawn with the largest μ of the geometry, and an
  /// interaction happens with the probability that the local μ has of it.
  mutating func trackPhoton(_ start: Particle, _ stream: inout HistoryStream) {
    var p = start
    if p.energy <= photonCut {
      stay(space.cell(p), p.energy)
      return
    }
    while true {
      let (bin, along) = LogarithmicBins.photons.place(p.energy)
      guard let (cell, material) = flight(&p, bin, along, &stream) else {
        tally.escape(p.energy)
        return
      }
      let table = photonViews[material]
      let a = table.nodes[bin]
      let b = table.nodes[bin &+ 1]
      let (u, v) = stream.pair()
      if u < a.photoelectric + (b.photoelectric - a.photoelectric) * along {
        absorb(p, table, cell: cell, material, bin, &stream)
        return
      }
      if u < a.compton + (b.compton - a.compton) * along {
        let x = Self.angle(table.compton, p.energy, v)
        let scattered = p.energy / (1 + 2 * p.energy * Float(1 / Physical.electronMass) * x)
        var direction = p.direction
        direction.turn(halfVersine: x, azimuth: sineCosine(turns: stream.uniform()))
        release(p, energy: p.energy - scattered, cell: cell, material) { electron in
          let vx = p.direction.x * p.energy - direction.x * scattered
          let vy = p.direction.y * p.energy - direction.y * scattered
          let vz = p.direction.z * p.energy - direction.z * scattered
          let square = vx * vx + vy * vy + vz * vz
          if square > 0 {
            let n = 1 / square.squareRoot()
            electron.direction = Direction(vx * n, vy * n, vz * n)
          }
        }
        (p.energy, p.direction) = (scattered, direction)
        if p.energy <= photonCut {
          stay(cell, p.energy)
          return
        }
      } else if u < a.rayleigh + (b.rayleigh - a.rayleigh) * along || p.energy <= Float(2 * Physical.electronMass) {
        let x = Self.angle(table.rayleigh, p.energy, v)
        p.direction.turn(halfVersine: x, azimuth: sineCosine(turns: stream.uniform()))
      } else {
        makePair(p, cell: cell, material, share: v, &stream)
        return
      }
    }
  }

  /// Moves a photon to its next interaction; `nil` when it leaves the geometry.
  @inline(__always)
  func flight(
    _ p: inout Particle, _ bin: Int, _ along: Float, _ stream: inout HistoryStream
  ) -> (cell: Int, material: Int)? {
    let space = self.space
    let first = photonViews[0].nodes
    let uniform = (first[bin].total + (first[bin + 1].total - first[bin].total) * along) * space.density
    if space.radii != nil {
      let way = negativeLogarithm(stream.uniform()) / uniform
      (p.x, p.y, p.z) = (p.x + p.direction.x * way, p.y + p.direction.y * way, p.z + p.direction.z * way)
      return (space.cell(p), 0)
    }
    if space.isUnbounded {
      let way = negativeLogarithm(stream.uniform()) / uniform
      Self.move(&p.ix, &p.x, p.direction.x * way, space.hx)
      Self.move(&p.iy, &p.y, p.direction.y * way, space.hy)
      Self.move(&p.iz, &p.z, p.direction.z * way, space.hz)
      return (space.cell(p), 0)
    }
    let most = space.majorant.map { $0[bin] } ?? uniform
    let perMost = 1 / most
    let (jx, jy, jz) = (1 / space.hx, 1 / space.hy, 1 / space.hz)
    while true {
      let way = negativeLogarithm(stream.uniform()) * perMost
      var gx = Float(p.ix) + (p.x + p.direction.x * way) * jx
      var gy = Float(p.iy) + (p.y + p.direction.y * way) * jy
      var gz = Float(p.iz) + (p.z + p.direction.z * way) * jz
      if space.isPeriodic {
        gx = Self.wrapped(gx, Float(space.nx))
        gy = Self.wrapped(gy, Float(space.ny))
        gz = Self.wrapped(gz, Float(space.nz))
      }
      guard gx >= 0, gx < Float(space.nx), gy >= 0, gy < Float(space.ny), gz >= 0, gz < Float(space.nz) else {
        return nil
      }
      (p.ix, p.iy, p.iz) = (Int32(gx), Int32(gy), Int32(gz))
      p.x = (gx - Float(p.ix)) * space.hx
      p.y = (gy - Float(p.iy)) * space.hy
      p.z = (gz - Float(p.iz)) * space.hz
      let voxel = space.index(p.ix, p.iy, p.iz)
      guard space.majorant != nil else { return (voxel, 0) }
      let material = space.material(voxel)
      let nodes = photonViews[material].nodes
      let local = (nodes[bin].total + (nodes[bin + 1].total - nodes[bin].total) * along) * space.density(voxel)
      if stream.uniform() * most < local { return (voxel, material) }
    }
  }

  /// Moves along one axis of an unbounded lattice of voxels.
  @inline(__always)
  private static func move(_ index: inout Int32, _ x: inout Float, _ by: Float, _ h: Float) {
    let place = (x + by) / h
    let whole = floor(place)
    index &+= Int32(max(-1e8, min(1e8, whole)))
    x = (place - whole) * h
  }

  /// Leaves energy in a cell; what stays outside an unbounded medium's block has left it.
  @inline(__always)
  private mutating func stay(_ cell: Int, _ energy: Float) {
    if cell == Space.outside { tally.escape(energy) } else { tally.add(cell, energy) }
  }

  @inline(__always)
  private static func wrapped(_ x: Float, _ count: Float) -> Float {
    let rest = x - floor(x / count) * count
    return rest < count ? max(0, rest) : 0
  }

  /// Sets an electron free, or leaves its energy where it is: slow, confined to its voxel, or not to be followed.
  @inline(__always)
  private mutating func release(
    _ p: Particle, energy: Float, cell: Int, _ material: Int, direct: (inout Particle) -> Void
  ) {
    guard followsSecondaries, energy > electronCut, cell != Space.outside else {
      stay(cell, energy)
      return
    }
    // Below this energy bremsstrahlung cannot come, so that a confined electron is a deposit.
    if confines, energy <= 2 * threshold, space.radii == nil {
      let range = electronViews[material &* 2].range(energy)
      let near = min(min(min(p.x, space.hx - p.x), min(p.y, space.hy - p.y)), min(p.z, space.hz - p.z))
      if near * space.density(cell) > range {
        tally.add(cell, energy)
        return
      }
    }
    var electron = p
    electron.kind = .electron
    electron.energy = energy
    direct(&electron)
    wait(electron, cell: cell)
  }

  /// The photoelectric effect. Where a K X ray is made, the photoelectron has the energy above the K edge and the rest of
  /// the binding energy (Auger electrons) stays; otherwise the electron has all, the atom's relaxation being local.
  @inline(__always)
  private mutating func absorb(
    _ p: Particle, _ table: PhotonView, cell: Int, _ material: Int, _ bin: Int, _ stream: inout HistoryStream
  ) {
    var energy = p.energy
    let emitters = table.emitters
    if emitters > 0 {
      var u = stream.uniform()
      for k in 0..<emitters {
        let chance = table.fluorescenceYield[(bin + 1) * emitters + k]
        let element = table.fluorescence[k]
        if u < chance, energy > element.edge {
          let v = u / chance
          var line = 0
          while line < 7, v >= element.shares[line] { line += 1 }
          var photon = p
          photon.energy = element.lines[line]
          photon.direction = Direction(isotropic: &stream)
          stay(cell, element.edge - photon.energy)
          energy -= element.edge
          wait(photon, cell: cell)
          break
        }
        u -= chance
        if u < 0 { break }
      }
    }
    release(p, energy: energy, cell: cell, material) { electron in
      let x = Self.photoelectronAngle(energy, &stream)
      electron.direction.turn(halfVersine: x, azimuth: sineCosine(turns: stream.uniform()))
    }
  }

  /// (1 − cos θ)/2 of a photoelectron after Sauter (Ann Phys 403:454, 1931): K shell, in any polarization.
  private static func photoelectronAngle(_ energy: Float, _ stream: inout HistoryStream) -> Float {
    let tau = energy * Float(1 / Physical.electronMass)
    let gamma = tau + 1
    let beta = (tau * (tau + 2)).squareRoot() / gamma
    let a = 1 / beta - 1
    let c = 0.5 * beta * gamma * (gamma - 1) * (gamma - 2)
    let most = 2 * (1 / a + c)
    while true {
      let (u, v) = stream.pair()
      let versine = 2 * a / ((a + 2) * (a + 2) - 4 * u) * (2 * u + (a + 2) * u.squareRoot())
      if v * most <= (2 - versine) * (1 / (a + versine) + c) { return min(1, versine / 2) }
    }
  }

  /// An electron and a positron that share the kinetic energy evenly at random and go on in the photon's direction. A
  /// positron that is not followed annihilates at once.
  @inline(never)
  private mutating func makePair(
    _ p: Particle, cell: Int, _ material: Int, share: Float, _ stream: inout HistoryStream
  ) {
    let rest = Float(2 * Physical.electronMass)
    let kinetic = p.energy - rest
    tally.fromRestEnergy &-= 2 &* Tally.fixed(Float(Physical.electronMass))
    release(p, energy: share * kinetic, cell: cell, material) { _ in }
    var positron = p
    positron.kind = .positron
    positron.energy = (1 - share) * kinetic
    positron.annihilates = true
    if followsSecondaries, cell != Space.outside {
      wait(positron, cell: cell)
    } else {
      stay(cell, positron.energy)
      annihilate(positron, cell: cell, &stream)
    }
  }

  /// x = (1 − cos θ)/2 of a scattered photon. One of the two neighbouring energies is taken at random.
  @inline(__always)
  private static func angle(_ table: UnsafePointer<Float>, _ energy: Float, _ u: Float) -> Float {
    let (bin, x) = LogarithmicBins.angles.place(energy)
    let upper = u < x
    let v = upper ? u / x : (u - x) / (1 - x)
    let row = table + (upper ? bin &+ 1 : bin) &* (PhotonTables.bins &+ 1)
    let place = min(v, 0.9999999) * Float(PhotonTables.bins)
    let k = Int(place)
    return row[k] + (row[k &+ 1] - row[k]) * (place - Float(k))
  }
}
