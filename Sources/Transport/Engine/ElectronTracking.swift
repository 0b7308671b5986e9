import Glibc

extension Tracker {
  /// Follows an electron or positron through voxels: class II condensed history with the deflection of a step at a place
  /// drawn evenly along it (random hinge). A face between voxels of one material deposits and changes the density alone;
  /// a face between materials carries over energies and the depth of the next event.
  @inline(__always)
  mutating func trackElectron(_ start: UnsafePointer<Particle>, _ stream: inout HistoryStream) {
    let space = self.space
    let (hx, hy, hz) = (space.hx, space.hy, space.hz)
    let kind = start.pointee.kind
    let (counts, annihilates) = (start.pointee.counts, start.pointee.annihilates)
    let charge = kind == .positron ? 1 : 0
    var (x, y, z) = (start.pointee.x, start.pointee.y, start.pointee.z)
    var (ix, iy, iz) = (start.pointee.ix, start.pointee.iy, start.pointee.iz)
    var d = start.pointee.direction
    var e = start.pointee.energy
    var undeposited = e
    var voxel = space.index(ix, iy, iz)
    var rho = space.density(voxel)
    var material = space.material(voxel)
    var view = electronViews[material &* 2 &+ charge]
    var (bin, along) = LogarithmicBins.electrons.place(max(e, 0.5))
    var range = view.bins[bin].range + view.bins[bin].rangeSlope * along
    var depth = view.nextDepth(e, threshold, &stream)
    var eventRange = min(view.range(depth: depth), range * 0.999999)
    while true {
      let near = min(min(min(x, hx - x), min(y, hy - y)), min(z, hz - z)) * rho
      if e <= electronCut || (confines && near > range) {
        let place = Particle(
          kind: kind, energy: e, x: x, y: y, z: z, ix: ix, iy: iy, iz: iz, direction: d, counts: counts,
          annihilates: annihilates)
        end(view, kind: kind, cell: voxel, energy: e, undeposited: undeposited, at: place, &stream)
        return
      }
      let step = view.bins[bin].step + view.bins[bin].stepSlope * along
      let kept = keep(e)
      let (u, uAngle) = stream.pair()
      let azimuth = sineCosine(turns: stream.uniform())
      var isEvent = eventRange > range - step
      let total = isEvent ? range - eventRange : step
      let hinge = min(u * step, total)
      var turns = u * step < total
      if total < near {
        let first = hinge / rho
        (x, y, z) = (x + d.x * first, y + d.y * first, z + d.z * first)
        if turns {
          d.turn(halfVersine: view.deflection(e, uAngle), azimuth: azimuth)
          let second = (total - hinge) / rho
          (x, y, z) = (x + d.x * second, y + d.y * second, z + d.z * second)
        }
      } else {
        var left = hinge
        var afterHinge = total - hinge
        while true {
          while true {
            let tx = d.x > 0 ? (hx - x) / d.x : (d.x < 0 ? x / -d.x : 1e30)
            let ty = d.y > 0 ? (hy - y) / d.y : (d.y < 0 ? y / -d.y : 1e30)
            let tz = d.z > 0 ? (hz - z) / d.z : (d.z < 0 ? z / -d.z : 1e30)
            let toFace = min(tx, min(ty, tz))
            let path = toFace * rho
            if path > left {
              let way = left / rho
              (x, y, z) = (x + d.x * way, y + d.y * way, z + d.z * way)
              range -= left
              break
            }
            range -= path
            left -= path
            (x, y, z) = (x + d.x * toFace, y + d.y * toFace, z + d.z * toFace)
            let now = min(view.energy(range: range), undeposited)
            tally.add(voxel, undeposited - now)
            undeposited = now
            if tx == toFace {
              (ix, x) = d.x > 0 ? (ix &+ 1, 0) : (ix &- 1, hx)
            } else if ty == toFace {
              (iy, y) = d.y > 0 ? (iy &+ 1, 0) : (iy &- 1, hy)
            } else {
              (iz, z) = d.z > 0 ? (iz &+ 1, 0) : (iz &- 1, hz)
            }
            if !space.contains(ix, iy, iz) {
              guard space.isPeriodic else {
                tally.escape(undeposited)
                return
              }
              ix = ix < 0 ? space.nx &- 1 : (ix == space.nx ? 0 : ix)
              iy = iy < 0 ? space.ny &- 1 : (iy == space.ny ? 0 : iy)
              iz = iz < 0 ? space.nz &- 1 : (iz == space.nz ? 0 : iz)
            }
            (x, y, z) = (min(max(x, 0), hx), min(max(y, 0), hy), min(max(z, 0), hz))
            voxel = space.index(ix, iy, iz)
            rho = space.density(voxel)
            if space.materials != nil, space.material(voxel) != material {
              material = space.material(voxel)
              let next = electronViews[material &* 2 &+ charge]
              let hingeEnergy = view.energy(range: range - left)
              depth = next.value(next.depth, now) - (view.value(view.depth, now) - depth)
              view = next
              range = view.range(now)
              eventRange = min(now <= 2 * threshold ? -1 : view.range(depth: depth), range * 0.999999)
              let stepEnd = min(view.range(e * kept), range)
              isEvent = eventRange > stepEnd
              let stop = max(eventRange, stepEnd)
              let hingeRange = turns ? min(view.range(hingeEnergy), range) : 0
              turns = turns && hingeRange > stop
              left = range - (turns ? hingeRange : stop)
              afterHinge = hingeRange - stop
            }
          }
          if !turns { break }
          turns = false
          left = afterHinge
          d.turn(halfVersine: view.deflection(e, uAngle), azimuth: azimuth)
        }
        (x, y, z) = (min(max(x, 0), hx), min(max(y, 0), hy), min(max(z, 0), hz))
      }
      if isEvent {
        e = min(view.energy(range: eventRange), undeposited)
        tally.add(voxel, undeposited - e)
        var place = Particle(
          kind: kind, energy: e, x: x, y: y, z: z, ix: ix, iy: iy, iz: iz, direction: d, counts: counts,
          annihilates: annihilates)
        event(view, &place, cell: voxel, &stream)
        (e, d) = (place.energy, place.direction)
        undeposited = e
      } else {
        // A step ends at this energy by construction of its length.
        e *= kept
        undeposited = max(undeposited, e)
      }
      (bin, along) = LogarithmicBins.electrons.place(max(e, 0.5))
      range = view.bins[bin].range + view.bins[bin].rangeSlope * along
      if isEvent { depth = view.nextDepth(e, threshold, &stream) }
      if isEvent { eventRange = view.range(depth: depth) }
      eventRange = min(eventRange, range * 0.999999)
    }
  }

  /// Follows an electron or positron among shells. Each step is deposited at a place drawn evenly along it.
  @inline(never)
  mutating func trackElectronAmongShells(_ start: UnsafePointer<Particle>, _ stream: inout HistoryStream) {
    let kind = start.pointee.kind
    let view = electronViews[kind == .positron ? 1 : 0]
    let rho = space.density
    var p = start.pointee
    var (bin, along) = LogarithmicBins.electrons.place(max(p.energy, 0.5))
    var range = view.bins[bin].range + view.bins[bin].rangeSlope * along
    var eventRange = min(view.range(depth: view.nextDepth(p.energy, threshold, &stream)), range * 0.999999)
    while true {
      let radius = (p.x * p.x + p.y * p.y + p.z * p.z).squareRoot()
      let shell = space.shell(radius)
      if p.energy <= electronCut || (confines && space.isConfined(radius: radius, shell: shell, reach: range / rho)) {
        end(view, kind: kind, cell: shell, energy: p.energy, undeposited: p.energy, at: p, &stream)
        return
      }
      let step = view.bins[bin].step + view.bins[bin].stepSlope * along
      let (u, uAngle) = stream.pair()
      let (uAzimuth, uPlace) = stream.pair()
      let isEvent = eventRange > range - step
      let total = isEvent ? range - eventRange : step
      let hinge = min(u * step, total)
      let mark = uPlace * total
      let lost = p.energy - (isEvent ? min(view.energy(range: eventRange), p.energy) : p.energy * keep(p.energy))
      let before = min(mark, hinge) / rho
      var (mx, my, mz) = (p.x + p.direction.x * before, p.y + p.direction.y * before, p.z + p.direction.z * before)
      let first = hinge / rho
      (p.x, p.y, p.z) = (p.x + p.direction.x * first, p.y + p.direction.y * first, p.z + p.direction.z * first)
      if u * step < total {
        p.direction.turn(halfVersine: view.deflection(p.energy, uAngle), azimuth: sineCosine(turns: uAzimuth))
        if mark > hinge {
          let after = (mark - hinge) / rho
          (mx, my, mz) = (p.x + p.direction.x * after, p.y + p.direction.y * after, p.z + p.direction.z * after)
        }
        let second = (total - hinge) / rho
        (p.x, p.y, p.z) = (p.x + p.direction.x * second, p.y + p.direction.y * second, p.z + p.direction.z * second)
      }
      tally.add(space.shell((mx * mx + my * my + mz * mz).squareRoot()), lost)
      p.energy -= lost
      if isEvent { event(view, &p, cell: space.cell(p), &stream) }
      (bin, along) = LogarithmicBins.electrons.place(max(p.energy, 0.5))
      range = view.bins[bin].range + view.bins[bin].rangeSlope * along
      if isEvent { eventRange = view.range(depth: view.nextDepth(p.energy, threshold, &stream)) }
      eventRange = min(eventRange, range * 0.999999)
    }
  }

  /// A collision or the emission of a bremsstrahlung photon above the threshold: changes energy and direction of the
  /// particle and puts the other one aside.
  @inline(__always)
  mutating func event(_ view: ElectronView, _ p: inout Particle, cell: Int, _ stream: inout HistoryStream) {
    let (uKind, uAzimuth) = stream.pair()
    let azimuth = sineCosine(turns: uAzimuth)
    let e = p.energy
    var other = p
    if uKind < view.value(view.radiativeShare, e) {
      other.kind = .photon
      other.energy = bremsstrahlungPhoton(view, e, &stream)
      let cosine = Self.photonCosine(e, &stream)
      other.direction.turn(cosine: cosine, sine: max(0, 1 - cosine * cosine).squareRoot(), azimuth: azimuth)
      if p.counts { tally.radiated &+= Tally.fixed(other.energy) }
    } else {
      let w = (p.kind == .electron ? mollerFraction(e, &stream) : bhabhaFraction(e, &stream)) * e
      let mass2 = Float(2 * Physical.electronMass)
      let a = min(1, ((e - w) * (e + mass2) / (e * (e - w + mass2))).squareRoot())
      let b = min(1, (w * (e + mass2) / (e * (w + mass2))).squareRoot())
      other.kind = .electron
      other.energy = w
      other.direction.turn(
        cosine: b, sine: (1 - b * b).squareRoot(), azimuth: (sine: -azimuth.sine, cosine: -azimuth.cosine))
      p.direction.turn(cosine: a, sine: (1 - a * a).squareRoot(), azimuth: azimuth)
    }
    p.energy = e - other.energy
    wait(other, cell: cell)
  }

  /// The cosine between a bremsstrahlung photon and its electron: a dipole in the electron's rest frame.
  @inline(never)
  private static func photonCosine(_ energy: Float, _ stream: inout HistoryStream) -> Float {
    let total = energy + Float(Physical.electronMass)
    let beta = (energy * (energy + Float(2 * Physical.electronMass))).squareRoot() / total
    while true {
      let (a, b) = stream.pair()
      let c = 2 * a - 1
      if 2 * b <= 1 + c * c { return (c + beta) / (1 + beta * c) }
    }
  }

  /// The fraction of the energy that Møller's cross section gives to the slower electron.
  @inline(__always)
  private func mollerFraction(_ energy: Float, _ stream: inout HistoryStream) -> Float {
    let tau = energy * Float(1 / Physical.electronMass)
    let c2 = (2 * tau + 1) / ((tau + 1) * (tau + 1))
    let c1 = 1 - c2
    let least = threshold / energy
    let bound = max(1, 2 + c1 * 0.25 - c2)
    while true {
      let (a, b) = stream.pair()
      let fraction = least / (1 - a * (1 - 2 * least))
      let ratio = fraction / (1 - fraction)
      if b * bound <= 1 + c1 * fraction * fraction + ratio * (ratio - c2) { return fraction }
    }
  }

  /// The fraction of the energy that Bhabha's cross section gives to the electron.
  @inline(never)
  private func bhabhaFraction(_ energy: Float, _ stream: inout HistoryStream) -> Float {
    let tau = Double(energy) / Physical.electronMass
    let k = BhabhaCoefficients(tau: tau)
    let betaSquared = tau * (tau + 2) / ((tau + 1) * (tau + 1))
    let least = Double(threshold / energy)
    while true {
      let (a, b) = stream.pair()
      let f = least / (1 - Double(a) * (1 - least))
      if Double(b) <= 1 - betaSquared * f * (k.b1 - f * (k.b2 - f * (k.b3 - f * k.b4))) { return Float(f) }
    }
  }
}
