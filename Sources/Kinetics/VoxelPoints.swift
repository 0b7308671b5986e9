/// The values of sixteen voxels at all times, relative to their largest.
struct VoxelPoints {
  typealias Lanes = VoxelFit.Lanes

  let times: [Float]
  let physical: Float
  private let relativeUncertainty: Float
  private(set) var values: [Lanes]
  private(set) var weights: [Lanes]
  /// What the values were divided by.
  private(set) var scale = Lanes(repeating: 1)
  /// All bits set in the lanes that are fitted.
  private(set) var used = LaneMask.zero

  init(times: [Float], physical: Float, relativeUncertainty: Float) {
    self.times = times
    self.physical = physical
    self.relativeUncertainty = relativeUncertainty
    values = Array(repeating: .zero, count: times.count)
    weights = values
  }

  func isUsed(_ lane: Int) -> Bool { used[lane] != 0 }

  /// Takes the voxels from a place on; false when none of them is to be fitted.
  mutating func load(_ volumes: [[Float]], _ start: Int, _ count: Int, threshold: Float) -> Bool {
    var largest = Lanes.zero
    var above = LaneMask.zero
    var finite = LaneMask(repeating: -1)
    for j in values.indices {
      var y = Lanes.zero
      volumes[j].withUnsafeBufferPointer { volume in
        if count == 16 {
          y = UnsafeRawPointer(volume.baseAddress! + start).loadUnaligned(as: Lanes.self)
        } else {
          for lane in 0..<count { y[lane] = volume[start + lane] }
        }
      }
      let bits = unsafeBitCast(y, to: LaneMask.self)
      let isFinite = ((bits & 0x7fff_ffff) &- 0x7f80_0000) &>> 31
      finite &= isFinite
      y = unsafeBitCast(bits & isFinite & ~(bits &>> 31), to: Lanes.self)
      largest = larger(largest, y)
      above &-= below(Lanes(repeating: threshold), y)
      values[j] = y
    }
    // Curves are fitted relative to their largest value, so that no unit overflows single precision.
    used =
      finite & ~((above &- 2) &>> 31) & below(Lanes(repeating: 1e-30), largest) & below(largest, Lanes(repeating: 1e30))
    guard used != .zero else { return false }
    scale = choose(used, largest, Lanes(repeating: 1))
    let inverse = 1 / scale
    for j in values.indices {
      let y = choose(used, values[j] * inverse, .zero)
      let sigma = larger(y, Lanes(repeating: 0.01)) * relativeUncertainty
      values[j] = y
      weights[j] = 1 / (sigma * sigma)
    }
    return true
  }
}

/// A model that is fitted in sixteen voxels together.
protocol VoxelModel: Sendable {
  var points: VoxelPoints { get set }
  /// The effective rate of the late phase in 1/h.
  var rate: VoxelFit.Lanes { get }
  var integral: VoxelFit.Lanes { get }
  var uncertainty: VoxelFit.Lanes { get }
  var chiSquared: VoxelFit.Lanes { get }

  init(points: VoxelPoints)
  mutating func fit()
  func state(_ lane: Int) -> VoxelMaps.State
}
