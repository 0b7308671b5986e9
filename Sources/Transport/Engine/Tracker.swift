import Glibc

/// One thread's state while it follows particles: geometry, tables, tally and the particles that wait.
///
/// Lives within one call of ``VoxelRun`` or ``SphereRun``, which keeps the tables it points to.
struct Tracker {
  let tally: Tally
  let electronViews: UnsafeMutablePointer<ElectronView>
  let photonViews: UnsafeMutablePointer<PhotonView>
  let tables: TransportTables
  let electronCut: Float
  let photonCut: Float
  let threshold: Float
  let keepLow: Float
  let keepSlope: Float
  let confines: Bool
  let followsSecondaries: Bool
  let space: Space

  private let waiting: UnsafeMutablePointer<Particle>
  private var count = 0
  private static let capacity = 1024

  init(_ tables: TransportTables, space: Space, tally: Tally) {
    self.tables = tables
    self.tally = tally
    self.space = space
    let settings = tables.settings
    electronCut = Float(settings.electronCut.kiloelectronvolts)
    photonCut = Float(settings.photonCut.kiloelectronvolts)
    threshold = Float(settings.threshold)
    keepLow = Float(1 - settings.stepFraction)
    keepSlope = Float((settings.stepFraction - settings.stepFractionAbove512) / 256)
    confines = settings.endsConfinedElectrons
    followsSecondaries = settings.followsSecondaryElectrons
    waiting = .allocate(capacity: Self.capacity)
    electronViews = .allocate(capacity: tables.materials.count * 2)
    photonViews = .allocate(capacity: tables.materials.count)
    for k in tables.materials.indices {
      (photonViews + k).initialize(to: PhotonView(tables.photons[k]))
      (electronViews + 2 * k).initialize(to: ElectronView(tables.electrons[k]))
      let positrons = tables.positrons.isEmpty ? tables.electrons[k] : tables.positrons[k]
      (electronViews + 2 * k + 1).initialize(to: ElectronView(positrons))
    }
  }

  func deallocate() {
    waiting.deallocate()
    electronViews.deallocate()
    photonViews.deallocate()
  }

  /// The energy left after a full step, as a fraction.
  @inline(__always)
  func keep(_ energy: Float) -> Float { keepLow + keepSlope * min(max(energy - 256, 0), 256) }

  /// Follows a particle and all it sets free to their ends.
  @inline(__always)
  mutating func follow(_ particle: Particle, _ stream: inout HistoryStream) {
    waiting[0] = particle
    count = 1
    while count > 0 {
      count &-= 1
      let next = waiting + count
      tally.isMuted = !next.pointee.counts
      switch next.pointee.kind {
      case .electron, .positron:
        if space.radii == nil { trackElectron(next, &stream) } else { trackElectronAmongShells(next, &stream) }
      case .photon: trackPhoton(next.pointee, &stream)
      case .alpha: trackAlpha(next.pointee)
      }
    }
  }

  /// Puts a particle aside. Beyond the capacity, which no real cascade reaches, its energy stays where it is.
  @inline(__always)
  mutating func wait(_ particle: Particle, cell: Int) {
    if !particle.counts, particle.kind != .positron { return }
    guard count < Self.capacity else {
      tally.add(cell, particle.energy)
      return
    }
    waiting[count] = particle
    count &+= 1
  }

  /// The end of an electron or positron that is slow or cannot leave its cell: the energy since the last deposit stays
  /// in the cell, less a bremsstrahlung photon drawn from those to come; a positron annihilates.
  @inline(__always)
  mutating func end(
    _ view: ElectronView, kind: Emission.Particle, cell: Int, energy: Float, undeposited: Float, at place: Particle,
    _ stream: inout HistoryStream
  ) {
    var left = undeposited
    if energy > 2 * threshold {
      let u = stream.uniform()
      if u < view.value(view.photonsToCome, energy) {
        var photon = place
        photon.kind = .photon
        photon.energy = photonToCome(view, energy, u, &stream)
        photon.direction = Direction(isotropic: &stream)
        left -= photon.energy
        if place.counts { tally.radiated &+= Tally.fixed(photon.energy) }
        wait(photon, cell: cell)
      }
    }
    tally.add(cell, left)
    if kind == .positron, place.annihilates { annihilate(place, cell: cell, &stream) }
  }

  /// The energy of a photon that a particle emits on its way from an energy to rest.
  @inline(never)
  private func photonToCome(_ view: ElectronView, _ energy: Float, _ u: Float, _ stream: inout HistoryStream) -> Float {
    var low = 2 * threshold
    var high = energy
    for _ in 0..<16 {
      let middle = (low + high) / 2
      if view.value(view.photonsToCome, middle) < u { low = middle } else { high = middle }
    }
    return bremsstrahlungPhoton(view, high, &stream)
  }

  /// The energy of a bremsstrahlung photon that a particle of an energy emits.
  @inline(never)
  func bremsstrahlungPhoton(_ view: ElectronView, _ energy: Float, _ stream: inout HistoryStream) -> Float {
    let (u, choice) = stream.pair()
    let (bin, x) = LogarithmicBins.deflections.place(energy)
    let table = view.photonQuantiles + (choice < x ? bin &+ 1 : bin) &* (Bremsstrahlung.bins &+ 1)
    let place = u * Float(Bremsstrahlung.bins)
    let k = Int(place)
    let v = table[k] + (table[k + 1] - table[k]) * (place - Float(k))
    return min(threshold * exp(v * log(energy / threshold)), energy)
  }

  /// Two photons of 511 keV back to back, in any direction: annihilation at rest. Annihilation in flight, which takes
  /// about one positron in fifty at 1 MeV, is not told apart.
  @inline(never)
  mutating func annihilate(_ place: Particle, cell: Int, _ stream: inout HistoryStream) {
    var photon = place
    photon.kind = .photon
    photon.counts = true
    photon.energy = Float(Physical.electronMass)
    photon.direction = Direction(isotropic: &stream)
    tally.fromRestEnergy &+= 2 &* Tally.fixed(photon.energy)
    wait(photon, cell: cell)
    photon.direction = photon.direction.reversed
    wait(photon, cell: cell)
  }
}

/// The geometry as the tracking code reads it: a block of voxels, or shells when `radii` is set. Lengths in cm.
struct Space {
  var nx: Int32 = 1
  var ny: Int32 = 1
  var nz: Int32 = 1
  var hx: Float = 1
  var hy: Float = 1
  var hz: Float = 1
  var isPeriodic = false
  var isUnbounded = false
  var density: Float
  var densities: UnsafePointer<Float>?
  var materials: UnsafePointer<UInt8>?
  /// The largest μ of the geometry in each photon bin, 1/cm; `nil` when μ is the same everywhere.
  var majorant: UnsafePointer<Float>?
  /// The shells' radii in cm.
  var radii: UnsafePointer<Float>?
  var radiusCount = 0

  @inline(__always)
  func contains(_ ix: Int32, _ iy: Int32, _ iz: Int32) -> Bool {
    UInt32(bitPattern: ix) < UInt32(bitPattern: nx) && UInt32(bitPattern: iy) < UInt32(bitPattern: ny)
      && UInt32(bitPattern: iz) < UInt32(bitPattern: nz)
  }

  @inline(__always)
  func index(_ ix: Int32, _ iy: Int32, _ iz: Int32) -> Int { Int(ix) &+ Int(nx) &* (Int(iy) &+ Int(ny) &* Int(iz)) }

  /// The cell that stands for all that is outside a block in an unbounded medium.
  static let outside = -1

  @inline(__always)
  func density(_ voxel: Int) -> Float { densities.map { $0[voxel] } ?? density }

  @inline(__always)
  func material(_ voxel: Int) -> Int { materials.map { Int($0[voxel]) } ?? 0 }

  /// The shell of a radius.
  @inline(__always)
  func shell(_ radius: Float) -> Int {
    guard let radii else { return 0 }
    var low = 0
    var high = radiusCount
    while low < high {
      let middle = (low &+ high) / 2
      if radii[middle] <= radius { low = middle &+ 1 } else { high = middle }
    }
    return low
  }

  /// Whether everything within a distance of a radius is in one shell.
  @inline(__always)
  func isConfined(radius: Float, shell: Int, reach: Float) -> Bool {
    guard let radii else { return false }
    return (shell == radiusCount || radius + reach < radii[shell])
      && (shell == 0 || radius - reach > radii[shell - 1])
  }

  /// The cell that a particle is in.
  @inline(__always)
  func cell(_ p: Particle) -> Int {
    if radii != nil { return shell((p.x * p.x + p.y * p.y + p.z * p.z).squareRoot()) }
    return contains(p.ix, p.iy, p.iz) ? index(p.ix, p.iy, p.iz) : Self.outside
  }
}
