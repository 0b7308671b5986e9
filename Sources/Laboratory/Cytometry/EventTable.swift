import Glibc

/// The stored channel values of all events, one contiguous plane a channel.
///
/// Values that fit are kept in single precision, which holds them exactly; others in double precision.
public struct EventTable: Sendable {
  /// The number of events.
  public let count: Int
  let planes: [Plane]

  /// The number of channels.
  public var channelCount: Int { planes.count }

  /// One channel's values.
  struct Plane: Sendable {
    let memory: PlaneMemory
    let offset: Int
    let isDouble: Bool

    var floats: UnsafeMutablePointer<Float> { (memory.start + offset).assumingMemoryBound(to: Float.self) }
    var doubles: UnsafeMutablePointer<Double> { (memory.start + offset).assumingMemoryBound(to: Double.self) }
  }

  /// Makes planes for channels; `isDouble` tells which need double precision.
  init(count: Int, isDouble: [Bool]) throws {
    self.count = count
    var offsets: [Int] = []
    var size = 0
    for wide in isDouble {
      offsets.append(size)
      let (bytes, overflow) = count.multipliedReportingOverflow(by: wide ? 8 : 4)
      guard !overflow, bytes < 1 << 40, size < 1 << 40 else { throw PlaneMemory.tooLarge }
      size += (bytes + 63) / 64 * 64
    }
    let memory = try PlaneMemory(size: size)
    planes = zip(offsets, isDouble).map { Plane(memory: memory, offset: $0, isDouble: $1) }
  }

  /// Makes a table from columns of equal length.
  public init(columns: [[Double]]) throws {
    let count = columns.first?.count ?? 0
    guard columns.allSatisfy({ $0.count == count }) else {
      throw LaboratoryError(
        "columns-unequal", "The columns of a table of events differ in length.",
        remedy: "Give every event a value in every channel.")
    }
    try self.init(count: count, isDouble: columns.map { _ in true })
    for (plane, column) in zip(planes, columns) {
      for (i, value) in column.enumerated() { plane.doubles[i] = value }
    }
  }

  /// Copies a range of one channel's stored values.
  @inline(__always)
  func copy(channel: Int, from first: Int, count: Int, to target: UnsafeMutablePointer<Double>) {
    let plane = planes[channel]
    if plane.isDouble {
      target.update(from: plane.doubles + first, count: count)
    } else {
      let source = plane.floats + first
      for i in 0..<count { target[i] = Double(source[i]) }
    }
  }

  /// How many of a range of one channel's stored values are infinite or no numbers: those whose exponent is all ones.
  func notFinite(channel: Int, _ range: Range<Int>) -> Int {
    let plane = planes[channel]
    var count = 0
    if plane.isDouble {
      let values = plane.doubles
      for i in range { count += values[i].bitPattern & 0x7FF0_0000_0000_0000 == 0x7FF0_0000_0000_0000 ? 1 : 0 }
    } else {
      let values = plane.floats
      for i in range { count += values[i].bitPattern & 0x7F80_0000 == 0x7F80_0000 ? 1 : 0 }
    }
    return count
  }

  /// One channel's stored values.
  public subscript(channel channel: Int) -> [Double] {
    [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let start = buffer.baseAddress { copy(channel: channel, from: 0, count: count, to: start) }
      initialized = count
    }
  }
}

/// Memory for planes, in large pages where the system has them.
final class PlaneMemory: @unchecked Sendable {
  let start: UnsafeMutableRawPointer
  private let size: Int

  static let tooLarge = LaboratoryError(
    "too-many-events", "The events do not fit into memory.", remedy: "Split the file into smaller ones.")

  init(size: Int) throws {
    let page = 2 << 20
    self.size = max(page, (size + page - 1) / page * page)
    guard let memory = mmap(nil, self.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else { throw Self.tooLarge }
    madvise(memory, self.size, MADV_HUGEPAGE)
    start = memory
  }

  deinit { munmap(start, size) }
}
