import Glibc

/// Energy in fixed point, 2⁻²⁰ keV, by place. Sums of integers do not depend on their order, hence not on threads.
///
/// Deposits wait in a queue and are added together, which lets the misses of the cache overlap. One thread owns a tally.
final class Tally {
  static let perKiloelectronvolt: Float = 0x1p20
  private static let waiting = 256

  let cells: UnsafeMutablePointer<Int64>
  let count: Int
  private let region: UnsafePointer<UInt16>?
  private let queue: UnsafeMutablePointer<(cell: Int32, energy: Float)>
  private var queued = 0
  /// The kinetic energy of the particles of the source.
  var emitted: Int64 = 0
  /// What left the geometry.
  var escaped: Int64 = 0
  /// Bremsstrahlung photons above the threshold, which are followed.
  var radiated: Int64 = 0
  /// Rest energy that became radiation, less what became pairs.
  var fromRestEnergy: Int64 = 0
  /// Whether the particle that is followed does not count.
  var isMuted = false

  /// - Parameter region: the cell of each voxel; the voxels are the cells when it is `nil`.
  init(count: Int, region: UnsafePointer<UInt16>?) {
    self.count = count
    self.region = region
    queue = .allocate(capacity: Self.waiting)
    // Huge pages where the system has them: deposits hit the grid at random.
    let page = 2 << 20
    let bytes = (max(count, 1) * 8 + page - 1) & ~(page - 1)
    if count * 8 >= page, let memory = aligned_alloc(page, bytes) {
      madvise(memory, bytes, 14)
      cells = memory.bindMemory(to: Int64.self, capacity: count)
      isAligned = true
    } else {
      cells = .allocate(capacity: max(count, 1))
      isAligned = false
    }
    cells.initialize(repeating: 0, count: count)
  }
  private let isAligned: Bool

  deinit {
    queue.deallocate()
    if isAligned { free(cells) } else { cells.deallocate() }
  }

  @inline(__always)
  static func fixed(_ energy: Float) -> Int64 { Int64(energy * perKiloelectronvolt + 0.5) }

  @inline(__always)
  func escape(_ energy: Float) {
    if !isMuted { escaped &+= Self.fixed(energy) }
  }

  @inline(__always)
  func add(_ voxel: Int, _ energy: Float) {
    if isMuted { return }
    queue[queued] = (Int32(truncatingIfNeeded: voxel), energy)
    queued &+= 1
    if queued == Self.waiting { flush() }
  }

  @inline(never)
  func flush() {
    if let region {
      for k in 0..<queued { cells[Int(region[Int(queue[k].cell)])] &+= Self.fixed(queue[k].energy) }
    } else {
      for k in 0..<queued { cells[Int(queue[k].cell)] &+= Self.fixed(queue[k].energy) }
    }
    queued = 0
  }

  /// Sets everything to zero for the next batch.
  func clear() {
    cells.update(repeating: 0, count: count)
    (emitted, escaped, radiated, fromRestEnergy) = (0, 0, 0, 0)
  }
}
