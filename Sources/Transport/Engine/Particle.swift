/// A particle under way. In a block of voxels its place is a voxel and a place in it, 0 to the edge length: a place in
/// the whole block would be coarser in `Float` than the step of a slow electron. Among shells it is the place itself.
struct Particle {
  var kind: Emission.Particle
  var energy: Float
  var x: Float
  var y: Float
  var z: Float
  var ix: Int32
  var iy: Int32
  var iz: Int32
  var direction: Direction
  /// Whether its energy is tallied. A positron whose annihilation photons alone count is followed without it.
  var counts = true
  /// Whether it annihilates at its end, if it is a positron.
  var annihilates = true
}

/// The pointers of an electron or positron table, held in registers while one is tracked.
struct ElectronView {
  let bins: UnsafePointer<ElectronTables.Bin>
  let energyOfRange: UnsafePointer<Float>
  let deflections: UnsafePointer<Float>
  let depth: UnsafePointer<Float>
  let rangeOfDepth: UnsafePointer<Float>
  let depthToIndex: Float
  let radiativeShare: UnsafePointer<Float>
  let photonsToCome: UnsafePointer<Float>
  let photonQuantiles: UnsafePointer<Float>

  init(_ tables: ElectronTables) {
    bins = UnsafePointer(tables.bins.start)
    energyOfRange = UnsafePointer(tables.energyOfRange.start)
    deflections = UnsafePointer(tables.deflections.start)
    depth = UnsafePointer(tables.depth.start)
    rangeOfDepth = UnsafePointer(tables.rangeOfDepth.start)
    depthToIndex = tables.depthToIndex
    radiativeShare = UnsafePointer(tables.radiativeShare.start)
    photonsToCome = UnsafePointer(tables.photonsToCome.start)
    photonQuantiles = UnsafePointer(tables.photonQuantiles.start)
  }

  @inline(__always)
  func range(_ energy: Float) -> Float {
    let (bin, x) = LogarithmicBins.electrons.place(max(energy, 0.5))
    return bins[bin].range + bins[bin].rangeSlope * x
  }

  @inline(__always)
  func energy(range: Float) -> Float { Self.energy(energyOfRange, range) }

  @inline(__always)
  static func energy(_ table: UnsafePointer<Float>, _ range: Float) -> Float {
    if range < 0x1p-21 { return max(0, range) * 0x1p21 * table[0] }
    let (bin, x) = LogarithmicBins.ranges.place(range)
    return table[bin] + (table[bin + 1] - table[bin]) * x
  }

  @inline(__always)
  func value(_ table: UnsafePointer<Float>, _ energy: Float) -> Float {
    let (bin, x) = LogarithmicBins.electrons.place(max(energy, 0.5))
    return table[bin] + (table[bin + 1] - table[bin]) * x
  }

  /// The depth at which the next discrete event comes; not above zero when there is none.
  @inline(__always)
  func nextDepth(_ energy: Float, _ threshold: Float, _ stream: inout HistoryStream) -> Float {
    energy <= 2 * threshold ? -1 : value(depth, energy) - negativeLogarithm(stream.uniform())
  }

  @inline(__always)
  func range(depth: Float) -> Float {
    if depth <= 0 { return -1 }
    let place = min(depth * depthToIndex, 1023.99)
    let k = Int(place)
    return rangeOfDepth[k] + (rangeOfDepth[k + 1] - rangeOfDepth[k]) * (place - Float(k))
  }

  /// x = (1 − cos θ)/2 of a full step. One of the two neighbouring energies is taken at random.
  @inline(__always)
  func deflection(_ energy: Float, _ u: Float) -> Float {
    let (bin, x) = LogarithmicBins.deflections.place(energy)
    let upper = u < x
    let v = upper ? u / x : (u - x) / (1 - x)
    let table = deflections + (upper ? bin &+ 1 : bin) &* Deflections.stride
    let place = min(v, 0.9999999) * Float(Deflections.bins)
    let k = Int(place)
    let w = table[k &+ 1] + (table[k &+ 2] - table[k &+ 1]) * (place - Float(k))
    return table[0] * w / (1 + table[0] - w)
  }
}

/// The pointers of a photon table.
struct PhotonView {
  let nodes: UnsafePointer<PhotonTables.Node>
  let compton: UnsafePointer<Float>
  let rayleigh: UnsafePointer<Float>
  let fluorescence: UnsafePointer<PhotonTables.Fluorescence>
  let fluorescenceYield: UnsafePointer<Float>
  let emitters: Int

  init(_ tables: PhotonTables) {
    nodes = UnsafePointer(tables.nodes.start)
    compton = UnsafePointer(tables.compton.start)
    rayleigh = UnsafePointer(tables.rayleigh.start)
    fluorescence = UnsafePointer(tables.fluorescence.start)
    fluorescenceYield = UnsafePointer(tables.fluorescenceYield.start)
    emitters = tables.fluorescence.count
  }
}
