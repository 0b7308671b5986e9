import Dispatch
import Foundation
public import Provenance
import Synchronization

/// The simulation of one emission of a source in a geometry.
public struct TransportRun: Sendable {
  /// The geometry with where particles start in it.
  public enum Place: Sendable {
    /// A block of voxels. The cells of the result are its voxels or, where given, the regions: a number for each voxel.
    case voxels(VoxelGeometry, VoxelSource, regions: [UInt16]? = nil)
    /// Shells; the last cell of the result is what lies beyond them.
    case shells(SphereGeometry, SphereSource)
  }

  /// How far a run is.
  public struct Progress: Sendable {
    public let batches: Int
    public let ofBatches: Int
    public let histories: Int
    public let elapsed: Duration
    /// How long the rest will take, from the pace so far and the uncertainty asked for.
    public let remaining: Duration
    /// The uncertainty reached, where one was asked for.
    public let uncertainty: Double?
  }

  /// When a run may stop before its last batch.
  public struct Goal: Hashable, Sendable {
    /// The root mean square of the cells' relative uncertainties that is enough.
    public let relativeUncertainty: Double
    /// Cells with less than this fraction of the largest energy do not count.
    public let aboveFractionOfMaximum: Double

    public init(relativeUncertainty: Double, aboveFractionOfMaximum: Double = 0.5) {
      self.relativeUncertainty = relativeUncertainty
      self.aboveFractionOfMaximum = aboveFractionOfMaximum
    }
  }

  let tables: TransportTables
  let place: Place
  let emission: Emission
  public let batchSize: Int
  public let batches: Int
  /// A digest of all that the result depends on.
  public let identity: Digest

  /// The batches that a goal waits for: with less, the scatter of the batches says too little.
  public static let leastBatches = 8

  /// - Parameters:
  ///   - histories: how many particles are followed in all batches; rounded up to whole batches.
  ///   - batches: the number of equal batches, 2 and more.
  /// - Throws: ``TransportError`` when parts do not fit together.
  public init(
    _ emission: Emission, in place: Place, tables: TransportTables, histories: Int, batches: Int = 16
  ) throws(TransportError) {
    guard histories > 0, (2...100_000).contains(batches) else {
      throw TransportError(
        "history-count", "There are \(histories) histories in \(batches) batches.",
        remedy: "Ask for at least one history and 2 to 100000 batches.")
    }
    let size = (histories - 1) / batches + 1
    let highest = emission.spectrum.highest.kiloelectronvolts
    guard emission.particle == .alpha || highest <= tables.highest else {
      throw TransportError(
        "source-energy", "The source emits up to \(highest) keV, the tables reach \(tables.highest) keV.",
        remedy: "Make the tables up to the highest energy of the source.")
    }
    guard Double(size) * Double(batches) * max(1022, highest) < 0x1p42 else {
      throw TransportError(
        "too-many-histories", "\(histories) histories can overflow the tally.", remedy: "Ask for fewer histories.")
    }
    guard emission.particle != .positron || !tables.positrons.isEmpty else {
      throw TransportError(
        "no-positrons", "The tables have no positrons.", remedy: "Make the tables with positrons.")
    }
    let materials: [Material]
    switch place {
    case .voxels(let geometry, let source, let regions):
      materials = geometry.materials
      guard source.voxels.allSatisfy({ Int($0) < geometry.count && $0 >= 0 }),
        regions.map({ $0.count == geometry.count }) ?? true
      else {
        throw TransportError(
          "source-place", "The source or the regions do not fit the geometry.",
          remedy: "Use voxels of the geometry and a region for each voxel.")
      }
    case .shells(let geometry, _): materials = [geometry.material]
    }
    guard materials == tables.materials else {
      throw TransportError(
        "tables", "The tables are of other materials than the geometry.",
        remedy: "Make the tables of the geometry's materials, in their order.")
    }
    self.tables = tables
    self.place = place
    self.emission = emission
    self.batchSize = size
    self.batches = batches
    identity = Self.identity(emission, place, tables, size)
  }

  /// Runs the batches that are left.
  ///
  /// - Parameters:
  ///   - state: where an earlier run of the same identity stopped.
  ///   - goal: when less than all batches are enough.
  ///   - progress: called after each batch; the run stops when it returns `false`.
  /// - Returns: the result of all batches done; it can go on from there, and ends in the same bits as without a stop.
  public func run(
    from state: TransportResult? = nil, goal: Goal? = nil, progress: ((Progress) -> Bool)? = nil
  ) throws(TransportError) -> TransportResult {
    if let state, state.identity != identity {
      throw TransportError(
        "transport-state", "The stored state is not one of this run.", remedy: "Start the run anew.")
    }
    var result = state ?? TransportResult(identity: identity, batchSize: batchSize, cells: cellCount)
    let first = result.batches
    let clock = ContinuousClock()
    let start = clock.now
    withSpace { space, region in
      let tallies = (0..<tables.settings.threads).map { _ in Tally(count: cellCount, region: region) }
      let sampler = EnergySampler(emission.spectrum)
      let origin = Origin(place)
      while result.batches < batches {
        for tally in tallies { tally.clear() }
        runBatch(result.batches, space, tallies, sampler, origin)
        result.add(tallies)
        let reached = goal.flatMap { result.uncertainty(aboveFractionOfMaximum: $0.aboveFractionOfMaximum) }
        let isEnough = result.batches >= Self.leastBatches && reached.map { $0 <= goal!.relativeUncertainty } ?? false
        if let progress {
          let elapsed = clock.now - start
          let wanted = reached.map {
            Double(result.batches) * ($0 / goal!.relativeUncertainty) * ($0 / goal!.relativeUncertainty)
          }
          let left = isEnough ? 0 : min(Double(batches), wanted ?? Double(batches)) - Double(result.batches)
          let go = progress(
            Progress(
              batches: result.batches, ofBatches: batches, histories: result.histories, elapsed: elapsed,
              remaining: elapsed * (max(0, left) / Double(result.batches - first)), uncertainty: reached))
          if !go { break }
        }
        if isEnough { break }
      }
    }
    return result
  }

  private var cellCount: Int {
    switch place {
    case .voxels(let geometry, _, let regions): regions.map { Int($0.max() ?? 0) + 1 } ?? geometry.count
    case .shells(let geometry, _): geometry.radii.count + 1
    }
  }

  /// Histories that a thread takes at a time.
  private static let portion = 1024

  private func runBatch(_ batch: Int, _ space: Space, _ tallies: [Tally], _ sampler: EnergySampler, _ origin: Origin) {
    nonisolated(unsafe) let (space, tallies) = (space, tallies)
    let next = Atomic<Int>(0)
    let (seed, component, kind) = (tables.settings.seed, emission.component, emission.particle)
    let counts = emission.content != .annihilationPhotons
    let annihilates = emission.content != .beforeAnnihilation
    DispatchQueue.concurrentPerform(iterations: tallies.count) { thread in
      let tally = tallies[thread]
      var tracker = Tracker(tables, space: space, tally: tally)
      while true {
        let begin = next.add(Self.portion, ordering: .relaxed).oldValue
        if begin >= batchSize { break }
        for history in begin..<min(begin + Self.portion, batchSize) {
          var stream = HistoryStream(
            seed: seed, component: component, history: UInt64(batch) &* UInt64(batchSize) &+ UInt64(history))
          let (u, v) = stream.pair()
          let energy = sampler.draw(u, v)
          let direction = Direction(isotropic: &stream)
          var particle = origin.particle(kind, energy, direction, space, &stream)
          particle.counts = counts
          particle.annihilates = annihilates
          if counts { tally.emitted &+= Tally.fixed(energy) }
          tracker.follow(particle, &stream)
        }
      }
      tally.flush()
      tracker.deallocate()
    }
  }

  /// Calls a closure with a tracker of the run's geometry.
  func withTracker<T>(_ body: (inout Tracker) -> T) -> T? {
    var value: T?
    withSpace { space, region in
      var tracker = Tracker(tables, space: space, tally: Tally(count: cellCount, region: region))
      value = body(&tracker)
      tracker.deallocate()
    }
    return value
  }

  private func withSpace(_ body: (Space, UnsafePointer<UInt16>?) -> Void) {
    switch place {
    case .shells(let geometry, _):
      let radii = Table(geometry.radii.map { Float($0.centimetres) })
      var space = Space(density: Float(geometry.material.density.gramsPerMillilitre))
      space.radii = UnsafePointer(radii.start)
      space.radiusCount = radii.count
      withExtendedLifetime(radii) { body(space, nil) }
    case .voxels(let geometry, _, let regions):
      let densities = geometry.densityList.map(Table.init)
      let materials = geometry.materials.count > 1 ? geometry.materialOfVoxel.map(Table.init) : nil
      let majorant = densities == nil && materials == nil ? nil : Table(Self.majorant(geometry, tables))
      let region = regions.map(Table.init)
      var space = Space(density: Float(geometry.materials[0].density.gramsPerMillilitre))
      (space.nx, space.ny, space.nz) = (Int32(geometry.shape.x), Int32(geometry.shape.y), Int32(geometry.shape.z))
      let edges = geometry.spacing.map { Float($0.centimetres) }
      (space.hx, space.hy, space.hz) = (edges[0], edges[1], edges[2])
      space.isPeriodic = geometry.walls == .periodic
      space.isUnbounded = geometry.walls == .unbounded
      space.densities = densities.map { UnsafePointer($0.start) }
      space.materials = materials.map { UnsafePointer($0.start) }
      space.majorant = majorant.map { UnsafePointer($0.start) }
      withExtendedLifetime((densities, materials, majorant, region)) {
        body(space, region.map { UnsafePointer($0.start) })
      }
    }
  }

  /// The largest μ in each photon bin over the voxels, 1/cm.
  private static func majorant(_ geometry: VoxelGeometry, _ tables: TransportTables) -> [Float] {
    var densest = [Float](repeating: 0, count: geometry.materials.count)
    for voxel in 0..<geometry.count {
      let material = geometry.materials.count > 1 ? geometry.materialOfVoxel.map { Int($0[voxel]) } ?? 0 : 0
      let density = geometry.densities?[voxel] ?? Float(geometry.materials[material].density.gramsPerMillilitre)
      densest[material] = max(densest[material], density)
    }
    let bins = LogarithmicBins.photons.count
    return (0...bins).map { bin in
      geometry.materials.indices.reduce(0) { most, material in
        let nodes = tables.photons[material].nodes.start
        return max(most, max(nodes[bin].total, nodes[min(bin + 1, bins)].total) * densest[material])
      } * 1.000001
    }
  }

  private static func identity(_ emission: Emission, _ place: Place, _ tables: TransportTables, _ size: Int) -> Digest {
    func digest(_ text: String) -> Digest { Digest(of: Data(text.utf8)) }
    func digest<T>(of values: [T]) -> Digest { values.withUnsafeBytes { Digest(of: $0) } }
    var parts = [digest("\(emission) \(tables.settings.fingerprint) \(size) \(Release.version)")]
    switch place {
    case .voxels(let geometry, let source, let regions):
      parts.append(digest("voxels \(geometry.shape) \(geometry.spacing) \(geometry.walls) \(geometry.materials)"))
      parts.append(digest(of: geometry.materialOfVoxel ?? []))
      parts.append(digest(of: geometry.densities ?? []))
      parts.append(digest(of: source.voxels))
      parts.append(digest(of: source.weights))
      parts.append(digest(of: regions ?? []))
    case .shells(let geometry, let source):
      parts.append(digest("shells \(geometry.material) \(geometry.radii) \(source)"))
    }
    return Digest.combining(parts)
  }
}

/// Where particles start, ready for drawing.
private struct Origin {
  private let voxels: Table<Int32>
  private let accept: Table<Float>
  private let alias: Table<Int32>
  private let sphereRadius: Float

  init(_ place: TransportRun.Place) {
    switch place {
    case .voxels(_, let source, _):
      let table = AliasTable(source.weights)
      (voxels, accept, alias) = (Table(source.voxels), Table(table.accept), Table(table.alias))
      sphereRadius = 0
    case .shells(_, let source):
      (voxels, accept, alias) = (Table([]), Table([]), Table([]))
      sphereRadius = if case .sphere(let radius) = source { Float(radius.centimetres) } else { 0 }
    }
  }

  @inline(__always)
  func particle(
    _ kind: Emission.Particle, _ energy: Float, _ direction: Direction, _ space: Space, _ stream: inout HistoryStream
  ) -> Particle {
    let (a, b) = stream.pair()
    let (c, d) = stream.pair()
    var particle = Particle(
      kind: kind, energy: energy, x: 0, y: 0, z: 0, ix: 0, iy: 0, iz: 0, direction: direction)
    if space.radii != nil {
      guard sphereRadius > 0 else { return particle }
      let radius = sphereRadius * Float(cbrt(Double(a)))
      let cosine = 2 * b - 1
      let sine = (1 - cosine * cosine).squareRoot()
      let turn = sineCosine(turns: c)
      (particle.x, particle.y, particle.z) = (radius * sine * turn.cosine, radius * sine * turn.sine, radius * cosine)
      return particle
    }
    var voxel = voxels.start[0]
    if voxels.count > 1 {
      // The first number alone has too few bits for millions of voxels.
      let place = Double(d) * Double(voxels.count)
      let rough = min(Int(place + Double(stream.uniform()) * 0x1p-23 * Double(voxels.count)), voxels.count - 1)
      voxel = voxels.start[stream.uniform() < accept.start[rough] ? rough : Int(alias.start[rough])]
    }
    particle.ix = voxel % space.nx
    particle.iy = voxel / space.nx % space.ny
    particle.iz = voxel / space.nx / space.ny
    (particle.x, particle.y, particle.z) = (a * space.hx, b * space.hy, c * space.hz)
    return particle
  }
}
